use std::sync::Arc;

use tokio::task::JoinSet;

use super::samples::{MINUTE, START, attempt, project, random_id, repeatable, token};
use crate::{FIRST_ANSWER_LIFE_MS, FirstAnswer, IdempotencyKey, Outcome, RequestHash, Store, StoreError};

pub(super) async fn a_repeated_request_gets_its_first_answer(store: Arc<dyn Store>) {
    let spent = token(START, 1);
    assert_eq!(store.first_answer(&KEY, START).await, Ok(None));
    assert_eq!(store.assess(repeatable(spent, 1, START, 1, 1)).await, Ok(Outcome::First));
    let kept = FirstAnswer { request: RequestHash([1; 32]), answer: b"first 1".into() };
    assert_eq!(store.first_answer(&KEY, START).await, Ok(Some(kept)));
    for n in 2..4 {
        assert_eq!(store.assess(repeatable(spent, n, START.after(MINUTE), 1, 1)).await, Ok(replayed("first 1")));
    }
    assert_eq!(store.assess(repeatable(spent, 4, START, 2, 1)).await, Ok(Outcome::Duplicate), "another key");
    assert_eq!(store.assess(attempt(spent, 5, START)).await, Ok(Outcome::Duplicate), "no key");
}

pub(super) async fn a_repeated_request_stores_nothing(store: Arc<dyn Store>) {
    let (one, two) = (token(START, 1), token(START, 2));
    store.assess(repeatable(one, 1, START, 1, 1)).await.unwrap();
    // The request hash is what says "the same"; the token of the repetition is not even looked at.
    assert_eq!(store.assess(repeatable(two, 2, START, 1, 1)).await, Ok(replayed("first 1")));
    assert_eq!(store.assessment(&project("p"), &two.into()).await, Ok(None));
    assert_eq!(store.assessment(&project("p"), &random_id(2)).await, Ok(None));
    assert_eq!(store.assess(attempt(two, 3, START)).await, Ok(Outcome::First));
}

pub(super) async fn a_first_answer_tells_of_the_duplicate(store: Arc<dyn Store>) {
    let spent = token(START, 1);
    store.assess(attempt(spent, 1, START)).await.unwrap();
    assert_eq!(store.assess(repeatable(spent, 2, START, 1, 1)).await, Ok(Outcome::Duplicate));
    assert_eq!(store.assess(repeatable(spent, 3, START, 1, 1)).await, Ok(replayed("duplicate 2")));
}

pub(super) async fn another_request_under_the_same_key_conflicts(store: Arc<dyn Store>) {
    let (one, two) = (token(START, 1), token(START, 2));
    store.assess(repeatable(one, 1, START, 1, 1)).await.unwrap();
    assert_eq!(store.assess(repeatable(two, 2, START, 1, 2)).await, Ok(Outcome::IdempotencyConflict));
    assert_eq!(store.assess(repeatable(two, 3, START, 2, 2)).await, Ok(Outcome::First), "the conflict spent nothing");
}

pub(super) async fn repeated_requests_at_once_are_answered_once(store: Arc<dyn Store>) {
    let mut callers = JoinSet::new();
    for n in 0..50 {
        let store = Arc::clone(&store);
        callers.spawn(async move { (n, store.assess(repeatable(token(START, 1), n, START, 1, 1)).await.unwrap()) });
    }
    let outcomes = callers.join_all().await;
    let firsts: Vec<_> = outcomes.iter().filter(|(_, o)| *o == Outcome::First).map(|(n, _)| *n).collect();
    let [first] = firsts[..] else { unreachable!("{} were first", firsts.len()) };
    let answer = replayed(&format!("first {first}"));
    assert!(outcomes.iter().all(|(n, o)| *n == first || *o == answer));
}

pub(super) async fn a_first_answer_lives_two_minutes(store: Arc<dyn Store>) {
    let spent = token(START, 1);
    store.assess(repeatable(spent, 1, START, 1, 1)).await.unwrap();
    let end = START.after(FIRST_ANSWER_LIFE_MS);
    store.prune(end.before(1), u64::MAX).await.unwrap();
    assert!(store.first_answer(&KEY, end.before(1)).await.unwrap().is_some());
    assert_eq!(store.first_answer(&KEY, end).await, Ok(None));
    assert_eq!(store.assess(repeatable(spent, 2, end, 1, 2)).await, Ok(Outcome::Duplicate), "the key is free again");
    assert_eq!(store.assess(repeatable(spent, 3, end, 1, 2)).await, Ok(replayed("duplicate 2")));
    store.prune(end.after(FIRST_ANSWER_LIFE_MS), u64::MAX).await.unwrap();
    assert_eq!(store.first_answer(&KEY, end).await, Ok(None), "pruned for good");
}

pub(super) async fn a_failed_request_keeps_no_answer(store: Arc<dyn Store>) {
    store.assess(attempt(token(START, 1), 1, START)).await.unwrap();
    let mut clash = repeatable(token(START, 2), 2, START, 1, 1);
    clash.record.id = token(START, 1).into();
    assert_eq!(store.assess(clash).await, Err(StoreError::AlreadyExists));
    assert_eq!(store.first_answer(&KEY, START).await, Ok(None));
}

fn replayed(answer: &str) -> Outcome {
    Outcome::Replayed { answer: answer.into() }
}

/// The key of `repeatable(…, 1, _)`.
const KEY: IdempotencyKey = IdempotencyKey([1; 32]);
