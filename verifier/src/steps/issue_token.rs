use std::net::IpAddr;

use touchstone_challenge::Language;
use touchstone_protocol::{Envelope, Payment, PlainReport, fnv1a64};
use touchstone_replay::Sketch;
use touchstone_score::{Facts, Ja4, Opening, Proofs, Transport};
use touchstone_token::{
    ChallengeOutcome, MAX_FACTS_BYTES, MAX_SKETCH_BYTES, Millis, Opened, Pending, Session, Token,
    TokenId,
};

use super::{
    StepError,
    ask::{Asking, ask},
    challenge::{Need, need},
    open_session::{ask_again, open_session},
    page_key::page_key,
};
use crate::{
    Verifier,
    bots::Signer,
    environment::fresh_id,
    keys::{KnownKey, TEST_HOST},
    proofs::is_paid,
};

/// What the page is answered.
#[derive(Debug, PartialEq, Eq)]
pub enum Issued {
    /// The token's text.
    Token(String),
    /// The session was over, or the report has not paid: a challenge, for the page to seal its report anew.
    Challenge(Vec<u8>),
    /// The visitor is to answer a question before there is a token.
    Asked(Asking),
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
    /// The bot that signed the request.
    pub signer: Option<Signer>,
    /// The language that questions are asked in.
    pub language: &'static Language,
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
    let key = page_key(verifier, site_key, visitor.countable).await?;
    let (now, ring) = (verifier.now(), verifier.ring());
    let payment = Payment::decode(body).ok();
    let envelope = payment.as_ref().map_or(body, |payment| payment.envelope);
    let read = read(verifier, site_key, envelope, now).await;
    if let Read::Over(sealed) = &read {
        let challenge = open_session(verifier, site_key, sealed, visitor).await?;
        return Ok(Issued::Challenge(challenge));
    }
    verifier.traffic.requested(site_key, visitor.countable, now);
    let mut is_unpaid = false;
    if let Read::Report { session, .. } = &read {
        let price = verifier.price(site_key, visitor.countable, now);
        match debt(session, payment.as_ref(), price, now) {
            Debt::None => {}
            Debt::Ask(price) => {
                let challenge = ask_again(verifier, &key, visitor.host, session, price)?;
                return Ok(Issued::Challenge(challenge));
            }
            Debt::Kept => {
                verifier.metrics.report_unpaid();
                is_unpaid = true;
            }
        }
    }
    let random = TokenId::random(now, fresh_id()?);
    let facts = facts(&read, &visitor, is_unpaid, now);
    verifier.metrics.token_issued(kind(&facts));
    let visit = visit(&read, fresh_id()?);
    let mut token = token(&key, read, &facts, visit, visitor, random, now);
    match need(verifier, &key, &token, &facts, now).await? {
        Need::None(outcome) => {
            token.challenge = outcome;
            Ok(Issued::Token(token.seal(&ring, fresh_id()?, now)?))
        }
        Need::Course(course) => {
            let pending = Pending::new(token, now);
            let asking = ask(verifier, pending, course, visitor.language, false)?;
            Ok(Issued::Asked(asking))
        }
    }
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

async fn read(verifier: &Verifier, site_key: &str, body: &[u8], now: Millis) -> Read {
    let nothing = |action, id| Read::Nothing { action, id };
    if body.first() == Some(&PlainReport::MARK) {
        return PlainReport::decode(body).map_or(nothing(String::new(), None), Read::Plain);
    }
    let Ok(envelope) = Envelope::decode(body) else {
        return nothing(String::new(), None);
    };
    let session = verifier.open_session(&envelope.session).await;
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

/// What a report still owes.
enum Debt {
    /// Nothing.
    None,
    /// A price, to be asked for with a new challenge.
    Ask(u32),
    /// A price that was asked for again and not paid.
    Kept,
}

/// A session that was opened in calm traffic pays once the traffic is no longer calm: else a flood would open its sessions
/// before it comes.
fn debt(session: &Session, payment: Option<&Payment<'_>>, price: u32, now: Millis) -> Debt {
    let asked = &session.asked;
    let is_paid = is_paid(asked.price, payment, now.saturating_sub(session.issued_at));
    match (is_paid, asked.is_repeated) {
        (false, true) => Debt::Kept,
        (false, false) => Debt::Ask(price.max(asked.price)),
        (true, false) if asked.price == 0 && price > 0 => Debt::Ask(price),
        (true, _) => Debt::None,
    }
}

fn facts(read: &Read, visitor: &Visitor<'_>, is_unpaid: bool, now: Millis) -> Facts {
    match read {
        Read::Report {
            session, report, ..
        } => {
            let since = |then| u32::try_from(now.saturating_sub(then)).unwrap_or(u32::MAX);
            let transport = Transport {
                elapsed_ms: since(session.first_seen),
                proofs: Proofs {
                    layout: &session.asked.layout,
                    layout_age_ms: since(session.asked.layout_at),
                    is_unpaid,
                },
                opening: opening(session),
                ..visitor.transport
            };
            touchstone_score::observe(report, &transport)
        }
        Read::Plain(plain) => Facts::unmeasured(plain.reason),
        // A session that is over was answered with a challenge: there is nothing to score.
        Read::Over(_) | Read::Nothing { .. } => Facts::impossible(),
    }
}

fn opening(session: &Session) -> Opening {
    let Opened {
        signs,
        agent,
        language,
    } = session.opened;
    Opening {
        signs,
        agent,
        language,
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
    key: &KnownKey,
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
        hostname: key
            .test()
            .map_or(visitor.host, |_| Some(TEST_HOST))
            .map(str::to_owned),
        address: visitor.address,
        user_agent: Token::cut_user_agent(user_agent).to_owned(),
        user_agent_hash: fnv1a64(user_agent.as_bytes()),
        client_signals_failed: facts.is_unmeasured(),
        signer: Signer::number(visitor.signer),
        tls_client: Ja4::number(visitor.transport.ja4),
        facts: facts.encode(),
        page,
        sketch: sketch.map_or_else(Vec::new, |sketch| sketch.to_bytes()),
        challenge: ChallengeOutcome::None,
    }
}

/// Facts and sketches always fit their token: a layout that grows beyond it does not compile.
const _: () = assert!(Facts::BYTES <= MAX_FACTS_BYTES);
const _: () = assert!(Sketch::MAX_BYTES <= MAX_SKETCH_BYTES);
