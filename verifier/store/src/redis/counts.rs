//! What is counted per site key and day. Each bucket counts what happens in it; the sum is made when it is read.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    RedisStore,
    forms::{corrupt, text},
    link::Call,
    names::{Bucket, COUNTS, COUNTS_BY_DAY, DAYS, counts_of},
    scripts,
};
use crate::{
    COUNT_LIFE_DAYS, ChallengeCounts, ChallengeOutcome, Counts, Day, MAX_COUNTED_ACTIONS,
    NewAssessment, ScoreCount, SiteKeyId, StoreError,
};

/// What an assessment that is first adds.
#[derive(Debug, Clone, Default)]
pub(super) struct Counted {
    pub(super) site_key: String,
    pub(super) day: i32,
    /// The name of the counts of this key and day among all of a bucket.
    pub(super) name: String,
    /// A field, or empty for none.
    pub(super) score: Vec<u8>,
    /// A field, or empty for none.
    pub(super) challenge: Vec<u8>,
}

impl Counted {
    pub(super) fn new(new: &NewAssessment) -> Self {
        let record = &new.record;
        // The score was checked to be from 0 to 1.
        let bucket = (record.score * 100.0).round() as u8;
        let score = [&[SCORE, bucket], record.action.as_bytes()].concat();
        let challenge = new.challenge.map(|outcome| match outcome {
            ChallengeOutcome::NoCaptcha => NO_CAPTCHA,
            ChallengeOutcome::Failed => FAILED,
            ChallengeOutcome::Passed => PASSED,
        });
        Self {
            site_key: record.site_key.to_string(),
            day: new.day.0,
            name: counts_of(&record.site_key, new.day),
            score: if record.valid { score } else { Vec::new() },
            challenge: challenge.unwrap_or_default().to_vec(),
        }
    }
}

/// See [`Store::count_challenges`](crate::Store::count_challenges).
pub(super) async fn count_challenges(
    store: &RedisStore,
    key: &SiteKeyId,
    day: Day,
    more: ChallengeCounts,
) -> Result<(), StoreError> {
    let attempt = store.link.attempt();
    // Consecutive numbers end in different bytes, so these take turns too.
    let bucket = Bucket::of(&attempt.0);
    let counts = store.names.counts(bucket, key, day);
    let mut call = Call::run(&scripts::COUNT)
        .key(store.names.answer(&counts, attempt))
        .key(counts)
        .key(store.names.days(bucket, key))
        .key(store.names.part(bucket, COUNTS_BY_DAY))
        .number(day.0)
        .arg(counts_of(key, day))
        .number(COUNTS_LIFE_MS);
    for (field, count) in [
        (PAGE_LOADS, more.page_loads),
        (NO_CAPTCHA, more.no_captcha),
        (FAILED, more.failed),
        (PASSED, more.passed),
    ] {
        if count > 0 {
            call = call.arg(field).number(count);
        }
    }
    store.link.call(call).await
}

pub(super) async fn get(store: &RedisStore, key: &SiteKeyId) -> Result<Counts, StoreError> {
    let calls = Bucket::all().map(|bucket| {
        Call::ask(&scripts::COUNTS)
            .key(store.names.days(bucket, key))
            .arg(counts_in(store, bucket, key))
    });
    type Days = Vec<(i32, Vec<(Vec<u8>, u64)>)>;
    let buckets: Vec<Days> = store.link.wave(calls).await?;
    let mut days: BTreeMap<i32, BTreeMap<Vec<u8>, u64>> = BTreeMap::new();
    for (day, fields) in buckets.into_iter().flatten() {
        let sums = days.entry(day).or_default();
        for (field, count) in fields {
            *sums.entry(field).or_default() += count;
        }
    }
    let mut counts = Counts::default();
    for (day, sums) in days {
        let (scores, challenges) = of_day(Day(day), sums)?;
        counts.scores.extend(scores);
        counts.challenges.extend(challenges.map(|c| (Day(day), c)));
    }
    Ok(counts)
}

