use std::sync::Arc;

use touchstone_api::v1::token_properties::InvalidReason;
use touchstone_protocol::BROWSER_ERROR_PREFIX;
use touchstone_score::{Context, Evaluation, Facts, evaluate};
use touchstone_store::{ProjectId, SiteKey};
use touchstone_token::Token;

use super::StepError;
use crate::{Verifier, keys};

/// A token's text, opened, checked and scored, but not yet spent.
pub(super) struct Examined {
    /// The token, if it opened.
    pub token: Option<Token>,
    /// The project's site key that the assessment is recorded under: the token's, else the one the backend named. None
    /// for a token that is not recorded.
    pub site_key: Option<Arc<SiteKey>>,
    /// What is wrong with it; [`InvalidReason::Unspecified`] for nothing.
    pub flaw: InvalidReason,
    /// The score and its evidence; only for a token without flaw.
    pub evaluation: Option<Evaluation>,
}

impl Examined {
    /// Whether the token is to be spent: when it passed the checks of key, project and time. A page on a foreign host
    /// does not get a second try with the same token.
    pub fn is_spendable(&self) -> bool {
        matches!(
            self.flaw,
            InvalidReason::Unspecified | InvalidReason::DomainMismatch
        )
    }
}

/// What a backend asks about a token.
#[derive(Debug, Clone, Copy)]
pub(super) struct Question<'a> {
    /// The token's text.
    pub token: &'a str,
    /// The site key that the backend expects, if it names one.
    pub site_key: Option<&'a str>,
    /// The visitor's user agent as the backend saw it, if it says.
    pub user_agent: Option<&'a str>,
}

/// Opens a token for a project, checks and scores it.
pub(super) async fn examine(
    verifier: &Verifier,
    project: &ProjectId,
    question: Question<'_>,
) -> Result<Examined, StepError> {
    let Question {
        token: text,
        site_key,
        user_agent,
    } = question;
    let flawed = |flaw, site_key| {
        Ok(Examined {
            token: None,
            site_key,
            flaw,
            evaluation: None,
        })
    };
    if text.starts_with(BROWSER_ERROR_PREFIX) {
        return flawed(InvalidReason::BrowserError, None);
    }
    let named = match site_key {
        Some(id) => verifier
            .site_keys
            .get(id)
            .await?
            .filter(|key| key.project == *project),
        None => None,
    };
    if text.is_empty() {
        return flawed(InvalidReason::Missing, named);
    }
    let Some(token) = verifier.open_token(text) else {
        return flawed(InvalidReason::Malformed, named);
    };
    let expected = site_key.is_none_or(|expected| expected == token.site_key);
    let key = verifier.site_keys.get(&token.site_key).await?;
    let key = key.filter(|key| key.project == *project && expected);
    let Some(key) = key else {
        return flawed(InvalidReason::KeyMismatch, named);
    };
    let now = verifier.now();
    let flaw = if token.is_from_the_future(now) {
        tracing::warn!(
            "a token from more than a minute ahead was refused: compare the replicas' clocks"
        );
        InvalidReason::UnknownInvalidReason
    } else if token.is_expired(now) {
        InvalidReason::Expired
    } else if !keys::is_allowed(&key, token.hostname.as_deref()) {
        InvalidReason::DomainMismatch
    } else {
        InvalidReason::Unspecified
    };
    // A token of another release: what it holds cannot be read here, and must count against nobody.
    let facts = || Facts::decode(&token.facts).unwrap_or_else(|_| Facts::unreadable());
    let context = Context {
        backend_user_agent: user_agent,
        ..Context::default()
    };
    let evaluation = (flaw == InvalidReason::Unspecified).then(|| evaluate(&facts(), &context));
    Ok(Examined {
        token: Some(token),
        site_key: Some(key),
        flaw,
        evaluation,
    })
}
