use std::sync::Arc;

use tokio::task::JoinSet;

use super::samples::START;
use crate::{
    CodeKept, FactorId, FactorState, Guess, MAX_PROVED, Millis, NewCode, PROVED_LIFE_MS, Proved, Quota, Store,
};

pub(super) async fn a_challenge_has_five_guesses_whatever_codes_it_has(store: Arc<dyn Store>) {
    assert_eq!(store.factor(&id(1), START).await, Ok(None));
    assert_eq!(store.guess_code(&id(1), START).await, Ok(Guess::Over));
    assert_eq!(keep(&*store, 1, 7, START).await, CodeKept::Kept { attempts_left: 5 });
    assert_eq!(store.guess_code(&id(1), START).await, Ok(counted(7, 4)));
    let later = START.after(30_000);
    assert_eq!(keep(&*store, 1, 8, later).await, CodeKept::Kept { attempts_left: 4 });
    for left in (0..4).rev() {
        assert_eq!(store.guess_code(&id(1), later).await, Ok(counted(8, left)), "the code before is void");
    }
    assert_eq!(store.guess_code(&id(1), later).await, Ok(Guess::Exhausted));
    assert_eq!(store.factor(&id(1), later).await, Ok(None));
    assert_eq!(keep(&*store, 1, 9, later.after(30_000)).await, CodeKept::Over);
    assert_eq!(keep(&*store, 2, 9, START).await, CodeKept::Kept { attempts_left: 5 }, "others are not disturbed");
}

pub(super) async fn of_guesses_at_once_five_are_counted(store: Arc<dyn Store>) {
    keep(&*store, 1, 7, START).await;
    let mut callers = JoinSet::new();
    for _ in 0..60 {
        let store = Arc::clone(&store);
        callers.spawn(async move { store.guess_code(&id(1), START).await.unwrap() });
    }
    let answers = callers.join_all().await;
    let counted = answers.iter().filter(|guess| matches!(guess, Guess::Counted { .. }));
    assert_eq!(counted.count(), 5);
}

pub(super) async fn a_code_stays_for_a_while(store: Arc<dyn Store>) {
    keep(&*store, 1, 7, START).await;
    let state = FactorState { attempts_left: 5, sent_at: START };
    assert_eq!(keep(&*store, 1, 8, START.after(29_999)).await, CodeKept::TooSoon(state));
    assert_eq!(store.factor(&id(1), START.after(29_999)).await, Ok(Some(state)));
    assert_eq!(store.guess_code(&id(1), START.after(29_999)).await, Ok(counted(7, 4)));
}

pub(super) async fn a_code_that_was_not_sent_makes_nobody_wait(store: Arc<dyn Store>) {
    assert_eq!(store.unsend_code(&id(1)).await, Ok(()), "there is none");
    keep(&*store, 1, 7, START).await;
    store.guess_code(&id(1), START).await.unwrap();
    store.unsend_code(&id(1)).await.unwrap();
    assert_eq!(keep(&*store, 1, 8, START).await, CodeKept::Kept { attempts_left: 4 });
}

pub(super) async fn a_challenge_ends(store: Arc<dyn Store>) {
    keep(&*store, 1, 7, START).await;
    let end = START.after(900_000);
    assert_eq!(store.guess_code(&id(1), end.before(1)).await, Ok(counted(7, 4)));
    assert_eq!(store.guess_code(&id(1), end).await, Ok(Guess::Over));
    assert_eq!(store.factor(&id(1), end).await, Ok(None));
    assert_eq!(store.prove(&id(1), [3; 32], [6; 16], end).await, Ok(false));
    store.prune(end, 0).await.unwrap();
    assert_eq!(store.factor(&id(1), end).await, Ok(None));
}

pub(super) async fn a_challenge_is_met_once(store: Arc<dyn Store>) {
    assert_eq!(store.prove(&id(1), [3; 32], [6; 16], START).await, Ok(false), "there is none");
    keep(&*store, 1, 7, START).await;
    assert_eq!(store.prove(&id(1), [3; 32], [6; 16], START).await, Ok(true));
    assert_eq!(store.prove(&id(1), [3; 32], [6; 16], START).await, Ok(false));
    let met = Guess::Met { code: [7; 32], by: [6; 16] };
    assert_eq!(store.guess_code(&id(1), START).await, Ok(met));
    assert_eq!(store.factor(&id(1), START).await, Ok(None));
    assert_eq!(keep(&*store, 1, 8, START.after(60_000)).await, CodeKept::Over);
}

