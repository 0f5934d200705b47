use touchstone_store::{ApiKey, ApiKeyHash, Integration, Millis, ProjectId, SecretHash, SiteKey};
use touchstone_token::Vault;
use zeroize::Zeroizing;

use super::Scope;
use crate::environment::fresh;

/// A new site key with its secret in the clear, which is shown once and then only sealed.
pub struct NewSiteKey {
    /// The record to store.
    pub record: SiteKey,
    /// The siteverify secret.
    pub secret: Zeroizing<String>,
}

/// A new API key in the clear, which is shown once and then only hashed.
pub struct NewApiKey {
    /// The record to store.
    pub record: ApiKey,
    /// What the caller presents.
    pub text: Zeroizing<String>,
}

/// Mints a site key. `domains` have passed [`super::check_domain`].
///
/// # Errors
/// The operating system gives no random bytes.
pub fn new_site_key(
    vault: &Vault,
    project: ProjectId,
    display_name: String,
    integration: Integration,
    domains: Vec<String>,
    allow_all_domains: bool,
    now: Millis,
) -> Result<NewSiteKey, getrandom::Error> {
    let secret = Zeroizing::new(Vault::site_text(&fresh()?));
    let id = loop {
        // 38 random characters of the alphabet always are a site key; the loop runs once.
        if let Ok(id) = Vault::site_text(&fresh()?).parse() {
            break id;
        }
    };
    let record = SiteKey {
        id,
        project,
        display_name,
        integration,
        allow_all_domains,
        domains,
        settings: Vec::new(),
        policy: Vec::new(),
        sealed_secret: vault.seal(&secret, fresh()?),
        secret_hash: SecretHash(vault.hash(&secret)),
        created_at: now,
        revision: 0,
    };
    Ok(NewSiteKey { record, secret })
}

/// Mints an API key.
///
/// # Errors
/// The operating system gives no random bytes.
pub fn new_api_key(
    vault: &Vault,
    project: ProjectId,
    name: String,
    scopes: &[Scope],
    now: Millis,
) -> Result<NewApiKey, getrandom::Error> {
    let text = Zeroizing::new(Vault::api_key_text(&fresh()?));
    let id = loop {
        // 16 hex digits always are an id; the loop runs once.
        if let Ok(id) = data_encoding::HEXLOWER.encode(&fresh::<8>()?).parse() {
            break id;
        }
    };
    let record = ApiKey {
        id,
        project,
        name,
        hash: ApiKeyHash(vault.hash(&text)),
        scopes: scopes.iter().map(|scope| scope.name().to_owned()).collect(),
        created_at: now,
        revoked_at: None,
    };
    Ok(NewApiKey { record, text })
}
