//! The answers of requests with an idempotency key. One is claimed before the assessment and settled behind it.

use super::{
    RedisStore,
    forms::{corrupt, number},
    link::{Attempt, Call},
    names::{Bucket, FIRST_ANSWER, FIRST_ANSWERS_BY_END},
    scripts, whole,
};
use crate::{
    FIRST_ANSWER_LIFE_MS, FirstAnswer, Idempotency, IdempotencyKey, Millis, Outcome, RequestHash,
    StoreError,
};

/// What came of claiming a key.
pub(super) enum Claim {
    /// Go on, under this attempt.
    Claimed(Attempt),
    /// It was answered before.
    Answered(Outcome),
}

/// Claims a key. `known` is the answer, if it does not depend on what follows.
pub(super) async fn claim(
    store: &RedisStore,
    repeated: &Idempotency,
    own: Attempt,
    known: Option<&[u8]>,
    now: Millis,
) -> Result<Claim, StoreError> {
    let call = Call::run(&scripts::CLAIM)
        .key(store.names.first_answer(&repeated.key))
        .key(by_end(store, &repeated.key))
        .arg(own.0)
        .arg(repeated.request.0)
        .number(whole(now))
        .number(whole(now.after(FIRST_ANSWER_LIFE_MS)))
        .number(FIRST_ANSWER_LIFE_MS + SLACK_MS)
        .arg(repeated.key.0)
        .arg(known.unwrap_or_default());
    let (word, value): (String, Option<Vec<u8>>) = two(store.link.call(call).await?)?;
    match (&word[..], value) {
        ("claimed", Some(attempt)) => {
            let attempt = attempt
                .try_into()
                .map_err(|_| corrupt("an attempt".into()))?;
            Ok(Claim::Claimed(Attempt(attempt)))
        }
        ("replayed", Some(answer)) => Ok(Claim::Answered(Outcome::Replayed { answer })),
        ("conflict", _) => Ok(Claim::Answered(Outcome::IdempotencyConflict)),
        _ => Err(corrupt(format!("claim answered {word:?}"))),
    }
}

/// Keeps the answer; the one that is there already, if another call under the same claim was faster.
pub(super) async fn settle(
    store: &RedisStore,
    key: &IdempotencyKey,
    claimed: Attempt,
    own: Attempt,
    answer: &[u8],
) -> Result<Option<Outcome>, StoreError> {
    let call = Call::run(&scripts::SETTLE)
        .key(store.names.first_answer(key))
        .arg(claimed.0)
        .arg(own.0)
        .arg(answer);
    let (_, before) = two(store.link.call(call).await?)?;
    Ok(before.map(|answer| Outcome::Replayed { answer }))
}

/// Gives a claim up.
pub(super) async fn release(
    store: &RedisStore,
    key: &IdempotencyKey,
    claimed: Attempt,
) -> Result<(), StoreError> {
    let call = Call::run(&scripts::RELEASE)
        .key(store.names.first_answer(key))
        .key(by_end(store, key))
        .arg(claimed.0)
        .arg(key.0);
    store.link.call(call).await
}

pub(super) async fn get(
    store: &RedisStore,
    key: &IdempotencyKey,
    now: Millis,
) -> Result<Option<FirstAnswer>, StoreError> {
    let call = Call::read("HMGET")
        .key(store.names.first_answer(key))
        .arg("request")
        .arg("answer")
        .arg("ends");
    type Kept = (Option<Vec<u8>>, Option<Vec<u8>>, Option<Vec<u8>>);
    let (request, answer, ends): Kept = store.link.call(call).await?;
    let (Some(request), Some(answer), Some(ends)) = (request, answer, ends) else {
        return Ok(None);
    };
    if number::<u64>(&ends)? <= now.0 {
        return Ok(None);
    }
    let request = request
        .try_into()
        .map_err(|_| corrupt("a request".into()))?;
    Ok(Some(FirstAnswer {
        request: RequestHash(request),
        answer,
    }))
}

/// Removes up to `limit` of a bucket's answers whose life is over.
pub(super) async fn prune(
    store: &RedisStore,
    bucket: Bucket,
    now: Millis,
    limit: u64,
) -> Result<u64, StoreError> {
    let call = Call::run(&scripts::PRUNE_ANSWERS)
        .key(store.names.part(bucket, FIRST_ANSWERS_BY_END))
        .number(whole(now))
        .number(limit)
        .arg(store.names.part(bucket, FIRST_ANSWER));
    store.link.call(call).await
}

fn by_end(store: &RedisStore, key: &IdempotencyKey) -> Vec<u8> {
    store
        .names
        .part(Bucket::of_idempotency(key), FIRST_ANSWERS_BY_END)
}

/// A word and what may follow it.
fn two(answer: Vec<Vec<u8>>) -> Result<(String, Option<Vec<u8>>), StoreError> {
    let mut answer = answer.into_iter();
    let word = answer.next().unwrap_or_default();
    let word = String::from_utf8(word).map_err(|error| corrupt(error.to_string()))?;
    Ok((word, answer.next()))
}

/// For clocks of verifiers that differ from Redis's, which counts what is behind the end of an answer's life.
const SLACK_MS: u64 = 60_000;
