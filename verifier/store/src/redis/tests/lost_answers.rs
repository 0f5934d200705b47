//! Commands whose answers are lost after they were carried out.

use super::{proxy::Proxy, *};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_spend_whose_answer_was_lost_is_first_when_sent_again() {
    let Some((_server, proxy, store)) = behind_a_proxy("").await else {
        return;
    };
    for (n, lost) in (0..).zip([1, 2]) {
        proxy.swallow(lost);
        let first = store.assess(attempt(n, 1)).await;
        assert_eq!(first, Ok(Outcome::First), "{lost} answers lost");
        assert_eq!(proxy.left(), 0, "the answers were lost indeed");
        assert_eq!(store.assess(attempt(n, 2)).await, Ok(Outcome::Duplicate));
    }
    let counts = store.counts(&site_key(1).id).await.unwrap();
    assert_eq!(
        counts.scores.iter().map(|score| score.count).sum::<u64>(),
        2,
        "counted once each"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repeatable_request_survives_a_lost_answer_at_every_step() {
    let Some((_server, proxy, store)) = behind_a_proxy("").await else {
        return;
    };
    // The first command claims the key, the second spends, the third settles. One that swallows nothing comes first, so that
    // the server knows the scripts.
    assert_eq!(store.assess(repeatable(0, 1)).await, Ok(Outcome::First));
    for n in 1..6 {
        proxy.swallow(1);
        assert_eq!(
            store.assess(repeatable(n, 1)).await,
            Ok(Outcome::First),
            "{n}"
        );
        let answer = b"first 1".to_vec();
        assert_eq!(
            store.assess(repeatable(n, 2)).await,
            Ok(Outcome::Replayed { answer })
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_crashed_after_its_spend_is_finished_by_its_repetition() {
    let Some(server) = Server::start(&[]) else {
        return;
    };
    let crashed = open(&server.url(), NOW).await.unwrap();
    let new = repeatable(1, 1);
    let own = crashed.link.attempt();
    let repeated = new.idempotency.as_ref().unwrap();
    let claim = first_answers::claim(&crashed, repeated, own, None, NOW).await;
    assert!(matches!(claim, Ok(first_answers::Claim::Claimed(attempt)) if attempt == own));
    assert_eq!(
        assessments::spend(&crashed, &new, own).await,
        Ok(Outcome::First)
    );
    drop(crashed);

    let store = open(&server.url(), NOW).await.unwrap();
    assert_eq!(
        store.first_answer(&repeated.key, NOW).await,
        Ok(None),
        "nothing was answered"
    );
    assert_eq!(store.assess(repeatable(1, 2)).await, Ok(Outcome::First));
    let answer = b"first 2".to_vec();
    assert_eq!(
        store.assess(repeatable(1, 3)).await,
        Ok(Outcome::Replayed { answer })
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_written_by_name_tells_the_truth_after_a_lost_answer() {
    let Some((_server, proxy, store)) = behind_a_proxy("").await else {
        return;
    };
    let key = site_key(1);
    let net = |text: &str| IpOverride {
        net: text.parse().unwrap(),
        verdict: Verdict::Allow,
    };
    // Twice: the first time the server may not know the scripts, and what is lost is only that it says so.
    for n in 0..2 {
        let policy = format!("policy-{n}").parse().unwrap();
        proxy.swallow(1);
        assert_eq!(store.create_site_key(site_key(n)).await, Ok(()));
        proxy.swallow(1);
        let read = store.site_key(&site_key(n).id).await.unwrap().unwrap();
        proxy.swallow(1);
        assert_eq!(store.update_site_key(read).await, Ok(true));
        proxy.swallow(1);
        let overridden = net(&format!("192.0.2.{n}/32"));
        assert_eq!(
            store.add_ip_override(&site_key(n).id, overridden).await,
            Ok(true)
        );
        proxy.swallow(1);
        assert_eq!(
            store.remove_ip_override(&site_key(n).id, overridden).await,
            Ok(true)
        );
        proxy.swallow(1);
        assert_eq!(
            store
                .create_firewall_policy(&key.project, &policy, vec![])
                .await,
            Ok(())
        );
        proxy.swallow(1);
        assert_eq!(
            store.delete_firewall_policy(&key.project, &policy).await,
            Ok(true)
        );
        proxy.swallow(1);
        assert_eq!(store.take_once([n; 16], NOW).await, Ok(true));
        proxy.swallow(1);
        let before = (n > 0).then(|| u64::from(n));
        assert_eq!(store.replace_wrapped_keys(before, vec![n]).await, Ok(true));
        proxy.swallow(1);
        assert_eq!(
            store.delete_site_key(&key.project, &site_key(n).id).await,
            Ok(true)
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_answers_the_store_is_unavailable_and_comes_back() {
    let Some((_server, proxy, store)) = behind_a_proxy("").await else {
        return;
    };
    proxy.swallow(u32::MAX);
    let failed = store.assess(attempt(1, 1)).await;
    assert!(
        matches!(failed, Err(StoreError::Unavailable(_))),
        "{failed:?}"
    );
    proxy.swallow(0);
    assert_eq!(store.health().await, Ok(()));
    assert_eq!(store.assess(attempt(2, 1)).await, Ok(Outcome::First));
}

async fn behind_a_proxy(query: &str) -> Option<(Server, Proxy, RedisStore)> {
    let server = Server::start(&[])?;
    let proxy = Proxy::start(server.port).await;
    let store = open(&format!("redis://{}/{query}", proxy.address), NOW).await;
    Some((server, proxy, store.unwrap()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guess_whose_answer_was_lost_is_counted_once() {
    let Some((_server, proxy, store)) = behind_a_proxy("").await else {
        return;
    };
    let id = crate::FactorId {
        account: [9; 32],
        request: [1; 16],
    };
    let new = crate::NewCode {
        id,
        code: [7; 32],
        attempts: 5,
        ends_at: NOW.after(900_000),
        again_after_ms: 30_000,
    };
    proxy.swallow(1);
    let kept = store.keep_code(new, NOW).await;
    assert_eq!(kept, Ok(crate::CodeKept::Kept { attempts_left: 5 }));
    for attempts_left in [4, 3] {
        proxy.swallow(1);
        let counted = crate::Guess::Counted {
            code: [7; 32],
            attempts_left,
        };
        assert_eq!(store.guess_code(&id, NOW).await, Ok(counted));
        assert_eq!(proxy.left(), 0, "the answer was lost indeed");
    }
    proxy.swallow(1);
    assert_eq!(store.prove(&id, [3; 32], [6; 16], NOW).await, Ok(true));
}
