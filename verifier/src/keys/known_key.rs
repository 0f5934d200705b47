use std::ops::Deref;

use prost::Message;
use touchstone_api::v1::{
    AndroidKeySettings, ExpressKeySettings, IosKeySettings, Key, Policy, TestingOptions,
    UniversalKeySettings, WafSettings, WebKeySettings,
    key::PlatformSettings,
    web_key_settings::{ChallengeSecurityPreference, IntegrationType},
};
use touchstone_store::{Integration, SiteKey, StoreError};

use super::TestKey;
use crate::calendar::timestamp;

/// A site key with its settings read: the record, and what it means to the API.
///
/// Each setting has one place in the record: name, domains and integration type have columns, everything else is the
/// encoded message.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownKey {
    record: SiteKey,
    message: Key,
    policy: Policy,
    test: Option<TestKey>,
}

impl KnownKey {
    /// Reads the settings of a record.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] for settings that are no messages.
    pub fn read(record: SiteKey) -> Result<Self, StoreError> {
        let corrupt = |_| StoreError::Corrupt(format!("the settings of site key {}", record.id));
        let mut message = Key::decode(&record.settings[..]).map_err(corrupt)?;
        let mut policy = Policy::decode(&record.policy[..]).map_err(corrupt)?;
        message.name = format!("projects/{}/keys/{}", record.project, record.id);
        message.display_name = record.display_name.clone();
        message.create_time = Some(timestamp(record.created_at.0));
        message.platform_settings = Some(platform(&record, message.platform_settings.take()));
        policy.name = format!("{}/policy", message.name);
        let client = policy.client_settings.get_or_insert_default();
        client.allowed_domains = record.domains.clone();
        client.allow_all_domains = record.allow_all_domains;
        Ok(Self {
            record,
            message,
            policy,
            test: None,
        })
    }

    /// The same for the record of a test key.
    pub(super) fn of_test(record: SiteKey, key: TestKey) -> Result<Self, StoreError> {
        Ok(Self {
            test: Some(key),
            ..Self::read(record)?
        })
    }

    /// Writes settings, which were checked, into a record. Its policy stays.
    pub fn write(record: &mut SiteKey, settings: Key) {
        let mut rest = Key {
            name: String::new(),
            create_time: None,
            ..settings
        };
        record.display_name = std::mem::take(&mut rest.display_name);
        record.integration = integration(&rest);
        if let Some(PlatformSettings::WebSettings(web)) = &mut rest.platform_settings {
            record.domains = std::mem::take(&mut web.allowed_domains);
            record.allow_all_domains = std::mem::take(&mut web.allow_all_domains);
            web.integration_type = 0;
        }
        record.settings = rest.encode_to_vec();
    }

    /// Writes the policy of a Universal key, which was checked, into its record.
    pub fn write_policy(record: &mut SiteKey, policy: Policy) {
        let mut rest = Policy {
            name: String::new(),
            ..policy
        };
        if let Some(client) = &mut rest.client_settings {
            record.domains = std::mem::take(&mut client.allowed_domains);
            record.allow_all_domains = std::mem::take(&mut client.allow_all_domains);
        }
        record.policy = rest.encode_to_vec();
    }

    /// What is stored.
    pub fn record(&self) -> &SiteKey {
        &self.record
    }

    /// The key as the API shows it.
    pub fn message(&self) -> &Key {
        &self.message
    }

    /// The policy as the API shows it; only that of a Universal key has a meaning.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// How pages use it, if pages do.
    pub fn web(&self) -> Option<&WebKeySettings> {
        match &self.message.platform_settings {
            Some(PlatformSettings::WebSettings(web)) => Some(web),
            _ => None,
        }
    }

    /// What its assessments answer, if that is fixed for tests.
    pub fn testing(&self) -> Option<&TestingOptions> {
        self.message.testing_options.as_ref()
    }

    /// The test key that it is, if it is one.
    pub fn test(&self) -> Option<&TestKey> {
        self.test.as_ref()
    }

    /// The firewall that it is used behind.
    pub fn waf(&self) -> Option<&WafSettings> {
        self.message.waf_settings.as_ref()
    }
}

/// A known key is its record, with more at hand.
impl Deref for KnownKey {
    type Target = SiteKey;

    fn deref(&self) -> &SiteKey {
        &self.record
    }
}

/// Whether keys of this kind may ask their visitors something.
pub fn may_challenge(integration: Integration) -> bool {
    match integration {
        Integration::Score | Integration::Express | Integration::Android | Integration::Ios => {
            false
        }
        Integration::Checkbox
        | Integration::Invisible
        | Integration::Policy
        | Integration::Universal => true,
    }
}

