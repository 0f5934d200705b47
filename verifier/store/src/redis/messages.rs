//! Messages that wait to be sent, all in one slot: by id, by due time, by end. They are few, and every verifier looks for what is due.

use super::{RedisStore, forms::corrupt, link::Call, scripts, whole};
use crate::{MAX_MESSAGE_BYTES, MAX_WAITING_MESSAGES, Millis, StoreError, WaitingMessage};

/// See [`Store::queue_message`](crate::Store::queue_message).
pub(super) async fn queue(
    store: &RedisStore,
    message: &WaitingMessage,
    due_at: Millis,
) -> Result<(), StoreError> {
    if message.sealed.len() > MAX_MESSAGE_BYTES {
        return Err(StoreError::Rejected("the message is too large".into()));
    }
    let [all, by_due, by_end] = store.names.messages();
    let call = Call::run(&scripts::QUEUE_MESSAGE)
        .key(store.names.answer(&all, store.link.attempt()))
        .key(all)
        .key(by_due)
        .key(by_end)
        .arg(message.id)
        .arg(message.sealed.clone())
        .number(whole(due_at))
        .number(whole(message.dead_at))
        .number(MAX_WAITING_MESSAGES);
    match store.link.call(call).await.map(super::is_yes)? {
        true => Ok(()),
        false => Err(StoreError::Full {
            most: MAX_WAITING_MESSAGES,
        }),
    }
}

/// See [`Store::claim_messages`](crate::Store::claim_messages).
pub(super) async fn claim(
    store: &RedisStore,
    now: Millis,
    lease_ms: u64,
    limit: u32,
) -> Result<Vec<WaitingMessage>, StoreError> {
    let [all, by_due, by_end] = store.names.messages();
    let call = Call::run(&scripts::CLAIM_MESSAGES)
        .key(all)
        .key(by_due)
        .key(by_end)
        .number(whole(now))
        .number(whole(now.after(lease_ms)))
        .number(limit);
    let claimed: Vec<(Vec<u8>, Vec<u8>, u64)> = store.link.call(call).await?;
    let claimed = claimed.into_iter().map(|(id, sealed, dead_at)| {
        let id = id.try_into();
        Ok(WaitingMessage {
            id: id.map_err(|_| corrupt("an id of another length".into()))?,
            sealed,
            dead_at: Millis(dead_at),
        })
    });
    claimed.collect()
}

pub(super) async fn postpone(
    store: &RedisStore,
    id: &[u8; 16],
    due_at: Millis,
) -> Result<bool, StoreError> {
    let [all, by_due, _] = store.names.messages();
    let call = Call::run(&scripts::POSTPONE_MESSAGE)
        .key(all)
        .key(by_due)
        .arg(*id)
        .number(whole(due_at));
    store.link.call(call).await.map(super::is_yes)
}

pub(super) async fn drop_one(store: &RedisStore, id: &[u8; 16]) -> Result<bool, StoreError> {
    let [all, by_due, by_end] = store.names.messages();
    let call = Call::run(&scripts::DROP_MESSAGE)
        .key(store.names.answer(&all, store.link.attempt()))
        .key(all)
        .key(by_due)
        .key(by_end)
        .arg(*id);
    store.link.call(call).await.map(super::is_yes)
}