pub(super) async fn proved_addresses_are_remembered_newest_first(store: Arc<dyn Store>) {
    for (request, address, at) in [(1, 3, 0), (2, 4, 10), (3, 3, 20)] {
        keep(&*store, request, 7, START.after(at)).await;
        store.prove(&id(request), [address; 32], [6; 16], START.after(at)).await.unwrap();
    }
    let expected = [(3, 20), (4, 10)].map(|(address, at)| Proved { address: [address; 32], at: START.after(at) });
    assert_eq!(store.proved(&[9; 32], START.after(20)).await, Ok(expected.to_vec()));
    assert_eq!(store.proved(&[8; 32], START.after(20)).await, Ok(vec![]));
    let end = START.after(PROVED_LIFE_MS + 11);
    assert_eq!(store.proved(&[9; 32], end).await, Ok(expected[..1].to_vec()));
}

pub(super) async fn an_account_has_room_for_so_many_addresses(store: Arc<dyn Store>) {
    for n in 0..=MAX_PROVED as u8 {
        let at = START.after(n.into());
        keep(&*store, n, 7, at).await;
        store.prove(&id(n), [n; 32], [6; 16], at).await.unwrap();
    }
    let proved = store.proved(&[9; 32], START.after(1_000)).await.unwrap();
    assert_eq!(proved.len(), MAX_PROVED as usize);
    assert!(proved.iter().all(|proved| proved.address != [0; 32]), "the oldest gave way");
}

pub(super) async fn a_forgotten_account_has_no_factor(store: Arc<dyn Store>) {
    keep(&*store, 1, 7, START).await;
    store.prove(&id(1), [3; 32], [6; 16], START).await.unwrap();
    keep(&*store, 2, 7, START).await;
    assert_eq!(store.forget_factors(&[9; 32]).await, Ok(true));
    assert_eq!(store.proved(&[9; 32], START).await, Ok(vec![]));
    assert_eq!(store.factor(&id(2), START).await, Ok(None));
    assert_eq!(store.forget_factors(&[9; 32]).await, Ok(false));
}

pub(super) async fn a_quota_is_used_up_and_comes_back(store: Arc<dyn Store>) {
    let quota = |id, most| Quota { id: [id; 16], most, window_ms: 1_000 };
    let both = || vec![quota(1, 2), quota(2, 3)];
    assert_eq!(store.use_quotas(both(), START).await, Ok(None));
    assert_eq!(store.use_quotas(both(), START.after(500)).await, Ok(None));
    assert_eq!(store.use_quotas(both(), START.after(999)).await, Ok(Some(0)));
    assert_eq!(store.use_quotas(both(), START.after(1_000)).await, Ok(None));
    assert_eq!(store.use_quotas(vec![quota(3, 0)], START).await, Ok(Some(0)), "nothing is allowed");
    assert_eq!(store.use_quotas(vec![], START).await, Ok(None));
}

pub(super) async fn quotas_hold_for_many_at_once(store: Arc<dyn Store>) {
    let mut callers = JoinSet::new();
    for _ in 0..60 {
        let store = Arc::clone(&store);
        let quota = Quota { id: [1; 16], most: 10, window_ms: 1_000 };
        callers.spawn(async move { store.use_quotas(vec![quota], START).await.unwrap() });
    }
    let granted = callers.join_all().await.into_iter().filter(Option::is_none).count();
    assert_eq!(granted, 10);
}

async fn keep(store: &dyn Store, request: u8, code: u8, now: Millis) -> CodeKept {
    let new = NewCode { id: id(request), code: [code; 32], attempts: 5, ends_at: START.after(900_000), again_after_ms: 30_000 };
    store.keep_code(new, now).await.unwrap()
}

fn id(request: u8) -> FactorId {
    FactorId { account: [9; 32], request: [request; 16] }
}

fn counted(code: u8, attempts_left: u8) -> Guess {
    Guess::Counted { code: [code; 32], attempts_left }
}
