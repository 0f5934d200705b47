use std::{net::IpAddr, sync::Arc};

use hyper::{Uri, header::HeaderMap};
use touchstone_api::v1::token_properties::InvalidReason;
use touchstone_policy::AssessmentType;
use touchstone_protocol::BROWSER_ERROR_PREFIX;
use touchstone_replay::VisitId;
use touchstone_score::{
    Context, Evaluation, Facts, Ja4, Rate, Replay, Traffic, evaluate, model::Behaviour,
};
use touchstone_store::{Integration, ProjectId, Verdict as Override};
use touchstone_token::{ChallengeOutcome, Millis, Token};
use tracing::Instrument as _;

use super::{
    StepError, bot::Identity, challenge::threshold, defend::Defended, event::assessment_type,
};
use crate::{
    Verifier,
    accounts::AccountName,
    bots::{Bot, SignedRequest, Signer},
    environment::fresh_id,
    keys::{self, KnownKey},
    replays::Addition,
    spans::step,
};

/// A token's text, opened, checked and scored, but not yet spent; or a request without one, scored.
pub(super) struct Examined {
    /// The token, if there is one and it opened.
    pub token: Option<Token>,
    /// The project's site key that the assessment is recorded under: the token's, else the one the backend named. None
    /// for a token that is not recorded.
    pub site_key: Option<Arc<KnownKey>>,
    /// What its site key is used for; [`AssessmentType::Express`] for a request without a token.
    pub kind: AssessmentType,
    /// How a second factor ended, if it is a verdict token.
    pub judgement: Option<touchstone_mfa::Verdict>,
    /// What is wrong with it; [`InvalidReason::Unspecified`] for nothing.
    pub flaw: InvalidReason,
    /// The bot that signed the visitor's request, or the crawler whose address it came from.
    pub bot: Option<Bot>,
    /// The score and its evidence; only for a token without flaw.
    pub evaluation: Option<Evaluation>,
    /// Whether the key's owner allows the visitor's address; only for a token without flaw.
    pub is_allowed: bool,
    /// Its visit, added to those that later ones are compared with; only for a token without flaw.
    pub addition: Option<Addition>,
    /// What names this visit to later ones, and the earlier one that it repeats.
    pub visits: [Option<VisitId>; 2],
    /// What is said about the visit to the account that the backend names; none until that is asked.
    pub account: Option<Defended>,
}

impl Examined {
    /// Whether the token is to be spent: when it passed the checks of key, project and time. A page on a foreign host or with
    /// another action does not get a second try with the same token. Tokens that stand for a session are never spent.
    pub fn is_spendable(&self) -> bool {
        let is_checked = matches!(
            self.flaw,
            InvalidReason::Unspecified
                | InvalidReason::DomainMismatch
                | InvalidReason::UnexpectedAction
        );
        is_checked && !is_reusable(self.kind)
    }
}

/// What a backend asks about a token.
#[derive(Debug, Clone, Copy)]
pub(super) struct Question<'a> {
    /// The token's text.
    pub token: &'a str,
    /// The site key that the backend expects, if it names one.
    pub site_key: Option<&'a str>,
    /// The action that the backend expects, if it names one.
    pub expected_action: Option<&'a str>,
    /// The visitor's address as the backend saw it, if it says.
    pub address: Option<IpAddr>,
    /// The visitor's user agent as the backend saw it, if it says.
    pub user_agent: Option<&'a str>,
    /// The visitor's TLS client as the backend saw it, if it says.
    pub ja4: Option<Ja4>,
    /// The headers of the visitor's request to the site, as the backend passes them on, and where it went.
    pub forwarded: Option<(&'a HeaderMap, &'a Uri)>,
    /// Whose account it is about, as the backend names it.
    pub account: Option<AccountName<'a>>,
}

impl Question<'_> {
    /// Who signed the visitor's request to the site, if it was signed and the backend passes it on.
    pub fn signed_at_site(&self, verifier: &Verifier, now: Millis) -> Option<Signer> {
        let (headers, uri) = self.forwarded?;
        let request = SignedRequest {
            method: None,
            uri,
            headers,
        };
        verifier.bots.signer(&request, now)
    }
}

/// Opens a token for a project, checks and scores it.
pub(super) async fn examine(
    verifier: &Verifier,
    project: &ProjectId,
    question: Question<'_>,
) -> Result<Examined, StepError> {
    let text = question.token;
    let flawed = |flaw, site_key| Ok(Examined::flawed(flaw, site_key));
    let named = match question.site_key {
        Some(id) => verifier
            .site_keys
            .get(id)
            .await?
            .filter(|key| key.project == *project),
        None => None,
    };
    if text.starts_with(BROWSER_ERROR_PREFIX) {
        return flawed(InvalidReason::BrowserError, named);
    }
    if text.is_empty() {
        return flawed(InvalidReason::Missing, named);
    }
    let opened = verifier.open_any_token(text).instrument(step!("open"));
    let Some((token, judgement)) = opened.await else {
        return flawed(InvalidReason::Malformed, named);
    };
    let expected = question.site_key.is_none_or(|id| id == token.site_key);
    let key = verifier.site_keys.get(&token.site_key).await?;
    let key = key.filter(|key| key.project == *project && expected);
    let Some(key) = key else {
        return flawed(InvalidReason::KeyMismatch, named);
    };
    let now = verifier.now();
    let kind = assessment_type(&key);
    let flaw = flaw(&token, &key, kind, question.expected_action, now);
    let signer = Signer::from_number(token.signer);
    let signer = signer.or_else(|| question.signed_at_site(verifier, now));
    let address = Some(token.address).filter(|_| flaw == InvalidReason::Unspecified);
    let identity = Identity::of(verifier, signer, &token.user_agent, address).await;
    let mut examined = Examined {
        token: None,
        site_key: None,
        kind,
        judgement,
        flaw,
        bot: identity.bot,
        evaluation: None,
        is_allowed: false,
        addition: None,
        visits: [None; 2],
        account: None,
    };
    if flaw == InvalidReason::Unspecified {
        examined.score(verifier, project, &token, question, identity.refuted, now)?;
        examined.is_allowed = is_allowed(verifier, &key, &token, question.address).await?;
    }
    examined.token = Some(token);
    examined.site_key = Some(key);
    Ok(examined)
}

