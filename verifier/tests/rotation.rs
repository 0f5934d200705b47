//! The key ring is rotated while pages and backends are at work, on two replicas whose clocks are half a minute off: no token is
//! refused for it. The replicas' clocks are moved by hand, since a new key seals 70 seconds after it was published.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod kit;

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use kit::{BROWSER, Kit, Page};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use touchstone_protocol::Challenge;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rotation_under_load_refuses_no_token() {
    let ahead = Kit::start().await;
    let behind = ahead.replica().await;
    ahead.clock.advance(2 * SKEW_MS);
    let shop = Arc::new(Shop {
        client: Client::builder(TokioExecutor::new()).build_http(),
        replicas: [ahead.address, behind.address].map(|address| format!("http://{address}")),
        site_key: ahead.shop.site_key.clone(),
        api_key: ahead.shop.api_key.clone(),
        is_over: AtomicBool::new(false),
        answered: AtomicUsize::new(0),
        sealed_by: Mutex::default(),
    });
    let mut visits = JoinSet::new();
    for number in 0..VISITORS {
        visits.spawn(shop.clone().visit_until_the_end(number));
    }
    for second in 0..SECONDS {
        if second % BETWEEN_ROTATIONS == 0 {
            ahead.data.rotate_ring(behind.verifier.now()).unwrap();
        }
        // As the server does every two seconds, the one at another time than the other.
        match second % 2 {
            0 => ahead.verifier.ring.look().await,
            _ => behind.verifier.ring.look().await,
        }
        let answered = shop.answered.load(Ordering::Relaxed);
        while shop.answered.load(Ordering::Relaxed) < answered + ANSWERS_A_SECOND {
            assert!(!visits.is_empty());
            if let Some(ended) = visits.try_join_next() {
                ended.unwrap();
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        behind.clock.advance(1_000);
        ahead.clock.advance(1_000);
    }
    shop.is_over.store(true, Ordering::Relaxed);
    visits.join_all().await;
    let keys = shop.sealed_by.lock().unwrap();
    println!(
        "{} tokens valid, sealed by the keys {keys:?}",
        shop.answered.load(Ordering::Relaxed)
    );
    assert!(keys.len() > 2, "the new keys were never used: {keys:?}");
}

/// A page and a backend, each of which asks either replica.
struct Shop {
    client: Client<HttpConnector, Full<Bytes>>,
    replicas: [String; 2],
    site_key: String,
    api_key: String,
    is_over: AtomicBool,
    answered: AtomicUsize,
    sealed_by: Mutex<HashSet<u32>>,
}

impl Shop {
    async fn visit_until_the_end(self: Arc<Self>, number: usize) {
        let mut random = fastrand::Rng::with_seed(number as u64);
        while !self.is_over.load(Ordering::Relaxed) {
            let path = format!("/recaptcha/agent/session?k={}", self.site_key);
            let (opener, sealer, asked) = (random.bool(), random.bool(), random.bool());
            let challenge = self.post(opener, &path, &BROWSER, Bytes::new()).await;
            let challenge = Challenge::decode(&challenge).unwrap();
            let page = Page { challenge };
            let path = format!("/recaptcha/agent/token?k={}", self.site_key);
            let report = page.envelope("login", 0);
            let token = self.post(sealer, &path, &BROWSER, report.into()).await;
            let token = String::from_utf8(token.into()).unwrap();
            let event = json!({"token": token, "siteKey": self.site_key});
            let body = json!({ "event": event }).to_string();
            let path = "/v1/projects/shop/assessments";
            let key = [("x-goog-api-key", self.api_key.as_str())];
            let answer = self.post(asked, path, &key, body.into()).await;
            let answer: Value = serde_json::from_slice(&answer).unwrap();
            let told = &answer["tokenProperties"];
            assert_eq!(told["valid"], true, "a person was refused: {told}");
            self.sealed_by.lock().unwrap().insert(key_of(&token));
            self.answered.fetch_add(1, Ordering::Relaxed);
        }
    }

    async fn post(&self, at: bool, path: &str, headers: &[(&str, &str)], body: Bytes) -> Bytes {
        let mut request = Request::post(format!("{}{path}", self.replicas[usize::from(at)]));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = self.client.request(request.body(Full::new(body)).unwrap());
        let (head, body) = answer.await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        assert_eq!(head.status, 200, "{path}: {body:?}");
        body
    }
}

/// The number of the key that a token is sealed under, which is told in front of it.
fn key_of(token: &str) -> u32 {
    let bytes = data_encoding::BASE64URL_NOPAD
        .decode(token.as_bytes())
        .unwrap();
    u32::from_be_bytes(bytes[KEY_AT..KEY_AT + 4].try_into().unwrap())
}

/// Where in a token the number of its key stands.
const KEY_AT: usize = 1;
/// How far each clock is from the middle.
const SKEW_MS: u64 = 30_000;
const VISITORS: usize = 8;
/// Long enough for two more keys to be published and to seal.
const SECONDS: usize = 200;
const BETWEEN_ROTATIONS: usize = 90;
/// So much is answered at least before the clocks move on.
const ANSWERS_A_SECOND: usize = 2;
