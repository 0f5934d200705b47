use std::net::IpAddr;

use touchstone_protocol::{Envelope, PlainReport, fnv1a64};
use touchstone_score::{Facts, Transport};
use touchstone_store::SiteKey;
use touchstone_token::{KeyRing, Millis, Session, Token, TokenId};

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
    let read = read(&ring, site_key, body, now);
    if let Read::Over(sealed) = read {
        let challenge = open_session(verifier, site_key, &sealed, visitor.host).await?;
        return Ok(Issued::Challenge(challenge));
    }
    let random = TokenId::random(now, fresh()?);
    let token = token(&key, read, visitor, random, now);
    verifier
        .metrics
        .token_issued(match token.client_signals_failed {
            true => "unmeasured",
            false => "measured",
        });
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

fn read(ring: &KeyRing, site_key: &str, body: &[u8], now: Millis) -> Read {
    if body.first() == Some(&PlainReport::MARK) {
        return match PlainReport::decode(body) {
            Ok(plain) => Read::Plain(plain),
            Err(_) => Read::Nothing {
                action: String::new(),
                id: None,
            },
        };
    }
    let Ok(envelope) = Envelope::decode(body) else {
        return Read::Nothing {
            action: String::new(),
            id: None,
        };
    };
    let session = Session::open(ring, &envelope.session).ok();
    let session = session.filter(|session| session.site_key == site_key);
    let Some(session) = session else {
        return Read::Nothing {
            action: envelope.action,
            id: None,
        };
    };
    if !session.is_live(now) && session.is_refreshable(now) {
        return Read::Over(envelope.session);
    }
    let id = session
        .token_id(ring, &envelope.session, envelope.counter)
        .ok();
    match (id, envelope.open(&session.key)) {
        (Some(id), Ok(report)) if session.is_live(now) => Read::Report {
            id,
            action: envelope.action,
            session,
            report: Box::new(report),
        },
        (id, _) => Read::Nothing {
            action: envelope.action,
            id,
        },
    }
}

fn token(key: &SiteKey, read: Read, visitor: Visitor<'_>, random: TokenId, now: Millis) -> Token {
    let unmeasured = matches!(read, Read::Plain(_));
    let (id, action, facts) = match read {
        Read::Report {
            id,
            action,
            session,
            report,
        } => {
            let elapsed = now.saturating_sub(session.first_seen);
            let elapsed_ms = u32::try_from(elapsed).unwrap_or(u32::MAX);
            let facts = touchstone_score::observe(
                &report,
                &Transport {
                    elapsed_ms,
                    ..visitor.transport
                },
            );
            (id, action, facts)
        }
        Read::Plain(plain) => (random, plain.action, Facts::unmeasured(plain.reason)),
        Read::Nothing { action, id } => (id.unwrap_or(random), action, Facts::impossible()),
        // A session that is over was answered with a challenge; without one there is nothing to score.
        Read::Over(_) => (random, String::new(), Facts::impossible()),
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
        client_signals_failed: unmeasured,
        facts: facts.encode(),
    }
}
