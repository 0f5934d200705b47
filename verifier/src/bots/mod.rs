//! Bots that prove who they are: by an HTTP message signature (RFC 9421) with the tag `web-bot-auth`, under a key that the
//! operator has entered. Keys are never fetched: a request must not make the verifier ask an address of its choosing. And
//! well-known crawlers, by the names of their addresses, if the operator wants DNS asked.
//!
//! A proof changes no score. It says who it is, and leaves to the site what it makes of it.

mod crawlers;
mod message;
mod well_known;

use std::{collections::HashMap, fs, io, path::Path};

use serde::Deserialize;
use sha2::{Digest, Sha256};
use web_bot_auth::{
    WebBotAuthVerifier,
    keyring::{KeyRing, Thumbprintable},
};

pub use crawlers::{Claim, Crawlers, CrawlersError};
pub use message::SignedRequest;
use touchstone_token::Millis;
pub use well_known::Crawler;

/// The bots whose keys the operator entered.
#[derive(Debug, Default)]
pub struct Bots {
    keys: KeyRing,
    by_key: HashMap<String, Bot>,
}

/// A bot that can prove who it is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Bot {
    /// Its name, in kebab-case.
    pub name: String,
    /// What it does.
    #[serde(rename = "botType", default)]
    pub kind: BotKind,
}

/// What a bot does, as the contract names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BotKind {
    /// Not said.
    #[default]
    BotTypeUnspecified,
    /// Acts for a person.
    AiAgent,
    /// Collects content.
    ContentScraper,
    /// Indexes for a search engine.
    SearchIndexer,
}

/// The key that a request was signed with, as a token carries it: 64 bits of a hash of its JWK thumbprint, never 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signer(u64);

/// Why a file of keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BotsError {
    /// It cannot be read.
    #[error("--bot-keys {0}: {1}")]
    Unreadable(String, io::Error),
    /// It is no JWK Set in which each key names its bot.
    #[error(
        "--bot-keys {0}: {1}; each key needs kty, crv, x and the member name, and may have botType"
    )]
    Wrong(String, serde_json::Error),
    /// A key is none that bots sign with.
    #[error("--bot-keys {0}: the key of {1} is not Ed25519 (RFC 8037), or there twice")]
    Key(String, String),
}

impl Bots {
    /// Reads a JWK Set (RFC 7517) in which every key has the further members `name` and `botType`.
    ///
    /// # Errors
    /// The file cannot be read, or a key is not Ed25519.
    pub fn read(path: &Path) -> Result<Self, BotsError> {
        let shown = || path.display().to_string();
        let text =
            fs::read_to_string(path).map_err(|error| BotsError::Unreadable(shown(), error))?;
        let file: File =
            serde_json::from_str(&text).map_err(|error| BotsError::Wrong(shown(), error))?;
        let mut bots = Self::default();
        for Entry { jwk, bot } in file.keys {
            let imported = bots.keys.try_import_jwk(&jwk);
            imported.map_err(|_| BotsError::Key(shown(), bot.name.clone()))?;
            bots.by_key.insert(jwk.b64_thumbprint(), bot);
        }
        Ok(bots)
    }

    /// Who signed a request; none if nobody did, the key is not known, the signature does not fit the request or its time
    /// is over. A signature may be valid for a day at most, and may have been made up to a minute ahead of this clock.
    pub fn signer(&self, request: &SignedRequest<'_>, now: Millis) -> Option<Signer> {
        if self.by_key.is_empty() || !request.is_signed() {
            return None;
        }
        let verifier = WebBotAuthVerifier::parse(request).ok()?;
        let details = verifier.get_parsed_label().base.parameters.details.clone();
        let (created, expires) = (details.created?, details.expires?);
        let now = i64::try_from(now / 1_000).ok()?;
        let lives = expires.checked_sub(created)?;
        if expires <= now || created > now + SKEW_S || !(0..=MOST_S).contains(&lives) {
            return None;
        }
        let key = details.keyid?;
        verifier.verify(&self.keys, None).ok()?;
        self.by_key
            .contains_key(&key)
            .then(|| Signer::of_thumbprint(&key))
    }

    /// The bot behind a signer; none if its key was taken out since.
    pub fn bot(&self, signer: Signer) -> Option<&Bot> {
        let mut bots = self.by_key.iter();
        bots.find(|(key, _)| Signer::of_thumbprint(key) == signer)
            .map(|(_, bot)| bot)
    }
}

impl Signer {
    /// As a number in a token; 0 stands for none.
    pub fn number(signer: Option<Self>) -> u64 {
        signer.map_or(0, |signer| signer.0)
    }

    /// Back from a token.
    pub fn from_number(number: u64) -> Option<Self> {
        (number != 0).then_some(Self(number))
    }

    fn of_thumbprint(thumbprint: &str) -> Self {
        let hash = Sha256::digest(thumbprint.as_bytes());
        let first = hash.iter().take(8);
        Self(first.fold(0, |number, byte| number << 8 | u64::from(*byte)) | 1)
    }
}

#[derive(Deserialize)]
struct File {
    keys: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(flatten)]
    jwk: Thumbprintable,
    #[serde(flatten)]
    bot: Bot,
}

/// How far a signer's clock may be ahead, in seconds.
const SKEW_S: i64 = 60;
/// Longest life of a signature in seconds: the draft's recommendation is no more than 24 hours.
const MOST_S: i64 = 24 * 3_600;

#[cfg(test)]
mod tests;
