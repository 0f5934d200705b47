//! Answers, against what clients in the field read.

use serde_json::{Value, json};
use touchstone_api::{
    EnumStyle, encode,
    v1::{
        Assessment, Event, Key, Metrics, RiskAnalysis, ScoreDistribution, ScoreMetrics,
        TokenProperties, WebKeySettings, key::PlatformSettings,
        risk_analysis::ClassificationReason, token_properties::InvalidReason,
    },
};

#[test]
fn a_refused_token_is_answered_as_published() {
    let answer = encode(&assessment(invalid_token(), 0.0, &[]), EnumStyle::Names).unwrap();
    let published = json!({
        "name": "projects/1/assessments/b6ac310000000000",
        "event": {
            "token": "T", "siteKey": "K", "userAgent": "", "userIpAddress": "", "expectedAction": "login",
            "hashedAccountId": "", "express": false, "requestedUri": "", "wafTokenAssessment": false, "ja3": "",
            "headers": [], "firewallPolicyEvaluation": false, "fraudPrevention": "FRAUD_PREVENTION_UNSPECIFIED",
        },
        "riskAnalysis": {"score": 0, "reasons": [], "extendedVerdictReasons": []},
        "tokenProperties": {
            "valid": false, "invalidReason": "MALFORMED", "hostname": "", "androidPackageName": "",
            "iosBundleId": "", "action": "", "createTime": "1970-01-01T00:00:00Z",
        },
    });
    assert_contains(&answer, &published);
    // Fields that are newer than the published answer, with their defaults; messages that are not set stay out.
    assert_eq!(answer["event"]["ja4"], "");
    assert_eq!(answer["riskAnalysis"]["challenge"], "CHALLENGE_UNSPECIFIED");
    assert_eq!(answer["riskAnalysis"]["verifiedBots"], json!([]));
    assert_eq!(
        answer["riskAnalysis"]["lastChallengeType"],
        "CHALLENGE_TYPE_UNSPECIFIED"
    );
    for object in [
        &answer,
        &answer["event"],
        &answer["riskAnalysis"],
        &answer["tokenProperties"],
    ] {
        assert!(
            object
                .as_object()
                .unwrap()
                .values()
                .all(|value| !value.is_null())
        );
    }
    assert!(answer.get("accountVerification").is_none());
    assert!(answer["event"].get("userInfo").is_none());
    assert_eq!(answer.as_object().unwrap().len(), 4);
}

#[test]
fn an_accepted_token_is_answered_as_published() {
    let token = TokenProperties {
        valid: true,
        hostname: "www.example.com".to_owned(),
        action: "login".to_owned(),
        create_time: Some(prost_types::Timestamp {
            seconds: 1_553_775_857,
            nanos: 894_000_000,
        }),
        ..TokenProperties::default()
    };
    let reasons = [ClassificationReason::Automation];
    let answer = encode(&assessment(token.clone(), 0.9, &reasons), EnumStyle::Names).unwrap();
    let published = json!({
        "riskAnalysis": {"score": 0.9, "reasons": ["AUTOMATION"]},
        "tokenProperties": {
            "valid": true, "invalidReason": "INVALID_REASON_UNSPECIFIED", "hostname": "www.example.com",
            "action": "login", "createTime": "2019-03-28T12:24:17.894Z",
        },
    });
    assert_contains(&answer, &published);
    assert!(
        answer.to_string().contains(r#""score":0.9}"#)
            || answer.to_string().contains(r#""score":0.9,"#)
    );

    let answer = encode(&assessment(token, 0.9, &reasons), EnumStyle::Ints).unwrap();
    assert_contains(
        &answer,
        &json!({"riskAnalysis": {"reasons": [1]}, "tokenProperties": {"invalidReason": 0}}),
    );
}

#[test]
fn every_level_of_the_score_prints_short() {
    for level in 0..=10u8 {
        let score = f32::from(level) / 10.0;
        let answer = encode(
            &RiskAnalysis {
                score,
                ..RiskAnalysis::default()
            },
            EnumStyle::Names,
        )
        .unwrap();
        let expected = match level {
            0 => "0".to_owned(),
            10 => "1".to_owned(),
            level => format!("0.{level}"),
        };
        assert_eq!(answer["score"].to_string(), expected);
    }
}

#[test]
fn maps_and_long_integers_are_written_as_published() {
    let metrics = Metrics {
        score_metrics: vec![ScoreMetrics {
            overall_metrics: Some(ScoreDistribution {
                score_buckets: [(90, 12), (10, i64::MAX)].into(),
            }),
            ..ScoreMetrics::default()
        }],
        ..Metrics::default()
    };
    let expected = json!({"overallMetrics": {"scoreBuckets": {"10": "9223372036854775807", "90": "12"}},
        "actionMetrics": {}});
    assert_eq!(
        encode(&metrics, EnumStyle::Names).unwrap()["scoreMetrics"][0],
        expected
    );

    let key = Key {
        platform_settings: Some(PlatformSettings::WebSettings(WebKeySettings::default())),
        ..Key::default()
    };
    let answer = encode(&key, EnumStyle::Names).unwrap();
    assert_eq!(answer["labels"], json!({}));
    assert_eq!(answer["webSettings"]["allowedDomains"], json!([]));
    assert!(answer.get("iosSettings").is_none());
    assert_eq!(encode(&(), EnumStyle::Names).unwrap(), json!({}));
}

fn assessment(
    token_properties: TokenProperties,
    score: f32,
    reasons: &[ClassificationReason],
) -> Assessment {
    Assessment {
        name: "projects/1/assessments/b6ac310000000000".to_owned(),
        event: Some(Event {
            token: "T".to_owned(),
            site_key: "K".to_owned(),
            expected_action: "login".to_owned(),
            ..Event::default()
        }),
        risk_analysis: Some(RiskAnalysis {
            score,
            reasons: reasons.iter().map(|reason| i32::from(*reason)).collect(),
            ..RiskAnalysis::default()
        }),
        token_properties: Some(token_properties),
        ..Assessment::default()
    }
}

fn invalid_token() -> TokenProperties {
    TokenProperties {
        invalid_reason: InvalidReason::Malformed.into(),
        create_time: Some(prost_types::Timestamp::default()),
        ..TokenProperties::default()
    }
}

/// Every member of `part` is in `whole`, and equal.
fn assert_contains(whole: &Value, part: &Value) {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => {
            for (name, value) in part {
                assert!(whole.contains_key(name), "{name} is missing");
                assert_contains(&whole[name], value);
            }
        }
        (whole, part) => assert_eq!(whole, part),
    }
}
