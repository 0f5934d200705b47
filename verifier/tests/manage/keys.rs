use std::collections::BTreeMap;

use prost_types::FieldMask;
use touchstone::manage::keys::*;
use touchstone_api::v1::{
    self, CreateKeyRequest, DeleteKeyRequest, GetKeyRequest, Key, ListKeysRequest,
    MigrateKeyRequest, RetrieveLegacySecretKeyRequest, TestingOptions, UpdateKeyRequest,
    WafSettings, WebKeySettings,
    key::PlatformSettings,
    web_key_settings::{
        ActionSettings, ChallengeSecurityPreference, ChallengeSettings, IntegrationType,
    },
};

use super::{kit::Kit, *};

pub(super) async fn create(kit: &Kit, key: Key) -> Result<Key, StepError> {
    let request = CreateKeyRequest {
        parent: "projects/shop".to_owned(),
        key: Some(key),
    };
    create_key(&kit.verifier, &project("shop"), request).await
}

pub(super) async fn get(kit: &Kit, of: &str, name: &str) -> Result<Key, StepError> {
    let name = name.to_owned();
    get_key(&kit.verifier, &project(of), GetKeyRequest { name }).await
}

pub(super) async fn update(kit: &Kit, key: Key, mask: &[&str]) -> Result<Key, StepError> {
    let paths = mask.iter().map(|path| (*path).to_owned()).collect();
    let request = UpdateKeyRequest {
        key: Some(key),
        update_mask: Some(FieldMask { paths }),
    };
    update_key(&kit.verifier, &project("shop"), request).await
}

