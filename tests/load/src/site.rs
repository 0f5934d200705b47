//! A customer of the verifier under test, and the requests of his pages and his backend, made without asking it: the key
//! ring is read from the data directory.

use std::{net::IpAddr, path::Path};

use bytes::Bytes;
use serde_json::{Value, json};
use touchstone::{
    data::DataDir,
    environment::{Clock, SystemClock},
};
use touchstone_protocol::{Envelope, SessionKey, fnv1a64};
use touchstone_score::{Transport, observe};
use touchstone_token::{Asked, ChallengeOutcome, KeyRing, Millis, Opened, Session, Token, TokenId};

use crate::{
    Failure,
    client::Work,
    server::{Role, itself},
    visits::{USER_AGENT, Visit},
};

/// A project with a site key and an API key.
pub struct Site {
    ring: KeyRing,
    site_key: String,
    api_key: String,
    random: fastrand::Rng,
}

impl Site {
    /// Makes keys by the command line, which creates the data directory.
    ///
    /// # Errors
    /// The command line refuses, or the directory cannot be read.
    pub fn create(data: &Path) -> Result<Self, Failure> {
        let site = "key create --project shop --name web --domain shop.example --json";
        let api = "api-key create --project shop --json";
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Ok(Self {
            site_key: text(&touchstone(data, site)?["siteKey"]),
            api_key: text(&touchstone(data, api)?["apiKey"]),
            ring: DataDir::open(data, None, SystemClock.now())?.ring()?,
            random: fastrand::Rng::with_seed(SEED),
        })
    }

    /// So many requests of a backend, each for the assessment of another token. The tokens live for two minutes from now.
    ///
    /// # Errors
    /// A token cannot be made.
    pub fn assessments(&mut self, count: usize, visit: Visit) -> Result<Work, Failure> {
        let facts = observe(&visit.report()?, &transport()).encode();
        let mut requests = Vec::with_capacity(count);
        for _ in 0..count {
            let token = self.token(facts.clone(), visit)?;
            let body = json!({"event": {
                "token": token, "siteKey": self.site_key, "expectedAction": ACTION,
                "userAgent": USER_AGENT, "userIpAddress": "198.51.100.7",
            }});
            requests.push(post(
                "/v1/projects/shop/assessments",
                &[
                    ("x-goog-api-key", &self.api_key),
                    ("content-type", "application/json"),
                ],
                body.to_string().as_bytes(),
            ));
        }
        Ok(Work {
            requests: requests.into(),
            expected: b"\"valid\":true",
        })
    }

    /// So many reports of pages, each for another token, from sessions that opened a minute ago.
    ///
    /// # Errors
    /// The visit cannot be read.
    pub fn reports(&mut self, count: usize, visit: Visit) -> Result<Work, Failure> {
        let report = visit.report()?;
        let path = format!("/recaptcha/agent/token?k={}", self.site_key);
        let mut requests = Vec::with_capacity(count);
        for _ in 0..count {
            let (session, nonce, now) = (self.session(), self.bytes(), SystemClock.now());
            let sealed = session.seal(&self.ring, nonce, now);
            let envelope = Envelope::seal(&report, &session.key, &sealed, ACTION, 0, self.bytes());
            requests.push(post(&path, &BROWSER, &envelope.encode()));
        }
        Ok(Work {
            requests: requests.into(),
            // A token has no marks but letters, digits, hyphens and underscores; anything else is JSON or octets.
            expected: b"",
        })
    }

    fn token(&mut self, facts: Vec<u8>, visit: Visit) -> Result<String, Failure> {
        let now = SystemClock.now();
        let token = Token {
            id: TokenId::random(now, self.bytes()).0,
            issued_at: now,
            site_key: self.site_key.clone(),
            project: "shop".to_owned(),
            action: ACTION.to_owned(),
            hostname: Some("www.shop.example".to_owned()),
            address: IpAddr::from([100, 64 | (self.random.u8(..) & 63), self.random.u8(..), 7]),
            user_agent: USER_AGENT.to_owned(),
            user_agent_hash: fnv1a64(USER_AGENT.as_bytes()),
            client_signals_failed: false,
            signer: 0,
            tls_client: 0,
            facts,
            page: self.bytes(),
            sketch: visit.sketch(&mut self.random)?,
            challenge: ChallengeOutcome::None,
        };
        let nonce = self.bytes();
        Ok(token.seal(&self.ring, nonce, now)?)
    }

    fn session(&mut self) -> Session {
        let opened_at = SystemClock.now() - A_MINUTE_MS;
        Session {
            site_key: self.site_key.clone(),
            key: SessionKey(self.bytes()),
            nonce: self.bytes(),
            issued_at: opened_at,
            first_seen: opened_at,
            page: self.bytes(),
            asked: Asked::default(),
            opened: Opened::default(),
        }
    }

    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.random.fill(&mut bytes);
        bytes
    }
}

/// The same requests with another path: a server that does nothing but HTTP then reads what the verifier reads.
pub fn to_path(work: &Work, path: &str) -> Work {
    let moved = work.requests.iter().map(|request| {
        let mut parts = request.splitn(3, |byte| *byte == b' ');
        let (_, _, rest) = (parts.next(), parts.next(), parts.next().unwrap_or_default());
        [b"POST ", path.as_bytes(), b" ", rest].concat().into()
    });
    Work {
        requests: moved.collect(),
        expected: b"",
    }
}

/// A whole request over HTTP/1.1.
pub fn post(path: &str, headers: &[(&str, &str)], body: &[u8]) -> Bytes {
    let mut head = format!(
        "POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    [head.as_bytes(), b"\r\n", body].concat().into()
}

fn touchstone(data: &Path, arguments: &str) -> Result<Value, Failure> {
    let mut command = itself(Role::TOUCHSTONE)?;
    command.args(arguments.split(' ')).arg("--data").arg(data);
    let output = command.output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn transport() -> Transport<'static> {
    Transport {
        user_agent: USER_AGENT,
        accept_language: Some("en-GB,en;q=0.5"),
        accept: Some("*/*"),
        accept_encoding: Some("gzip, deflate, br, zstd"),
        sec_fetch_site: Some("cross-site"),
        sec_fetch_mode: Some("cors"),
        sec_fetch_dest: Some("empty"),
        elapsed_ms: 60_000,
        ..Transport::default()
    }
}

const ACTION: &str = "login";
const A_MINUTE_MS: Millis = 60_000;
/// What a browser sends with a report.
const BROWSER: [(&str, &str); 8] = [
    ("origin", "https://www.shop.example"),
    ("user-agent", USER_AGENT),
    ("accept", "*/*"),
    ("accept-encoding", "gzip, deflate, br, zstd"),
    ("accept-language", "en-GB,en;q=0.5"),
    ("sec-fetch-site", "cross-site"),
    ("sec-fetch-mode", "cors"),
    ("sec-fetch-dest", "empty"),
];
/// Each run of this program makes other tokens all the same: their keys and times differ.
const SEED: u64 = 1;
