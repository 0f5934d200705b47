//! What Redis alone can show; the promises of every store are in `conformance`. Without a `redis-server` there is nothing to
//! test with, and these tests say so and count as skipped.

mod clusters;
mod costs;
mod distance;
mod examining;
mod failures;
mod lost_answers;
mod proxy;
mod refusals;
mod server;
mod wrapped_keys;

use std::sync::{
    Arc,
    atomic::{AtomicU32, AtomicU64, Ordering},
};

use server::{Cluster, Server};

use super::{names::Bucket, *};
use crate::{
    AssessmentId, AssessmentRecord, Idempotency, IdempotencyKey, Integration, IpOverride,
    NewAssessment, Outcome, RequestHash, SecretHash, SiteKey, Spend, Store, TokenId, Verdict,
    conformance,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_keeps_every_promise_of_a_store() {
    let Some(server) = Server::start(&[]) else {
        return;
    };
    keeps_every_promise(&server.url()).await;
}

async fn keeps_every_promise(url: &str) {
    let count = AtomicU32::new(0);
    conformance::run(|now| {
        let number = count.fetch_add(1, Ordering::Relaxed);
        let url = format!("{url}?prefix=store-{number}");
        async move {
            let store: Arc<dyn Store> = Arc::new(open(&url, now).await.unwrap());
            store
        }
    })
    .await;
}

async fn open(url: &str, now: Millis) -> Result<RedisStore, RedisOpenError> {
    static INSTANCES: AtomicU64 = AtomicU64::new(0);
    let instance = INSTANCES.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    RedisStore::open(&url.parse().unwrap(), instance, now).await
}

const NOW: Millis = Millis(1_800_000_000_000);

/// The `n`th attempt to spend a token that was issued now.
fn attempt(token: u8, n: u8) -> NewAssessment {
    let token = TokenId::new(NOW, [token; 10]);
    let record = |id, valid| AssessmentRecord {
        id,
        project: site_key(1).project,
        site_key: site_key(1).id,
        created_at: NOW,
        action: "login".into(),
        score: 0.9,
        reasons: vec![],
        valid,
        invalid_reason: 0,
        account: None,
    };
    NewAssessment {
        record: record(token.into(), true),
        spend: Some(Spend {
            token_id: token,
            if_duplicate: record(
                AssessmentId([token.0[15], n, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, n]),
                false,
            ),
        }),
        idempotency: None,
        sketch: None,
        profile: None,
        day: NOW.day(),
        challenge: None,
        now: NOW,
    }
}

/// The attempt of this number to spend a token of this number.
fn spend(token: u32, n: u32) -> NewAssessment {
    let mut tail = [0; 10];
    tail[..4].copy_from_slice(&(token / 64).to_be_bytes());
    tail[9] = (token % 64) as u8;
    let token_id = TokenId::new(NOW, tail);
    let mut new = attempt(0, 0);
    new.record.id = token_id.into();
    let mut other = token_id.0;
    other[..4].copy_from_slice(&n.to_be_bytes());
    if let Some(spend) = &mut new.spend {
        spend.token_id = token_id;
        spend.if_duplicate.id = AssessmentId(other);
    }
    new
}

/// The same under an idempotency key of the token's own.
fn repeatable(token: u8, n: u8) -> NewAssessment {
    NewAssessment {
        idempotency: Some(Idempotency {
            key: IdempotencyKey([token; 32]),
            request: RequestHash([token; 32]),
            answer_if_first: format!("first {n}").into(),
            answer_if_duplicate: format!("duplicate {n}").into(),
        }),
        ..attempt(token, n)
    }
}

fn site_key(n: u8) -> SiteKey {
    SiteKey {
        id: format!("6L{n:038}").parse().unwrap(),
        project: "p".parse().unwrap(),
        display_name: "key".into(),
        integration: Integration::Score,
        allow_all_domains: false,
        domains: vec!["example.com".into()],
        settings: vec![],
        policy: vec![],
        sealed_secret: vec![1, 2, 3],
        secret_hash: SecretHash([n; 32]),
        created_at: NOW,
        revision: 0,
    }
}
