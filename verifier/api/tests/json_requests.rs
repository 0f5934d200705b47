//! Request bodies, against what clients in the field send.

use touchstone_api::{
    ApiError, EnumStyle, decode, encode, v1,
    v1::{AnnotateAssessmentRequest, Assessment, Key},
};

#[test]
fn what_the_node_client_sends_is_read() {
    let body = br#"{"event":{"headers":["accept: */*"],"token":"TOK","siteKey":"SITE","userAgent":"UA/1.0",
        "userIpAddress":"203.0.113.7","expectedAction":"login","hashedAccountId":"3q2+7w==","ja3":"abc",
        "userInfo":{"userIds":[{"email":"a@b.c"}],"createAccountTime":"2023-11-14T22:13:20.000Z","accountId":"u1"},
        "fraudPrevention":2}}"#;
    let event = decode::<Assessment>(body).unwrap().event.unwrap();
    let user = event.user_info.clone().unwrap();
    assert_eq!(
        (
            event.token.as_str(),
            event.site_key.as_str(),
            event.ja3.as_str()
        ),
        ("TOK", "SITE", "abc")
    );
    assert_eq!(event.headers, ["accept: */*"]);
    assert_eq!(
        event.fraud_prevention(),
        v1::event::FraudPrevention::Disabled
    );
    assert_eq!(user.create_account_time.unwrap().seconds, 1_700_000_000);
    assert_eq!(
        user.user_ids[0].id_oneof,
        Some(v1::user_id::IdOneof::Email("a@b.c".to_owned()))
    );

    let annotation: AnnotateAssessmentRequest =
        decode(br#"{"reasons":[3,5],"annotation":1,"accountId":"u1"}"#).unwrap();
    assert_eq!(
        annotation.annotation(),
        v1::annotate_assessment_request::Annotation::Legitimate
    );
    assert_eq!(annotation.reasons, [3, 5]);
}

