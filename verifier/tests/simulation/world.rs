//! Two replicas on one data directory, and the pages and backends that talk to them.

use tempfile::TempDir;
use touchstone::{
    data::DataDir,
    keys::Scope,
    steps::{self, AnnotateRequest, Issued, StepError},
};
use touchstone_api::v1::{self, token_properties::InvalidReason};
use touchstone_protocol::Challenge;
use touchstone_store::{MAX_ANNOTATIONS, ProjectId, Store};

use crate::{
    kit::{Customer, Page, START, customer},
    model::{Model, Told},
    operations::{Fault, Life, Operation},
    replica::{Asked, Replica, ask, copy, open, visitor},
};

pub struct World {
    folder: TempDir,
    /// How often everything crashed: each time, what is left is found in a folder of its own.
    crashes: usize,
    skews: [i64; 2],
    /// The true time.
    now: u64,
    replicas: [Replica; 2],
    shop: Customer,
    other: Customer,
    pages: Vec<(Page, u8)>,
    tokens: Vec<Token>,
    model: Model,
}

#[derive(Clone)]
struct Token {
    text: String,
    /// What it was made of, if it may be posted again.
    report: Option<Vec<u8>>,
}

impl World {
    /// Lives this life; panics where the model does not allow what happens.
    pub async fn live(life: &Life) -> Told {
        let mut world = Self::new(life.skews).await;
        world.open(0).await;
        world.open(1).await;
        for operation in &life.operations {
            world.step(operation).await;
            world.model.told.operations += 1;
        }
        world.look_for_records().await;
        world.model.told
    }

    async fn new(skews: [i64; 2]) -> Self {
        let folder = folder();
        let now = START + 1_000_000;
        let data = folder.path().join("0");
        let replicas = skews.map(|skew| Replica::start(&data, now, skew));
        let verifier = &replicas[0].verifier;
        let shop = customer(verifier, "shop", &["shop.example"], &Scope::ALL).await;
        let other = customer(verifier, "other", &["other.example"], &Scope::ALL).await;
        Self {
            folder,
            crashes: 0,
            skews,
            now,
            replicas,
            shop,
            other,
            pages: Vec::new(),
            tokens: Vec::new(),
            model: Model::default(),
        }
    }

    async fn step(&mut self, operation: &Operation) {
        match operation {
            Operation::Open { replica } => self.open(*replica).await,
            Operation::Issue { replica, page } => self.issue(*replica, *page).await,
            Operation::IssueAgain { replica, token } => self.issue_again(*replica, *token).await,
            Operation::PostNonsense { replica, bytes } => {
                if let Some(Issued::Token(text)) = self.post(*replica, bytes).await {
                    self.new_token(*replica, text, None);
                }
            }
            Operation::Assess { replica, token } => self.assess(*replica, *token, false).await,
            Operation::AssessByKey { replica, token } => self.assess(*replica, *token, true).await,
            Operation::Race { token, backends } => self.race(*token, *backends).await,
            Operation::AssessForeign { replica, token } => self.foreign(*replica, *token).await,
            Operation::AssessGarbled { replica, token, at } => {
                self.garbled(*replica, *token, *at).await;
            }
            Operation::Annotate {
                replica,
                assessment,
            } => self.annotate(*replica, *assessment).await,
            Operation::Rotate => {
                self.data().rotate_ring(self.now).unwrap();
            }
            Operation::Look { replica } => self.replicas[*replica].verifier.ring.look().await,
            Operation::Wait { ms } => self.wait(*ms).await,
            Operation::Prune { replica } => self.prune(*replica).await,
            Operation::Fail { replica, fault } => self.replicas[*replica].store.fail(Some(*fault)),
            Operation::Crash { tokens, steps } => self.crash(tokens, *steps).await,
        }
    }

    async fn open(&mut self, replica: usize) {
        let at = &self.replicas[replica];
        let fault = at.store.fault();
        let opened = steps::open_session(&at.verifier, &self.shop.site_key, &[], visitor()).await;
        match opened {
            Ok(challenge) => self.pages.push(new_page(&challenge)),
            Err(error) => self.failed(fault, &error),
        }
    }

    async fn issue(&mut self, replica: usize, page: usize) {
        let Some(page) = pick(page, self.pages.len()) else {
            return;
        };
        let (open, counter) = &mut self.pages[page];
        if *counter == MOST_OF_A_SESSION {
            return;
        }
        let report = open.envelope("login", *counter);
        *counter += 1;
        match self.post(replica, &report).await {
            Some(Issued::Token(text)) => self.new_token(replica, text, Some(report)),
            Some(Issued::Challenge(challenge)) => self.pages[page] = new_page(&challenge),
            Some(Issued::Asked(_)) => panic!("a score key asks nothing"),
            None => {}
        }
    }

