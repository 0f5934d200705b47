use std::sync::Arc;

use super::samples::{MINUTE, START, attempt, duplicate_record, project, random_id, record, token};
use crate::{
    AccountHash, Annotation, Assessment, AssessmentRecord, MAX_ANNOTATIONS, Millis, NewAssessment, Outcome, Store, StoreError,
};

pub(super) async fn an_assessment_reads_back_as_it_was_written(store: Arc<dyn Store>) {
    let full = record(random_id(1), START);
    let bare = AssessmentRecord {
        action: String::new(),
        score: 0.0,
        reasons: vec![],
        valid: false,
        invalid_reason: 5,
        account: None,
        ..record(random_id(2), START.after(1))
    };
    let odd = AssessmentRecord { action: "käse/'; --\u{0}".into(), score: 0.1, ..record(random_id(3), Millis(0)) };
    for new in [full, bare, odd] {
        assert_eq!(store.assess(plain(new.clone())).await, Ok(Outcome::First));
        let read = store.assessment(&project("p"), &new.id).await;
        assert_eq!(read, Ok(Some(Assessment { record: new, annotations: vec![] })));
    }
}

pub(super) async fn a_duplicate_records_the_alternative(store: Arc<dyn Store>) {
    let spent = token(START, 1);
    store.assess(attempt(spent, 1, START)).await.unwrap();
    store.assess(attempt(spent, 2, START.after(1))).await.unwrap();
    let first = store.assessment(&project("p"), &spent.into()).await.unwrap().unwrap();
    assert_eq!(first.record, record(spent.into(), START));
    let second = store.assessment(&project("p"), &random_id(2)).await.unwrap().unwrap();
    assert_eq!(second.record, duplicate_record(random_id(2), START.after(1)));
    assert_eq!(store.assessment(&project("p"), &random_id(1)).await, Ok(None), "the first stored no alternative");
}

pub(super) async fn an_assessment_shows_itself_to_its_project_alone(store: Arc<dyn Store>) {
    let id = random_id(1);
    store.assess(plain(record(id, START))).await.unwrap();
    assert_eq!(store.assessment(&project("q"), &id).await, Ok(None));
    assert_eq!(store.annotate(&project("q"), &id, annotation(1)).await, Ok(false));
    let read = store.assessment(&project("p"), &id).await.unwrap().unwrap();
    assert_eq!(read.annotations, []);
}

pub(super) async fn annotations_read_back_in_order(store: Arc<dyn Store>) {
    let id = random_id(1);
    store.assess(plain(record(id, START))).await.unwrap();
    let bare = Annotation { annotation: 0, reasons: vec![], account: None, at: START };
    // The order is that of arrival, whatever the clocks said.
    let all = [annotation(5), bare, annotation(3), annotation(3)];
    for one in all.clone() {
        assert_eq!(store.annotate(&project("p"), &id, one).await, Ok(true));
    }
    let read = store.assessment(&project("p"), &id).await.unwrap().unwrap();
    assert_eq!(read.annotations, all);
}

pub(super) async fn an_unknown_assessment_takes_no_annotation(store: Arc<dyn Store>) {
    assert_eq!(store.annotate(&project("p"), &random_id(1), annotation(1)).await, Ok(false));
    assert_eq!(store.assessment(&project("p"), &random_id(1)).await, Ok(None));
}

pub(super) async fn the_oldest_annotations_give_way(store: Arc<dyn Store>) {
    let id = random_id(1);
    store.assess(plain(record(id, START))).await.unwrap();
    let total = MAX_ANNOTATIONS + 5;
    for n in 0..total {
        store.annotate(&project("p"), &id, annotation(n)).await.unwrap();
    }
    let read = store.assessment(&project("p"), &id).await.unwrap().unwrap();
    assert_eq!(read.annotations, (5..total).map(annotation).collect::<Vec<_>>());
}

pub(super) async fn old_assessments_are_pruned_and_young_ones_stay(store: Arc<dyn Store>) {
    for n in 0..10 {
        store.assess(plain(record(random_id(n), START.after(u64::from(n) * MINUTE)))).await.unwrap();
        store.annotate(&project("p"), &random_id(n), annotation(1)).await.unwrap();
    }
    // Those of minutes 0 to 5 are older than four minutes at the tenth; that of minute 6 is not yet.
    let pruned = store.prune(START.after(10 * MINUTE), 4 * MINUTE).await.unwrap();
    assert_eq!(pruned.assessments, 6);
    for n in 0..10 {
        let there = store.assessment(&project("p"), &random_id(n)).await.unwrap().is_some();
        assert_eq!(there, n >= 6, "{n}");
        assert_eq!(store.annotate(&project("p"), &random_id(n), annotation(2)).await, Ok(n >= 6), "{n}");
    }
    assert_eq!(store.prune(START.after(10 * MINUTE), 4 * MINUTE).await.unwrap().assessments, 0);
    assert_eq!(store.prune(START.after(10 * MINUTE), u64::MAX).await.unwrap().assessments, 0);
}

pub(super) async fn a_score_outside_its_range_is_rejected(store: Arc<dyn Store>) {
    for score in [-0.1, 1.1, f32::INFINITY, f32::NAN] {
        let mut new = attempt(token(START, 1), 1, START);
        new.record.score = score;
        assert!(matches!(store.assess(new).await, Err(StoreError::Rejected(_))), "{score}");
    }
    assert_eq!(store.assess(attempt(token(START, 1), 2, START)).await, Ok(Outcome::First), "nothing was spent");
}

fn plain(record: AssessmentRecord) -> NewAssessment {
    NewAssessment { now: record.created_at, record, spend: None, idempotency: None, sketch: None, profile: None, day: START.day(), challenge: None }
}

fn annotation(n: u32) -> Annotation {
    Annotation {
        annotation: (n % 5) as u8,
        reasons: vec![n as u8, 14],
        account: Some(AccountHash([n as u8; 32])),
        at: START.after(u64::from(n)),
    }
}