/// Deletes all counts of a site key.
pub(super) async fn delete(store: &RedisStore, key: &SiteKeyId) -> Result<(), StoreError> {
    let calls = Bucket::all().map(|bucket| {
        Call::run(&scripts::DELETE_COUNTS)
            .key(store.names.days(bucket, key))
            .key(store.names.part(bucket, COUNTS_BY_DAY))
            .arg(counts_in(store, bucket, key))
            .arg(format!("{key}:"))
    });
    let _: Vec<String> = store.link.wave(calls).await?;
    Ok(())
}

/// Removes the counts of up to `limit` days of keys whose life is over on `today`. Answers how many days of keys and how many
/// counts.
pub(super) async fn prune(
    store: &RedisStore,
    bucket: Bucket,
    today: Day,
    limit: u64,
) -> Result<(u64, u64), StoreError> {
    let call = Call::run(&scripts::PRUNE_COUNTS)
        .key(store.names.part(bucket, COUNTS_BY_DAY))
        .number(today.0.saturating_sub(COUNT_LIFE_DAYS))
        .number(limit)
        .arg(store.names.part(bucket, COUNTS))
        .arg(store.names.part(bucket, DAYS));
    store.link.call(call).await
}

type OfDay = (Vec<ScoreCount>, Option<ChallengeCounts>);

/// Sorts a day's sums out. Of the actions, the most frequent are told apart.
fn of_day(day: Day, sums: BTreeMap<Vec<u8>, u64>) -> Result<OfDay, StoreError> {
    let mut actions: BTreeMap<&str, u64> = BTreeMap::new();
    let mut scores = Vec::new();
    let mut challenges: Option<ChallengeCounts> = None;
    for (field, count) in &sums {
        match &field[..] {
            [SCORE, bucket, action @ ..] => {
                let action = text(action)?;
                *actions.entry(action).or_default() += count;
                scores.push((action, *bucket, *count));
            }
            other => {
                let challenges = challenges.get_or_insert_default();
                let place = match other {
                    PAGE_LOADS => &mut challenges.page_loads,
                    NO_CAPTCHA => &mut challenges.no_captcha,
                    FAILED => &mut challenges.failed,
                    PASSED => &mut challenges.passed,
                    _ => return Err(corrupt("a count of something unknown".into())),
                };
                *place = u32::try_from(*count).unwrap_or(u32::MAX);
            }
        }
    }
    actions.remove("");
    let mut actions: Vec<_> = actions.into_iter().collect();
    actions.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    actions.truncate(MAX_COUNTED_ACTIONS as usize);
    let told_apart: BTreeSet<&str> = actions.into_iter().map(|(action, _)| action).collect();
    let mut merged: BTreeMap<(&str, u8), u64> = BTreeMap::new();
    for (action, bucket, count) in scores {
        let action = told_apart.get(action).copied().unwrap_or_default();
        *merged.entry((action, bucket)).or_default() += count;
    }
    let scores = merged
        .into_iter()
        .map(|((action, bucket), count)| ScoreCount {
            day,
            action: action.to_owned(),
            bucket,
            count,
        });
    Ok((scores.collect(), challenges))
}

/// What the names of a site key's counts in a bucket begin with.
fn counts_in(store: &RedisStore, bucket: Bucket, key: &SiteKeyId) -> Vec<u8> {
    let mut name = store.names.part(bucket, COUNTS);
    name.extend(format!("{key}:").into_bytes());
    name
}

/// Some days more than [`COUNT_LIFE_DAYS`], since it runs by the clock of Redis.
pub(super) const COUNTS_LIFE_MS: i64 = (COUNT_LIFE_DAYS as i64 + 3) * 24 * 3_600_000;

/// Counts of one site key and day in one bucket: as many as a hundred actions with eleven scores have. Actions come from
/// pages, so somebody may invent them; what comes beyond is counted without its action.
pub(super) const MOST_FIELDS: u32 = MAX_COUNTED_ACTIONS * 11;

/// Fields of scores: this byte, the score times 100, the action.
const SCORE: u8 = b's';
const PAGE_LOADS: &[u8] = b"cl";
const NO_CAPTCHA: &[u8] = b"cn";
const FAILED: &[u8] = b"cf";
const PASSED: &[u8] = b"cp";