#[test]
fn every_spelling_of_a_value_is_read() {
    let same = [
        (
            r#"{"event":{"siteKey":"k"}}"#,
            r#"{"event":{"site_key":"k"}}"#,
        ),
        (
            r#"{"event":{"fraudPrevention":"DISABLED"}}"#,
            r#"{"event":{"fraud_prevention":2}}"#,
        ),
        (
            r#"{"event":{"transactionData":{"user":{"creationMs":"1700000000000"}}}}"#,
            r#"{"event":{"transaction_data":{"user":{"creation_ms":1700000000000}}}}"#,
        ),
        (
            r#"{"event":{"hashedAccountId":"3q2+7w=="}}"#,
            r#"{"event":{"hashedAccountId":"3q2-7w"}}"#,
        ),
        (
            r#"{"event":{"userInfo":{"createAccountTime":"2023-11-14T22:13:20Z"}}}"#,
            r#"{"event":{"userInfo":{"createAccountTime":"2023-11-14T23:13:20.000+01:00"}}}"#,
        ),
        (
            r#"{"event":{"token":null,"userInfo":null}}"#,
            r#"{"event":{}}"#,
        ),
        (
            r#"{"event":{"token":"a","token":"b"}}"#,
            r#"{"event":{"token":"b"}}"#,
        ),
        (
            r#"{"event":{"headers":["a"],"headers":["b"]}}"#,
            r#"{"event":{"headers":["b"]}}"#,
        ),
        (
            r#"{"event":{"siteKey":"a","site_key":"b"}}"#,
            r#"{"event":{"siteKey":"b"}}"#,
        ),
        (
            r#"{"riskAnalysis":{"score":"0.5"}}"#,
            r#"{"riskAnalysis":{"score":0.5}}"#,
        ),
        ("\r\n {} \t", "{}"),
        (r#" "" "#, "{}"),
        ("", "{}"),
    ];
    for (left, right) in same {
        let left_message = decode::<Assessment>(left.as_bytes()).unwrap();
        assert_eq!(left_message, decode(right.as_bytes()).unwrap(), "{left}");
    }
}

#[test]
fn what_is_wrong_is_named_with_its_path() {
    let table: [(&str, &[(&str, &str)]); 17] = [
        (
            r#"{"event":{"foo":1}}"#,
            &[("assessment.event.foo", "Event has no such field")],
        ),
        (
            r#"{"x":0,"event":{"y":{},"userInfo":{"userIds":[{},{"z":1}]}}}"#,
            &[
                (
                    "assessment.event.userInfo.userIds[1].z",
                    "UserId has no such field",
                ),
                ("assessment.event.y", "Event has no such field"),
                ("assessment.x", "Assessment has no such field"),
            ],
        ),
        (
            r#"{"event":{"fraudPrevention":"MAYBE"}}"#,
            &[(
                "assessment.event.fraudPrevention",
                "FraudPrevention has no value 'MAYBE'. Send one of: FRAUD_PREVENTION_UNSPECIFIED, ENABLED, DISABLED.",
            )],
        ),
        (
            r#"{"riskAnalysis":{"reasons":["AUTOMATION","X"]}}"#,
            &[(
                "assessment.riskAnalysis.reasons[1]",
                "ClassificationReason has no value 'X'",
            )],
        ),
        (
            r#"{"event":{"express":"yes"}}"#,
            &[("assessment.event.express", "true or false is expected")],
        ),
        (
            r#"{"event":{"token":7}}"#,
            &[("assessment.event.token", "A string is expected")],
        ),
        (
            r#"{"event":{"headers":"a"}}"#,
            &[("assessment.event.headers", "A list is expected")],
        ),
        (
            r#"{"event":{"headers":["a",null]}}"#,
            &[("assessment.event.headers[1]", "A string is expected")],
        ),
        (
            r#"{"event":{"hashedAccountId":"*"}}"#,
            &[("assessment.event.hashedAccountId", "base64")],
        ),
        (
            r#"{"event":{"fraudPrevention":1.5}}"#,
            &[(
                "assessment.event.fraudPrevention",
                "FraudPrevention is expected: FRAUD_PREVENTION_UNSPECIFIED, ENABLED, DISABLED",
            )],
        ),
        (
            r#"{"event":{"userInfo":{"createAccountTime":"yesterday"}}}"#,
            &[("assessment.event.userInfo.createAccountTime", "RFC 3339")],
        ),
        (
            r#"{"event":{"transactionData":{"user":{"creationMs":"1x"}}}}"#,
            &[(
                "assessment.event.transactionData.user.creationMs",
                "A whole number",
            )],
        ),
        (
            r#"{"event":{"userInfo":{"userIds":[{"email":"a","username":"b"}]}}}"#,
            &[(
                "assessment.event.userInfo.userIds[0]",
                "Only one of email and username may be given",
            )],
        ),
        (
            r#"{"event":[]}"#,
            &[("assessment.event", "An object is expected")],
        ),
        ("[]", &[("assessment", "An object is expected")]),
        ("null", &[("assessment", "An object is expected")]),
        (r#""x""#, &[("assessment", "An object is expected")]),
    ];
    for (body, expected) in table {
        let error = decode::<Assessment>(body.as_bytes()).unwrap_err().to_json();
        assert_eq!(error["error"]["code"], 400, "{body}");
        assert_eq!(error["error"]["status"], "INVALID_ARGUMENT", "{body}");
        let detail = &error["error"]["details"][0];
        assert_eq!(
            detail["@type"], "type.googleapis.com/google.rpc.BadRequest",
            "{body}"
        );
        let violations = detail["fieldViolations"].as_array().unwrap();
        assert_eq!(violations.len(), expected.len(), "{body}: {violations:?}");
        for (violation, (field, description)) in violations.iter().zip(expected) {
            assert_eq!(violation["field"], *field, "{body}");
            assert!(
                violation["description"]
                    .as_str()
                    .unwrap()
                    .contains(description),
                "{body}: {violation}"
            );
            assert!(
                error["error"]["message"].as_str().unwrap().contains(field),
                "{body}"
            );
        }
    }
}

#[test]
fn a_packed_message_is_known_or_refused() {
    let body = |detail: &str| {
        format!(r#"{{"firewallPolicyAssessment":{{"error":{{"details":[{detail}]}}}}}}"#)
    };
    let nested = r#"{"@type":"type.googleapis.com/google.rpc.Status","details":["#;
    let deep = format!("{}{}", nested.repeat(50), "]}".repeat(50));
    let details = [
        r#"{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"R"}"#,
        "{}",
        r#"{"@type":""}"#,
        r#"{"@type":"type.googleapis.com/no.Such"}"#,
        r#"{"@type":"type.googleapis.com/google.rpc.Status","x":1}"#,
        &deep,
    ];
    for (index, detail) in details.into_iter().enumerate() {
        match decode::<Assessment>(body(detail).as_bytes()) {
            Ok(assessment) => assert!(encode(&assessment, EnumStyle::Names).is_ok(), "{detail}"),
            Err(error) => assert!(index > 0 && error.http_status() == 400, "{detail}: {error}"),
        }
    }
}

#[test]
fn paths_begin_with_the_field_that_the_body_fills() {
    let field = |error: ApiError| {
        error.to_json()["error"]["details"][0]["fieldViolations"][0]["field"].clone()
    };
    assert_eq!(
        field(decode::<Key>(br#"{"webSettings":{"x":1}}"#).unwrap_err()),
        "key.webSettings.x"
    );
    assert_eq!(
        field(decode::<v1::FirewallPolicy>(br#"{"x":1}"#).unwrap_err()),
        "firewallPolicy.x"
    );
    assert_eq!(
        field(decode::<AnnotateAssessmentRequest>(br#"{"x":1}"#).unwrap_err()),
        "x"
    );
    let settings = br#"{"webSettings":{"challengeSettings":{"actionSettings":{"login":{"x":1}}}}}"#;
    assert_eq!(
        field(decode::<Key>(settings).unwrap_err()),
        "key.webSettings.challengeSettings.actionSettings.login.x"
    );
}

#[test]
fn what_is_not_json_is_refused_without_details() {
    let deep = format!("{}{}", r#"{"event":"#.repeat(100_000), "}".repeat(100_000));
    let brackets = "[".repeat(1_000_000);
    let bodies: [&[u8]; 9] = [
        b"{",
        b"token=abc",
        b"{} {}",
        b"{'event':{}}",
        b"{\"event\":{\"token\":\"\xff\"}}",
        b"\xef\xbb\xbf{}",
        b"{\"riskAnalysis\":{\"score\":1e999}}",
        deep.as_bytes(),
        brackets.as_bytes(),
    ];
    for body in bodies {
        let error = decode::<Assessment>(body).unwrap_err();
        assert_eq!(
            (error.http_status(), error.details().len()),
            (400, 0),
            "{error}"
        );
    }
}

#[test]
fn an_error_does_not_grow_with_its_request() {
    let names: Vec<String> = (0..10_000)
        .map(|index| format!(r#""{index}{}":1"#, "x".repeat(500)))
        .collect();
    let wrong_value = format!(r#"{{"event":{{"express":"{}"}}}}"#, "y".repeat(100_000));
    for body in [format!("{{{}}}", names.join(",")), wrong_value] {
        let answer = decode::<Assessment>(body.as_bytes())
            .unwrap_err()
            .to_json()
            .to_string();
        assert!(answer.len() < 8_192, "{}", answer.len());
    }
}
