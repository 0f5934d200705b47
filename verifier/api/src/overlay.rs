//! Fields that REST answers have and the messages have not.
//!
//! The public REST description (revision of 6 November 2026) lists `tokenProperties.clientSignalsFailed` and
//! `tokenProperties.clientProperties`, whose protobuf numbers are not published; `touchstone` is our own. Inventing
//! numbers would clash with the real ones some day, so these fields are added while the JSON is written.

use std::net::IpAddr;

use serde::{Deserialize, Serialize, Serializer};

use crate::{
    ApiError, EnumStyle,
    json::{AnswerJson, to_text},
    v1::{Assessment, risk_analysis::ClassificationReason},
};

/// What to lay over an assessment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overlay {
    /// True if the token was made without a report of the browser, for example where Wasm is switched off.
    pub client_signals_failed: Option<bool>,
    /// What the verifier saw when it made the token.
    pub client_properties: Option<ClientProperties>,
    /// The evidence behind the score, for callers that may see it.
    pub touchstone: Option<Explanation>,
}

/// What the verifier itself saw of the browser when it made the token, to be compared with what the site sees.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClientProperties {
    /// The `User-Agent` header; at most 1,000 characters are shown.
    #[serde(serialize_with = "first_thousand")]
    pub user_agent: String,
    /// The address, shown in the form of RFC 5952; absent if it was not kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_ip_address: Option<IpAddr>,
}

/// The evidence behind a score: `prior` and the weights of the evidence that counted add up to `sum`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// Version of this form, [`Explanation::VERSION`].
    pub version: u32,
    /// What was found, strongest first.
    pub evidence: Vec<Evidence>,
    /// Log-odds of a person before any evidence, in natural units.
    pub prior: f32,
    /// Log-odds of a person after it.
    pub sum: f32,
    /// The evidence behind `accountDefenderAssessment`, if there is any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountExplanation>,
}

/// The evidence behind what is said of an account: the weights of the terms add up to `sum`. It changes no score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccountExplanation {
    /// As in `accountTakeoverVerdict`.
    pub risk: f32,
    /// Log-odds of a stranger, in natural units.
    pub sum: f32,
    /// What was found.
    pub terms: Vec<AccountTerm>,
}

/// One thing that was found about the use of an account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccountTerm {
    /// What it is.
    pub name: String,
    /// Change of the log-odds; above 0 speaks for a stranger.
    pub weight: f32,
}

/// One piece of evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The detector that found it.
    pub name: String,
    /// The cause it is filed under; of one cause only the strongest counts.
    pub cause: String,
    /// How far it may be trusted: `A`, `B`, `C` or `M`.
    pub tier: String,
    /// Change of the log-odds, in natural units; below 0 speaks for a bot.
    pub weight: f32,
    /// The public reason that it supports, if any.
    #[serde(with = "reason_name")]
    pub reason: Option<ClassificationReason>,
    /// What exactly was seen, in a few words.
    pub detail: String,
}

/// Writes an assessment and what is laid over it as one JSON text, in the form of [`encode`](crate::encode) but for the
/// order of names. An answer without `tokenProperties` (no token was assessed) gets none of the fields that belong there.
///
/// # Errors
///
/// As for [`encode`](crate::encode).
pub fn encode_assessment(
    assessment: &Assessment,
    overlay: &Overlay,
    style: EnumStyle,
) -> Result<String, ApiError> {
    to_text(&AnswerJson {
        assessment,
        overlay,
        style,
    })
}

impl Explanation {
    /// The version written by this build.
    pub const VERSION: u32 = 1;
}

fn first_thousand<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    let end = text
        .char_indices()
        .nth(1000)
        .map_or(text.len(), |(end, _)| end);
    serializer.serialize_str(&text[..end])
}

mod reason_name {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    use crate::v1::risk_analysis::ClassificationReason;

