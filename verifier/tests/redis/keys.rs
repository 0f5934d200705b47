//! The keys lie in the store, wrapped.

use std::fs;

use touchstone::{data::LoadedKeys, environment::ManualClock, steps::explain};

use crate::{
    fleet::{Fleet, binary, told},
    force::backend::{Asked, Backend},
};

#[test]
fn without_a_key_encryption_key_nothing_starts_and_it_is_said_how_to_make_one() {
    let Some(fleet) = Fleet::new() else { return };
    let output = binary()
        .args(["serve", "--store", &fleet.url(), "--listen", "127.0.0.1:0"])
        .output()
        .unwrap();
    assert!(!output.status.success());
    let message = told(&output);
    for part in ["touchstone ring kek", "--kek-file", "TOUCHSTONE_KEK"] {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn the_key_may_come_in_a_variable_and_is_never_printed() {
    let Some(fleet) = Fleet::new() else { return };
    let text = fs::read_to_string(fleet.path("kek")).unwrap();
    let list = |key: &str| {
        binary()
            .env("TOUCHSTONE_KEK", key)
            .args(["key", "list", "--store", &fleet.url(), "--log", "trace"])
            .output()
            .unwrap()
    };
    let output = list(text.trim());
    assert!(output.status.success(), "{}", told(&output));
    assert!(!told(&output).contains(text.trim()));
    let wrong = list(&text.trim()[1..]);
    assert!(told(&wrong).contains("TOUCHSTONE_KEK"), "{}", told(&wrong));
    assert!(!told(&wrong).contains(&text.trim()[1..]));
    let both = binary()
        .env("TOUCHSTONE_KEK", text.trim())
        .args(["key", "list", "--store", &fleet.url(), "--kek-file", "x"])
        .output()
        .unwrap();
    assert!(told(&both).contains("both"), "{}", told(&both));
}

#[test]
fn a_redis_that_cannot_be_reached_is_named() {
    let output = binary()
        .env("TOUCHSTONE_KEK", "A".repeat(43))
        .args(["serve", "--store", "redis://127.0.0.1:1"])
        .output()
        .unwrap();
    assert!(
        told(&output).contains("cannot reach Redis"),
        "{}",
        told(&output)
    );
}

#[test]
fn the_doctor_reads_the_ring_in_the_store_and_makes_nothing() {
    let Some(fleet) = Fleet::new() else { return };
    let ring = |kek: &str| {
        let output = binary()
            .args(["doctor", "--json", "--store", &fleet.url()])
            .args(["--data".as_ref(), fleet.path("unused").as_os_str()])
            .args(["--kek-file".as_ref(), fleet.path(kek).as_os_str()])
            .output()
            .unwrap();
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        report.to_string()
    };
    assert!(ring("kek").contains("no keys yet"), "{}", ring("kek"));
    let made = binary()
        .args(["key", "list", "--store", &fleet.url()])
        .args(["--kek-file".as_ref(), fleet.path("kek").as_os_str()])
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", told(&made));
    assert!(ring("kek").contains("number 1 seals"), "{}", ring("kek"));
    let other = binary()
        .args(["ring", "kek"])
        .arg(fleet.path("other"))
        .output();
    assert!(other.unwrap().status.success());
    assert!(
        ring("other").contains("are wrapped under"),
        "{}",
        ring("other")
    );
    assert!(!fleet.path("unused").exists(), "nothing is on the disk");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn verifiers_that_start_at_once_make_one_ring_and_one_vault() {
    let Some(fleet) = Fleet::new() else { return };
    let starting: Vec<_> = (0..3).map(|_| fleet.spawn()).collect();
    let mut servers = Vec::new();
    for starting in starting {
        servers.push(starting.ready().await);
    }
    assert!(!fleet.path("unused").exists(), "nothing is on the disk");
    let customer = fleet.customer();
    let backends: Vec<_> = servers
        .iter()
        .map(|server| Backend::new(server.address, customer.clone()))
        .collect();
    for (n, issuer) in backends.iter().enumerate() {
        let page = issuer.page().await.unwrap();
        for (m, judge) in backends.iter().enumerate() {
            let token = issuer.token(&page, m as u8).await.unwrap();
            let asked = Asked {
                token,
                idempotency: None,
            };
            let first = judge.assess(&asked).await.unwrap();
            assert!(first.valid, "{n} to {m}: {}", first.reason);
            let again = issuer.assess(&asked).await.unwrap();
            assert_eq!(again.reason, "DUPE");
        }
    }
}

#[tokio::test]
async fn keys_open_under_the_key_that_wraps_them_and_rewrapping_changes_nothing_else() {
    let Some(fleet) = Fleet::new() else { return };
    let customer = fleet.customer();
    let (_server, backend) = fleet.start(&customer).await;
    let token = backend
        .token(&backend.page().await.unwrap(), 0)
        .await
        .unwrap();
    fleet.make_kek("new");

    let rewrap = format!("ring rewrap --new-kek-file {}", fleet.path("new").display());
    assert!(fleet.run_with("kek", &rewrap).status.success());
    let refused = fleet.run_with("kek", "key list");
    let message = told(&refused);
    assert!(!refused.status.success());
    assert!(
        message.contains("--kek-file") && message.contains("rewrap"),
        "{message}"
    );
    let opened = fleet.run_with("new", "key list --json");
    assert!(opened.status.success(), "{}", told(&opened));

    let lines = ["kek", "new"].map(|name| fs::read_to_string(fleet.path(name)).unwrap());
    fs::write(fleet.path("kek"), lines.concat()).unwrap();
    let clock = ManualClock::at(system_time()).into();
    let verifier = fleet.verifier(&clock).await;
    assert!(explain(&verifier, &token).is_ok());
    assert!(
        fleet.run_with("kek", &rewrap).status.success(),
        "a second time changes nothing"
    );
}

#[tokio::test]
async fn a_verifier_does_not_make_new_keys_for_a_store_that_lost_its_own() {
    let Some(fleet) = Fleet::new() else { return };
    let opened = fleet.open(&fleet.path("unused"), 1_000).await.unwrap();
    let LoadedKeys { ring, .. } = opened.keys;
    assert_eq!(ring.keys().count(), 1);
    assert!(fleet.redis("DEL touchstone:keys:{wrapped}").contains('1'));
    let error = fleet
        .open(&fleet.path("unused"), 2_000)
        .await
        .err()
        .unwrap();
    assert!(error.to_string().contains("restore"), "{error}");
}

/// The time at which the servers of this test live.
fn system_time() -> u64 {
    touchstone::environment::Clock::now(&touchstone::environment::SystemClock)
}
