//! REST and gRPC are two doors of one house: every method, and every refusal, is the same at both.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod kit;

use kit::{
    Kit, customer,
    doors::{method, methods},
};
use serde_json::json;
use tonic::Code;
use touchstone::keys::Scope;

#[tokio::test]
async fn a_name_that_is_none_is_refused_at_every_method() {
    let kit = Kit::start().await;
    for method in methods() {
        let (rpc, name) = (method.rpc, method.name);
        let wrong = name.replace("projects/shop", "projects/UPPER");
        let told = kit
            .refused_alike(rpc, &wrong, json!({}), &kit.shop.api_key)
            .await;
        assert_eq!(told.code, Code::InvalidArgument, "{rpc}");
        let [field] = &told.fields[..] else {
            panic!("{rpc}: {:?}", told.fields)
        };
        assert!(
            [
                "parent",
                "project",
                "name",
                "key",
                "key.name",
                "policy.name",
                "firewallPolicy.name"
            ]
            .contains(&field.as_str()),
            "{rpc}: {field}"
        );
    }
}

#[tokio::test]
async fn no_method_answers_for_another_project_or_without_its_scope() {
    let kit = Kit::start().await;
    let explain = [Scope::Explain];
    let poor = customer(&kit.verifier, "shop", &["shop.example"], &explain).await;
    for method in methods() {
        let (rpc, name) = (method.rpc, method.name);
        let told = kit
            .refused_alike(rpc, name, json!({}), &kit.other.api_key)
            .await;
        assert_eq!(told.code, Code::PermissionDenied, "{rpc}");
        assert!(
            told.message.contains("'projects/shop'"),
            "{rpc}: {}",
            told.message
        );
        let told = kit.refused_alike(rpc, name, json!({}), &poor.api_key).await;
        assert_eq!(told.code, Code::PermissionDenied, "{rpc}");
        assert!(
            told.message.contains("'recaptchaenterprise."),
            "{rpc}: {}",
            told.message
        );
        let told = kit.refused_alike(rpc, name, json!({}), "nobody").await;
        assert_eq!(
            (told.code, told.reasons.join(",").as_str()),
            (Code::InvalidArgument, "API_KEY_INVALID"),
            "{rpc}"
        );
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_found_at_both_doors() {
    let kit = Kit::start().await;
    for rpc in [
        "AnnotateAssessment",
        "GetKey",
        "UpdateKey",
        "DeleteKey",
        "MigrateKey",
        "RetrieveLegacySecretKey",
        "ListIpOverrides",
        "GetMetrics",
        "GetPolicy",
        "GetFirewallPolicy",
        "UpdateFirewallPolicy",
        "DeleteFirewallPolicy",
        "ListRelatedAccountGroupMemberships",
    ] {
        let name = method(rpc).name;
        let request = match rpc {
            "UpdateKey" => json!({"displayName": "x", "updateMask": "display_name"}),
            "UpdateFirewallPolicy" => json!({"path": "/x", "updateMask": "path"}),
            _ => json!({}),
        };
        let told = kit
            .refused_alike(rpc, name, request, &kit.shop.api_key)
            .await;
        assert_eq!(told.code, Code::NotFound, "{rpc}: {}", told.message);
    }
}

#[tokio::test]
async fn what_one_door_makes_the_other_shows() {
    let kit = Kit::start().await;
    let api_key = &kit.shop.api_key;
    let made = kit.over_rest("CreateKey", PROJECT, json!({
        "displayName": "one", "labels": {"team": "a"}, "webSettings": {"allowedDomains": ["a.example"], "integrationType": "CHECKBOX"},
    }), api_key).await.unwrap();
    let name = made["name"].as_str().unwrap().to_owned();
    assert_eq!(
        kit.over_grpc("GetKey", &name, json!({}), api_key)
            .await
            .unwrap(),
        made
    );
    let change = json!({"displayName": "two", "updateMask": "display_name"});
    let changed = kit
        .over_grpc("UpdateKey", &name, change, api_key)
        .await
        .unwrap();
    assert_eq!(
        (&changed["displayName"], &changed["labels"]),
        (&json!("two"), &json!({"team": "a"}))
    );
    assert_eq!(
        kit.over_rest("GetKey", &name, json!({}), api_key)
            .await
            .unwrap(),
        changed
    );

    let mut names = Vec::new();
    let mut token = String::new();
    loop {
        let page = json!({"pageSize": 1, "pageToken": token});
        let over_rest = kit
            .over_rest("ListKeys", PROJECT, page.clone(), api_key)
            .await
            .unwrap();
        let over_grpc = kit
            .over_grpc("ListKeys", PROJECT, page, api_key)
            .await
            .unwrap();
        assert_eq!(over_rest["keys"], over_grpc["keys"]);
        names.extend(
            over_rest["keys"]
                .as_array()
                .unwrap()
                .iter()
                .map(|key| key["name"].clone()),
        );
        token = over_rest["nextPageToken"].as_str().unwrap().to_owned();
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(names.len(), 2, "{names:?}");

    let over = json!({"ipOverrideData": {"ip": "198.51.100.0/24", "overrideType": "ALLOW"}});
    assert_eq!(
        kit.over_rest("AddIpOverride", &name, over.clone(), api_key)
            .await
            .unwrap(),
        json!({})
    );
    let listed = kit
        .over_grpc("ListIpOverrides", &name, json!({}), api_key)
        .await
        .unwrap();
    assert_eq!(listed["ipOverrides"].as_array().unwrap().len(), 1);
    assert_eq!(
        kit.over_grpc("RemoveIpOverride", &name, over, api_key)
            .await
            .unwrap(),
        json!({})
    );
    let secret = kit
        .over_rest("RetrieveLegacySecretKey", &name, json!({}), api_key)
        .await
        .unwrap();
    assert_eq!(secret["legacySecretKey"].as_str().unwrap().len(), 40);
    assert_eq!(
        kit.over_grpc("MigrateKey", &name, json!({}), api_key)
            .await
            .unwrap()["name"],
        name
    );
    let metrics = kit
        .over_grpc("GetMetrics", &format!("{name}/metrics"), json!({}), api_key)
        .await
        .unwrap();
    assert_eq!(
        kit.over_rest("GetMetrics", &format!("{name}/metrics"), json!({}), api_key)
            .await
            .unwrap(),
        metrics
    );
    assert_eq!(
        kit.over_rest("DeleteKey", &name, json!({}), api_key)
            .await
            .unwrap(),
        json!({})
    );
    assert!(
        kit.over_grpc("GetKey", &name, json!({}), api_key)
            .await
            .is_err()
    );

    let policy =
        json!({"path": "/a/*", "condition": "recaptcha.score < 0.5", "actions": [{"block": {}}]});
    let policy = kit
        .over_grpc("CreateFirewallPolicy", PROJECT, policy, api_key)
        .await
        .unwrap();
    let policy_name = policy["name"].as_str().unwrap();
    let order = json!({"names": [policy_name]});
    assert_eq!(
        kit.over_rest("ReorderFirewallPolicies", PROJECT, order, api_key)
            .await
            .unwrap(),
        json!({})
    );
    let listed = kit
        .over_rest("ListFirewallPolicies", PROJECT, json!({}), api_key)
        .await
        .unwrap();
    assert_eq!(listed["firewallPolicies"], json!([policy]));
    assert_eq!(
        kit.over_rest("DeleteFirewallPolicy", policy_name, json!({}), api_key)
            .await
            .unwrap(),
        json!({})
    );
}

#[tokio::test]
async fn the_description_is_served_and_says_where_its_server_is() {
    let kit = Kit::start().await;
    let answer = kit.send("GET", "/openapi.json", &[], "").await;
    assert_eq!(answer.status, 200);
    let document = answer.json();
    assert_eq!(
        (&document["openapi"], &document["servers"][0]["url"]),
        (&json!("3.1.0"), &json!("/"))
    );
    let below = Kit::start_with(|config| config.base_path = "/captcha".to_owned()).await;
    let answer = below.send("GET", "/captcha/openapi.json", &[], "").await;
    assert_eq!(answer.json()["servers"][0]["url"], "/captcha");
}

const PROJECT: &str = "projects/shop";
