//! The API over gRPC, on the port of the HTTP door: the same answers and the same refusals.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

#[path = "../kit/mod.rs"]
mod kit;
mod wire;

use kit::{Kit, customer};
use prost::Message as _;
use serde_json::Value;
use tonic::{Code, Response, Status};
use touchstone::keys::Scope;
use touchstone_api::{rpc, v1};

#[tokio::test]
async fn a_token_is_assessed_and_annotated_as_over_rest() {
    let kit = Kit::start().await;
    let event = v1::Event {
        token: kit.token("login").await,
        site_key: kit.shop.site_key.clone(),
        expected_action: "login".to_owned(),
        ..v1::Event::default()
    };
    let key = [("x-goog-api-key", kit.shop.api_key.as_str())];
    let asked = || asked(event.clone());
    let answer: Response<v1::Assessment> =
        kit.call("CreateAssessment", &key, asked()).await.unwrap();
    let answer = answer.into_inner();
    let token = answer.token_properties.unwrap();
    assert!(token.valid && token.action == "login");
    assert!(answer.risk_analysis.unwrap().score > 0.0);

    let again: Response<v1::Assessment> =
        kit.call("CreateAssessment", &key, asked()).await.unwrap();
    let flaw = again
        .into_inner()
        .token_properties
        .unwrap()
        .invalid_reason();
    assert_eq!(flaw, v1::token_properties::InvalidReason::Dupe);

    let annotation = v1::AnnotateAssessmentRequest {
        name: answer.name,
        annotation: 1,
        ..v1::AnnotateAssessmentRequest::default()
    };
    let annotated: Response<v1::AnnotateAssessmentResponse> = kit
        .call("AnnotateAssessment", &key, annotation)
        .await
        .unwrap();
    assert_eq!(
        annotated.into_inner(),
        v1::AnnotateAssessmentResponse::default()
    );
}

#[tokio::test]
async fn the_evidence_comes_in_a_trailer_for_those_who_ask() {
    let kit = Kit::start().await;
    let plain = [("x-goog-api-key", kit.shop.api_key.as_str())];
    let explained = [plain[0], ("x-touchstone-explain", "1")];
    for (metadata, expected) in [(&plain[..], false), (&explained[..], true)] {
        let event = v1::Event {
            token: kit.token("login").await,
            site_key: kit.shop.site_key.clone(),
            ..v1::Event::default()
        };
        let answer: Response<v1::Assessment> = kit
            .call("CreateAssessment", metadata, asked(event))
            .await
            .unwrap();
        let evidence = answer.metadata().get_bin("x-touchstone-evidence-bin");
        assert_eq!(evidence.is_some(), expected);
        if let Some(evidence) = evidence {
            let evidence: Value = serde_json::from_slice(&evidence.to_bytes().unwrap()).unwrap();
            assert_eq!(evidence["version"], 1);
        }
    }
    let blind = customer(&kit.verifier, "blind", &["b.example"], &[Scope::Create]).await;
    let metadata = [
        ("x-goog-api-key", blind.api_key.as_str()),
        ("x-touchstone-explain", "1"),
    ];
    let request = v1::CreateAssessmentRequest {
        parent: "projects/blind".to_owned(),
        assessment: None,
    };
    let refused = refused(&kit, "CreateAssessment", &metadata, request).await;
    assert_eq!(refused.code(), Code::PermissionDenied);
    assert!(refused.message().contains("assessments.explain"));
}

#[tokio::test]
async fn an_idempotent_call_gets_its_first_answer_again() {
    let kit = Kit::start().await;
    let event = v1::Event {
        token: kit.token("login").await,
        site_key: kit.shop.site_key.clone(),
        ..v1::Event::default()
    };
    let metadata = [
        ("x-goog-api-key", kit.shop.api_key.as_str()),
        ("idempotency-key", "one"),
        ("x-touchstone-explain", "1"),
    ];
    let mut answers = Vec::new();
    for _ in 0..2 {
        let answer: Response<v1::Assessment> = kit
            .call("CreateAssessment", &metadata, asked(event.clone()))
            .await
            .unwrap();
        let evidence = answer.metadata().get_bin("x-touchstone-evidence-bin");
        assert!(evidence.is_some());
        answers.push(answer.into_inner());
    }
    assert_eq!(answers[0], answers[1]);
    assert!(answers[0].token_properties.as_ref().unwrap().valid);
}

