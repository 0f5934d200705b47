use std::sync::Arc;

use moka::sync::Cache;
use touchstone_store::{ApiKey, ApiKeyHash, Store, StoreError};
use touchstone_token::Vault;

use super::site_keys::{MOST, REMEMBERED};

/// API keys, found by the keyed hash of what the caller presents. A revocation takes effect within four seconds.
pub struct Credentials {
    store: Arc<dyn Store>,
    vault: Arc<Vault>,
    known: Cache<ApiKeyHash, Option<Arc<ApiKey>>>,
}

/// What a caller presented, by the way it came: refusals differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// `?key=` or `x-goog-api-key`.
    ApiKey(String),
    /// `Authorization: Bearer`.
    Bearer(String),
}

/// What an API key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Ask for assessments.
    Create,
    /// Annotate them.
    Annotate,
    /// See the evidence behind a score.
    Explain,
    /// Read site keys and their IP overrides.
    KeysRead,
    /// Make, change and delete site keys and their IP overrides.
    KeysWrite,
    /// Read a site key's siteverify secret.
    LegacySecretsRead,
    /// Read the counts of a site key.
    MetricsRead,
    /// Read the policy of a Universal key.
    PoliciesRead,
    /// Change it.
    PoliciesWrite,
    /// Read firewall policies.
    FirewallPoliciesRead,
    /// Make, change, order and delete them.
    FirewallPoliciesWrite,
    /// Read groups of related accounts.
    RelatedAccountGroupsRead,
}

impl Credentials {
    /// Reads through to the store.
    pub fn new(store: Arc<dyn Store>, vault: Arc<Vault>) -> Self {
        let known = Cache::builder()
            .max_capacity(MOST)
            .time_to_live(REMEMBERED)
            .build();
        Self {
            store,
            vault,
            known,
        }
    }

    /// The API key that was presented, if it exists and is not revoked.
    pub async fn find(&self, presented: &str) -> Result<Option<Arc<ApiKey>>, StoreError> {
        let hash = ApiKeyHash(self.vault.hash(presented));
        if let Some(known) = self.known.get(&hash) {
            return Ok(known);
        }
        let found = self.store.api_key_by_hash(&hash).await?.map(Arc::new);
        self.known.insert(hash, found.clone());
        Ok(found)
    }
}

impl Scope {
    /// Every scope; API keys made on the command line have them all unless told otherwise.
    pub const ALL: [Self; 12] = [
        Self::Create,
        Self::Annotate,
        Self::Explain,
        Self::KeysRead,
        Self::KeysWrite,
        Self::LegacySecretsRead,
        Self::MetricsRead,
        Self::PoliciesRead,
        Self::PoliciesWrite,
        Self::FirewallPoliciesRead,
        Self::FirewallPoliciesWrite,
        Self::RelatedAccountGroupsRead,
    ];

    /// The name, as stored and as given to `--scope`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Create => "assessments.create",
            Self::Annotate => "assessments.annotate",
            Self::Explain => "assessments.explain",
            Self::KeysRead => "keys.read",
            Self::KeysWrite => "keys.write",
            Self::LegacySecretsRead => "legacysecrets.read",
            Self::MetricsRead => "metrics.read",
            Self::PoliciesRead => "policies.read",
            Self::PoliciesWrite => "policies.write",
            Self::FirewallPoliciesRead => "firewallpolicies.read",
            Self::FirewallPoliciesWrite => "firewallpolicies.write",
            Self::RelatedAccountGroupsRead => "relatedaccountgroups.read",
        }
    }

    /// Whether an API key has it.
    pub fn is_of(self, key: &ApiKey) -> bool {
        key.scopes.iter().any(|scope| scope == self.name())
    }
}

impl std::str::FromStr for Scope {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|scope| scope.name() == text);
        found.ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|scope| scope.name()).collect();
            format!("no such scope; scopes are {}", names.join(", "))
        })
    }
}
