//! What one verifier does, the others know.

use std::{
    future::Future,
    net::IpAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::json;
use touchstone::{Verifier, environment::ManualClock, keys::Quotas};

use crate::{
    fleet::Fleet,
    force::backend::{Asked, Backend},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_made_or_revoked_at_one_verifier_count_at_the_other_within_five_seconds() {
    let Some(fleet) = Fleet::new() else { return };
    let first = fleet.customer();
    let id = fleet.run("api-key list --project shop --json")["id"].take();
    let (one, at_one) = fleet.start(&first).await;
    let (two, _) = fleet.start(&first).await;

    // Asked for at the other one before it is there: what is not there is remembered too.
    let customer = fleet.customer();
    let made = Instant::now();
    let site_key = at_one.create_key().await.unwrap();
    let path = format!("/recaptcha/agent/session?k={site_key}");
    let at_two = Backend::new(two.address, customer);
    within_five_seconds(made, async || status(&at_two, &path, "").await == 200).await;
    let assess = "/v1/projects/shop/assessments";
    let body = json!({"event": {"token": "x"}}).to_string();
    within_five_seconds(made, async || status(&at_two, assess, &body).await == 200).await;

    let revoked = Instant::now();
    let output = fleet.run_with("kek", &format!("api-key revoke {}", id.as_str().unwrap()));
    assert!(output.status.success());
    for server in [&one, &two] {
        let backend = Backend::new(server.address, first.clone());
        within_five_seconds(revoked, async || {
            status(&backend, assess, &body).await != 200
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_verifier_that_restarts_forgets_nothing_and_refuses_nobody() {
    let Some(fleet) = Fleet::new() else { return };
    let customer = fleet.customer();
    let (one, at_one) = fleet.start(&customer).await;
    let (_two, at_two) = fleet.start(&customer).await;
    let page = at_one.page().await.unwrap();
    let mut asked = Vec::new();
    for counter in 0..20 {
        let token = at_one.token(&page, counter).await.unwrap();
        asked.push(Asked {
            token,
            idempotency: None,
        });
    }
    let (spent, open) = asked.split_at(10);
    for asked in spent {
        assert!(at_one.assess(asked).await.unwrap().valid);
    }
    one.kill().await;
    for asked in spent {
        assert!(!at_two.assess(asked).await.unwrap().valid);
    }
    let (_one, at_one) = fleet.start(&customer).await;
    for asked in spent {
        assert!(!at_one.assess(asked).await.unwrap().valid);
    }
    for asked in open {
        assert!(at_one.assess(asked).await.unwrap().valid);
        assert!(!at_two.assess(asked).await.unwrap().valid);
    }
    let token = at_one.token(&page, 63).await.unwrap();
    let idempotency = None;
    assert!(
        at_two
            .assess(&Asked { token, idempotency })
            .await
            .unwrap()
            .valid
    );
}

async fn status(backend: &Backend, path: &str, body: &str) -> u16 {
    let headers = backend.credentials();
    let (head, _) = backend.send(path, &headers, body.to_owned()).await.unwrap();
    head.status.as_u16()
}

async fn within_five_seconds<F: Future<Output = bool>>(since: Instant, is_so: impl Fn() -> F) {
    while !is_so().await {
        assert!(since.elapsed() < Duration::from_secs(5));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_verifier_counts_the_others_know_once() {
    let Some(fleet) = Fleet::new() else { return };
    let clock = Arc::new(ManualClock::at(1_800_000_000_000));
    let one = fleet.verifier(&clock).await;
    let two = fleet.verifier(&clock).await;
    let address: IpAddr = [203, 0, 113, 9].into();
    let per_minute = |verifier: &Verifier| {
        let visits = verifier.traffic.visits(address, verifier.now());
        visits.address.per_minute
    };
    for _ in 0..40 {
        one.traffic.requested("key", Some(address), one.now());
    }
    two.traffic.requested("key", Some(address), two.now());
    for _ in 0..2 {
        one.exchange_traffic(&Quotas::default()).await.unwrap();
        two.exchange_traffic(&Quotas::default()).await.unwrap();
    }
    assert_eq!([&one, &two].map(per_minute), [41.0, 41.0]);

    // What a verifier that has ended left behind goes; nothing is told again.
    clock.advance(61_000);
    let three = fleet.verifier(&clock).await;
    three.exchange_traffic(&Quotas::default()).await.unwrap();
    assert_eq!(per_minute(&three), 0.0);
    three.traffic.requested("key", Some(address), three.now());
    three.exchange_traffic(&Quotas::default()).await.unwrap();
    one.exchange_traffic(&Quotas::default()).await.unwrap();
    let levels = per_minute(&one);
    assert!((1.0..42.0).contains(&levels), "{levels}");
}
