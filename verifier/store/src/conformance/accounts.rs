use std::sync::Arc;

use tokio::task::JoinSet;

use super::samples::{MINUTE, START, attempt, duplicate_record, project, random_id, record, token};
use crate::{
    AccountHash, AccountMark, Annotation, AssessmentRecord, Forgotten, KeptProfile, MAX_PROFILE_BYTES, MAX_VISIT_BYTES,
    Millis, NewAssessment, NewProfile, Outcome, Revision, Spend, Store, StoreError,
};

pub(super) async fn a_profile_reads_back_as_it_was_written(store: Arc<dyn Store>) {
    assert_eq!(store.profile(&account(1)).await, Ok(None));
    for (n, profile) in [(1, vec![]), (2, vec![0, 255, b'\'']), (3, vec![7; MAX_PROFILE_BYTES])] {
        let new = NewProfile { account: account(n), profile: profile.clone(), over: None };
        assert_eq!(store.write_profile(new, START).await, Ok(true));
        let kept = KeptProfile { profile, revision: Revision(START) };
        assert_eq!(store.profile(&account(n)).await, Ok(Some(kept)), "{n}");
    }
}

pub(super) async fn a_profile_is_written_over_the_one_it_was_made_from_alone(store: Arc<dyn Store>) {
    assert_eq!(store.write_profile(profile(1, 1, None), START).await, Ok(true));
    assert_eq!(store.write_profile(profile(1, 2, None), START).await, Ok(false), "there is one by now");
    assert_eq!(store.write_profile(profile(1, 2, Some(Revision(START.before(1)))), START).await, Ok(false));
    // The second in the same millisecond, and one by a clock that is behind.
    for (n, now) in [(2, START), (3, START.before(MINUTE))] {
        let read = store.profile(&account(1)).await.unwrap().unwrap();
        assert_eq!(store.write_profile(profile(1, n, Some(read.revision)), now).await, Ok(true));
        assert_eq!(store.write_profile(profile(1, 9, Some(read.revision)), now).await, Ok(false));
        let kept = store.profile(&account(1)).await.unwrap().unwrap();
        assert_eq!((&kept.profile[..], kept.revision > read.revision), (&[n][..], true));
    }
    assert_eq!(store.profile(&account(2)).await, Ok(None), "accounts do not disturb each other");
}

pub(super) async fn of_many_writers_at_once_none_undoes_another(store: Arc<dyn Store>) {
    let mut writers = JoinSet::new();
    for n in 0..20 {
        let store = Arc::clone(&store);
        writers.spawn(async move {
            loop {
                let read = store.profile(&account(1)).await.unwrap();
                let mut profile = read.as_ref().map_or(vec![], |kept| kept.profile.clone());
                profile.push(n);
                let over = read.map(|kept| kept.revision);
                let new = NewProfile { account: account(1), profile, over };
                if store.write_profile(new, START).await.unwrap() {
                    break;
                }
            }
        });
    }
    writers.join_all().await;
    let mut all = store.profile(&account(1)).await.unwrap().unwrap().profile;
    all.sort_unstable();
    assert_eq!(all, (0..20).collect::<Vec<_>>());
}

pub(super) async fn an_assessment_writes_the_profile_of_its_account(store: Arc<dyn Store>) {
    assert_eq!(store.assess(visit(1, profile(1, 1, None))).await, Ok(Outcome::First));
    let first = store.profile(&account(1)).await.unwrap().unwrap();
    assert_eq!((&first.profile[..], first.revision), (&[1][..], Revision(START)));
    assert_eq!(store.assess(visit(2, profile(1, 2, Some(first.revision)))).await, Ok(Outcome::First));
    let late = visit(3, profile(1, 3, Some(first.revision)));
    assert_eq!(store.assess(late).await, Ok(Outcome::First), "its visit is lost, not its assessment");
    assert_eq!(store.profile(&account(1)).await.unwrap().unwrap().profile, [2]);
    assert!(store.assessment(&project("p"), &token(START, 3).into()).await.unwrap().is_some());
}

pub(super) async fn a_profile_or_visit_over_its_bound_is_rejected_and_spends_nothing(store: Arc<dyn Store>) {
    let large = NewProfile { profile: vec![0; MAX_PROFILE_BYTES + 1], ..profile(1, 1, None) };
    assert!(matches!(store.write_profile(large.clone(), START).await, Err(StoreError::Rejected(_))));
    assert!(matches!(store.assess(visit(1, large)).await, Err(StoreError::Rejected(_))));
    let mut long = visit(1, profile(1, 1, None));
    long.record = marked(long.record, 1, MAX_VISIT_BYTES + 1);
    assert!(matches!(store.assess(long).await, Err(StoreError::Rejected(_))));
    assert_eq!(store.profile(&account(1)).await, Ok(None));
    let mut longest = visit(1, profile(1, 1, None));
    longest.record = marked(longest.record, 1, MAX_VISIT_BYTES);
    assert_eq!(store.assess(longest).await, Ok(Outcome::First), "nothing was spent");
}

