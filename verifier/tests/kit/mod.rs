//! A whole verifier in the test's own process: real sockets, a clock that the test moves, and what a page and a backend do.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]
#![allow(
    dead_code,
    unused_imports,
    reason = "each test file uses its own part of the kit"
)]

mod customers;
pub mod dns;
pub mod doors;
pub mod grpc;
pub mod replica;
pub mod wrapped;

pub use customers::{Customer, customer, web_settings};

use std::{net::SocketAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Method, Request, StatusCode, header::HeaderMap};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use touchstone::{
    Verifier,
    bots::{Bots, Crawlers},
    config::{FactorConfig, FactorOptions, ServeConfig},
    data::DataDir,
    environment::ManualClock,
    factors::Factors,
    keys::{Scope, new_api_key, new_site_key},
    manage,
    proofs::PowMode,
    replays::ReplayConfig,
    serve::{self, Shutdown, Wish},
};
use touchstone_api::v1;
use touchstone_protocol::{
    Challenge, Counters, Envelope, Environment, Measure, Probe, Report, State, fnv1a64,
};
use touchstone_store::{
    Integration, Millis, ProjectId, Store,
    sqlite::{Durability, SqliteOptions},
};

/// A running verifier with two projects, `shop` and `other`, each with a site key and an API key.
pub struct Kit {
    pub address: SocketAddr,
    pub clock: Arc<ManualClock>,
    pub verifier: Arc<Verifier>,
    pub data: DataDir,
    pub shop: Customer,
    pub other: Customer,
    client: Client<HttpConnector, Full<Bytes>>,
    folder: TempDir,
    config: ServeConfig,
    wish: Wish,
}

/// An answer, whole.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {:?}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

impl Kit {
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub async fn start_with(change: impl FnOnce(&mut ServeConfig)) -> Self {
        Self::launch(PowMode::Off, |store| store, change).await
    }

    /// A verifier whose reports cost something.
    pub async fn start_with_pow(pow: PowMode) -> Self {
        Self::launch(pow, |store| store, |_| {}).await
    }

    /// A verifier whose store is wrapped.
    pub async fn start_on(
        wrap: impl FnOnce(Arc<dyn Store>) -> Arc<dyn Store>,
        change: impl FnOnce(&mut ServeConfig),
    ) -> Self {
        Self::launch(PowMode::Off, wrap, change).await
    }

    async fn launch(
        pow: PowMode,
        wrap: impl FnOnce(Arc<dyn Store>) -> Arc<dyn Store>,
        change: impl FnOnce(&mut ServeConfig),
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::open(&folder.path().join("data"), None, START).unwrap();
        let options = SqliteOptions {
            durability: Durability::Off,
            ..SqliteOptions::default()
        };
        let store = wrap(data.store(options, START).unwrap());
        let clock = Arc::new(ManualClock::at(START + 1_000));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut config = ServeConfig {
            listen: address,
            admin_listen: address,
            trusted_proxies: Vec::new(),
            tls: None,
            base_path: String::new(),
            retention: Duration::from_secs(3_600),
            account_retention: Duration::from_secs(90 * 86_400),
            ja4_header: None,
            bot_keys: None,
            verify_bots: false,
            dns_server: None,
            max_connections: 256,
            max_in_flight: 256,
            quota_per_minute: None,
            pow,
            replays: ReplayConfig::default(),
            pwned_passwords_range: false,
            allow_test_keys: false,
            factors: FactorOptions::default(),
        };
        change(&mut config);
        let bots = config
            .bot_keys
            .as_deref()
            .map(|file| Bots::read(file).unwrap());
        let verifier = Verifier::new(&data, store, clock.clone()).unwrap();
        let verifier = verifier.with_bots(bots.unwrap_or_default());
        let crawlers = { config.verify_bots }
            .then(|| Crawlers::new(config.dns_server, config.trusted_proxies.clone()).unwrap());
        let verifier = verifier.with_crawlers(crawlers);
        let verifier = match config.allow_test_keys {
            true => verifier.with_test_keys(),
            false => verifier,
        };
        let factors = FactorConfig::of(config.factors.clone()).unwrap();
        let verifier = verifier.with_factors(Factors::new(factors).unwrap().trying_for(PATIENCE));
        let verifier = Arc::new(verifier.with_pow(config.pow));
        let shop = customer(&verifier, "shop", &["shop.example"], &Scope::ALL).await;
        let other = customer(&verifier, "other", &["other.example"], &Scope::ALL).await;
        let (wish, shutdown) = Shutdown::by_hand();
        tokio::spawn(serve::run_on(
            listener,
            None,
            verifier.clone(),
            config.clone(),
            shutdown,
        ));
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self {
            address,
            clock,
            verifier,
            data,
            shop,
            other,
            client,
            folder,
            config,
            wish,
        }
    }

