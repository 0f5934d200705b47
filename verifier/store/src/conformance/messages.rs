use std::sync::Arc;

use super::samples::START;
use crate::{MAX_MESSAGE_BYTES, Millis, Store, StoreError, WaitingMessage};

pub(super) async fn a_due_message_is_claimed_by_one(store: Arc<dyn Store>) {
    store.queue_message(message(1), START.after(10)).await.unwrap();
    store.queue_message(message(2), START.after(5)).await.unwrap();
    assert_eq!(claim(&*store, START).await, vec![]);
    assert_eq!(claim(&*store, START.after(10)).await, vec![message(2), message(1)]);
    assert_eq!(claim(&*store, START.after(10)).await, vec![], "they are claimed");
    assert_eq!(claim(&*store, START.after(1_010)).await.len(), 2, "whoever claimed them did not say that they were sent");
}

pub(super) async fn a_message_is_postponed_and_dropped(store: Arc<dyn Store>) {
    store.queue_message(message(1), START).await.unwrap();
    assert_eq!(store.postpone_message([1; 16], START.after(50)).await, Ok(true));
    assert_eq!(claim(&*store, START.after(49)).await, vec![]);
    assert_eq!(claim(&*store, START.after(50)).await, vec![message(1)]);
    assert_eq!(store.drop_message([1; 16]).await, Ok(true));
    assert_eq!(store.drop_message([1; 16]).await, Ok(false));
    assert_eq!(store.postpone_message([1; 16], START).await, Ok(false));
    assert_eq!(claim(&*store, START.after(5_000)).await, vec![]);
}

pub(super) async fn a_message_takes_the_place_of_one_with_its_id(store: Arc<dyn Store>) {
    store.queue_message(message(1), START).await.unwrap();
    let newer = WaitingMessage { sealed: vec![9], ..message(1) };
    store.queue_message(newer.clone(), START).await.unwrap();
    assert_eq!(claim(&*store, START).await, vec![newer]);
}

pub(super) async fn a_dead_message_is_never_claimed(store: Arc<dyn Store>) {
    store.queue_message(message(1), START).await.unwrap();
    assert_eq!(claim(&*store, START.after(900_000)).await, vec![]);
    assert_eq!(store.drop_message([1; 16]).await, Ok(false));
}

pub(super) async fn a_message_over_its_bound_is_rejected(store: Arc<dyn Store>) {
    let large = WaitingMessage { sealed: vec![0; MAX_MESSAGE_BYTES + 1], ..message(1) };
    assert!(matches!(store.queue_message(large, START).await, Err(StoreError::Rejected(_))));
    let largest = WaitingMessage { sealed: vec![0; MAX_MESSAGE_BYTES], ..message(1) };
    assert_eq!(store.queue_message(largest, START).await, Ok(()));
}

async fn claim(store: &dyn Store, now: Millis) -> Vec<WaitingMessage> {
    store.claim_messages(now, 1_000, 10).await.unwrap()
}

fn message(n: u8) -> WaitingMessage {
    WaitingMessage { id: [n; 16], sealed: vec![n; 3], dead_at: START.after(900_000) }
}
