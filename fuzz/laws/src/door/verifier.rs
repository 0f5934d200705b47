//! A verifier on a socket of this machine, and clients of it.

use std::{
    cell::Cell,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use http_body_util::Full;
use hyper::{Request, Response, body::Incoming};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use tempfile::TempDir;
use tokio::{net::TcpListener, runtime::Runtime};
use touchstone::{
    Verifier,
    bots::Bots,
    config::{FactorOptions, ServeConfig},
    data::DataDir,
    environment::ManualClock,
    keys::{Scope, new_api_key, new_site_key},
    proofs::PowMode,
    replays::ReplayConfig,
    serve::{self, Shutdown, Wish},
};
use touchstone_protocol::PlainReason;
use touchstone_score::Facts;
use touchstone_store::{
    Integration, Millis, Store,
    sqlite::{Durability, SqliteOptions},
};
use touchstone_token::{ChallengeOutcome, Token};

use crate::files;

/// A running verifier with one project, `shop`.
pub(super) struct Running {
    pub(super) runtime: Runtime,
    pub(super) address: SocketAddr,
    pub(super) api_key: String,
    site_key: String,
    secret: String,
    verifier: Arc<Verifier>,
    http: Client<HttpConnector, Full<Bytes>>,
    grpc: Client<HttpConnector, Full<Bytes>>,
    tokens: Cell<u64>,
    _folder: TempDir,
    _wish: Wish,
}

impl Running {
    pub(super) fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::open(&folder.path().join("data"), None, START).unwrap();
        let options = SqliteOptions {
            durability: Durability::Off,
            ..SqliteOptions::default()
        };
        let store = data.store(options, START).unwrap();
        let clock = Arc::new(ManualClock::at(START + 1_000));
        let bots = files::with_file(files::BOT_KEYS.as_bytes(), |path| Bots::read(path).unwrap());
        let verifier = Verifier::new(&data, store, clock).unwrap().with_bots(bots);
        let verifier = Arc::new(verifier.with_test_keys());
        let (wish, shutdown) = Shutdown::by_hand();
        let (address, site_key, secret, api_key) = runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let keys = customer(&verifier).await;
            let config = config(address);
            tokio::spawn(serve::run_on(
                listener,
                None,
                verifier.clone(),
                config,
                shutdown,
            ));
            (address, keys.0, keys.1, keys.2)
        });
        let client = || Client::builder(TokioExecutor::new());
        Self {
            runtime,
            address,
            api_key,
            site_key,
            secret,
            verifier,
            http: client().build_http(),
            grpc: client().http2_only(true).build_http(),
            tokens: Cell::new(0),
            _folder: folder,
            _wish: wish,
        }
    }

    /// The bytes with what their placeholders stand for.
    pub(super) fn filled_in(&self, bytes: &[u8]) -> Vec<u8> {
        let mut filled = Vec::with_capacity(bytes.len());
        let mut rest = bytes;
        while let Some((first, behind)) = rest.split_first() {
            let known = NAMES.iter().find(|name| rest.starts_with(name.as_bytes()));
            rest = match known {
                Some(name) => {
                    filled.extend_from_slice(self.meant_by(name).as_bytes());
                    &rest[name.len()..]
                }
                None => {
                    filled.push(*first);
                    behind
                }
            };
        }
        filled
    }

    /// Answers over HTTP/1.1.
    pub(super) fn http(
        &self,
        request: Request<Full<Bytes>>,
    ) -> impl Future<Output = Response<Incoming>> + use<> {
        answered(self.http.clone(), request)
    }

    /// Answers over HTTP/2.
    pub(super) fn grpc(
        &self,
        request: Request<Full<Bytes>>,
    ) -> impl Future<Output = Response<Incoming>> + use<> {
        answered(self.grpc.clone(), request)
    }

    fn meant_by(&self, name: &str) -> String {
        match name {
            "{key}" => self.api_key.clone(),
            "{site}" => self.site_key.clone(),
            "{secret}" => self.secret.clone(),
            _ => self.token(),
        }
    }

    /// A token of the site key that was never spent.
    fn token(&self) -> String {
        let number = self.tokens.replace(self.tokens.get() + 1);
        let mut id = [0; 16];
        id[..6].copy_from_slice(&(START + 500).to_be_bytes()[2..]);
        id[8..].copy_from_slice(&number.to_be_bytes());
        let mut nonce = [0; 24];
        nonce[..16].copy_from_slice(&id);
        let token = Token {
            id,
            issued_at: START + 900,
            site_key: self.site_key.clone(),
            project: "shop".to_owned(),
            action: "login".to_owned(),
            hostname: Some("shop.example".to_owned()),
            address: IpAddr::from([192, 0, 2, 7]),
            user_agent: String::new(),
            user_agent_hash: 0,
            client_signals_failed: true,
            signer: 0,
            tls_client: 0,
            facts: Facts::unmeasured(PlainReason::NoWasm).encode(),
            page: id,
            sketch: Vec::new(),
            challenge: ChallengeOutcome::None,
        };
        token.seal(&self.verifier.ring(), nonce, START).unwrap()
    }
}

async fn answered(
    client: Client<HttpConnector, Full<Bytes>>,
    request: Request<Full<Bytes>>,
) -> Response<Incoming> {
    client.request(request).await.expect("an answer comes")
}

/// Site key, its secret, and an API key.
async fn customer(verifier: &Verifier) -> (String, String, String) {
    let (vault, now) = (&verifier.vault, Millis(START));
    let project = || "shop".parse().unwrap();
    let domains = vec!["shop.example".to_owned()];
    let name = "made for a law".to_owned();
    let kind = Integration::Score;
    let key = new_site_key(vault, project(), name.clone(), kind, domains, false, now).unwrap();
    let api_key = new_api_key(vault, project(), name, &Scope::ALL, now).unwrap();
    let store: &dyn Store = &*verifier.store;
    store.create_site_key(key.record.clone()).await.unwrap();
    store.create_api_key(api_key.record).await.unwrap();
    let site_key = key.record.id.as_str().to_owned();
    (site_key, key.secret.to_string(), api_key.text.to_string())
}

/// Everything that reads something from outside is switched on.
fn config(address: SocketAddr) -> ServeConfig {
    ServeConfig {
        listen: address,
        admin_listen: address,
        trusted_proxies: vec!["127.0.0.0/8".parse().unwrap()],
        tls: None,
        base_path: String::new(),
        retention: Duration::from_secs(3_600),
        account_retention: Duration::from_secs(3_600),
        ja4_header: Some("x-ja4".parse().unwrap()),
        bot_keys: None,
        verify_bots: false,
        dns_server: None,
        max_connections: 64,
        max_in_flight: 64,
        quota_per_minute: None,
        pow: PowMode::Off,
        replays: ReplayConfig::default(),
        allow_test_keys: true,
        factors: FactorOptions::default(),
        pwned_passwords_range: true,
    }
}

const NAMES: [&str; 4] = ["{key}", "{site}", "{secret}", "{token}"];
const START: u64 = 1_800_000_000_000;
