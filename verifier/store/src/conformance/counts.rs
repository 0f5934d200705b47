use std::sync::Arc;

use super::samples::{START, attempt, project, random_id, record, site_key, site_key_id, token};
use crate::{
    AssessmentRecord, COUNT_LIFE_DAYS, ChallengeCounts, ChallengeOutcome, Day, MAX_COUNTED_ACTIONS, NewAssessment,
    ScoreCount, Store,
};

pub(super) async fn valid_assessments_are_counted_by_day_action_and_score(store: Arc<dyn Store>) {
    let made = [(1, "login", 0.9), (1, "login", 0.9), (1, "login", 0.7), (1, "", 0.9), (2, "pay", 1.0), (2, "pay", 0.0)];
    for (n, (day, action, score)) in (0..).zip(made) {
        store.assess(assessment(n, day, action, score)).await.unwrap();
    }
    let invalid = assessment(99, 1, "login", 0.0);
    let invalid = NewAssessment { record: AssessmentRecord { valid: false, ..invalid.record }, ..invalid };
    store.assess(invalid).await.unwrap();
    let expected = [(1, "", 90, 1), (1, "login", 70, 1), (1, "login", 90, 2), (2, "pay", 0, 1), (2, "pay", 100, 1)];
    let expected = expected.map(|(day, action, bucket, count)| ScoreCount {
        day: Day(day),
        action: action.into(),
        bucket,
        count,
    });
    assert_eq!(store.counts(&site_key_id(1)).await.unwrap().scores, expected);
    assert_eq!(store.counts(&site_key_id(2)).await, Ok(Default::default()));
}

pub(super) async fn only_first_assessments_are_counted(store: Arc<dyn Store>) {
    for n in 0..3 {
        let challenge = Some(ChallengeOutcome::Passed);
        let again = NewAssessment { challenge, ..attempt(token(START, 1), n, START) };
        store.assess(again).await.unwrap();
    }
    let counts = store.counts(&site_key_id(1)).await.unwrap();
    assert_eq!(counts.scores.iter().map(|score| score.count).sum::<u64>(), 1);
    let passed = ChallengeCounts { passed: 1, ..ChallengeCounts::default() };
    assert_eq!(counts.challenges, [(START.day(), passed)]);
}

pub(super) async fn invented_actions_are_counted_together(store: Arc<dyn Store>) {
    let total = MAX_COUNTED_ACTIONS as u8 + 20;
    for n in 0..total {
        store.assess(assessment(n, 1, &format!("invented {n:03}"), 0.1)).await.unwrap();
    }
    store.assess(assessment(200, 1, "invented 007", 0.9)).await.unwrap();
    store.assess(assessment(201, 2, "login", 0.9)).await.unwrap();
    let scores = store.counts(&site_key_id(1)).await.unwrap().scores;
    let named = |day| scores.iter().filter(|score| score.day == Day(day) && !score.action.is_empty()).count();
    assert_eq!(named(1), MAX_COUNTED_ACTIONS as usize + 1, "a known action still gets its scores");
    assert_eq!(named(2), 1, "another day begins anew");
    let others: Vec<_> = scores.iter().filter(|score| score.action.is_empty()).map(|score| score.count).collect();
    assert_eq!(others, [20]);
}

pub(super) async fn challenges_are_counted_by_day(store: Arc<dyn Store>) {
    let key = site_key_id(1);
    let loads = ChallengeCounts { page_loads: 5, ..ChallengeCounts::default() };
    store.count_challenges(&key, Day(1), loads).await.unwrap();
    store.count_challenges(&key, Day(1), loads).await.unwrap();
    store.count_challenges(&key, Day(2), loads).await.unwrap();
    let outcomes = [ChallengeOutcome::NoCaptcha, ChallengeOutcome::Failed, ChallengeOutcome::Failed];
    for (n, outcome) in (0..).zip(outcomes) {
        let new = NewAssessment { challenge: Some(outcome), ..assessment(n, 1, "login", 0.5) };
        store.assess(new).await.unwrap();
    }
    let first = ChallengeCounts { page_loads: 10, no_captcha: 1, failed: 2, passed: 0 };
    assert_eq!(store.counts(&key).await.unwrap().challenges, [(Day(1), first), (Day(2), loads)]);
}

pub(super) async fn counts_live_for_ninety_days(store: Arc<dyn Store>) {
    let today = START.day().0;
    for (n, day) in (0..).zip([today - COUNT_LIFE_DAYS - 1, today - COUNT_LIFE_DAYS, today]) {
        let new = NewAssessment { challenge: Some(ChallengeOutcome::Passed), ..assessment(n, day, "login", 0.5) };
        store.assess(new).await.unwrap();
    }
    assert_eq!(store.prune(START, u64::MAX).await.unwrap().counts, 2, "the scores and the challenges of one day");
    let counts = store.counts(&site_key_id(1)).await.unwrap();
    let days: Vec<_> = counts.scores.iter().map(|score| score.day.0).collect();
    assert_eq!(days, [today - COUNT_LIFE_DAYS, today]);
    assert_eq!(counts.challenges.len(), 2);
}

pub(super) async fn counts_go_with_their_key(store: Arc<dyn Store>) {
    store.create_site_key(site_key(1, "p")).await.unwrap();
    let new = NewAssessment { challenge: Some(ChallengeOutcome::Passed), ..assessment(1, 1, "login", 0.5) };
    store.assess(new).await.unwrap();
    store.delete_site_key(&project("p"), &site_key_id(1)).await.unwrap();
    assert_eq!(store.counts(&site_key_id(1)).await, Ok(Default::default()));
}

fn assessment(n: u8, day: i32, action: &str, score: f32) -> NewAssessment {
    let record = AssessmentRecord { action: action.into(), score, ..record(random_id(n), START) };
    NewAssessment { record, spend: None, day: Day(day), ..attempt(token(START, n), n, START) }
}
