//! What holds for every body and every message.

use proptest::prelude::*;
use prost_types::Timestamp;
use serde_json::{Value, json};
use touchstone_api::{
    EnumStyle, Operation, Overlay, decode, encode, encode_assessment,
    v1::{
        AnnotateAssessmentRequest, Assessment, Event, FirewallPolicy, Key, Policy, RiskAnalysis,
        TokenProperties, TransactionData, UserId, UserInfo, transaction_data, user_id,
    },
};

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused_with_400(body in any::<Vec<u8>>()) {
        reads_or_refuses(&body)?;
    }

    #[test]
    fn any_json_is_read_or_refused_with_400(body in json_like()) {
        reads_or_refuses(body.to_string().as_bytes())?;
    }

    #[test]
    fn any_time_is_read_or_refused_with_400(time in "[-+0-9]{0,6}-?[0-9]{0,3}-?[0-9]{0,3}[Tt ]?[0-9:.]{0,14}[-+Zz0-9:]{0,6}") {
        let body = json!({"tokenProperties": {"createTime": time}}).to_string();
        reads_or_refuses(body.as_bytes())?;
    }

    #[test]
    fn an_assessment_reads_back_in_both_styles(assessment in assessment()) {
        for style in [EnumStyle::Names, EnumStyle::Ints] {
            let text = encode(&assessment, style).unwrap().to_string();
            prop_assert_eq!(&decode::<Assessment>(text.as_bytes()).unwrap(), &assessment, "{}", text);
        }
    }

    #[test]
    fn an_answer_is_written_as_its_message(assessment in assessment()) {
        for style in [EnumStyle::Names, EnumStyle::Ints] {
            let text = encode_assessment(&assessment, &Overlay::default(), style).unwrap();
            let read: Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(read, encode(&assessment, style).unwrap());
        }
    }

    // With a parameter that changes nothing, a body is always read by reflection.
    #[test]
    fn a_usual_body_is_read_as_reflection_reads_it(event in usual_event()) {
        let create = Operation::named("CreateAssessment").unwrap();
        let body = json!({"event": event}).to_string();
        let read = |query| create.from_rest("projects/p", query, body.as_bytes());
        prop_assert_eq!(read(""), read("alt=json"), "{}", body);
    }

    #[test]
    fn a_float_keeps_its_value_and_is_short(score in 0u32..=1000) {
        let score = score as f32 / 1000.0;
        let answer = encode(&RiskAnalysis { score, ..RiskAnalysis::default() }, EnumStyle::Names).unwrap();
        let text = answer["score"].to_string();
        prop_assert_eq!(text.parse::<f32>().unwrap(), score);
        prop_assert!(text.len() <= 5, "{}", text);
    }
}

fn reads_or_refuses(body: &[u8]) -> Result<(), TestCaseError> {
    if let Ok(assessment) = decode::<Assessment>(body) {
        prop_assert!(
            encode(&assessment, EnumStyle::Names).is_ok(),
            "{assessment:?}"
        );
    }
    let results = [
        decode::<Assessment>(body).map(drop),
        decode::<AnnotateAssessmentRequest>(body).map(drop),
        decode::<Key>(body).map(drop),
        decode::<Policy>(body).map(drop),
        decode::<FirewallPolicy>(body).map(drop),
    ];
    for error in results.into_iter().filter_map(Result::err) {
        prop_assert_eq!(error.http_status(), 400, "{}", error);
    }
    Ok(())
}

