use std::collections::BTreeMap;

use touchstone::manage::keys::create_key;
use touchstone_api::v1::{
    AndroidKeySettings, AppleDeveloperId, CreateKeyRequest, ExpressKeySettings, IosKeySettings,
    Key, TestingOptions, WafSettings, WebKeySettings,
    key::PlatformSettings,
    web_key_settings::{ActionSettings, ChallengeSettings, IntegrationType},
};

use super::{
    keys::{create, get, update},
    kit::Kit,
    *,
};

#[tokio::test]
async fn every_platform_can_be_kept() {
    let kit = Kit::start().await;
    let names = vec!["com.example.app".to_owned()];
    let android = AndroidKeySettings {
        allowed_package_names: names.clone(),
        support_non_google_app_store_distribution: true,
        ..AndroidKeySettings::default()
    };
    let ios = IosKeySettings {
        allowed_bundle_ids: names,
        apple_developer_id: Some(AppleDeveloperId {
            private_key: "-----BEGIN PRIVATE KEY-----".to_owned(),
            key_id: "ABCDE12345".to_owned(),
            team_id: "12345ABCDE".to_owned(),
        }),
        ..IosKeySettings::default()
    };
    for platform in [
        PlatformSettings::AndroidSettings(android),
        PlatformSettings::IosSettings(ios),
        PlatformSettings::ExpressSettings(ExpressKeySettings::default()),
        universal_key().platform_settings.unwrap(),
    ] {
        let key = Key {
            platform_settings: Some(platform.clone()),
            ..universal_key()
        };
        let made = create(&kit, key).await.unwrap();
        let mut expected = platform;
        if let PlatformSettings::IosSettings(ios) = &mut expected {
            let apple = ios.apple_developer_id.as_mut().unwrap();
            apple.private_key.clear();
        }
        assert_eq!(
            made.platform_settings,
            Some(expected),
            "private keys are never answered"
        );
        assert_eq!(get(&kit, "shop", &made.name).await.unwrap(), made);
    }
}

