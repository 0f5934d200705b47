use std::sync::Arc;

use hyper::{Uri, header::HeaderMap};
use touchstone_api::v1::token_properties::InvalidReason;
use touchstone_protocol::BROWSER_ERROR_PREFIX;
use touchstone_score::{Context, Evaluation, Facts, Ja4, Rate, Replay, Traffic, evaluate};
use touchstone_store::ProjectId;
use touchstone_token::{ChallengeOutcome, Millis, Token};

use super::StepError;
use crate::{
    Verifier,
    bots::{Bot, Claim, SignedRequest, Signer},
    keys::{self, KnownKey},
    replays::Addition,
};

/// A token's text, opened, checked and scored, but not yet spent.
pub(super) struct Examined {
    /// The token, if it opened.
    pub token: Option<Token>,
    /// The project's site key that the assessment is recorded under: the token's, else the one the backend named. None
    /// for a token that is not recorded.
    pub site_key: Option<Arc<KnownKey>>,
    /// What is wrong with it; [`InvalidReason::Unspecified`] for nothing.
    pub flaw: InvalidReason,
    /// The bot that signed the visitor's request, or the crawler whose address it came from.
    pub bot: Option<Bot>,
    /// The score and its evidence; only for a token without flaw.
    pub evaluation: Option<Evaluation>,
    /// Its visit, added to those that later ones are compared with; only for a token without flaw.
    pub addition: Option<Addition>,
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
    /// The visitor's TLS client as the backend saw it, if it says.
    pub ja4: Option<Ja4>,
    /// The headers of the visitor's request to the site, as the backend passes them on, and where it went.
    pub forwarded: Option<(&'a HeaderMap, &'a Uri)>,
    /// Whose account it is about, as the backend names it.
    pub account: Option<Account<'a>>,
}

/// An account, named in one of the contract's two ways. It is known here by a keyed hash alone.
#[derive(Debug, Clone, Copy)]
pub(super) enum Account<'a> {
    /// `userInfo.accountId`.
    Id(&'a str),
    /// `hashedAccountId`.
    Hashed(&'a [u8]),
}

impl Account<'_> {
    fn hash(self, verifier: &Verifier, project: &ProjectId) -> [u8; 32] {
        let text = match self {
            Self::Id(id) => format!("account\0{project}\0id\0{id}"),
            Self::Hashed(hash) => {
                let hex = data_encoding::HEXLOWER.encode(hash);
                format!("account\0{project}\0hash\0{hex}")
            }
        };
        verifier.vault.hash(&text)
    }
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
        ja4,
        forwarded,
        account,
    } = question;
    let flawed = |flaw, site_key| {
        Ok(Examined {
            token: None,
            site_key,
            flaw,
            bot: None,
            evaluation: None,
            addition: None,
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
    let mut bot = bot(verifier, &token, forwarded, now);
    let mut refuted = None;
    let (mut evaluation, mut addition) = (None, None);
    if flaw == InvalidReason::Unspecified {
        if bot.is_none() {
            match verifier.claim(&token.user_agent, token.address).await {
                Some(Claim::Verified(crawler)) => bot = Some(crawler.bot()),
                Some(Claim::Refuted(crawler)) => refuted = Some(crawler.name),
                None => {}
            }
        }
        let account = account.map(|account| account.hash(verifier, project));
        let (replay, added) = verifier.replays.see(&token, now);
        let context = Context {
            backend_user_agent: user_agent,
            tls_differs: ja4.is_some_and(|ja4| ja4.differs_from(token.tls_client)),
            verified_bot: bot.as_ref().map(|bot| bot.name.as_str()),
            refuted_bot: refuted,
            traffic: traffic(verifier, &token, account.as_ref(), now),
            is_challenge_passed: token.challenge == ChallengeOutcome::Passed,
            replay: replay.map(told),
            model: None,
        };
        evaluation = Some(evaluate(&facts(), &context));
        addition = added;
    }
    Ok(Examined {
        token: Some(token),
        site_key: Some(key),
        flaw,
        bot,
        evaluation,
        addition,
    })
}

/// The bot that signed the report's request, or the one to the site whose headers the backend passes on.
fn bot(
    verifier: &Verifier,
    token: &Token,
    forwarded: Option<(&HeaderMap, &Uri)>,
    now: Millis,
) -> Option<Bot> {
    let at_site = || {
        let (headers, uri) = forwarded?;
        let method = None;
        let request = SignedRequest {
            method,
            uri,
            headers,
        };
        verifier.bots.signer(&request, now)
    };
    let signer = Signer::from_number(token.signer).or_else(at_site)?;
    verifier.bots.bot(signer).cloned()
}

/// Counts this assessment, and answers what came from the same sources. Before the token is spent: of many that come at once,
/// each knows of those before it.
fn traffic(verifier: &Verifier, token: &Token, account: Option<&[u8; 32]>, now: Millis) -> Traffic {
    let assessed = verifier.traffic.assessed(&token.page, account, now);
    let visits = verifier.traffic.visits(token.address, now);
    let rate = |rate: touchstone_traffic::Rate| Rate {
        per_minute: rate.per_minute,
        ordinary: rate.ordinary,
    };
    Traffic {
        page: assessed.page,
        page_burst: assessed.page_burst,
        account: assessed.account,
        account_burst: assessed.account_burst,
        account_hour: assessed.account_hour,
        address: rate(visits.address),
        network: rate(visits.network),
    }
}

/// A replay, as the scoring engine is told of it.
fn told(replay: touchstone_replay::Replay) -> Replay {
    let touchstone_replay::Replay {
        agreeing,
        of,
        age_ms,
    } = replay;
    Replay {
        agreeing,
        of,
        age_ms,
    }
}