    pub(super) fn serialize<S: Serializer>(
        reason: &Option<ClassificationReason>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        reason
            .as_ref()
            .map(ClassificationReason::as_str_name)
            .serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<ClassificationReason>, D::Error> {
        Option::<String>::deserialize(deserializer)?
            .map(|name| {
                ClassificationReason::from_str_name(&name)
                    .ok_or_else(|| D::Error::custom("not a ClassificationReason"))
            })
            .transpose()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::v1;

    #[test]
    fn every_field_lands_in_its_place() {
        let overlay = Overlay {
            client_signals_failed: Some(false),
            client_properties: Some(ClientProperties {
                user_agent: "UA/1.0".to_owned(),
                user_ip_address: "2001:DB8:0:0::1".parse().ok(),
            }),
            touchstone: Some(explanation()),
        };
        let mut expected = crate::encode(&assessment(), EnumStyle::Names).unwrap();
        expected["tokenProperties"]["clientSignalsFailed"] = json!(false);
        expected["tokenProperties"]["clientProperties"] =
            json!({"userAgent": "UA/1.0", "userIpAddress": "2001:db8::1"});
        expected["touchstone"] = json!({
            "version": 1,
            "evidence": [
                {"name": "webdriver", "cause": "driver", "tier": "A", "weight": -6.3, "reason": "AUTOMATION",
                 "detail": "navigator.webdriver is true"},
                {"name": "pace", "cause": "behaviour", "tier": "M", "weight": 0.1, "reason": null, "detail": ""},
            ],
            "prior": 2,
            "sum": -4.2,
            "account": {"risk": 0.9, "sum": 3.1, "terms": [{"name": "network", "weight": 3.1}]},
        });
        assert_eq!(answer(&assessment(), &overlay), expected);
    }

    #[test]
    fn nothing_is_added_where_nothing_is_known() {
        let plain = crate::encode(&assessment(), EnumStyle::Names).unwrap();
        assert_eq!(answer(&assessment(), &Overlay::default()), plain);

        let without_token = Assessment::default();
        let overlay = Overlay {
            client_signals_failed: Some(true),
            ..Overlay::default()
        };
        assert_eq!(answer(&without_token, &overlay), json!({"name": ""}));
    }

    #[test]
    fn integers_are_written_below_the_overlay_too() {
        let text = encode_assessment(&assessment(), &Overlay::default(), EnumStyle::Ints).unwrap();
        assert!(
            text.contains(r#""invalidReason":2"#) && text.contains(r#""reasons":[1]"#),
            "{text}"
        );
        assert!(text.contains(r#""score":0.1,"#), "{text}");
    }

    #[test]
    fn a_long_user_agent_is_cut_to_a_thousand_characters() {
        let properties = ClientProperties {
            user_agent: "ä".repeat(1200),
            user_ip_address: None,
        };
        let value = serde_json::to_value(properties).unwrap();
        assert_eq!(value, json!({"userAgent": "ä".repeat(1000)}));
    }

    #[test]
    fn an_explanation_reads_back() {
        let text = serde_json::to_string(&explanation()).unwrap();
        assert_eq!(
            serde_json::from_str::<Explanation>(&text).unwrap(),
            explanation()
        );
    }

    fn answer(assessment: &Assessment, overlay: &Overlay) -> serde_json::Value {
        let text = encode_assessment(assessment, overlay, EnumStyle::Names).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    fn assessment() -> Assessment {
        Assessment {
            name: "n".to_owned(),
            event: Some(v1::Event {
                token: "t".to_owned(),
                ..v1::Event::default()
            }),
            risk_analysis: Some(v1::RiskAnalysis {
                score: 0.1,
                reasons: vec![1],
                ..v1::RiskAnalysis::default()
            }),
            token_properties: Some(v1::TokenProperties {
                invalid_reason: 2,
                ..v1::TokenProperties::default()
            }),
            ..Assessment::default()
        }
    }

    fn explanation() -> Explanation {
        let evidence =
            |name: &str, cause: &str, tier: &str, weight, reason, detail: &str| Evidence {
                name: name.to_owned(),
                cause: cause.to_owned(),
                tier: tier.to_owned(),
                weight,
                reason,
                detail: detail.to_owned(),
            };
        Explanation {
            version: Explanation::VERSION,
            evidence: vec![
                evidence(
                    "webdriver",
                    "driver",
                    "A",
                    -6.3,
                    Some(ClassificationReason::Automation),
                    "navigator.webdriver is true",
                ),
                evidence("pace", "behaviour", "M", 0.1, None, ""),
            ],
            prior: 2.0,
            sum: -4.2,
            account: Some(AccountExplanation {
                risk: 0.9,
                sum: 3.1,
                terms: vec![AccountTerm {
                    name: "network".to_owned(),
                    weight: 3.1,
                }],
            }),
        }
    }
}