/// Platform settings whole again. Older records have none stored: theirs are the defaults.
fn platform(record: &SiteKey, stored: Option<PlatformSettings>) -> PlatformSettings {
    let integration_type = match record.integration {
        Integration::Score => IntegrationType::Score,
        Integration::Checkbox => IntegrationType::Checkbox,
        Integration::Invisible => IntegrationType::Invisible,
        Integration::Policy => IntegrationType::PolicyBasedChallenge,
        Integration::Express => {
            return PlatformSettings::ExpressSettings(ExpressKeySettings::default());
        }
        Integration::Universal => {
            return PlatformSettings::UniversalSettings(UniversalKeySettings::default());
        }
        Integration::Android | Integration::Ios => {
            return stored.unwrap_or_else(|| match record.integration {
                Integration::Ios => PlatformSettings::IosSettings(IosKeySettings::default()),
                _ => PlatformSettings::AndroidSettings(AndroidKeySettings::default()),
            });
        }
    };
    let mut web = match stored {
        Some(PlatformSettings::WebSettings(web)) => web,
        _ => WebKeySettings::default(),
    };
    web.allowed_domains = record.domains.clone();
    web.allow_all_domains = record.allow_all_domains;
    web.integration_type = integration_type.into();
    if web.challenge_security_preference == 0 {
        web.challenge_security_preference = usual_preference(integration_type).into();
    }
    PlatformSettings::WebSettings(web)
}

/// How hard challenges are where nothing was chosen.
fn usual_preference(integration_type: IntegrationType) -> ChallengeSecurityPreference {
    match integration_type {
        IntegrationType::Checkbox => ChallengeSecurityPreference::Balance,
        IntegrationType::Invisible | IntegrationType::PolicyBasedChallenge => {
            ChallengeSecurityPreference::Usability
        }
        _ => ChallengeSecurityPreference::Unspecified,
    }
}

fn integration(settings: &Key) -> Integration {
    match &settings.platform_settings {
        Some(PlatformSettings::WebSettings(web)) => match web.integration_type() {
            IntegrationType::Checkbox => Integration::Checkbox,
            IntegrationType::Invisible => Integration::Invisible,
            IntegrationType::PolicyBasedChallenge => Integration::Policy,
            _ => Integration::Score,
        },
        Some(PlatformSettings::AndroidSettings(_)) => Integration::Android,
        Some(PlatformSettings::IosSettings(_)) => Integration::Ios,
        Some(PlatformSettings::UniversalSettings(_)) => Integration::Universal,
        Some(PlatformSettings::ExpressSettings(_)) => Integration::Express,
        None => Integration::Score,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use touchstone_api::v1::{ChallengeRuleGroup, ClientSettings};
    use touchstone_store::{Millis, SecretHash};

    use super::*;

    fn record(integration: Integration) -> SiteKey {
        SiteKey {
            id: format!("6L{}", "x".repeat(38)).parse().unwrap(),
            project: "p".parse().unwrap(),
            display_name: "name".to_owned(),
            integration,
            allow_all_domains: false,
            domains: vec!["a.example".to_owned()],
            settings: Vec::new(),
            policy: Vec::new(),
            sealed_secret: Vec::new(),
            secret_hash: SecretHash([0; 32]),
            created_at: Millis(1_500),
            revision: 0,
        }
    }

    const ALL: [Integration; 8] = [
        Integration::Score,
        Integration::Checkbox,
        Integration::Invisible,
        Integration::Policy,
        Integration::Express,
        Integration::Universal,
        Integration::Android,
        Integration::Ios,
    ];

    #[test]
    fn what_is_written_is_what_was_read() {
        for integration in ALL {
            let bare = record(integration);
            let mut message = KnownKey::read(bare.clone()).unwrap().message().clone();
            message.labels = BTreeMap::from([("a".to_owned(), "b".to_owned())]);
            message.testing_options = Some(TestingOptions::default());
            let mut written = bare.clone();
            KnownKey::write(&mut written, message.clone());
            assert_eq!(KnownKey::read(written.clone()).unwrap().message(), &message);
            let columns = SiteKey {
                settings: Vec::new(),
                ..written
            };
            assert_eq!(columns, bare, "settings do not reach into other columns");
        }
    }

    #[test]
    fn a_policy_brings_the_domains_of_its_key() {
        let mut record = record(Integration::Universal);
        let policy = Policy {
            name: "ignored".to_owned(),
            challenge_rule_groups: vec![ChallengeRuleGroup::default()],
            client_settings: Some(ClientSettings {
                allowed_domains: vec!["b.example".to_owned()],
                ..ClientSettings::default()
            }),
        };
        KnownKey::write_policy(&mut record, policy.clone());
        assert_eq!(record.domains, ["b.example"]);
        let known = KnownKey::read(record).unwrap();
        let name = known.policy().name.clone();
        assert_eq!(known.policy(), &Policy { name, ..policy });
    }

    #[test]
    fn settings_that_are_none_are_an_error_of_their_own() {
        let settings = vec![0xff; 3];
        let broken = SiteKey {
            settings,
            ..record(Integration::Score)
        };
        assert!(matches!(
            KnownKey::read(broken),
            Err(StoreError::Corrupt(_))
        ));
    }
}