fn web(key: &Key) -> &WebKeySettings {
    match &key.platform_settings {
        Some(PlatformSettings::WebSettings(web)) => web,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_key_reads_back_as_it_was_made() {
    let kit = Kit::start().await;
    let challenges = ChallengeSettings {
        default_settings: Some(ActionSettings {
            score_threshold: 0.5,
        }),
        action_settings: BTreeMap::from([(
            "login".to_owned(),
            ActionSettings {
                score_threshold: 1.0,
            },
        )]),
    };
    let settings = WebKeySettings {
        allowed_domains: vec!["Shop.Example".to_owned(), "shop.example".to_owned()],
        allow_amp_traffic: true,
        integration_type: IntegrationType::PolicyBasedChallenge.into(),
        challenge_settings: Some(challenges),
        ..WebKeySettings::default()
    };
    let key = Key {
        name: "projects/shop/keys/chosen".to_owned(),
        labels: BTreeMap::from([("team".to_owned(), "web".to_owned())]),
        create_time: Some(prost_types::Timestamp::default()),
        testing_options: Some(TestingOptions {
            testing_score: 0.3,
            testing_challenge: 1,
        }),
        waf_settings: Some(WafSettings {
            waf_service: 4,
            waf_feature: 2,
        }),
        platform_settings: Some(PlatformSettings::WebSettings(settings.clone())),
        ..web_key(IntegrationType::Score, &[])
    };
    let made = create(&kit, key.clone()).await.unwrap();
    let id = made.name.strip_prefix("projects/shop/keys/").unwrap();
    assert!(
        id.len() == 40 && id.starts_with("6L"),
        "the name is the verifier's: {id}"
    );
    assert_eq!(
        made.create_time.unwrap().seconds,
        1_800_000_001,
        "so is the time"
    );
    assert_eq!(
        web(&made).allowed_domains,
        ["shop.example"],
        "a domain is kept once, in lower case"
    );
    assert_eq!(
        web(&made).challenge_security_preference(),
        ChallengeSecurityPreference::Usability
    );
    let expected = Key {
        name: made.name.clone(),
        create_time: made.create_time,
        platform_settings: made.platform_settings.clone(),
        ..key
    };
    assert_eq!(made, expected);
    assert_eq!(web(&made).challenge_settings, settings.challenge_settings);
    assert_eq!(get(&kit, "shop", &made.name).await.unwrap(), made);
}

#[tokio::test]
async fn keys_are_listed_in_pages_that_only_this_listing_gives_out() {
    let kit = Kit::start().await;
    for _ in 0..11 {
        create(&kit, universal_key()).await.unwrap();
    }
    let list = async |of: &str, page_size, page_token: &str| {
        let request = ListKeysRequest {
            parent: format!("projects/{of}"),
            page_size,
            page_token: page_token.to_owned(),
        };
        list_keys(&kit.verifier, &project(of), request).await
    };
    // With the one that the shop has from the start, twelve.
    let mut found = Vec::new();
    let mut sizes = Vec::new();
    let mut token = String::new();
    loop {
        let page = list("shop", 5, &token).await.unwrap();
        sizes.push(page.keys.len());
        found.extend(page.keys.into_iter().map(|key| key.name));
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(sizes, [5, 5, 2]);
    found.sort();
    found.dedup();
    assert_eq!(found.len(), 12);
    let usual = list("shop", 0, "").await.unwrap();
    assert_eq!(usual.keys.len(), 10);
    assert!(
        list("shop", 12, "")
            .await
            .unwrap()
            .next_page_token
            .is_empty()
    );
    assert_eq!(list("shop", 5_000, "").await.unwrap().keys.len(), 12);
    assert_eq!(faulty(list("shop", -1, "").await), ["pageSize"]);
    for token in ["x", &usual.next_page_token[1..]] {
        assert_eq!(faulty(list("shop", 0, token).await), ["pageToken"]);
    }
    assert_eq!(
        faulty(list("other", 0, &usual.next_page_token).await),
        ["pageToken"]
    );
    assert_eq!(list("other", 0, "").await.unwrap().keys.len(), 1);
}

#[tokio::test]
async fn an_update_changes_what_its_mask_names() {
    let kit = Kit::start().await;
    let made = create(&kit, web_key(IntegrationType::Checkbox, &["shop.example"]))
        .await
        .unwrap();
    let change = Key {
        name: made.name.clone(),
        display_name: "new".to_owned(),
        labels: BTreeMap::from([("a".to_owned(), "b".to_owned())]),
        ..web_key(IntegrationType::Checkbox, &["new.example"])
    };
    let change = Key {
        display_name: "new".to_owned(),
        ..change
    };
    let changed = update(
        &kit,
        change.clone(),
        &["display_name", "web_settings.allowed_domains"],
    )
    .await
    .unwrap();
    assert_eq!(changed.display_name, "new");
    assert_eq!(web(&changed).allowed_domains, ["new.example"]);
    assert!(changed.labels.is_empty(), "not in the mask");
    assert_eq!(changed.create_time, made.create_time);
    assert_eq!(get(&kit, "shop", &made.name).await.unwrap(), changed);

    let all = update(&kit, change.clone(), &[]).await.unwrap();
    assert_eq!(all.labels, change.labels);
    let untyped = Key {
        name: made.name.clone(),
        ..web_key(IntegrationType::Unspecified, &["untyped.example"])
    };
    let kept = update(&kit, untyped, &[]).await.unwrap();
    assert_eq!(web(&kept).allowed_domains, ["untyped.example"]);
    assert_eq!(
        web(&kept).integration_type(),
        IntegrationType::Checkbox,
        "what cannot change may be left out"
    );
    let none = Key {
        labels: BTreeMap::new(),
        ..change.clone()
    };
    assert!(
        update(&kit, none, &["labels"])
            .await
            .unwrap()
            .labels
            .is_empty()
    );

    let same = update(&kit, change.clone(), &["name", "create_time"])
        .await
        .unwrap();
    assert_eq!(
        (same.name, same.create_time),
        (made.name.clone(), made.create_time),
        "only the verifier sets them"
    );
}

#[tokio::test]
async fn changes_at_once_do_not_undo_each_other() {
    let kit = Kit::start().await;
    let made = create(&kit, web_key(IntegrationType::Score, &["shop.example"]))
        .await
        .unwrap();
    let change = |name: &str, label: &str| Key {
        name: made.name.clone(),
        display_name: name.to_owned(),
        labels: BTreeMap::from([(label.to_owned(), String::new())]),
        ..Key::default()
    };
    let (name, label) = tokio::join!(
        update(&kit, change("new", ""), &["display_name"]),
        update(&kit, change("", "new"), &["labels"]),
    );
    name.unwrap();
    label.unwrap();
    let key = get(&kit, "shop", &made.name).await.unwrap();
    assert_eq!((&key.display_name[..], key.labels.len()), ("new", 1));
}

#[tokio::test]
async fn domains_take_effect_at_once() {
    let kit = Kit::start().await;
    let assess = async || {
        let token = kit.token("login").await;
        let event = serde_json::json!({"token": token, "siteKey": kit.shop.site_key});
        let answer = kit.assess(&kit.shop, event).await;
        answer["tokenProperties"]["invalidReason"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(assess().await, "INVALID_REASON_UNSPECIFIED");
    let name = format!("projects/shop/keys/{}", kit.shop.site_key);
    let key = Key {
        name,
        ..web_key(IntegrationType::Score, &["elsewhere.example"])
    };
    update(&kit, key, &["web_settings.allowed_domains"])
        .await
        .unwrap();
    assert_eq!(assess().await, "DOMAIN_MISMATCH");
}

#[tokio::test]
async fn a_deleted_key_is_gone() {
    let kit = Kit::start().await;
    let name = format!("projects/shop/keys/{}", kit.shop.site_key);
    let delete = async |of: &str| {
        let name = name.clone();
        delete_key(&kit.verifier, &project(of), DeleteKeyRequest { name }).await
    };
    assert_eq!(code(delete("other").await), Code::NotFound);
    delete("shop").await.unwrap();
    assert_eq!(code(delete("shop").await), Code::NotFound);
    assert_eq!(code(get(&kit, "shop", &name).await), Code::NotFound);
    let page = format!("/recaptcha/agent/session?k={}", kit.shop.site_key);
    assert_ne!(
        kit.send("POST", &page, &[], "").await.status,
        200,
        "pages are told at once"
    );
}

#[tokio::test]
async fn the_secret_of_a_key_can_be_had_again() {
    let kit = Kit::start().await;
    let ask = async |of: &str, key: &str| {
        let key = key.to_owned();
        let request = RetrieveLegacySecretKeyRequest { key };
        retrieve_legacy_secret_key(&kit.verifier, &project(of), request).await
    };
    let name = format!("projects/shop/keys/{}", kit.shop.site_key);
    assert_eq!(
        ask("shop", &name).await.unwrap().legacy_secret_key,
        kit.shop.secret
    );
    assert_eq!(code(ask("other", &name).await), Code::NotFound);
    let made = create(&kit, universal_key()).await.unwrap();
    let secret = ask("shop", &made.name).await.unwrap().legacy_secret_key;
    assert!(secret.len() == 40 && secret.starts_with("6L"));
}

#[tokio::test]
async fn a_key_is_migrated_by_answering_it() {
    let kit = Kit::start().await;
    let name = format!("projects/shop/keys/{}", kit.shop.site_key);
    let request = MigrateKeyRequest {
        name: name.clone(),
        skip_billing_check: true,
    };
    let migrated = migrate_key(&kit.verifier, &project("shop"), request)
        .await
        .unwrap();
    assert_eq!(migrated, get(&kit, "shop", &name).await.unwrap());
}

#[tokio::test]
async fn names_are_of_the_caller_s_project() {
    let kit = Kit::start().await;
    let foreign = format!("projects/other/keys/{}", kit.other.site_key);
    let disguised = format!("projects/shop/keys/{}", kit.other.site_key);
    for name in [&foreign, &disguised, "projects/shop/keys/none"] {
        assert_eq!(
            code(get(&kit, "shop", name).await),
            Code::NotFound,
            "{name}"
        );
    }
    for name in [
        "",
        "projects/shop",
        "projects/shop/keys/",
        "projects/SHOP/keys/x",
    ] {
        assert_eq!(faulty(get(&kit, "shop", name).await), ["name"], "{name}");
    }
    let request = v1::ListKeysRequest {
        parent: "projects/other".to_owned(),
        ..Default::default()
    };
    assert_eq!(
        code(list_keys(&kit.verifier, &project("shop"), request).await),
        Code::NotFound
    );
}
