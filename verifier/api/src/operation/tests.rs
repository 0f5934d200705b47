use prost::Message as _;
use serde_json::json;

use super::*;
use crate::v1;

#[test]
fn every_method_has_its_rest_form() {
    assert_eq!(Operation::all().len(), 24);
    let mut lines = Vec::new();
    for operation in Operation::all() {
        assert!(!operation.name_fields().is_empty(), "{}", operation.rpc());
        lines.push(format!("{} {}", operation.verb(), operation.rpc()));
    }
    assert_eq!(lines[0], "POST CreateAssessment");
}

#[test]
fn paths_lead_to_methods() {
    for (path, verb, rpc, name) in [
        (
            "/v1/projects/p/assessments",
            "POST",
            "CreateAssessment",
            "projects/p",
        ),
        (
            "/v1/projects/%70/assessments",
            "POST",
            "CreateAssessment",
            "projects/p",
        ),
        (
            "/v1/projects/p/assessments/0af:annotate",
            "POST",
            "AnnotateAssessment",
            "projects/p/assessments/0af",
        ),
        (
            "/v1/projects/p/assessments/0af%3Aannotate",
            "POST",
            "AnnotateAssessment",
            "projects/p/assessments/0af",
        ),
        ("/v1/projects/p/keys", "GET", "ListKeys", "projects/p"),
        ("/v1/projects/p/keys", "POST", "CreateKey", "projects/p"),
        (
            "/v1/projects/p/keys/k",
            "PATCH",
            "UpdateKey",
            "projects/p/keys/k",
        ),
        (
            "/v1/projects/p/keys/k",
            "DELETE",
            "DeleteKey",
            "projects/p/keys/k",
        ),
        (
            "/v1/projects/p/keys/k:migrate",
            "POST",
            "MigrateKey",
            "projects/p/keys/k",
        ),
        (
            "/v1/projects/p/keys/k:listIpOverrides",
            "GET",
            "ListIpOverrides",
            "projects/p/keys/k",
        ),
        (
            "/v1/projects/p/keys/k/metrics",
            "GET",
            "GetMetrics",
            "projects/p/keys/k/metrics",
        ),
        (
            "/v1/projects/p/keys/k/policy",
            "PATCH",
            "UpdatePolicy",
            "projects/p/keys/k/policy",
        ),
        (
            "/v1/projects/p/firewallpolicies:reorder",
            "POST",
            "ReorderFirewallPolicies",
            "projects/p",
        ),
        (
            "/v1/projects/p/relatedaccountgroups/g/memberships",
            "GET",
            "ListRelatedAccountGroupMemberships",
            "projects/p/relatedaccountgroups/g",
        ),
        (
            "/v1/projects/p/relatedaccountgroupmemberships:search",
            "POST",
            "SearchRelatedAccountGroupMemberships",
            "projects/p",
        ),
    ] {
        let place = Place::at(path).unwrap_or_else(|| panic!("{path}"));
        assert_eq!(place.name(), name, "{path}");
        let found = place.operations().iter().find(|found| found.verb() == verb);
        assert_eq!(found.map(|found| found.rpc()), Some(rpc), "{path}");
    }
    for path in [
        "/",
        "/v1/",
        "/v1/projects/p",
        "/v2/projects/p/keys",
        "/v1/projects/p/keys/",
        "/v1/projects/p/keys/k:forget",
        "/v1/projects/p/assessments/0af",
        "/v1/projects/%ff/assessments",
        "/v1/projects/p/keys/k/metrics/x",
        "/v1//projects/p/keys",
    ] {
        assert!(Place::at(path).is_none(), "{path}");
    }
}

