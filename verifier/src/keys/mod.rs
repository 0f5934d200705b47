//! Who may seal, who may ask, and for which pages: the key ring as it changes, API keys, site keys.

mod credentials;
mod domains;
mod firewall_policies;
mod ip_overrides;
mod known_key;
mod mint;
mod quotas;
mod ring_keeper;
mod site_keys;
mod test_keys;
mod waf_cookies;

pub use credentials::{Credential, Credentials, Scope};
pub use domains::{DomainError, check_domain, is_allowed};
pub use firewall_policies::FirewallPolicies;
pub use ip_overrides::IpOverrides;
pub use known_key::{KnownKey, may_challenge};
pub use mint::{NewApiKey, NewSiteKey, new_api_key, new_site_key};
pub use quotas::Quotas;
pub use ring_keeper::RingKeeper;
pub use site_keys::SiteKeys;
pub use test_keys::{TEST_HOST, TEST_KEYS, TEST_PROJECT, TestKey, TestOutcome};
pub use waf_cookies::{challenge_cookie, session_cookie};
