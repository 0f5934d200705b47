//! A door that is full: how each client hears of it, and that the others do not notice.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::json;
use tokio::sync::Semaphore;
use tonic::Code;
use touchstone::metrics::Readings;
use touchstone_api::v1;
use touchstone_store::{Store, StoreError};

use crate::kit::{
    BROWSER, Kit,
    wrapped::{Hook, Wrapped},
};

#[tokio::test]
async fn backends_that_wait_for_a_slow_store_leave_pages_and_health_alone() {
    let (kit, free) = start("assess").await;
    let (token, other) = (kit.token("login").await, kit.token("login").await);
    let (first, second, ()) = tokio::join!(
        kit.assess(&kit.shop, json!({"token": token})),
        kit.assess(&kit.shop, json!({"token": other})),
        async {
            until_in_flight(&kit, "backend").await;
            let key = [("x-goog-api-key", kit.shop.api_key.as_str())];
            let refused = kit
                .assess_with(&kit.shop, json!({"token": token}), &[])
                .await;
            assert_eq!(refused.status, 503, "{}", refused.text());
            assert_eq!(refused.header("retry-after"), "1");
            assert_eq!(refused.json()["error"]["status"], "UNAVAILABLE");
            let parent = "projects/shop".to_owned();
            let asked = v1::CreateAssessmentRequest {
                parent,
                ..Default::default()
            };
            let refused = kit
                .call::<_, v1::Assessment>("CreateAssessment", &key, asked)
                .await;
            assert_eq!(refused.unwrap_err().code(), Code::Unavailable);
            for path in ["/recaptcha/api/siteverify", "/turnstile/v0/siteverify"] {
                let form = format!("secret={}&response={token}", kit.shop.secret);
                let kind = [("content-type", "application/x-www-form-urlencoded")];
                let refused = kit.send("POST", path, &kind, form).await;
                assert_eq!(refused.status, 200);
                assert_eq!(refused.json()["error-codes"], json!(["internal-error"]));
            }
            assert!(metrics(&kit).contains("touchstone_requests_shed_total{gate=\"backend\"} 4"));
            assert_eq!(kit.token("login").await.len(), token.len());
            assert_eq!(kit.send("GET", "/healthz", &[], "").await.status, 200);
            let health = kit
                .call_raw("/grpc.health.v1.Health/Check", &[], Vec::new())
                .await;
            assert!(health.is_ok());
            free.add_permits(100);
        }
    );
    for told in [first, second] {
        let is_valid = &told["tokenProperties"]["valid"];
        assert_eq!(*is_valid, true, "who was let in is answered");
    }
    let told = kit.assess(&kit.shop, json!({"token": token})).await;
    assert_eq!(told["tokenProperties"]["invalidReason"], "DUPE");
}

#[tokio::test]
async fn pages_that_wait_for_a_slow_store_leave_backends_alone() {
    let (kit, free) = start("site_key").await;
    // Its site key is known from here on.
    free.add_permits(100);
    let page = kit.page().await;
    free.forget_permits(100);
    let (start, _) = kit.shop.site_key.split_at(kit.shop.site_key.len() - 2);
    let unknown = &format!("/recaptcha/agent/session?k={start}__");
    let (first, second, ()) = tokio::join!(
        kit.send("POST", unknown, &BROWSER, ""),
        kit.send("POST", unknown, &BROWSER, ""),
        async {
            until_in_flight(&kit, "agent").await;
            let refused = kit.post_report(page.envelope("login", 0)).await;
            assert_eq!(refused.status, 503, "{}", refused.text());
            assert_eq!(refused.header("retry-after"), "1");
            assert_eq!(refused.header("access-control-allow-origin"), "*");
            let told = kit.assess(&kit.shop, json!({"token": "no token"})).await;
            assert_eq!(told["tokenProperties"]["valid"], false);
            let script = kit.send("GET", "/recaptcha/enterprise.js", &[], "").await;
            assert_eq!(script.status, 200);
            free.add_permits(100);
        }
    );
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (404, 404));
    assert_eq!(kit.post_report(page.envelope("login", 0)).await.status, 200);
}

/// A verifier with two places a door, whose store is stuck in one operation until it is freed.
async fn start(operation: &'static str) -> (Kit, Arc<Semaphore>) {
    let free = Arc::new(Semaphore::new(0));
    let hook = Stuck {
        operation,
        free: free.clone(),
    };
    let wrap = |store| Arc::new(Wrapped { store, hook }) as Arc<dyn Store>;
    let kit = Kit::start_on(wrap, |config| config.max_in_flight = 2).await;
    (kit, free)
}

struct Stuck {
    operation: &'static str,
    free: Arc<Semaphore>,
}

#[async_trait]
impl Hook for Stuck {
    async fn before(&self, operation: &'static str) -> Result<(), StoreError> {
        if operation == self.operation {
            self.free.acquire().await.unwrap().forget();
        }
        Ok(())
    }
}

fn metrics(kit: &Kit) -> String {
    kit.verifier.metrics.text(Readings {
        ring_keys: 0,
        sealing_key_created: 0,
        sketches: 0,
    })
}

async fn until_in_flight(kit: &Kit, gate: &str) {
    let full = format!("touchstone_requests_in_flight{{gate=\"{gate}\"}} 2");
    while !metrics(kit).contains(&full) {
        tokio::task::yield_now().await;
    }
}