    async fn issue_again(&mut self, replica: usize, token: usize) {
        let Some(first) = pick(token, self.tokens.len()) else {
            return;
        };
        let Some(report) = self.tokens[first].report.clone() else {
            return;
        };
        if let Some(Issued::Token(text)) = self.post(replica, &report).await {
            self.model.issued_again(first, self.replicas[replica].now());
            let report = Some(report);
            self.tokens.push(Token { text, report });
        }
    }

    async fn assess(&mut self, replica: usize, token: usize, by_key: bool) {
        let Some(token) = pick(token, self.tokens.len()) else {
            return;
        };
        let at = &self.replicas[replica];
        let (fault, now) = (at.store.fault(), at.now());
        let asked = self.asked(token, by_key.then_some(token));
        match ask(at.verifier.clone(), asked).await {
            Ok((reason, name)) if by_key => self.model.assessed_by_key(token, now, reason, name),
            Ok((reason, name)) => self.model.assessed(token, now, reason, name),
            Err(error) => {
                self.failed(fault, &error);
                if fault == Some(Fault::LoseAnswer) {
                    self.model.answer_lost(token, now, by_key);
                }
            }
        }
    }

    async fn race(&mut self, token: usize, backends: usize) {
        let Some(token) = pick(token, self.tokens.len()) else {
            return;
        };
        self.mend();
        let asking: Vec<_> = (0..backends)
            .map(|backend| {
                let verifier = self.replicas[backend % 2].verifier.clone();
                tokio::spawn(ask(verifier, self.asked(token, None)))
            })
            .collect();
        let mut answers = Vec::new();
        for (backend, asking) in asking.into_iter().enumerate() {
            let (reason, name) = asking.await.unwrap().unwrap();
            answers.push((self.replicas[backend % 2].now(), reason, name));
        }
        // The one that was valid, if any, was first; of the others each must follow from it.
        answers.sort_by_key(|(_, reason, _)| *reason != InvalidReason::Unspecified);
        for (now, reason, name) in answers {
            self.model.assessed(token, now, reason, name);
        }
    }

    async fn foreign(&mut self, replica: usize, token: usize) {
        let Some(token) = pick(token, self.tokens.len()) else {
            return;
        };
        let at = &self.replicas[replica];
        let fault = at.store.fault();
        let asked = Asked {
            project: "other",
            site_key: self.other.site_key.clone(),
            ..self.asked(token, None)
        };
        match ask(at.verifier.clone(), asked).await {
            Ok((reason, _)) => assert_eq!(reason, InvalidReason::KeyMismatch),
            Err(error) => self.failed(fault, &error),
        }
    }

    async fn garbled(&mut self, replica: usize, token: usize, at: usize) {
        let Some(token) = pick(token, self.tokens.len()) else {
            return;
        };
        let mut asked = self.asked(token, None);
        let at = at % asked.text.len();
        let other = if &asked.text[at..=at] == "A" {
            "B"
        } else {
            "A"
        };
        asked.text.replace_range(at..=at, other);
        let replica = &self.replicas[replica];
        let fault = replica.store.fault();
        match ask(replica.verifier.clone(), asked).await {
            Ok((reason, name)) => {
                assert_eq!(reason, InvalidReason::Malformed);
                self.model.recorded(name);
            }
            Err(error) => self.failed(fault, &error),
        }
    }

    async fn annotate(&mut self, replica: usize, assessment: usize) {
        let Some(number) = pick(assessment, self.model.assessments.len()) else {
            return;
        };
        let at = &self.replicas[replica];
        let fault = at.store.fault();
        let annotation = v1::annotate_assessment_request::Annotation::Fraudulent;
        let asked = AnnotateRequest {
            project: shop(),
            assessment: self.model.assessments[number].name.parse().unwrap(),
            request: v1::AnnotateAssessmentRequest {
                annotation: annotation.into(),
                ..Default::default()
            },
        };
        match steps::annotate(&at.verifier, asked).await {
            Ok(()) => self.model.assessments[number].annotations += 1,
            Err(error) => {
                self.failed(fault, &error);
                if fault == Some(Fault::LoseAnswer) {
                    self.model.assessments[number].perhaps_more += 1;
                }
            }
        }
    }

    async fn wait(&mut self, ms: u64) {
        self.now += ms;
        for replica in &self.replicas {
            replica.clock.advance(ms);
            replica.verifier.ring.look().await;
        }
    }