#[tokio::test]
async fn a_caller_is_refused_as_over_rest() {
    let kit = Kit::start().await;
    let other = &kit.other.api_key;
    let bearer = format!("Bearer {}", kit.shop.api_key);
    for (metadata, code, reason) in [
        (vec![], Code::Unauthenticated, "CREDENTIALS_MISSING"),
        (
            vec![("x-goog-api-key", "nobody")],
            Code::InvalidArgument,
            "API_KEY_INVALID",
        ),
        (
            vec![("authorization", "Bearer nobody")],
            Code::Unauthenticated,
            "ACCESS_TOKEN_TYPE_UNSUPPORTED",
        ),
        (
            vec![("x-goog-api-key", other.as_str())],
            Code::PermissionDenied,
            "IAM_PERMISSION_DENIED",
        ),
    ] {
        let request = asked(v1::Event::default());
        let status = refused(&kit, "CreateAssessment", &metadata, request).await;
        assert_eq!(status.code(), code, "{metadata:?}");
        let details = rpc::Status::decode(status.details()).unwrap();
        let reasons: Vec<String> = details
            .details
            .iter()
            .map(|detail| rpc::ErrorInfo::decode(&*detail.value).unwrap().reason)
            .collect();
        assert_eq!(reasons.join(","), reason, "{metadata:?}");
    }
    let metadata = [("authorization", bearer.as_str())];
    let request = asked(v1::Event::default());
    let answer: Result<Response<v1::Assessment>, _> =
        kit.call("CreateAssessment", &metadata, request).await;
    assert!(answer.is_ok(), "a bearer is taken, too");
}

#[tokio::test]
async fn a_quota_is_told_alike_at_both_doors() {
    let kit = Kit::start_with(|config| config.quota_per_minute = 2.try_into().ok()).await;
    let key = [("x-goog-api-key", kit.shop.api_key.as_str())];
    let path = "/v1/projects/shop/assessments";
    for _ in 0..2 {
        assert_eq!(kit.send("POST", path, &key, "").await.status, 200);
    }
    let over_rest = kit.send("POST", path, &key, "").await;
    assert_eq!(over_rest.status, 429);
    let wait: u64 = over_rest.header("retry-after").parse().unwrap();
    assert!((1..=30).contains(&wait), "{wait}");
    let error = &over_rest.json()["error"];
    assert_eq!(error["status"], "RESOURCE_EXHAUSTED");
    let kinds: Vec<&str> = error["details"]
        .as_array()
        .unwrap()
        .iter()
        .map(|detail| {
            detail["@type"]
                .as_str()
                .unwrap()
                .rsplit('.')
                .next()
                .unwrap()
        })
        .collect();
    assert_eq!(kinds, ["ErrorInfo", "QuotaFailure", "RetryInfo"]);
    assert!(
        error["details"][2]["retryDelay"]
            .as_str()
            .unwrap()
            .ends_with('s')
    );

    let over_grpc = refused(&kit, "CreateAssessment", &key, asked(v1::Event::default())).await;
    assert_eq!(over_grpc.code(), Code::ResourceExhausted);
    assert_eq!(over_grpc.message(), error["message"].as_str().unwrap());
    let details = rpc::Status::decode(over_grpc.details()).unwrap().details;
    assert_eq!(details.len(), 3);
    let other = [("x-goog-api-key", kit.other.api_key.as_str())];
    let path = "/v1/projects/other/assessments";
    assert_eq!(kit.send("POST", path, &other, "").await.status, 200);
}

#[tokio::test]
async fn health_and_reflection_are_served() {
    let kit = Kit::start().await;
    for service in ["", touchstone_api::SERVICE_NAME] {
        let request = tonic_health::pb::HealthCheckRequest {
            service: service.to_owned(),
        };
        let health: Response<tonic_health::pb::HealthCheckResponse> = kit
            .call_at("/grpc.health.v1.Health/Check", &[], request)
            .await
            .unwrap();
        assert_eq!(health.into_inner().status, 1, "{service}");
    }
    use tonic_reflection::pb::v1::{
        ServerReflectionRequest, ServerReflectionResponse,
        server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
    };
    let request = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let path = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
    let answer: Response<ServerReflectionResponse> = kit.call_at(path, &[], request).await.unwrap();
    let Some(MessageResponse::ListServicesResponse(list)) = answer.into_inner().message_response
    else {
        panic!("no list of services");
    };
    let names: Vec<_> = list
        .service
        .into_iter()
        .map(|service| service.name)
        .collect();
    assert!(
        names.contains(&touchstone_api::SERVICE_NAME.to_owned()),
        "{names:?}"
    );
}

fn asked(event: v1::Event) -> v1::CreateAssessmentRequest {
    v1::CreateAssessmentRequest {
        parent: "projects/shop".to_owned(),
        assessment: Some(v1::Assessment {
            event: Some(event),
            ..v1::Assessment::default()
        }),
    }
}

async fn refused<Q: prost::Message + 'static>(
    kit: &Kit,
    rpc: &str,
    metadata: &[(&str, &str)],
    request: Q,
) -> Status {
    let answer: Result<Response<v1::Assessment>, Status> = kit.call(rpc, metadata, request).await;
    answer.unwrap_err()
}
