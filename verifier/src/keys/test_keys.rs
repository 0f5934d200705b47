//! Site keys for automated tests of sites. Their secrets are public, so they work only where `serve --allow-test-keys` says
//! so, and they live in no store: a verifier that is started without the option does not know them.

use touchstone_api::v1::{
    Key, TestingOptions, WebKeySettings, key::PlatformSettings, testing_options::TestingChallenge,
    web_key_settings::IntegrationType,
};
use touchstone_store::{Integration, Millis, SecretHash, SiteKey};
use touchstone_token::Vault;

use super::KnownKey;

/// A test key, as the documentation has it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TestKey {
    /// The site key.
    pub site_key: &'static str,
    /// Its siteverify secret.
    pub secret: &'static str,
    /// What its visitors are.
    pub outcome: TestOutcome,
}

/// What is answered for the visitors of a test key.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TestOutcome {
    /// A score; there is nothing to see.
    Score(f32),
    /// A box that is ticked without a question.
    Passes,
    /// A box with questions that no answer satisfies.
    Fails,
}

/// All test keys. The first is the pair that Google documents for automated tests of the checkbox.
pub const TEST_KEYS: [TestKey; 5] = [
    TestKey {
        site_key: "6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI",
        secret: "6LeIxAcTAAAAAGG-vFI1TnRWxMZNFuojJ4WifJWe",
        outcome: TestOutcome::Passes,
    },
    TestKey {
        site_key: "6Ltouchstone-test-checkbox-pass-site-000",
        secret: "6Ltouchstone-test-checkbox-pass-secret-0",
        outcome: TestOutcome::Passes,
    },
    TestKey {
        site_key: "6Ltouchstone-test-checkbox-fail-site-000",
        secret: "6Ltouchstone-test-checkbox-fail-secret-0",
        outcome: TestOutcome::Fails,
    },
    TestKey {
        site_key: "6Ltouchstone-test-score-high-site-000000",
        secret: "6Ltouchstone-test-score-high-secret-0000",
        outcome: TestOutcome::Score(0.9),
    },
    TestKey {
        site_key: "6Ltouchstone-test-score-low-site-0000000",
        secret: "6Ltouchstone-test-score-low-secret-00000",
        outcome: TestOutcome::Score(0.1),
    },
];

/// The project of all test keys.
pub const TEST_PROJECT: &str = "touchstone-test";
/// The host that their tokens name, whatever the page.
pub const TEST_HOST: &str = "testkey.touchstone";

impl TestKey {
    /// The key as others are known; `None` if a text of the table above does not hold.
    pub(super) fn known(&self, vault: &Vault) -> Option<KnownKey> {
        let mut record = SiteKey {
            id: self.site_key.parse().ok()?,
            project: TEST_PROJECT.parse().ok()?,
            display_name: String::new(),
            integration: Integration::Score,
            allow_all_domains: true,
            domains: Vec::new(),
            settings: Vec::new(),
            policy: Vec::new(),
            sealed_secret: Vec::new(),
            secret_hash: SecretHash(vault.hash(self.secret)),
            created_at: Millis(0),
            revision: 0,
        };
        KnownKey::write(&mut record, self.settings());
        KnownKey::of_test(record, *self).ok()
    }

    fn settings(&self) -> Key {
        let (integration_type, testing_score, testing_challenge) = match self.outcome {
            TestOutcome::Score(score) => {
                (IntegrationType::Score, score, TestingChallenge::Unspecified)
            }
            TestOutcome::Passes => (IntegrationType::Checkbox, 0.9, TestingChallenge::Nocaptcha),
            TestOutcome::Fails => (
                IntegrationType::Checkbox,
                0.1,
                TestingChallenge::UnsolvableChallenge,
            ),
        };
        Key {
            display_name: "test".to_owned(),
            platform_settings: Some(PlatformSettings::WebSettings(WebKeySettings {
                allow_all_domains: true,
                integration_type: integration_type.into(),
                ..WebKeySettings::default()
            })),
            testing_options: Some(TestingOptions {
                testing_score,
                testing_challenge: testing_challenge.into(),
            }),
            ..Key::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use touchstone_token::VaultKey;

    use super::*;

    #[test]
    fn every_test_key_is_one_and_documented() {
        let vault = Vault::new(&VaultKey([1; 32]));
        let mut texts = BTreeSet::new();
        let page = include_str!("../../../docs/test-keys.md");
        for key in TEST_KEYS {
            let known = key.known(&vault).unwrap();
            assert_eq!(known.test().unwrap(), &key);
            assert_eq!(known.project.as_str(), TEST_PROJECT);
            for text in [key.site_key, key.secret] {
                assert!(text.len() == 40 && text.starts_with("6L"), "{text}");
                assert!(texts.insert(text), "{text}");
                assert!(page.contains(text), "docs/test-keys.md lacks {text}");
            }
        }
    }
}
