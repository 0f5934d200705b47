use std::net::IpAddr;

use touchstone_protocol::{Envelope, PlainReport, fnv1a64};
use touchstone_replay::Sketch;
use touchstone_score::{Facts, Transport};
use touchstone_store::SiteKey;
use touchstone_token::{MAX_FACTS_BYTES, MAX_SKETCH_BYTES, Millis, Session, Token, TokenId};

use super::{StepError, open_session};
use crate::{Verifier, environment::fresh};

/// What the page is answered.
#[derive(Debug, PartialEq, Eq)]
pub enum Issued {
    /// The token's text.
    Token(String),
    /// The session was over: a challenge, for the page to seal its report anew.
    Challenge(Vec<u8>),
}

/// Who posted a report, as the verifier saw it.
#[derive(Debug, Clone, Copy)]
pub struct Visitor<'a> {
    /// The visitor's address.
    pub address: IpAddr,
    /// The same, where it is not shared with every other visitor: what comes from it is counted.
    pub countable: Option<IpAddr>,
    /// The host of the browser's `Origin`.
    pub host: Option<&'a str>,
    /// Headers and the like.
    pub transport: Transport<'a>,
}

/// Turns a posted report into a token.
///
/// Whatever is wrong with the report, the answer is a token of the same look: which check failed is told to the
/// assessment, never to the page.
pub async fn issue_token(
    verifier: &Verifier,
    site_key: &str,
    body: &[u8],
    visitor: Visitor<'_>,
) -> Result<Issued, StepError> {
    let key = verifier
        .site_keys
        .get(site_key)
        .await?
        .ok_or(StepError::UnknownSiteKey)?;
    let (now, ring) = (verifier.now(), verifier.ring());
    let read = read(verifier, site_key, body, now);
    if let Read::Over(sealed) = read {
        let challenge = open_session(verifier, site_key, &sealed, visitor).await?;
        return Ok(Issued::Challenge(challenge));
    }
    verifier.traffic.requested(site_key, visitor.countable, now);
    let random = TokenId::random(now, fresh()?);
    let facts = facts(&read, &visitor, now);
    verifier.metrics.token_issued(kind(&facts));
    let visit = visit(&read, fresh()?);
    let token = token(&key, read, &facts, visit, visitor, random, now);
    Ok(Issued::Token(token.seal(&ring, fresh()?, now)?))
}

/// What a posted body turned out to be.
enum Read {
    /// A report, in an envelope of a live session.
    Report {
        id: TokenId,
        action: String,
        session: Session,
        report: Box<touchstone_protocol::Report>,
    },
    /// The agent could not run.
    Plain(PlainReport),
    /// The session is over but was one of ours: its sealed copy.
    Over(Vec<u8>),
    /// Anything else; with the action and, where the session is genuine, the id that its envelope would spend.
    Nothing { action: String, id: Option<TokenId> },
}

fn read(verifier: &Verifier, site_key: &str, body: &[u8], now: Millis) -> Read {
    let nothing = |action, id| Read::Nothing { action, id };
    if body.first() == Some(&PlainReport::MARK) {
        return PlainReport::decode(body).map_or(nothing(String::new(), None), Read::Plain);
    }
    let Ok(envelope) = Envelope::decode(body) else {
        return nothing(String::new(), None);
    };
    let session = verifier.open_session(&envelope.session);
    let Some(session) = session.filter(|session| session.site_key == site_key) else {
        return nothing(envelope.action, None);
    };
    if !session.is_live(now) {
        return Read::Over(envelope.session);
    }
    let id = session.token_id(&verifier.ring(), &envelope.session, envelope.counter);
    match (id, envelope.open(&session.key)) {
        (Ok(id), Ok(report)) => Read::Report {
            id,
            action: envelope.action,
            session,
            report: Box::new(report),
        },
        (id, _) => nothing(envelope.action, id.ok()),
    }
}

fn facts(read: &Read, visitor: &Visitor<'_>, now: Millis) -> Facts {
    match read {
        Read::Report {
            session, report, ..
        } => {
            let elapsed = now.saturating_sub(session.first_seen);
            let elapsed_ms = u32::try_from(elapsed).unwrap_or(u32::MAX);
            let transport = Transport {
                elapsed_ms,
                ..visitor.transport
            };
            touchstone_score::observe(report, &transport)
        }
        Read::Plain(plain) => Facts::unmeasured(plain.reason),
        // A session that is over was answered with a challenge: there is nothing to score.
        Read::Over(_) | Read::Nothing { .. } => Facts::impossible(),
    }
}

/// Page and sketch of a report. One without a session is a page of its own, `random`.
fn visit(read: &Read, random: [u8; 16]) -> ([u8; 16], Option<Sketch>) {
    match read {
        Read::Report {
            session, report, ..
        } => (session.page, Sketch::of(report)),
        Read::Plain(_) | Read::Over(_) | Read::Nothing { .. } => (random, None),
    }
}

/// The kind of report, as it is counted.
fn kind(facts: &Facts) -> &'static str {
    if facts.is_unmeasured() {
        "unmeasured"
    } else if *facts == Facts::impossible() {
        "impossible"
    } else {
        "measured"
    }
}

fn token(
    key: &SiteKey,
    read: Read,
    facts: &Facts,
    (page, sketch): ([u8; 16], Option<Sketch>),
    visitor: Visitor<'_>,
    random: TokenId,
    now: Millis,
) -> Token {
    let (id, action) = match read {
        Read::Report { id, action, .. } => (id, action),
        Read::Plain(plain) => (random, plain.action),
        Read::Nothing { action, id } => (id.unwrap_or(random), action),
        Read::Over(_) => (random, String::new()),
    };
    let user_agent = visitor.transport.user_agent;
    Token {
        id: id.0,
        issued_at: now,
        site_key: key.id.as_str().to_owned(),
        project: key.project.as_str().to_owned(),
        action,
        hostname: visitor.host.map(str::to_owned),
        address: visitor.address,
        user_agent: Token::cut_user_agent(user_agent).to_owned(),
        user_agent_hash: fnv1a64(user_agent.as_bytes()),
        client_signals_failed: facts.is_unmeasured(),
        facts: facts.encode(),
        page,
        sketch: sketch.map_or_else(Vec::new, |sketch| sketch.to_bytes()),
    }
}

/// Facts and sketches always fit their token: a layout that grows beyond it does not compile.
const _: () = assert!(Facts::BYTES <= MAX_FACTS_BYTES);
const _: () = assert!(Sketch::MAX_BYTES <= MAX_SKETCH_BYTES);
