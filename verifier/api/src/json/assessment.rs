//! An assessment's answer as JSON, without reflection: that takes ten times as long, and this is the answer that a verifier
//! writes all day. Fields that answers rarely have are still written by reflection; all fields are named here, so that a new
//! one does not compile before it has its place.

use data_encoding::BASE64;
use prost::{Message, Name};
use prost_types::Timestamp;
use serde::{
    Serialize, Serializer,
    ser::{Error, SerializeMap, SerializeSeq},
};
use serde_json::value::RawValue;

use super::{Encoded, EnumStyle, dynamic};
use crate::{
    Overlay,
    v1::{
        Assessment, ChallengeType, Event, RiskAnalysis, TokenProperties,
        event::FraudPrevention,
        risk_analysis::{Challenge, ClassificationReason},
        token_properties::InvalidReason,
    },
};

/// An assessment with what is laid over it.
pub(crate) struct AnswerJson<'a> {
    pub assessment: &'a Assessment,
    pub overlay: &'a Overlay,
    pub style: EnumStyle,
}

impl Serialize for AnswerJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { overlay, style, .. } = *self;
        let Assessment {
            name,
            event,
            risk_analysis,
            token_properties,
            account_verification,
            account_defender_assessment,
            private_password_leak_verification,
            firewall_policy_assessment,
            fraud_prevention_assessment,
            phone_fraud_assessment,
            fraud_signals,
            assessment_environment,
            policy_evaluation,
        } = self.assessment;
        let mut fields = Fields::begin(serializer, style)?;
        fields.put("name", name)?;
        if let Some(event) = event {
            fields.put("event", &EventJson(event, style))?;
        }
        if let Some(risk) = risk_analysis {
            fields.put("riskAnalysis", &RiskJson(risk, style))?;
        }
        if let Some(token) = token_properties {
            fields.put("tokenProperties", &TokenJson(token, overlay, style))?;
        }
        fields.put_rare("accountVerification", account_verification)?;
        fields.put_rare("accountDefenderAssessment", account_defender_assessment)?;
        fields.put_rare(
            "privatePasswordLeakVerification",
            private_password_leak_verification,
        )?;
        fields.put_rare("firewallPolicyAssessment", firewall_policy_assessment)?;
        fields.put_rare("fraudPreventionAssessment", fraud_prevention_assessment)?;
        fields.put_rare("phoneFraudAssessment", phone_fraud_assessment)?;
        fields.put_rare("fraudSignals", fraud_signals)?;
        fields.put_rare("assessmentEnvironment", assessment_environment)?;
        fields.put_rare("policyEvaluation", policy_evaluation)?;
        if let Some(explanation) = &overlay.touchstone {
            fields.put("touchstone", explanation)?;
        }
        fields.end()
    }
}

struct EventJson<'a>(&'a Event, EnumStyle);

impl Serialize for EventJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(event, style) = *self;
        #[expect(deprecated, reason = "clients still send the deprecated field")]
        let Event {
            token,
            site_key,
            user_agent,
            user_ip_address,
            expected_action,
            hashed_account_id,
            requested_uri,
            waf_token_assessment,
            ja3,
            headers,
            firewall_policy_evaluation,
            transaction_data,
            express,
            user_info,
            fraud_prevention,
            ja4,
        } = event;
        let mut fields = Fields::begin(serializer, style)?;
        fields.put("token", &LongText(token))?;
        fields.put("siteKey", site_key)?;
        fields.put("userAgent", user_agent)?;
        fields.put("userIpAddress", user_ip_address)?;
        fields.put("expectedAction", expected_action)?;
        fields.put("hashedAccountId", &BASE64.encode(hashed_account_id))?;
        fields.put("requestedUri", requested_uri)?;
        fields.put("wafTokenAssessment", waf_token_assessment)?;
        fields.put("ja3", ja3)?;
        fields.put("headers", headers)?;
        fields.put("firewallPolicyEvaluation", firewall_policy_evaluation)?;
        fields.put_rare("transactionData", transaction_data)?;
        fields.put("express", express)?;
        fields.put_rare("userInfo", user_info)?;
        let name = |number| FraudPrevention::try_from(number).map(|one| one.as_str_name());
        fields.put_enum("fraudPrevention", *fraud_prevention, name)?;
        fields.put("ja4", ja4)?;
        fields.end()
    }
}

/// A text of thousands of characters that mostly has none that JSON escapes, as tokens have: those are not looked for one by one.
struct LongText<'a>(&'a str);

impl Serialize for LongText<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Without a branch for each byte, many are looked at in one step.
        let is_in_base64url =
            |byte: u8| byte.is_ascii_alphanumeric() | (byte == b'-') | (byte == b'_');
        let is_plain = self
            .0
            .bytes()
            .fold(true, |all, byte| all & is_in_base64url(byte));
        let raw = match is_plain {
            true => RawValue::from_string(format!("\"{}\"", self.0)).ok(),
            false => None,
        };
        match raw {
            Some(raw) => raw.serialize(serializer),
            None => serializer.serialize_str(self.0),
        }
    }
}