/// JSON whose names are often those of the messages.
fn json_like() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
        Just(Value::from("2023-11-14T22:13:20Z")),
        Just(Value::from("AUTOMATION")),
    ];
    let name = prop_oneof![
        prop::sample::select(NAMES.to_vec()).prop_map(str::to_owned),
        "\\PC{0,4}",
    ];
    leaf.prop_recursive(5, 48, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(name.clone(), inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// An event of texts, and sometimes of something else.
fn usual_event() -> impl Strategy<Value = Value> {
    let text = || any::<String>().prop_map(Value::from);
    let name = prop::sample::select(USUAL.to_vec());
    let value = prop_oneof![
        20 => text(),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
        1 => prop::collection::vec(text(), 0..3).prop_map(Value::from),
    ];
    let members = prop::collection::hash_map(name, value, 0..6);
    (members, prop::collection::vec(text(), 0..3)).prop_map(|(members, headers)| {
        let mut event: Value = members
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        event["headers"] = headers.into();
        event
    })
}

fn assessment() -> impl Strategy<Value = Assessment> {
    (
        event(),
        any::<Option<(bool, i32, String)>>(),
        0u8..=10,
        prop::collection::vec(0i32..12, 0..4),
        time(),
    )
        .prop_map(|(event, token, score, reasons, create_time)| Assessment {
            event: Some(event),
            risk_analysis: Some(RiskAnalysis {
                score: f32::from(score) / 10.0,
                reasons,
                ..RiskAnalysis::default()
            }),
            token_properties: token.map(|(valid, invalid_reason, hostname)| TokenProperties {
                valid,
                invalid_reason,
                hostname,
                create_time,
                ..TokenProperties::default()
            }),
            ..Assessment::default()
        })
}

fn event() -> impl Strategy<Value = Event> {
    let user_id = prop_oneof![
        Just(None),
        any::<String>().prop_map(|text| Some(user_id::IdOneof::Email(text))),
        any::<String>().prop_map(|text| Some(user_id::IdOneof::Username(text))),
    ]
    .prop_map(|id_oneof| UserId { id_oneof });
    let user_info = (
        time(),
        any::<String>(),
        prop::collection::vec(user_id, 0..3),
    )
        .prop_map(|(create_account_time, account_id, user_ids)| UserInfo {
            create_account_time,
            account_id,
            user_ids,
        });
    let transaction =
        (-1e300f64..1e300, any::<i64>()).prop_map(|(value, creation_ms)| TransactionData {
            value,
            user: Some(transaction_data::User {
                creation_ms,
                ..transaction_data::User::default()
            }),
            ..TransactionData::default()
        });
    #[expect(deprecated, reason = "clients still send the deprecated field")]
    (
        // As tokens are, nearly so, and anything.
        prop_oneof![
            "[A-Za-z0-9_-]{0,99}",
            "[A-Za-z0-9_\"\\\\ \n-]{0,99}",
            any::<String>()
        ],
        any::<(Vec<String>, Vec<u8>, bool)>(),
        prop::option::of(user_info),
        prop::option::of(transaction),
    )
        .prop_map(
            |(token, (headers, hashed_account_id, express), user_info, transaction_data)| Event {
                token,
                headers,
                hashed_account_id,
                express,
                user_info,
                transaction_data,
                ..Event::default()
            },
        )
}

fn time() -> impl Strategy<Value = Option<Timestamp>> {
    prop::option::of((-62_135_596_800i64..=253_402_300_799, 0..1_000_000_000i32))
        .prop_map(|time| time.map(|(seconds, nanos)| Timestamp { seconds, nanos }))
}

const USUAL: [&str; 10] = [
    "token",
    "siteKey",
    "userAgent",
    "userIpAddress",
    "expectedAction",
    "requestedUri",
    "ja3",
    "ja4",
    "site_key",
    "express",
];

const NAMES: [&str; 24] = [
    "event",
    "token",
    "siteKey",
    "site_key",
    "headers",
    "userInfo",
    "userIds",
    "email",
    "username",
    "createAccountTime",
    "transactionData",
    "value",
    "user",
    "creationMs",
    "riskAnalysis",
    "score",
    "reasons",
    "firewallPolicyAssessment",
    "error",
    "details",
    "@type",
    "webSettings",
    "labels",
    "updateMask",
];
