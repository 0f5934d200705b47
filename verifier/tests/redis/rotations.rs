//! The ring is rotated for all verifiers at once.

use std::sync::Arc;

use serde_json::json;
use touchstone::{
    environment::{ManualClock, fresh},
    keys::RingKeeper,
};
use touchstone_protocol::SessionKey;
use touchstone_token::{PUBLISH_BEFORE_MS, Session};

use crate::fleet::{Fleet, now};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn rotations_at_once_add_one_key() {
    let Some(fleet) = Fleet::new() else { return };
    assert!(fleet.run_with("kek", "key list").status.success());
    let fleet = Arc::new(fleet);
    let rotate = |_| {
        let fleet = fleet.clone();
        tokio::task::spawn_blocking(move || fleet.run("ring rotate --json"))
    };
    let rotations: Vec<_> = (0..4).map(rotate).collect();
    for rotation in rotations {
        let ring = rotation.await.unwrap();
        assert_eq!(
            (&ring["newest"], &ring["keys"]),
            (&json!(2), &json!([1, 2]))
        );
    }
}

#[tokio::test]
async fn every_verifier_knows_a_new_key_before_it_seals() {
    let Some(fleet) = Fleet::new() else { return };
    let clock = Arc::new(ManualClock::at(START));
    let (one, two) = (fleet.verifier(&clock).await, fleet.verifier(&clock).await);
    let opened = fleet.open(&fleet.path("unused"), START).await.unwrap();
    opened.keys.source.rotate(START).await.unwrap();
    for verifier in [&one, &two] {
        verifier.ring.look().await;
        assert_eq!(verifier.ring().keys().count(), 2);
    }
    for wait in [RingKeeper::LOOK_EVERY_MS, PUBLISH_BEFORE_MS] {
        clock.advance(wait);
        let sealed = session(now(&clock)).seal(&one.ring(), fresh().unwrap(), now(&clock));
        assert!(two.open_session(&sealed).await.is_some());
    }
    let late = opened.keys.source.rotate(now(&clock)).await.unwrap();
    assert_eq!(late.keys().count(), 3, "the key of the last rotation seals");
}

#[tokio::test]
async fn a_verifier_that_missed_a_rotation_looks_once_more_before_it_refuses() {
    let Some(fleet) = Fleet::new() else { return };
    let clock = Arc::new(ManualClock::at(START));
    let late = fleet.verifier(&clock).await;
    let opened = fleet.open(&fleet.path("unused"), START).await.unwrap();
    opened.keys.source.rotate(START).await.unwrap();
    clock.advance(PUBLISH_BEFORE_MS);
    let other = fleet.verifier(&clock).await;
    let sealed = session(START).seal(&other.ring(), fresh().unwrap(), now(&clock));
    let (once, twice) = tokio::join!(late.open_session(&sealed), late.open_session(&sealed));
    assert!(once.is_some() && twice.is_some(), "both asked at once");
}

fn session(now: u64) -> Session {
    Session {
        site_key: "6L".to_owned(),
        key: SessionKey([1; 32]),
        nonce: [2; 16],
        issued_at: now,
        first_seen: now,
        page: [3; 16],
        asked: Default::default(),
        opened: Default::default(),
    }
}

const START: u64 = 1_800_000_000_000;