impl Examined {
    /// What is refused before there is anything to score.
    fn flawed(flaw: InvalidReason, site_key: Option<Arc<KnownKey>>) -> Self {
        Self {
            token: None,
            kind: site_key
                .as_deref()
                .map_or(AssessmentType::Action, assessment_type),
            site_key,
            judgement: None,
            flaw,
            bot: None,
            evaluation: None,
            is_allowed: false,
            addition: None,
            visits: [None; 2],
            account: None,
        }
    }

    /// Scores a token without flaw. Counts this assessment first, before the token is spent: of many that come at once, each
    /// knows of those before it.
    fn score(
        &mut self,
        verifier: &Verifier,
        project: &ProjectId,
        token: &Token,
        question: Question<'_>,
        refuted_bot: Option<&str>,
        now: Millis,
    ) -> Result<(), StepError> {
        // A token that stands for a session is assessed with each request: that is neither a page's haste nor a replay.
        let is_reusable = is_reusable(self.kind);
        let page = if is_reusable { fresh_id()? } else { token.page };
        let (replay, addition) = match is_reusable {
            true => (None, None),
            false => verifier.replays.see(token, now),
        };
        let account = question
            .account
            .map(|account| account.hash(&verifier.vault, project).0);
        let context = Context {
            backend_user_agent: question.user_agent,
            tls_differs: question
                .ja4
                .is_some_and(|ja4| ja4.differs_from(token.tls_client)),
            verified_bot: self.bot.as_ref().map(|bot| bot.name.as_str()),
            refuted_bot,
            traffic: sources(verifier, &page, Some(token.address), account.as_ref(), now),
            replay: replay.map(told),
            is_challenge_passed: token.challenge == ChallengeOutcome::Passed,
            behaviour: Behaviour::default(),
        };
        // A token of another release: what it holds cannot be read here, and must count against nobody.
        let facts = Facts::decode(&token.facts).unwrap_or_else(|_| Facts::unreadable());
        let evaluation = step!("score").in_scope(|| evaluate(&facts, &context));
        self.evaluation = Some(evaluation);
        let own = addition.as_ref().map(Addition::id);
        self.visits = [own, replay.map(|replay| replay.earlier)];
        self.addition = addition;
        Ok(())
    }
}

/// What is wrong with a token that opened and belongs to the key.
fn flaw(
    token: &Token,
    key: &KnownKey,
    kind: AssessmentType,
    expected_action: Option<&str>,
    now: Millis,
) -> InvalidReason {
    let is_expired = match is_reusable(kind) {
        true => now >= token.issued_at.saturating_add(SESSION_TOKEN_LIFETIME_MS),
        false => token.is_expired(now),
    };
    let is_expected = expected_action
        .filter(|action| is_bound_to_action(key, action))
        .is_none_or(|action| action.eq_ignore_ascii_case(&token.action));
    if token.is_from_the_future(now) {
        tracing::warn!(
            "a token from more than a minute ahead was refused: compare the replicas' clocks"
        );
        InvalidReason::UnknownInvalidReason
    } else if is_expired {
        InvalidReason::Expired
    } else if !keys::is_allowed(key, token.hostname.as_deref()) {
        InvalidReason::DomainMismatch
    } else if !is_expected {
        InvalidReason::UnexpectedAction
    } else {
        InvalidReason::Unspecified
    }
}

/// Whether a token for another action than this one is invalid, and not just different: with keys whose actions decide about
/// challenges. Else a token of an action that nobody challenges would serve for one that is challenged.
fn is_bound_to_action(key: &KnownKey, action: &str) -> bool {
    match key.integration {
        Integration::Universal => true,
        Integration::Policy => key.web().is_some_and(|web| threshold(web, action) > 0.0),
        _ => false,
    }
}

/// Whether the key's owner allows an address of the visitor: the one that the verifier saw, or the backend.
async fn is_allowed(
    verifier: &Verifier,
    key: &KnownKey,
    token: &Token,
    told: Option<IpAddr>,
) -> Result<bool, StepError> {
    for address in [Some(token.address), told].into_iter().flatten() {
        let verdict = verifier.ip_overrides.verdict(&key.id, address).await?;
        if verdict == Some(Override::Allow) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether tokens are assessed again and again until they expire: they stand for a session.
fn is_reusable(kind: AssessmentType) -> bool {
    matches!(
        kind,
        AssessmentType::Session | AssessmentType::ChallengePage
    )
}

/// Counts this assessment, and answers what came from the same sources.
pub(super) fn sources(
    verifier: &Verifier,
    page: &[u8; 16],
    address: Option<IpAddr>,
    account: Option<&[u8; 32]>,
    now: Millis,
) -> Traffic {
    let assessed = verifier.traffic.assessed(page, account, now);
    let visits = address.map(|address| verifier.traffic.visits(address, now));
    let visits = visits.unwrap_or_default();
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
        ..
    } = replay;
    Replay {
        agreeing,
        of,
        age_ms,
    }
}

/// How long a token that stands for a session is valid: 30 minutes.
const SESSION_TOKEN_LIFETIME_MS: Millis = 30 * 60_000;