struct RiskJson<'a>(&'a RiskAnalysis, EnumStyle);

impl Serialize for RiskJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(risk, style) = *self;
        let RiskAnalysis {
            score,
            reasons,
            extended_verdict_reasons,
            challenge,
            verified_bots,
            last_challenge_type,
        } = risk;
        let mut fields = Fields::begin(serializer, style)?;
        fields.put("score", score)?;
        fields.put("reasons", &ReasonsJson(reasons, style))?;
        fields.put("extendedVerdictReasons", extended_verdict_reasons)?;
        let name = |number| Challenge::try_from(number).map(|one| one.as_str_name());
        fields.put_enum("challenge", *challenge, name)?;
        let bots = verified_bots.iter().map(|bot| reflected(bot, style));
        let bots: Result<Vec<_>, S::Error> = bots.collect();
        fields.put("verifiedBots", &bots?)?;
        let name = |number| ChallengeType::try_from(number).map(|one| one.as_str_name());
        fields.put_enum("lastChallengeType", *last_challenge_type, name)?;
        fields.end()
    }
}

struct ReasonsJson<'a>(&'a [i32], EnumStyle);

impl Serialize for ReasonsJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for number in self.0 {
            let name = ClassificationReason::try_from(*number).map(|one| one.as_str_name());
            list.serialize_element(&EnumJson(*number, name.ok(), self.1))?;
        }
        list.end()
    }
}

struct TokenJson<'a>(&'a TokenProperties, &'a Overlay, EnumStyle);

impl Serialize for TokenJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(token, overlay, style) = *self;
        let TokenProperties {
            valid,
            invalid_reason,
            create_time,
            hostname,
            action,
            android_package_name,
            ios_bundle_id,
        } = token;
        let mut fields = Fields::begin(serializer, style)?;
        fields.put("valid", valid)?;
        let name = |number| InvalidReason::try_from(number).map(|one| one.as_str_name());
        fields.put_enum("invalidReason", *invalid_reason, name)?;
        if let Some(time) = create_time {
            fields.put("createTime", &TimeJson(time))?;
        }
        fields.put("hostname", hostname)?;
        fields.put("action", action)?;
        fields.put("androidPackageName", android_package_name)?;
        fields.put("iosBundleId", ios_bundle_id)?;
        if let Some(failed) = overlay.client_signals_failed {
            fields.put("clientSignalsFailed", &failed)?;
        }
        if let Some(properties) = &overlay.client_properties {
            fields.put("clientProperties", properties)?;
        }
        fields.end()
    }
}

/// A time in the form of RFC 3339.
struct TimeJson<'a>(&'a Timestamp);

impl Serialize for TimeJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Timestamp { seconds, nanos } = self.0;
        if !YEARS_1_TO_9999.contains(seconds) || !(0..1_000_000_000).contains(nanos) {
            return Err(S::Error::custom("a time outside of the calendar"));
        }
        serializer.collect_str(self.0)
    }
}

/// A value of an enum: its name, or its number where that is asked for or there is no name.
struct EnumJson(i32, Option<&'static str>, EnumStyle);

impl Serialize for EnumJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.1, self.2) {
            (Some(name), EnumStyle::Names) => serializer.serialize_str(name),
            _ => serializer.serialize_i32(self.0),
        }
    }
}

/// The fields of one message.
struct Fields<S: Serializer> {
    map: S::SerializeMap,
    style: EnumStyle,
}

impl<S: Serializer> Fields<S> {
    fn begin(serializer: S, style: EnumStyle) -> Result<Self, S::Error> {
        let map = serializer.serialize_map(None)?;
        Ok(Self { map, style })
    }

    fn put<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), S::Error> {
        self.map.serialize_entry(name, value)
    }

    fn put_enum<E>(
        &mut self,
        name: &'static str,
        number: i32,
        named: impl Fn(i32) -> Result<&'static str, E>,
    ) -> Result<(), S::Error> {
        self.put(name, &EnumJson(number, named(number).ok(), self.style))
    }

    /// A message by reflection, if it is set.
    fn put_rare<M: Message + Name>(
        &mut self,
        name: &'static str,
        message: &Option<M>,
    ) -> Result<(), S::Error> {
        match message {
            Some(message) => self.put(name, &reflected(message, self.style)?),
            None => Ok(()),
        }
    }

    fn end(self) -> Result<S::Ok, S::Error> {
        self.map.end()
    }
}

fn reflected<M: Message + Name, E: Error>(message: &M, style: EnumStyle) -> Result<Encoded, E> {
    let message = dynamic(message).map_err(E::custom)?;
    Ok(Encoded::new(message, style))
}

/// Seconds since 1970 (RFC 3339 can say no others).
const YEARS_1_TO_9999: std::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;