pub(super) async fn profiles_that_nobody_writes_any_more_are_pruned(store: Arc<dyn Store>) {
    for n in 0..10 {
        store.write_profile(profile(n, 1, None), START.after(u64::from(n))).await.unwrap();
    }
    store.write_profile(profile(0, 2, Some(Revision(START))), START.after(20)).await.unwrap();
    assert_eq!(store.prune_profiles(START.after(5)).await, Ok(4));
    for n in 0..10 {
        let there = store.profile(&account(n)).await.unwrap().is_some();
        assert_eq!(there, n == 0 || n >= 5, "{n}");
    }
    assert_eq!(store.prune_profiles(START.after(5)).await, Ok(0));
}

pub(super) async fn of_a_forgotten_account_nothing_is_left(store: Arc<dyn Store>) {
    for n in 1..=9 {
        // Accounts 1 and 2 in turn, one record a bucket.
        let new = plain(marked(record(random_id(n), START.after(u64::from(n))), n % 2 + 1, usize::from(n)));
        store.assess(new).await.unwrap();
        for of in [Some(account(n % 2 + 1)), None, Some(account(1))] {
            store.annotate(&project("p"), &random_id(n), annotation(of)).await.unwrap();
        }
    }
    store.write_profile(profile(1, 1, None), START).await.unwrap();
    store.write_profile(profile(2, 2, None), START).await.unwrap();
    let forgotten = store.forget_account(&account(1)).await;
    assert_eq!(forgotten, Ok(Forgotten { profile: true, assessments: 4, annotations: 9 + 4 }));
    assert_eq!(store.profile(&account(1)).await, Ok(None));
    assert_eq!(store.profile(&account(2)).await.unwrap().unwrap().profile, [2]);
    for n in 1..=9 {
        let kept = store.assessment(&project("p"), &random_id(n)).await.unwrap().unwrap();
        let plain = record(random_id(n), START.after(u64::from(n)));
        let (expected, of) = match n % 2 {
            0 => (AssessmentRecord { account: None, ..plain }, None),
            _ => (marked(plain, 2, usize::from(n)), Some(account(2))),
        };
        assert_eq!(kept.record, expected);
        assert_eq!(kept.annotations, [annotation(of), annotation(None), annotation(None)]);
    }
    assert_eq!(store.forget_account(&account(1)).await, Ok(Forgotten::default()));
}

pub(super) async fn a_write_under_way_does_not_bring_a_forgotten_profile_back(store: Arc<dyn Store>) {
    store.write_profile(profile(1, 1, None), START).await.unwrap();
    let read = store.profile(&account(1)).await.unwrap().unwrap();
    store.forget_account(&account(1)).await.unwrap();
    let under_way = || profile(1, 2, Some(read.revision));
    assert_eq!(store.write_profile(under_way(), START.after(1)).await, Ok(false));
    // Nor into the account's next one, which begins at zero.
    store.write_profile(profile(1, 3, None), START.after(2)).await.unwrap();
    assert_eq!(store.write_profile(under_way(), START.after(3)).await, Ok(false));
    assert_eq!(store.profile(&account(1)).await.unwrap().unwrap().profile, [3]);
}

fn account(n: u8) -> AccountHash {
    // Told apart by the first byte and the last, by which it is placed.
    let mut hash = [9; 32];
    (hash[0], hash[31]) = (n, n);
    AccountHash(hash)
}

fn profile(of: u8, n: u8, over: Option<Revision>) -> NewProfile {
    NewProfile { account: account(of), profile: vec![n], over }
}

/// The `n`th assessment, of a visit that makes this profile.
fn visit(n: u8, profile: NewProfile) -> NewAssessment {
    let id = token(START, n);
    NewAssessment {
        profile: Some(profile),
        spend: Some(Spend { token_id: id, if_duplicate: duplicate_record(random_id(n), START) }),
        ..attempt(id, n, START)
    }
}

fn marked(record: AssessmentRecord, of: u8, visit: usize) -> AssessmentRecord {
    let mark = AccountMark { account: account(of), visit: vec![of; visit] };
    AssessmentRecord { account: Some(mark), ..record }
}

fn plain(record: AssessmentRecord) -> NewAssessment {
    NewAssessment { now: record.created_at, record, spend: None, ..attempt(token(Millis(0), 0), 0, START) }
}

fn annotation(of: Option<AccountHash>) -> Annotation {
    Annotation { annotation: 1, reasons: vec![5], account: of, at: START }
}