#[tokio::test]
async fn what_does_not_hold_is_refused_with_the_paths_of_all_faults() {
    let kit = Kit::start().await;
    let with = |platform| Key {
        platform_settings: Some(platform),
        ..universal_key()
    };
    let web = |web| with(PlatformSettings::WebSettings(web));
    let score = IntegrationType::Score.into();
    let thresholds = |default, action: &str, threshold| {
        let settings = |score_threshold| ActionSettings { score_threshold };
        web(WebKeySettings {
            integration_type: score,
            challenge_settings: Some(ChallengeSettings {
                default_settings: Option::map(default, settings),
                action_settings: BTreeMap::from([(action.to_owned(), settings(threshold))]),
            }),
            ..WebKeySettings::default()
        })
    };
    let default = "key.webSettings.challengeSettings.defaultSettings";
    let in_default = "key.webSettings.challengeSettings.defaultSettings.scoreThreshold";
    let actions = "key.webSettings.challengeSettings.actionSettings";
    let in_actions = "key.webSettings.challengeSettings.actionSettings.scoreThreshold";
    let domains = |domains: Vec<String>| {
        web(WebKeySettings {
            integration_type: score,
            allowed_domains: domains,
            ..WebKeySettings::default()
        })
    };
    let many = (0..251).map(|n| format!("d{n}.example")).collect();
    let table = [
        (Key::default(), vec!["key.displayName", "key"]),
        (
            Key {
                display_name: " ".to_owned(),
                ..universal_key()
            },
            vec!["key.displayName"],
        ),
        (
            Key {
                display_name: "a\nb".to_owned(),
                ..universal_key()
            },
            vec!["key.displayName"],
        ),
        (
            Key {
                display_name: "a\0".to_owned(),
                ..universal_key()
            },
            vec!["key.displayName"],
        ),
        (
            Key {
                display_name: "n".repeat(257),
                ..universal_key()
            },
            vec!["key.displayName"],
        ),
        (
            web(WebKeySettings::default()),
            vec!["key.webSettings.integrationType"],
        ),
        (
            web(WebKeySettings {
                integration_type: 4,
                challenge_security_preference: 9,
                ..WebKeySettings::default()
            }),
            vec![
                "key.webSettings.integrationType",
                "key.webSettings.challengeSecurityPreference",
            ],
        ),
        (
            domains(vec![
                "a.example".to_owned(),
                "https://b.example/x".to_owned(),
                "c:1".to_owned(),
            ]),
            vec![
                "key.webSettings.allowedDomains[1]",
                "key.webSettings.allowedDomains[2]",
            ],
        ),
        (domains(many), vec!["key.webSettings.allowedDomains"]),
        (thresholds(None, "a", 0.5), vec![default]),
        (
            thresholds(Some(1.1), "", f32::NAN),
            vec![in_default, actions, in_actions],
        ),
        (
            with(PlatformSettings::AndroidSettings(AndroidKeySettings {
                allowed_package_names: vec!["com.example".to_owned(), "no spaces".to_owned()],
                ..AndroidKeySettings::default()
            })),
            vec!["key.androidSettings.allowedPackageNames[1]"],
        ),
        (
            with(PlatformSettings::IosSettings(IosKeySettings {
                apple_developer_id: Some(AppleDeveloperId::default()),
                ..IosKeySettings::default()
            })),
            vec![
                "key.iosSettings.appleDeveloperId.keyId",
                "key.iosSettings.appleDeveloperId.teamId",
            ],
        ),
        (
            Key {
                testing_options: Some(TestingOptions {
                    testing_score: -0.1,
                    testing_challenge: 3,
                }),
                waf_settings: Some(WafSettings {
                    waf_service: 2,
                    waf_feature: 0,
                }),
                ..universal_key()
            },
            vec![
                "key.testingOptions.testingScore",
                "key.testingOptions.testingChallenge",
                "key.wafSettings.wafService",
                "key.wafSettings.wafFeature",
            ],
        ),
        (
            Key {
                labels: BTreeMap::from([(String::new(), "v".repeat(64))]),
                ..universal_key()
            },
            vec!["key.labels", "key.labels"],
        ),
    ];
    for (key, paths) in table {
        assert_eq!(faulty(create(&kit, key.clone()).await), paths, "{key:?}");
    }
    let none = CreateKeyRequest {
        parent: "projects/shop".to_owned(),
        key: None,
    };
    assert_eq!(
        faulty(create_key(&kit.verifier, &project("shop"), none).await),
        ["key"]
    );
}

#[tokio::test]
async fn a_key_stays_what_it_is() {
    let kit = Kit::start().await;
    let made = create(&kit, web_key(IntegrationType::Score, &["shop.example"]))
        .await
        .unwrap();
    let with_name = |key: Key| Key {
        name: made.name.clone(),
        ..key
    };
    let checkbox = with_name(web_key(IntegrationType::Checkbox, &[]));
    let field = ["key.webSettings.integrationType"];
    assert_eq!(
        faulty(update(&kit, checkbox.clone(), &["web_settings"]).await),
        field
    );
    assert_eq!(faulty(update(&kit, checkbox, &[]).await), field);
    assert_eq!(
        faulty(update(&kit, with_name(universal_key()), &[]).await),
        ["key"]
    );
    let into_android = ["android_settings.allow_all_package_names"];
    assert_eq!(
        faulty(update(&kit, with_name(Key::default()), &into_android).await),
        ["key"]
    );
    assert_eq!(
        faulty(update(&kit, with_name(Key::default()), &["display_name"]).await),
        ["key.displayName"]
    );
    assert_eq!(
        faulty(update(&kit, with_name(Key::default()), &["no_such"]).await),
        ["updateMask"]
    );
    assert_eq!(get(&kit, "shop", &made.name).await.unwrap(), made);
}
