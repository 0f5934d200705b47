use touchstone_api::{ApiError, v1};
use touchstone_mfa::{Endpoint, FactorRequest, Outcome, read_language};
use touchstone_store::{Millis, ProjectId};
use touchstone_token::seal_request;

use super::StepError;
use crate::{
    Verifier,
    accounts::AccountName,
    calendar::timestamp,
    environment::{fresh, fresh_id},
    steps::{event::ReadEvent, examine::Examined},
};
use v1::{
    AccountVerificationInfo, EndpointVerificationInfo,
    endpoint_verification_info::Endpoint as Named,
};

/// A question about the second factor, read.
pub(in crate::steps) struct FactorQuestion<'a> {
    asked: AccountVerificationInfo,
    endpoints: Vec<Endpoint>,
    language: &'static str,
    account: AccountName<'a>,
}

impl<'a> FactorQuestion<'a> {
    /// Reads a question.
    ///
    /// # Errors
    /// The field that is wrong, and what to send.
    pub fn read(
        asked: AccountVerificationInfo,
        event: &'a ReadEvent<'_>,
    ) -> Result<Self, ApiError> {
        let wrong = |field: &str, fix: &str| {
            ApiError::invalid_field(format!("assessment.accountVerification{field}"), fix)
        };
        if event.is_express() {
            return Err(wrong(
                "",
                "An express assessment has no page that could verify anybody: leave out either accountVerification or express.",
            ));
        }
        let account = event.question().account.ok_or_else(|| {
            ApiError::invalid_field(
                "assessment.event.userInfo.accountId",
                "It is required with accountVerification: name the account that is to be verified.",
            )
        })?;
        if asked.endpoints.is_empty() || asked.endpoints.len() > MOST_ENDPOINTS {
            return Err(wrong(
                ".endpoints",
                &format!("Send 1 to {MOST_ENDPOINTS} addresses of the account."),
            ));
        }
        let endpoints = asked.endpoints.iter().enumerate().map(|(at, endpoint)| {
            let field = |name: &str| format!(".endpoints[{at}]{name}");
            match &endpoint.endpoint {
                Some(Named::EmailAddress(text)) => Endpoint::email(text).map_err(|error| {
                    let fix = format!("{error}: send one such as ada@example.com.");
                    wrong(&field(".emailAddress"), &fix)
                }),
                Some(Named::PhoneNumber(text)) => Endpoint::phone(text).map_err(|error| {
                    let fix = format!("{error}: send one such as +15555550123.");
                    wrong(&field(".phoneNumber"), &fix)
                }),
                None => Err(wrong(&field(""), "Send emailAddress or phoneNumber.")),
            }
        });
        let endpoints = endpoints.collect::<Result<_, _>>()?;
        let language = read_language(&asked.language_code).map_err(|error| {
            let fix = format!("{error}: send one such as en or pt-BR.");
            wrong(".languageCode", &fix)
        })?;
        Ok(Self {
            asked,
            endpoints,
            language,
            account,
        })
    }

    /// Answers it: with request tokens if the token is valid, and with how the verification ended if that is what it says.
    ///
    /// # Errors
    /// The store does not answer, or there are no random bytes.
    pub async fn answer(
        self,
        verifier: &Verifier,
        project: &ProjectId,
        examined: &Examined,
    ) -> Result<FactorAnswer, StepError> {
        let Self {
            asked,
            endpoints,
            language,
            account,
        } = self;
        let of_invalid = AccountVerificationInfo {
            endpoints: asked.endpoints.iter().map(bare).collect(),
            latest_verification_result: 0,
            ..asked
        };
        let (Some(token), Some(key)) = (&examined.token, &examined.site_key) else {
            return Ok(FactorAnswer::same(of_invalid));
        };
        if examined.evaluation.is_none() {
            return Ok(FactorAnswer::same(of_invalid));
        }
        let (now, ring) = (verifier.now(), verifier.ring());
        let account = account.hash(&verifier.vault, project).0;
        let proved = verifier.store.proved(&account, Millis(now)).await?;
        let mut of_valid = of_invalid.clone();
        let mut hashes = Vec::with_capacity(endpoints.len());
        for (endpoint, told) in endpoints.into_iter().zip(&mut of_valid.endpoints) {
            let address_hash = address_hash(verifier, project, &endpoint);
            hashes.push(address_hash);
            let proved = proved.iter().find(|proved| proved.address == address_hash);
            told.last_verification_time = proved.map(|proved| timestamp(proved.at.0));
            let request = FactorRequest {
                id: fresh_id()?,
                issued_at: now,
                site_key: key.id.as_str().to_owned(),
                project: project.as_str().to_owned(),
                account,
                address_hash,
                endpoint,
                language: language.to_owned(),
            };
            // All its parts are bounded where they were read.
            let plain = request.to_bytes().map_err(|_| ApiError::internal())?;
            told.request_token = seal_request(&ring, &plain, fresh()?, now);
        }
        let outcome = examined
            .judgement
            .map(|verdict| verdict.about(&account, &hashes));
        if outcome == Some(Outcome::Mismatch) {
            tracing::debug!(
                page = token.hostname,
                "a verdict of another account or address"
            );
        }
        of_valid.latest_verification_result = outcome.map_or(0, Outcome::number);
        Ok(FactorAnswer {
            of_valid,
            of_invalid,
        })
    }
}

/// What is answered about the second factor.
pub(in crate::steps) struct FactorAnswer {
    of_valid: AccountVerificationInfo,
    of_invalid: AccountVerificationInfo,
}

impl FactorAnswer {
    fn same(answer: AccountVerificationInfo) -> Self {
        Self {
            of_valid: answer.clone(),
            of_invalid: answer,
        }
    }

    /// The answer for a token that is valid, or is not, such as one that was spent before.
    pub fn message(&self, is_valid: bool) -> AccountVerificationInfo {
        match is_valid {
            true => self.of_valid.clone(),
            false => self.of_invalid.clone(),
        }
    }
}

/// An address as it was sent, without what only answers have.
fn bare(endpoint: &EndpointVerificationInfo) -> EndpointVerificationInfo {
    EndpointVerificationInfo {
        endpoint: endpoint.endpoint.clone(),
        ..EndpointVerificationInfo::default()
    }
}

/// The keyed hash under which an address is known, in its project alone.
fn address_hash(verifier: &Verifier, project: &ProjectId, endpoint: &Endpoint) -> [u8; 32] {
    let text = format!("factor address\0{project}\0{}", endpoint.canonical());
    verifier.vault.hash(&zeroize::Zeroizing::new(text))
}

/// Addresses of one question: more than an account has.
const MOST_ENDPOINTS: usize = 10;
