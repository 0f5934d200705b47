//! Customers of the verifier: their keys, and pages with them.

use super::*;

/// What a customer holds.
pub struct Customer {
    pub project: &'static str,
    pub site_key: String,
    pub secret: String,
    pub api_key: String,
}

impl Kit {
    /// A site key of the shop with these settings, made as the API makes it; with the shop's API key.
    pub async fn key(&self, settings: Value) -> Customer {
        let mut settings = settings;
        settings["displayName"] = json!("made by a test");
        let shop: ProjectId = "shop".parse().unwrap();
        let request = v1::CreateKeyRequest {
            parent: "projects/shop".to_owned(),
            key: Some(touchstone_api::decode(settings.to_string().as_bytes()).unwrap()),
        };
        let made = manage::keys::create_key(&self.verifier, &shop, request).await;
        let name = made.unwrap().name;
        let request = v1::RetrieveLegacySecretKeyRequest { key: name.clone() };
        let secret = manage::keys::retrieve_legacy_secret_key(&self.verifier, &shop, request).await;
        Customer {
            project: "shop",
            site_key: name.rsplit_once('/').unwrap().1.to_owned(),
            secret: secret.unwrap().legacy_secret_key,
            api_key: self.shop.api_key.clone(),
        }
    }

    /// What a page of the shop with the customer's key is answered for a quiet report.
    pub async fn token_for(&self, customer: &Customer, action: &str) -> String {
        let page = self.page_of(&customer.site_key, ORIGIN).await;
        let path = format!("/recaptcha/agent/token?k={}", customer.site_key);
        let body = page.envelope(action, 0);
        self.send("POST", &path, &BROWSER, body).await.text()
    }
}

/// Settings of a site key for the shop's pages.
pub fn web_settings(integration: &str) -> Value {
    json!({"webSettings": {"integrationType": integration, "allowedDomains": ["shop.example"]}})
}

/// A customer with a site key for `domains` and an API key with `scopes`.
pub async fn customer(
    verifier: &Verifier,
    project: &'static str,
    domains: &[&str],
    scopes: &[Scope],
) -> Customer {
    let now = Millis(verifier.now());
    let domains = domains.iter().map(|domain| (*domain).to_owned()).collect();
    let name = || project.to_owned();
    let id = || project.parse().unwrap();
    let vault = &verifier.vault;
    let key = new_site_key(vault, id(), name(), Integration::Score, domains, false, now).unwrap();
    let api_key = new_api_key(vault, id(), name(), scopes, now).unwrap();
    let store: &dyn Store = &*verifier.store;
    store.create_site_key(key.record.clone()).await.unwrap();
    store.create_api_key(api_key.record).await.unwrap();
    Customer {
        project,
        site_key: key.record.id.as_str().to_owned(),
        secret: key.secret.to_string(),
        api_key: api_key.text.to_string(),
    }
}
