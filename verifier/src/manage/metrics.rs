//! How many assessments had which score, and how challenges went, by day.

use std::collections::BTreeMap;

use prost_types::Timestamp;
use touchstone_api::{
    names::MetricsName,
    v1::{self, ChallengeMetrics, Metrics, ScoreDistribution, ScoreMetrics},
};
use touchstone_store::{ChallengeCounts, Counts, Day, ProjectId, ScoreCount};

use super::{StepError, named, stored_key};
use crate::{Verifier, calendar, keys::may_challenge};

/// The counts of a key, one entry a day from the first on which something was counted until today. Score metrics are there for
/// every key, challenge metrics for those that may challenge.
///
/// # Errors
/// NOT_FOUND when the project has no such key.
pub async fn get_metrics(
    verifier: &Verifier,
    project: &ProjectId,
    request: v1::GetMetricsRequest,
) -> Result<Metrics, StepError> {
    let name: MetricsName = named(&request.name, "name")?;
    let key = stored_key(verifier, project, &name).await?;
    verifier.page_loads.write(&*verifier.store).await?;
    let counts = verifier.store.counts(&key.id).await?;
    let today = calendar::day(verifier.stored_now());
    let first = first_day(&counts).map_or(today, |first| first.min(today));
    let days = || (first.0..=today.0).map(Day);
    let challenges = match may_challenge(key.integration) {
        true => days().map(|day| challenge_metrics(&counts, day)).collect(),
        false => Vec::new(),
    };
    Ok(Metrics {
        name: request.name,
        start_time: Some(Timestamp {
            seconds: calendar::first_second(first),
            nanos: 0,
        }),
        score_metrics: score_metrics(&counts.scores, days()),
        challenge_metrics: challenges,
    })
}

fn first_day(counts: &Counts) -> Option<Day> {
    let scores = counts.scores.first().map(|score| score.day);
    let challenges = counts.challenges.first().map(|(day, _)| *day);
    scores.into_iter().chain(challenges).min()
}

fn score_metrics(scores: &[ScoreCount], days: impl Iterator<Item = Day>) -> Vec<ScoreMetrics> {
    // A day without counts has a distribution, too: clients reach into it without looking.
    let empty = || ScoreMetrics {
        overall_metrics: Some(ScoreDistribution::default()),
        ..ScoreMetrics::default()
    };
    let mut by_day: BTreeMap<Day, ScoreMetrics> = days.map(|day| (day, empty())).collect();
    for score in scores {
        let Some(metrics) = by_day.get_mut(&score.day) else {
            // Counted by a clock that was ahead.
            continue;
        };
        add(metrics.overall_metrics.get_or_insert_default(), score);
        if !score.action.is_empty() {
            add(
                metrics
                    .action_metrics
                    .entry(score.action.clone())
                    .or_default(),
                score,
            );
        }
    }
    by_day.into_values().collect()
}

fn add(distribution: &mut ScoreDistribution, score: &ScoreCount) {
    let count = i64::try_from(score.count).unwrap_or(i64::MAX);
    let bucket = distribution
        .score_buckets
        .entry(score.bucket.into())
        .or_default();
    *bucket = bucket.saturating_add(count);
}

fn challenge_metrics(counts: &Counts, day: Day) -> ChallengeMetrics {
    let found = counts.challenges.iter().find(|(of, _)| *of == day);
    let ChallengeCounts {
        page_loads,
        no_captcha,
        failed,
        passed,
    } = found.map_or_else(ChallengeCounts::default, |(_, counts)| *counts);
    ChallengeMetrics {
        pageload_count: page_loads.into(),
        nocaptcha_count: no_captcha.into(),
        failed_count: failed.into(),
        passed_count: passed.into(),
    }
}
