//! One verifier, and what it is asked and answers.

use std::{fs, path::Path, sync::Arc};

use prost::Message;
use touchstone::{
    Verifier,
    data::DataDir,
    environment::{Clock, ManualClock},
    steps::{self, AssessRequest, StepError, Visitor},
};
use touchstone_api::v1::{self, token_properties::InvalidReason};
use touchstone_challenge::Language;
use touchstone_score::Transport;
use touchstone_store::{
    IdempotencyKey, RequestHash,
    sqlite::{Durability, SqliteOptions},
};

use crate::{faulty::Faulty, kit::START};

/// A verifier with its clock, on a store that fails when it is told to.
pub struct Replica {
    pub verifier: Arc<Verifier>,
    pub store: Arc<Faulty>,
    pub clock: Arc<ManualClock>,
}

/// Who asks about a token.
pub struct Asked {
    pub text: String,
    pub project: &'static str,
    pub site_key: String,
    /// The number of the request, for one with a key of its own.
    pub key: Option<usize>,
}

pub type Answer = Result<(InvalidReason, String), StepError>;

impl Replica {
    pub fn start(data: &Path, now: u64, skew: i64) -> Self {
        let clock = Arc::new(ManualClock::at(now.saturating_add_signed(skew)));
        let options = SqliteOptions {
            durability: Durability::Off,
            readers: 1,
            ..SqliteOptions::default()
        };
        let data = open(data, START);
        let store = Arc::new(Faulty::new(data.store(options, START).unwrap()));
        let verifier = Verifier::new(&data, store.clone(), clock.clone()).unwrap();
        Self {
            verifier: Arc::new(verifier),
            store,
            clock,
        }
    }

    pub fn now(&self) -> u64 {
        self.clock.now()
    }
}

pub async fn ask(verifier: Arc<Verifier>, asked: Asked) -> Answer {
    let mut hash = [0; 32];
    hash[..8].copy_from_slice(&asked.key.unwrap_or_default().to_le_bytes());
    // Few accounts with many visits, so that these meet.
    let account = asked.text.bytes().map(usize::from).sum::<usize>() % 3;
    let user = v1::UserInfo {
        account_id: account.to_string(),
        ..Default::default()
    };
    let request = AssessRequest {
        project: asked.project.parse().unwrap(),
        assessment: Box::new(v1::Assessment {
            event: Some(v1::Event {
                token: asked.text,
                site_key: asked.site_key,
                user_info: Some(user),
                ..Default::default()
            }),
            ..Default::default()
        }),
        explain: false,
        idempotency: asked.key.map(|_| (IdempotencyKey(hash), RequestHash(hash))),
        encode: &|answer| Ok(answer.assessment.encode_to_vec()),
    };
    let answer = steps::assess(&verifier, request).await?;
    let answer = v1::Assessment::decode(&answer[..]).unwrap();
    let told = answer.token_properties.unwrap();
    assert_eq!(
        told.valid,
        told.invalid_reason() == InvalidReason::Unspecified
    );
    let name = answer.name.rsplit('/').next().unwrap_or_default();
    Ok((told.invalid_reason(), name.to_owned()))
}

pub fn visitor() -> Visitor<'static> {
    Visitor {
        address: [127, 0, 0, 1].into(),
        countable: None,
        host: Some("www.shop.example"),
        signer: None,
        language: Language::fallback(),
        transport: Transport::default(),
    }
}

pub fn open(path: &Path, now: u64) -> DataDir {
    DataDir::open(path, None, now).unwrap()
}

/// The files as they are, but for the index of the log, which belongs to the processes that are gone.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        if !path.to_string_lossy().ends_with("-shm") {
            fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
        }
    }
}