#[test]
fn path_query_and_body_become_the_message_that_grpc_carries() {
    let list = v1::ListKeysRequest {
        parent: "projects/p".to_owned(),
        page_size: 7,
        page_token: "t+".to_owned(),
    };
    for query in [
        "pageSize=7&pageToken=t%2B",
        "page_size=7&page_token=t%2B&$alt=json;enum-encoding=int&key=x",
        "pageSize=7&pageToken=t%2B&=&prettyPrint=false&$.xgafv=2&key=x&key=y",
    ] {
        let found: v1::ListKeysRequest = request("ListKeys", "projects/p", query, b"");
        assert_eq!(found, list, "{query}");
    }

    let update: v1::UpdateKeyRequest = request(
        "UpdateKey",
        "projects/p/keys/k",
        "updateMask=display_name%2Cweb_settings.allowed_domains",
        br#"{"displayName":"d","name":"projects/other/keys/k"}"#,
    );
    let key = update.key.unwrap();
    assert_eq!(
        (key.name.as_str(), key.display_name.as_str()),
        ("projects/p/keys/k", "d")
    );
    assert_eq!(
        update.update_mask.unwrap().paths,
        ["display_name", "web_settings.allowed_domains"]
    );

    let migrate: v1::MigrateKeyRequest = request("MigrateKey", "projects/p/keys/k", "", b"");
    assert_eq!(migrate.name, "projects/p/keys/k");
    let search: v1::SearchRelatedAccountGroupMembershipsRequest = request(
        "SearchRelatedAccountGroupMemberships",
        "projects/p",
        "",
        br#"{"accountId":"u1","pageSize":5}"#,
    );
    assert_eq!(
        (
            search.project.as_str(),
            search.account_id.as_str(),
            search.page_size
        ),
        ("projects/p", "u1", 5)
    );
}

#[test]
fn a_wrong_parameter_is_named() {
    for (rpc, query, field) in [
        ("ListKeys", "pagesize=1", "pagesize"),
        ("ListKeys", "parent=projects/x", "parent"),
        ("ListKeys", "pageSize=", "pageSize"),
        ("ListKeys", "pageSize=ten", "pageSize"),
        ("ListKeys", "pageSize=99999999999", "pageSize"),
        ("ListKeys", "pageSize=7&pageSize=7", "pageSize"),
        ("ListKeys", "pageSize=7&page_size=8", "page_size"),
        ("MigrateKey", "skipBillingCheck=true", "skipBillingCheck"),
        ("CreateKey", "key.displayName=x", "key.displayName"),
    ] {
        let error = Operation::named(rpc)
            .unwrap()
            .from_rest("projects/p", query, b"")
            .unwrap_err();
        let error = error.to_json();
        assert_eq!(error["error"]["status"], "INVALID_ARGUMENT", "{query}");
        assert_eq!(
            error["error"]["details"][0]["fieldViolations"][0]["field"],
            json!(field),
            "{query}: {error}"
        );
        let message = error["error"]["message"].as_str().unwrap();
        assert!(!message.contains("at line"), "{query}: {message}");
    }
}

#[test]
fn what_only_the_binary_form_can_say_is_refused_with_its_path() {
    let operation = Operation::named("AnnotateAssessment").unwrap();
    let request = v1::AnnotateAssessmentRequest {
        name: "projects/p/assessments/0".to_owned(),
        annotation: 77,
        reasons: vec![1, -5],
        transaction_event: Some(v1::TransactionEvent {
            event_time: Some(prost_types::Timestamp {
                seconds: i64::MAX,
                nanos: 0,
            }),
            ..v1::TransactionEvent::default()
        }),
        ..v1::AnnotateAssessmentRequest::default()
    };
    let error = operation
        .check(&request.encode_to_vec())
        .unwrap_err()
        .to_json();
    let violations = error["error"]["details"][0]["fieldViolations"]
        .as_array()
        .unwrap();
    let fields: Vec<&str> = violations
        .iter()
        .filter_map(|violation| violation["field"].as_str())
        .collect();
    assert_eq!(
        fields,
        ["annotation", "reasons[1]", "transactionEvent.eventTime"]
    );
    let over_rest = operation.from_rest(
        "projects/p/assessments/0",
        "",
        br#"{"annotation":77,"reasons":[1,-5]}"#,
    );
    let over_rest = over_rest.unwrap_err().to_json();
    assert_eq!(
        over_rest["error"]["details"][0]["fieldViolations"],
        json!(violations[..2])
    );
    assert!(operation.check(b"\xff\xff").is_err());
    assert_eq!(operation.check(b""), Ok(()));
}

fn request<M: prost::Message + Default>(rpc: &str, name: &str, query: &str, body: &[u8]) -> M {
    let operation = Operation::named(rpc).unwrap();
    let bytes = operation
        .from_rest(name, query, body)
        .unwrap_or_else(|error| panic!("{query}: {error}"));
    operation.check(&bytes).unwrap();
    M::decode(bytes.as_slice()).unwrap()
}