    async fn prune(&mut self, replica: usize) {
        let at = &self.replicas[replica];
        let (fault, now) = (at.store.fault(), at.now());
        match at.verifier.prune(RETENTION_MS).await {
            Ok(()) => self.model.pruned(now),
            Err(error) => self.failed(fault, &error.into()),
        }
    }

    /// What is in the files while backends ask is all that the next processes find.
    async fn crash(&mut self, tokens: &[usize], steps: usize) {
        self.mend();
        let picked = tokens
            .iter()
            .filter_map(|token| pick(*token, self.tokens.len()));
        let picked: Vec<usize> = picked.collect();
        let asking: Vec<_> = picked
            .iter()
            .map(|token| {
                let verifier = self.replicas[0].verifier.clone();
                tokio::spawn(ask(verifier, self.asked(*token, None)))
            })
            .collect();
        for _ in 0..steps {
            tokio::task::yield_now().await;
        }
        let now = self.replicas[0].now();
        let mut answers = Vec::new();
        for (token, asking) in picked.into_iter().zip(asking) {
            match asking.is_finished() {
                true => answers.push((token, asking.await.unwrap().unwrap())),
                false => {
                    asking.abort();
                    self.model.crashed_asking(token, now);
                }
            }
        }
        let next = self.folder.path().join((self.crashes + 1).to_string());
        copy(&self.folder.path().join(self.crashes.to_string()), &next);
        self.crashes += 1;
        self.model.told.crashes += 1;
        self.replicas = self.skews.map(|skew| Replica::start(&next, self.now, skew));
        answers.sort_by_key(|(_, (reason, _))| *reason != InvalidReason::Unspecified);
        for (token, (reason, name)) in answers {
            self.model.assessed(token, now, reason, name);
        }
        self.look_for_records().await;
    }

    /// Every acknowledged assessment is there with its annotations.
    async fn look_for_records(&mut self) {
        self.mend();
        for kept in &self.model.assessments {
            let store = &self.replicas[1].store;
            let found = store.assessment(&shop(), &kept.name.parse().unwrap()).await;
            let found = found.unwrap().expect("an assessment that was acknowledged");
            let most = MAX_ANNOTATIONS as usize;
            let least = kept.annotations.min(most);
            let most = (kept.annotations + kept.perhaps_more).min(most);
            let number = found.annotations.len();
            assert!((least..=most).contains(&number), "{number} annotations");
        }
    }

    async fn post(&mut self, replica: usize, body: &[u8]) -> Option<Issued> {
        let at = &self.replicas[replica];
        let fault = at.store.fault();
        let issued = steps::issue_token(&at.verifier, &self.shop.site_key, body, visitor()).await;
        match issued {
            Ok(issued) => Some(issued),
            Err(error) => {
                self.failed(fault, &error);
                None
            }
        }
    }

    fn new_token(&mut self, replica: usize, text: String, report: Option<Vec<u8>>) {
        self.model.issued(self.replicas[replica].now());
        self.tokens.push(Token { text, report });
    }

    fn asked(&self, token: usize, key: Option<usize>) -> Asked {
        Asked {
            text: self.tokens[token].text.clone(),
            project: "shop",
            site_key: self.shop.site_key.clone(),
            key,
        }
    }

    /// An error is what it should be if the store was told to fail.
    fn failed(&mut self, fault: Option<Fault>, error: &StepError) {
        let is_due = fault.is_some() && matches!(error, StepError::Store(_));
        assert!(is_due, "{error}");
        self.model.told.failed += 1;
    }

    fn mend(&self) {
        for replica in &self.replicas {
            replica.store.fail(None);
        }
    }

    fn data(&self) -> DataDir {
        open(&self.folder.path().join(self.crashes.to_string()), self.now)
    }
}

fn new_page(challenge: &[u8]) -> (Page, u8) {
    let challenge = Challenge::decode(challenge).unwrap();
    (Page { challenge }, 0)
}

fn shop() -> ProjectId {
    "shop".parse().unwrap()
}

/// One of the newest.
fn pick(number: usize, of: usize) -> Option<usize> {
    (of > 0).then(|| of - 1 - number % of.min(PICKED))
}

/// In memory, where there is such a place: what is on a disk is not the question here.
fn folder() -> TempDir {
    tempfile::tempdir_in("/dev/shm").unwrap_or_else(|_| tempfile::tempdir().unwrap())
}

const PICKED: usize = 12;
const MOST_OF_A_SESSION: u8 = 64;
const RETENTION_MS: u64 = 30 * 24 * 3_600_000;