    /// Stops the verifier and starts another one on the same data and store, configured anew.
    pub async fn restart_with(&mut self, change: impl FnOnce(&mut ServeConfig)) {
        change(&mut self.config);
        let store = self.verifier.store.clone();
        let verifier = Verifier::new(&self.data, store, self.clock.clone()).unwrap();
        let factors = FactorConfig::of(self.config.factors.clone()).unwrap();
        let mut verifier =
            verifier.with_factors(Factors::new(factors).unwrap().trying_for(PATIENCE));
        verifier.load_replays(self.config.replays).await.unwrap();
        self.verifier = Arc::new(verifier);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        self.address = listener.local_addr().unwrap();
        let shutdown;
        (self.wish, shutdown) = Shutdown::by_hand();
        let (verifier, config) = (self.verifier.clone(), self.config.clone());
        tokio::spawn(serve::run_on(listener, None, verifier, config, shutdown));
    }

    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// One request; headers as pairs.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Answer {
        let mut request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).unwrap())
            .uri(format!("http://{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(body.into())).unwrap();
        let answer = self.client.request(request).await.unwrap();
        let (head, body) = answer.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer {
            status: head.status,
            headers: head.headers,
            body,
        }
    }

    /// An assessment as a backend asks for it, with the fields given over the usual ones.
    pub async fn assess(&self, customer: &Customer, event: Value) -> Value {
        let answer = self.assess_with(customer, event, &[]).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()
    }

    pub async fn assess_with(
        &self,
        customer: &Customer,
        event: Value,
        headers: &[(&str, &str)],
    ) -> Answer {
        let path = format!("/v1/projects/{}/assessments", customer.project);
        let mut all = vec![("x-goog-api-key", customer.api_key.as_str())];
        all.extend_from_slice(headers);
        self.send("POST", &path, &all, json!({"event": event}).to_string())
            .await
    }

    /// Posts a report as an agent of the shop's page does, and answers the token.
    pub async fn post_report(&self, body: impl Into<Bytes>) -> Answer {
        let path = format!("/recaptcha/agent/token?k={}", self.shop.site_key);
        self.send("POST", &path, &BROWSER, body).await
    }

    /// A token of the shop's page.
    pub async fn token(&self, action: &str) -> String {
        let envelope = self.page().await.envelope(action, 0);
        self.post_report(envelope).await.text()
    }

    /// A token of `report`, from a page of the customer's first site.
    pub async fn token_of(&self, customer: &Customer, page: &Page, report: &Report) -> String {
        let path = format!("/recaptcha/agent/token?k={}", customer.site_key);
        let origin = format!("https://{}.example", customer.project);
        let mut headers = BROWSER;
        headers[0].1 = &origin;
        let body = page.envelope_of(report, "login", 0);
        self.send("POST", &path, &headers, body).await.text()
    }

    /// A page of the shop with an open session.
    pub async fn page(&self) -> Page {
        self.page_of(&self.shop.site_key, ORIGIN).await
    }

    pub async fn page_of(&self, site_key: &str, origin: &str) -> Page {
        let path = format!("/recaptcha/agent/session?k={site_key}");
        let mut headers = BROWSER;
        headers[0].1 = origin;
        let answer = self.send("POST", &path, &headers, Bytes::new()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        Page {
            challenge: Challenge::decode(&answer.body).unwrap(),
        }
    }
}

/// An open session.
pub struct Page {
    pub challenge: Challenge,
}

impl Page {
    /// The envelope of a page in which nobody has done anything yet.
    pub fn envelope(&self, action: &str, counter: u8) -> Vec<u8> {
        self.envelope_of(&quiet_report(), action, counter)
    }

    pub fn envelope_of(&self, report: &Report, action: &str, counter: u8) -> Vec<u8> {
        let Challenge { key, sealed, .. } = &self.challenge;
        Envelope::seal(report, key, sealed, action, counter, [counter; 12]).encode()
    }
}

/// A report of an ordinary browser without any interaction.
pub fn quiet_report() -> Report {
    let mut environment = Environment::new(fnv1a64(USER_AGENT.as_bytes()), "en-GB,en".to_owned());
    for probe in Probe::ALL {
        environment.set_probe(*probe, State::No);
    }
    for probe in [
        Probe::AnyPointerFine,
        Probe::AnyHover,
        Probe::SecureContext,
        Probe::ChromeObject,
    ] {
        environment.set_probe(probe, State::Yes);
    }
    for (measure, value) in [
        (Measure::PixelRatio, 1_000),
        (Measure::InnerWidth, 1_280),
        (Measure::InnerHeight, 720),
        (Measure::OuterWidth, 1_296),
        (Measure::OuterHeight, 840),
        (Measure::ScreenWidth, 1_920),
        (Measure::ScreenHeight, 1_080),
    ] {
        environment.set_measure(measure, value);
    }
    Report {
        sealed_at: 60_000,
        started_at: 4_000,
        environment,
        counters: Counters::default(),
        ..Report::default()
    }
}

pub const START: u64 = 1_800_000_000_000;
pub const ORIGIN: &str = "https://www.shop.example";
pub const USER_AGENT: &str =
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
/// What a browser sends with a report.
pub const BROWSER: [(&str, &str); 8] = [
    ("origin", ORIGIN),
    ("user-agent", USER_AGENT),
    ("accept", "*/*"),
    ("accept-encoding", "gzip, deflate, br, zstd"),
    ("accept-language", "en-GB,en;q=0.5"),
    ("sec-fetch-site", "cross-site"),
    ("sec-fetch-mode", "cors"),
    ("sec-fetch-dest", "empty"),
];

/// How long a code is tried to be sent: less than where people wait, more than a slow machine needs.
const PATIENCE: Duration = Duration::from_secs(3);
