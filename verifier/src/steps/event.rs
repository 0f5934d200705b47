use std::net::IpAddr;

use hyper::{
    Uri,
    header::{HeaderMap, HeaderName},
};
use touchstone_api::{ApiError, client_address, v1};
use touchstone_policy::AssessmentType;
use touchstone_score::Ja4;
use touchstone_store::Integration;

use super::examine::Question;
use crate::{accounts::AccountName, keys::KnownKey};

/// An event, with what it says about the visitor's request read.
pub(super) struct ReadEvent<'a> {
    event: &'a v1::Event,
    headers: HeaderMap,
    uri: Option<Uri>,
    address: Option<IpAddr>,
}

impl<'a> ReadEvent<'a> {
    /// Reads an event.
    ///
    /// # Errors
    /// A number that stands for nothing.
    pub fn new(event: &'a v1::Event) -> Result<Self, ApiError> {
        v1::event::FraudPrevention::try_from(event.fraud_prevention).map_err(|_| {
            let fix =
                "This number stands for nothing: send ENABLED (1), DISABLED (2), or leave it out.";
            ApiError::invalid_field("assessment.event.fraudPrevention", fix)
        })?;
        Ok(Self {
            event,
            headers: headers(event),
            uri: event.requested_uri.parse().ok(),
            address: client_address(&event.user_ip_address),
        })
    }

    /// What it asks.
    pub fn question(&self) -> Question<'_> {
        let event = self.event;
        let named = |text| Some(text).filter(|text: &&str| !text.is_empty());
        Question {
            token: &event.token,
            site_key: named(&event.site_key),
            expected_action: named(&event.expected_action),
            user_agent: named(&event.user_agent),
            address: self.address,
            ja4: Ja4::parse(&event.ja4),
            forwarded: self.uri.as_ref().map(|uri| (&self.headers, uri)),
            account: account(event),
        }
    }

    /// The visitor's address as the backend saw it, if it says. IPv4 is IPv4, however it was written.
    pub fn address(&self) -> Option<IpAddr> {
        self.address
    }

    /// Whether it asks about a request without a page.
    pub fn is_express(&self) -> bool {
        self.event.express
    }

    /// Whether it asks about a visitor at all, by a token or without one.
    pub fn asks_about_visitor(&self) -> bool {
        self.event.express || !self.event.token.is_empty()
    }

    /// The action that the backend expects; empty if it names none.
    pub fn expected_action(&self) -> &str {
        &self.event.expected_action
    }

    /// Where the visitor's request to the site went; empty if the backend does not say.
    pub fn requested_uri(&self) -> &str {
        &self.event.requested_uri
    }

    /// The JA4 of the visitor's TLS client as the backend saw it; empty if it does not say.
    pub fn ja4(&self) -> &str {
        &self.event.ja4
    }

    /// A header of the visitor's request to the site, if the backend passes it on.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Whether the event and the kind of site key go together. `key` is the token's, or the one that the event names.
    ///
    /// # Errors
    /// The field that asks for what the key is not for.
    pub fn check_key(&self, key: &KnownKey) -> Result<(), ApiError> {
        let event = self.event;
        if event.express {
            return check_express(event, key);
        }
        let refused = |field, fix| Err(ApiError::invalid_field(field, fix));
        if key.integration == Integration::Express {
            return refused(
                "assessment.event.express",
                "The site key is an Express key: set express to true and send no token.",
            );
        }
        if event.waf_token_assessment && key.waf().is_none() {
            return refused(
                "assessment.event.wafTokenAssessment",
                "The site key is not one for a firewall: leave the field out, or give the key wafSettings.",
            );
        }
        if key.integration == Integration::Universal && event.expected_action.is_empty() {
            return refused(
                "assessment.event.expectedAction",
                "It is required with a Universal key: name the action that the page protects.",
            );
        }
        Ok(())
    }
}

/// The site key that an express event names, as an error if it names none.
pub(super) fn express_key_missing(event: &v1::Event) -> ApiError {
    let fix = match event.site_key.as_str() {
        "" => "It is required with express: name a site key of type Express.",
        _ => "The project has no such site key: name one of type Express.",
    };
    ApiError::invalid_field("assessment.event.siteKey", fix)
}

/// What a firewall policy calls the use of a site key.
pub(super) fn assessment_type(key: &KnownKey) -> AssessmentType {
    use v1::waf_settings::WafFeature;
    match key.waf().map(v1::WafSettings::waf_feature) {
        Some(WafFeature::SessionToken) => AssessmentType::Session,
        Some(WafFeature::ChallengePage) => AssessmentType::ChallengePage,
        _ => AssessmentType::Action,
    }
}

fn check_express(event: &v1::Event, key: &KnownKey) -> Result<(), ApiError> {
    let refused = |field, fix| Err(ApiError::invalid_field(field, fix));
    if !is_express(key) {
        return refused(
            "assessment.event.express",
            "The site key is not an Express key: leave express out and send the page's token, or name an Express key.",
        );
    }
    if !event.token.is_empty() {
        return refused(
            "assessment.event.token",
            "An express assessment has no token: leave out either token or express.",
        );
    }
    if event.waf_token_assessment {
        return refused(
            "assessment.event.wafTokenAssessment",
            "An express assessment has no token: leave out either wafTokenAssessment or express.",
        );
    }
    Ok(())
}

/// Keys made before there were Express keys say it by their feature.
#[expect(deprecated, reason = "keys still have it")]
fn is_express(key: &KnownKey) -> bool {
    use v1::waf_settings::WafFeature;
    let feature = key.waf().map(v1::WafSettings::waf_feature);
    key.integration == Integration::Express || feature == Some(WafFeature::Express)
}

/// The headers of the visitor's request to the site ("name:value" each). What is no header is left out.
fn headers(event: &v1::Event) -> HeaderMap {
    let lines = event.headers.iter().take(MOST_HEADERS);
    let pairs = lines.filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        let name: HeaderName = name.trim().parse().ok()?;
        Some((name, value.trim().parse().ok()?))
    });
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.append(name, value);
    }
    headers
}

#[expect(deprecated, reason = "clients still send hashedAccountId")]
fn account(event: &v1::Event) -> Option<AccountName<'_>> {
    let user = event.user_info.as_ref();
    let id = user.map_or("", |user| user.account_id.as_str());
    AccountName::of(id, &event.hashed_account_id)
}

/// As many headers as a browser sends, several times over.
const MOST_HEADERS: usize = 128;
