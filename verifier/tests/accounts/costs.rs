//! What an account costs an assessment.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use serde_json::{Value, json};
use touchstone_store::StoreError;

use crate::kit::{
    Kit,
    wrapped::{Hook, Wrapped},
};

/// A store that is some way off.
struct Distant;

#[async_trait]
impl Hook for Distant {
    async fn before(&self, _: &'static str) -> Result<(), StoreError> {
        tokio::time::sleep(DISTANCE).await;
        Ok(())
    }
}

#[tokio::test]
async fn an_account_costs_one_round_trip_more() {
    let kit = Kit::start_on(
        |store| {
            Arc::new(Wrapped {
                store,
                hook: Distant,
            })
        },
        |_| {},
    )
    .await;
    let without = fastest(&kit, json!({})).await;
    let with = fastest(
        &kit,
        json!({"accountId": "alice", "userIds": [{"email": "a@shop.example"}]}),
    )
    .await;
    assert!(
        with > without,
        "{without:?} without an account, {with:?} with"
    );
    assert!(
        with < without + 2 * DISTANCE,
        "{without:?} without an account, {with:?} with"
    );
}

/// Of several, since this machine has other things to do.
async fn fastest(kit: &Kit, user: Value) -> Duration {
    let mut fastest = Duration::MAX;
    for _ in 0..5 {
        let token = kit.token("login").await;
        let begun = Instant::now();
        kit.assess(&kit.shop, json!({"token": token, "userInfo": user}))
            .await;
        fastest = fastest.min(begun.elapsed());
    }
    fastest
}

const DISTANCE: Duration = Duration::from_millis(150);
