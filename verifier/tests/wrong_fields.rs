//! Wrong fields, at both doors of the API: refused in the same words, with the path of the field and what to do.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod kit;

use kit::Kit;
use serde_json::{Value, json};
use tonic::Code;

#[tokio::test]
async fn a_wrong_field_is_named_with_its_path_and_what_to_do() {
    let kit = Kit::start().await;
    let key = format!("projects/shop/keys/{}", kit.shop.site_key);
    let web = |settings: Value| json!({"displayName": "x", "webSettings": settings});
    for (rpc, name, request, fields) in [
        (
            "CreateAssessment",
            PROJECT,
            json!({"event": {"fraudPrevention": 9}}),
            &["assessment.event.fraudPrevention"][..],
        ),
        (
            "CreateAssessment",
            PROJECT,
            json!({"event": {"transactionData": {"value": "NaN"}}}),
            &["assessment.event.transactionData.value"],
        ),
        (
            "AnnotateAssessment",
            "projects/shop/assessments/00",
            json!({"annotation": 9, "reasons": [1, 99]}),
            &["annotation", "reasons[1]"],
        ),
        ("CreateKey", PROJECT, json!({}), &["key.displayName", "key"]),
        (
            "CreateKey",
            PROJECT,
            web(json!({})),
            &["key.webSettings.integrationType"],
        ),
        (
            "CreateKey",
            PROJECT,
            web(json!({"integrationType": 4})),
            &["key.webSettings.integrationType"],
        ),
        (
            "CreateKey",
            PROJECT,
            web(json!({"integrationType": "SCORE", "allowedDomains": ["https://a.example/x"]})),
            &["key.webSettings.allowedDomains[0]"],
        ),
        (
            "UpdateKey",
            &key,
            json!({"displayName": "x", "updateMask": "display_nam"}),
            &["updateMask"],
        ),
        (
            "AddIpOverride",
            &key,
            json!({}),
            &["ipOverrideData.ip", "ipOverrideData.overrideType"],
        ),
        (
            "AddIpOverride",
            &key,
            json!({"ipOverrideData": {"ip": "10.0.0.1", "overrideType": 1}}),
            &["ipOverrideData.ip"],
        ),
        (
            "RemoveIpOverride",
            &key,
            json!({"ipOverrideData": {"ip": "x", "overrideType": "ALLOW"}}),
            &["ipOverrideData.ip"],
        ),
        ("ListKeys", PROJECT, json!({"pageSize": -1}), &["pageSize"]),
        (
            "ListKeys",
            PROJECT,
            json!({"pageToken": "forged"}),
            &["pageToken"],
        ),
        (
            "ListIpOverrides",
            &key,
            json!({"pageToken": "forged"}),
            &["pageToken"],
        ),
        (
            "ListFirewallPolicies",
            PROJECT,
            json!({"pageToken": "forged"}),
            &["pageToken"],
        ),
        (
            "ListRelatedAccountGroups",
            PROJECT,
            json!({"pageToken": "forged"}),
            &["pageToken"],
        ),
        (
            "CreateFirewallPolicy",
            PROJECT,
            json!({"path": "/a", "condition": "recaptcha.score <"}),
            &["firewallPolicy.condition"],
        ),
        (
            "ReorderFirewallPolicies",
            PROJECT,
            json!({"names": ["projects/shop/keys/k"]}),
            &["names[0]"],
        ),
    ] {
        let told = kit
            .refused_alike(rpc, name, request.clone(), &kit.shop.api_key)
            .await;
        assert_eq!(
            told.code,
            Code::InvalidArgument,
            "{rpc} {request}: {}",
            told.message
        );
        assert_eq!(told.fields, fields, "{rpc} {request}: {}", told.message);
        assert!(told.message.len() > 20, "{rpc} {request}: {}", told.message);
    }
}

#[tokio::test]
async fn what_only_json_can_get_wrong_is_named_too() {
    let kit = Kit::start().await;
    let key = [("x-goog-api-key", kit.shop.api_key.as_str())];
    for (verb, path, body, field) in [
        (
            "POST",
            "/v1/projects/shop/keys",
            r#"{"displayName": 5}"#,
            "key.displayName",
        ),
        (
            "POST",
            "/v1/projects/shop/keys",
            r#"{"webSettings": {"integrationType": "SCOR"}}"#,
            "key.webSettings.integrationType",
        ),
        (
            "POST",
            "/v1/projects/shop/keys",
            r#"{"webSettings": {"domains": []}}"#,
            "key.webSettings.domains",
        ),
        (
            "POST",
            "/v1/projects/shop/firewallpolicies:reorder",
            r#"{"names": "x"}"#,
            "names",
        ),
        (
            "POST",
            "/v1/projects/shop/keys/k:addIpOverride",
            r#"{"ipOverrideData": {"overrideType": "DENY"}}"#,
            "ipOverrideData.overrideType",
        ),
        (
            "POST",
            "/v1/projects/shop/firewallpolicies",
            r#"{"actions": [{"block": {}}, {"blok": {}}]}"#,
            "firewallPolicy.actions[1].blok",
        ),
        (
            "GET",
            "/v1/projects/shop/keys?pageSize=many",
            "",
            "pageSize",
        ),
        ("GET", "/v1/projects/shop/keys?page=2", "", "page"),
        ("DELETE", "/v1/projects/shop/keys/k?force=true", "", "force"),
        (
            "PATCH",
            "/v1/projects/shop/keys/k?update_mask=display_name&key=x&mask=y",
            "{}",
            "mask",
        ),
    ] {
        let answer = kit.send(verb, path, &key, body).await;
        let error = &answer.json()["error"];
        assert_eq!(
            (answer.status.as_u16(), &error["status"]),
            (400, &json!("INVALID_ARGUMENT")),
            "{verb} {path}: {error}"
        );
        assert_eq!(
            error["details"][0]["fieldViolations"][0]["field"], field,
            "{verb} {path}: {error}"
        );
    }
}

const PROJECT: &str = "projects/shop";
