use prost_types::FieldMask;
use touchstone::manage::{
    keys::{create_key, get_key},
    policies::*,
};
use touchstone_api::v1::{
    ChallengeRule, ChallengeRuleGroup, ClientSettings, CreateKeyRequest, GetKeyRequest,
    GetPolicyRequest, Policy, ProtectedEndpoint, ProtectedEndpointGroup, UpdatePolicyRequest,
    challenge_rule::{ChallengeOutcome, NoChallengeOutcome, Outcome},
};

use super::{kit::Kit, *};

async fn create(kit: &Kit, key: Key) -> String {
    let request = CreateKeyRequest {
        parent: "projects/shop".to_owned(),
        key: Some(key),
    };
    let key = create_key(&kit.verifier, &project("shop"), request).await;
    key.unwrap().name
}

async fn get(kit: &Kit, key: &str) -> Result<Policy, StepError> {
    let name = format!("{key}/policy");
    get_policy(&kit.verifier, &project("shop"), GetPolicyRequest { name }).await
}

async fn update(kit: &Kit, policy: Policy, mask: &[&str]) -> Result<Policy, StepError> {
    let paths = mask.iter().map(|path| (*path).to_owned()).collect();
    let request = UpdatePolicyRequest {
        policy: Some(policy),
        update_mask: Some(FieldMask { paths }),
    };
    update_policy(&kit.verifier, &project("shop"), request).await
}

fn policy(key: &str) -> Policy {
    let rule = |condition: &str, outcome| ChallengeRule {
        condition: condition.to_owned(),
        outcome: Some(outcome),
    };
    Policy {
        name: format!("{key}/policy"),
        challenge_rule_groups: vec![ChallengeRuleGroup {
            actions: vec!["*".to_owned()],
            challenge_rules: vec![
                rule(
                    "score < 0.3",
                    Outcome::Challenge(ChallengeOutcome { difficulty: 3 }),
                ),
                rule("", Outcome::NoChallenge(NoChallengeOutcome {})),
            ],
        }],
        client_settings: Some(ClientSettings {
            allowed_domains: vec!["shop.example".to_owned()],
            allow_all_domains: false,
            protected_endpoint_group: Some(ProtectedEndpointGroup {
                protected_endpoints: vec![endpoint("/api/login"), endpoint("/api/*/buy/**")],
            }),
        }),
    }
}

fn endpoint(path: &str) -> ProtectedEndpoint {
    ProtectedEndpoint {
        path: path.to_owned(),
        action: "login".to_owned(),
    }
}

#[tokio::test]
async fn a_policy_has_no_rules_until_it_is_set() {
    let kit = Kit::start().await;
    let key = create(&kit, universal_key()).await;
    let unset = get(&kit, &key).await.unwrap();
    assert_eq!(unset.name, format!("{key}/policy"));
    assert_eq!(unset.client_settings, Some(ClientSettings::default()));
    assert!(unset.challenge_rule_groups.is_empty());
    let set = update(&kit, policy(&key), &[]).await.unwrap();
    assert_eq!(set, policy(&key));
    assert_eq!(get(&kit, &key).await.unwrap(), set);
    let id = key.rsplit('/').next().unwrap();
    let known = kit.verifier.site_keys.get(id).await.unwrap().unwrap();
    assert_eq!(
        known.domains,
        ["shop.example"],
        "pages of its domains may use the key"
    );
    let request = GetKeyRequest { name: key };
    let key = get_key(&kit.verifier, &project("shop"), request)
        .await
        .unwrap();
    assert_eq!(key.platform_settings, universal_key().platform_settings);
}

#[tokio::test]
async fn an_update_changes_what_its_mask_names() {
    let kit = Kit::start().await;
    let key = create(&kit, universal_key()).await;
    update(&kit, policy(&key), &[]).await.unwrap();
    let change = Policy {
        name: format!("{key}/policy"),
        client_settings: Some(ClientSettings {
            allow_all_domains: true,
            ..ClientSettings::default()
        }),
        ..Policy::default()
    };
    let changed = update(&kit, change, &["client_settings.allow_all_domains"])
        .await
        .unwrap();
    let mut expected = policy(&key);
    expected.client_settings.as_mut().unwrap().allow_all_domains = true;
    assert_eq!(changed, expected);
}

#[tokio::test]
async fn only_universal_keys_have_a_policy() {
    let kit = Kit::start().await;
    let key = create(&kit, web_key(IntegrationType::Score, &[])).await;
    assert_eq!(code(get(&kit, &key).await), Code::FailedPrecondition);
    assert_eq!(
        code(update(&kit, policy(&key), &[]).await),
        Code::FailedPrecondition
    );
    let unknown = "projects/shop/keys/none";
    assert_eq!(code(get(&kit, unknown).await), Code::NotFound);
    assert_eq!(
        code(update(&kit, policy(unknown), &[]).await),
        Code::NotFound
    );
}

#[tokio::test]
async fn what_does_not_hold_is_refused_with_the_paths_of_all_faults() {
    let kit = Kit::start().await;
    let key = create(&kit, universal_key()).await;
    let endpoints = |paths: &[&str]| {
        let mut policy = policy(&key);
        let client = policy.client_settings.as_mut().unwrap();
        client.protected_endpoint_group = Some(ProtectedEndpointGroup {
            protected_endpoints: paths.iter().map(|path| endpoint(path)).collect(),
        });
        policy
    };
    let path =
        |n| format!("policy.clientSettings.protectedEndpointGroup.protectedEndpoints[{n}].path");
    let wrong = ["/", "/*", "/**", "", "login", "/a?b", "/a*", "/**/a"];
    let expected: Vec<String> = (0..wrong.len()).map(path).collect();
    assert_eq!(faulty(update(&kit, endpoints(&wrong), &[]).await), expected);

    let mut groups = policy(&key);
    groups.client_settings = None;
    groups.challenge_rule_groups = vec![
        ChallengeRuleGroup::default(),
        ChallengeRuleGroup {
            actions: vec![String::new()],
            challenge_rules: vec![
                ChallengeRule::default(),
                ChallengeRule {
                    condition: "x".repeat(501),
                    outcome: Some(Outcome::Challenge(ChallengeOutcome { difficulty: 7 })),
                },
            ],
        },
    ];
    let group = "policy.challengeRuleGroups";
    assert_eq!(
        faulty(update(&kit, groups, &[]).await),
        [
            "policy.clientSettings",
            &format!("{group}[0].actions"),
            &format!("{group}[0].challengeRules"),
            &format!("{group}[1].actions[0]"),
            &format!("{group}[1].challengeRules[0]"),
            &format!("{group}[1].challengeRules[1].condition"),
            &format!("{group}[1].challengeRules[1].challenge.difficulty"),
        ]
    );
}
