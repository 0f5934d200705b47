use std::sync::Arc;

use tokio::task::JoinSet;

use super::samples::{MINUTE, START, attempt, project, random_id, record, token};
use crate::{Millis, NewAssessment, Outcome, SPENT_MARK_LIFE_MS, Store, StoreError};

pub(super) async fn a_token_opens_once(store: Arc<dyn Store>) {
    let (one, other) = (token(START, 1), token(START, 2));
    assert_eq!(store.assess(attempt(one, 1, START)).await, Ok(Outcome::First));
    assert_eq!(store.assess(attempt(one, 2, START)).await, Ok(Outcome::Duplicate));
    assert_eq!(store.assess(attempt(one, 3, START.after(MINUTE))).await, Ok(Outcome::Duplicate));
    assert_eq!(store.assess(attempt(other, 4, START)).await, Ok(Outcome::First), "tokens do not disturb each other");
}

pub(super) async fn a_token_opens_once_for_many_at_once(store: Arc<dyn Store>) {
    for round in 0..8 {
        let mut callers = JoinSet::new();
        for n in 0..100 {
            let (store, token) = (Arc::clone(&store), token(START, round));
            let mut new = attempt(token, n, START);
            if let Some(spend) = &mut new.spend {
                spend.if_duplicate.id.0[15] = round + 100;
            }
            callers.spawn(async move { store.assess(new).await.unwrap() });
        }
        let outcomes = callers.join_all().await;
        let firsts = outcomes.iter().filter(|o| **o == Outcome::First).count();
        let duplicates = outcomes.iter().filter(|o| **o == Outcome::Duplicate).count();
        assert_eq!((firsts, duplicates), (1, 99));
    }
}

pub(super) async fn the_low_water_mark_starts_at_creation(store: Arc<dyn Store>) {
    assert_eq!(store.low_water_mark().await, Ok(START));
}

pub(super) async fn a_token_older_than_the_store_is_spent(store: Arc<dyn Store>) {
    assert_eq!(store.assess(attempt(token(START.before(1), 1), 1, START)).await, Ok(Outcome::Duplicate));
    assert_eq!(store.assess(attempt(token(START, 1), 2, START)).await, Ok(Outcome::First));
}

pub(super) async fn a_spent_token_stays_spent_whatever_is_pruned(store: Arc<dyn Store>) {
    let spent = token(START, 1);
    assert_eq!(store.assess(attempt(spent, 0, START)).await, Ok(Outcome::First));
    let life = SPENT_MARK_LIFE_MS;
    let times = [0, MINUTE, life - 1, life, life + 1, 2 * life, 1_000 * life];
    for (n, ms) in (1..).zip(times) {
        let now = START.after(ms);
        store.prune(now, 0).await.unwrap();
        assert_eq!(store.assess(attempt(spent, n, now)).await, Ok(Outcome::Duplicate), "{ms} ms later");
    }
    let fresh = START.after(1_000 * life);
    assert_eq!(store.assess(attempt(token(fresh, 1), 99, fresh)).await, Ok(Outcome::First));
}

pub(super) async fn prune_refuses_no_token_that_can_still_be_valid(store: Arc<dyn Store>) {
    store.assess(attempt(token(START, 1), 1, START)).await.unwrap();
    // A session of ten minutes, a challenge of ten, a token of two, and clocks that differ by almost five.
    let last = START.after(27 * MINUTE);
    store.prune(last, 0).await.unwrap();
    assert_eq!(store.assess(attempt(token(START, 2), 2, last)).await, Ok(Outcome::First));
    assert_eq!(store.assess(attempt(token(START, 1), 3, last)).await, Ok(Outcome::Duplicate));
}

pub(super) async fn the_low_water_mark_only_rises(store: Arc<dyn Store>) {
    let mut last = store.low_water_mark().await.unwrap();
    let far = START.after(100 * SPENT_MARK_LIFE_MS);
    for (n, at) in (0..).zip([START, far, START.after(MINUTE), Millis(0), far.after(MINUTE)]) {
        store.assess(attempt(token(at, n), n, at)).await.unwrap();
        store.prune(at, 0).await.unwrap();
        store.raise_low_water_mark(at.before(MINUTE)).await.unwrap();
        let mark = store.low_water_mark().await.unwrap();
        assert!(mark >= last, "{mark} after {last}");
        last = mark;
    }
}

pub(super) async fn what_is_below_the_low_water_mark_is_spent(store: Arc<dyn Store>) {
    let mark = START.after(MINUTE);
    store.raise_low_water_mark(mark).await.unwrap();
    assert_eq!(store.low_water_mark().await, Ok(mark));
    assert_eq!(store.assess(attempt(token(mark.before(1), 1), 1, mark)).await, Ok(Outcome::Duplicate));
    assert_eq!(store.assess(attempt(token(mark, 1), 2, mark)).await, Ok(Outcome::First));
}

pub(super) async fn a_failed_record_spends_nothing(store: Arc<dyn Store>) {
    let taken = NewAssessment { spend: None, ..attempt(token(START, 1), 1, START) };
    let taken = NewAssessment { record: record(random_id(1), START), ..taken };
    assert_eq!(store.assess(taken.clone()).await, Ok(Outcome::First));

    let mut clash = attempt(token(START, 2), 2, START);
    clash.record.id = random_id(1);
    assert_eq!(store.assess(clash).await, Err(StoreError::AlreadyExists));
    assert_eq!(store.assess(attempt(token(START, 2), 3, START)).await, Ok(Outcome::First));

    let kept = store.assessment(&project("p"), &random_id(1)).await.unwrap().unwrap();
    assert_eq!(kept.record, taken.record);
}
