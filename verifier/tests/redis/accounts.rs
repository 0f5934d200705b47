//! Accounts where verifiers share a store, on one server and on a cluster.

use serde_json::json;

use crate::{fleet::Fleet, kit::Kit, story};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_story_is_the_same_on_redis() {
    let Some(fleet) = Fleet::new() else { return };
    story::tell(&kit(&fleet).await).await;
    story::retain(&kit(&fleet).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_story_is_the_same_on_a_cluster() {
    let Some(fleet) = Fleet::on_cluster() else {
        return;
    };
    story::tell(&kit(&fleet).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_costs_two_scripts_more() {
    let Some(fleet) = Fleet::new() else { return };
    let kit = kit(&fleet).await;
    let mut least = Vec::new();
    for user in [json!({}), json!({"accountId": "alice"})] {
        let mut calls = f64::INFINITY;
        // The first sends a script's text, too, and the store may be pruned meanwhile.
        for _ in 0..6 {
            let token = kit.token("login").await;
            let before = scripts(&fleet);
            let event = json!({"token": token, "userInfo": user});
            kit.assess(&kit.shop, event).await;
            calls = calls.min(scripts(&fleet) - before);
        }
        least.push(calls);
    }
    // Who belongs to the account is asked together with its profile, which is then written beside the assessment.
    assert_eq!(least, [1.0, 3.0]);
}

async fn kit(fleet: &Fleet) -> Kit {
    let store = fleet
        .open(&fleet.path("unused"), 1_800_000_000_000)
        .await
        .unwrap()
        .store;
    Kit::start_on(|_| store, |_| {}).await
}

/// Scripts that were called.
fn scripts(fleet: &Fleet) -> f64 {
    let counters = fleet.counters();
    let of = |name: &str| counters[0].0.get(name).copied().unwrap_or_default();
    of("evalsha") + of("eval")
}
