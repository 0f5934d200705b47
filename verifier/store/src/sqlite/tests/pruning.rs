use std::collections::HashSet;

use proptest::prelude::*;

use super::*;
use crate::SPENT_MARK_LIFE_MS;
use crate::sqlite::prune::PRUNE_STEP;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn prune_removes_all_in_bounded_steps() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder.path().join("store.db"), NOW);
    let total = 2 * PRUNE_STEP + 1;
    store
        .write(move |c| {
            for n in 0..total {
                // A millisecond holds several, so that a step may end in the middle of one.
                assessments::assess(c, &spend(token(NOW.after(u64::from(n / 7)), n), 0))?;
            }
            Ok(())
        })
        .await
        .unwrap();
    let young = token(NOW.after(SPENT_MARK_LIFE_MS), 0);
    store.assess(spend(young, 0)).await.unwrap();

    let now = NOW.after(2 * SPENT_MARK_LIFE_MS);
    let step = store.write(move |c| marks::prune(c, now, PRUNE_STEP)).await;
    assert_eq!(
        step,
        Ok(u64::from(PRUNE_STEP)),
        "a step does not take more than its bound"
    );
    // Every token of the batch is refused between two steps too: by its mark or by the low-water mark.
    for n in [0, PRUNE_STEP - 1, PRUNE_STEP, PRUNE_STEP + 1, total - 1] {
        let again = spend(token(NOW.after(u64::from(n / 7)), n), 1);
        assert_eq!(store.assess(again).await, Ok(Outcome::Duplicate), "{n}");
    }
    let pruned = store.prune(now, u64::MAX).await.unwrap();
    assert_eq!(
        pruned,
        Pruned {
            spent_marks: u64::from(total - PRUNE_STEP),
            ..Pruned::default()
        }
    );
    assert_eq!(
        store.low_water_mark().await,
        Ok(NOW.after(u64::from((total - 1) / 7) + 1))
    );
    assert_eq!(
        store.assess(spend(young, 1)).await,
        Ok(Outcome::Duplicate),
        "a mark within its life stays"
    );

    let pruned = store.prune(now, 0).await.unwrap();
    assert_eq!(
        pruned,
        Pruned {
            assessments: u64::from(total) + 7,
            ..Pruned::default()
        }
    );
}

#[tokio::test]
async fn a_clock_that_jumped_ahead_does_not_lock_visitors_out() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder.path().join("store.db"), NOW);
    store.assess(spend(token(NOW, 1), 0)).await.unwrap();
    let year = 365 * 24 * 60 * 60_000;
    store.prune(NOW.after(year), u64::MAX).await.unwrap();
    assert_eq!(
        store.assess(spend(token(NOW, 1), 1)).await,
        Ok(Outcome::Duplicate)
    );
    assert_eq!(
        store.assess(spend(token(NOW.after(1), 1), 0)).await,
        Ok(Outcome::First)
    );
}

#[test]
fn the_queries_of_pruning_use_their_indexes() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("store.db");
    drop(open(&path, NOW));
    let connection = Connection::open(&path).unwrap();
    for sql in [
        "SELECT token_id FROM spent WHERE token_id < ?1 ORDER BY token_id LIMIT ?2",
        "DELETE FROM spent WHERE token_id <= ?1",
        "SELECT id FROM assessment WHERE created_at < ?1 ORDER BY created_at LIMIT ?2",
        "SELECT rowid FROM first_answer WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2",
        "SELECT id FROM taken WHERE at < ?1 ORDER BY at LIMIT ?2",
        "DELETE FROM annotation WHERE assessment = ?1 AND seq <= ?2",
        "SELECT site_key, day, action, bucket FROM score_count WHERE day < ?1 LIMIT ?2",
        "SELECT site_key, day FROM challenge_count WHERE day < ?1 LIMIT ?2",
        "SELECT * FROM site_key WHERE project = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
    ] {
        let mut statement = connection
            .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
            .unwrap();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().unwrap() {
            let plan: String = row.get("detail").unwrap();
            assert!(plan.starts_with("SEARCH"), "{sql}: {plan}");
        }
    }
}

/// What may happen to a store, in any order.
#[derive(Debug, Clone)]
enum Event {
    Spend { minute: u64, n: u32 },
    Prune { minute: u64 },
    Raise { minute: u64 },
    Reopen { minute: u64 },
}

fn event() -> impl Strategy<Value = Event> {
    let minute = 0..60_u64;
    prop_oneof![
        6 => (minute.clone(), 0..3_u32).prop_map(|(minute, n)| Event::Spend { minute, n }),
        2 => minute.clone().prop_map(|minute| Event::Prune { minute }),
        1 => minute.clone().prop_map(|minute| Event::Raise { minute }),
        1 => minute.prop_map(|minute| Event::Reopen { minute }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_order_of_events_opens_a_token_twice(events in prop::collection::vec(event(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("store.db");
        let at = |minute: u64| NOW.after(minute * 60_000);
        let mut store = open(&path, NOW);
        let mut opened = HashSet::new();
        for (tries, event) in events.into_iter().enumerate() {
            match event {
                Event::Spend { minute, n } => {
                    let token = token(at(minute), n);
                    let before = runtime.block_on(store.low_water_mark()).unwrap();
                    let outcome = runtime.block_on(store.assess(spend(token, tries as u8))).unwrap();
                    let expected = !opened.contains(&token) && token.time() >= before;
                    prop_assert_eq!(outcome == Outcome::First, expected);
                    opened.insert(token);
                }
                Event::Prune { minute } => { runtime.block_on(store.prune(at(minute), 0)).unwrap(); }
                Event::Raise { minute } => runtime.block_on(store.raise_low_water_mark(at(minute))).unwrap(),
                Event::Reopen { minute } => {
                    drop(store);
                    store = open(&path, at(minute));
                }
            }
        }
    }
}
