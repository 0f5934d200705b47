use std::sync::Arc;

use super::samples::{MINUTE, START, attempt, token};
use crate::{MAX_SKETCH_BYTES, Millis, NewAssessment, Outcome, Store, StoreError};

pub(super) async fn sketches_come_back_in_the_order_they_were_kept(store: Arc<dyn Store>) {
    for n in 0..5 {
        assert_eq!(store.assess(with_sketch(n)).await, Ok(Outcome::First));
    }
    assert_eq!(bytes(&*store, START).await, [[0], [1], [2], [3], [4]]);
    assert_eq!(bytes(&*store, START.after(3 * MINUTE)).await, [[3], [4]]);
    let first = store.sketches(0, START, 2).await.unwrap();
    assert_eq!(first.len(), 2);
    let rest = store.sketches(first[1].number, START, 9).await.unwrap();
    assert_eq!(rest.iter().map(|sketch| sketch.bytes[0]).collect::<Vec<_>>(), [2, 3, 4]);
    assert_eq!(store.sketches(u64::MAX, START, 9).await, Ok(vec![]));
}

pub(super) async fn only_the_assessment_that_spends_keeps_its_sketch(store: Arc<dyn Store>) {
    assert_eq!(store.assess(with_sketch(1)).await, Ok(Outcome::First));
    let again = NewAssessment { sketch: Some(vec![9]), ..attempt(token(START, 1), 2, START) };
    assert_eq!(store.assess(again).await, Ok(Outcome::Duplicate));
    assert_eq!(bytes(&*store, START).await, [[1]]);
}

pub(super) async fn old_sketches_and_those_over_the_limit_are_pruned(store: Arc<dyn Store>) {
    for n in 0..6 {
        store.assess(with_sketch(n)).await.unwrap();
    }
    assert_eq!(store.prune_sketches(START.after(2 * MINUTE), 9).await, Ok(2));
    assert_eq!(bytes(&*store, START).await, [[2], [3], [4], [5]]);
    assert_eq!(store.prune_sketches(START, 3).await, Ok(1));
    assert_eq!(bytes(&*store, START).await, [[3], [4], [5]]);
    assert_eq!(store.prune_sketches(START, 3).await, Ok(0));
    assert_eq!(store.prune_sketches(START, 0).await, Ok(3));
    store.assess(with_sketch(7)).await.unwrap();
    let newest = store.sketches(6, START, 9).await.unwrap();
    assert_eq!(newest.len(), 1, "a number is not given again");
}

pub(super) async fn a_sketch_over_its_bound_is_rejected_and_spends_nothing(store: Arc<dyn Store>) {
    let large = NewAssessment { sketch: Some(vec![0; MAX_SKETCH_BYTES + 1]), ..with_sketch(1) };
    assert!(matches!(store.assess(large).await, Err(StoreError::Rejected(_))));
    let largest = NewAssessment { sketch: Some(vec![0; MAX_SKETCH_BYTES]), ..with_sketch(1) };
    assert_eq!(store.assess(largest).await, Ok(Outcome::First));
}

/// The `n`th visit, in minute `n`, with a sketch of the byte `n`.
fn with_sketch(n: u8) -> NewAssessment {
    let at = START.after(u64::from(n) * MINUTE);
    NewAssessment { sketch: Some(vec![n]), ..attempt(token(START, n), n, at) }
}

async fn bytes(store: &dyn Store, since: Millis) -> Vec<Vec<u8>> {
    let sketches = store.sketches(0, since, 100).await.unwrap();
    sketches.into_iter().map(|sketch| sketch.bytes).collect()
}
