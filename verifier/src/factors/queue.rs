//! Messages wait in the store from before they are sent until they are taken: whatever ends this process, another sends them.
//!
//! Whoever asked for a code waits for its first tries. A server that answers "later" is believed, and tried again from the queue;
//! where nobody answers, the person is told so, and the message is withdrawn: what was said to have failed must not arrive.

use std::{sync::Arc, time::Duration};

use tokio::{
    task::JoinSet,
    time::{Instant, sleep, timeout},
};
use touchstone_store::{Millis, StoreError, WaitingMessage};

use super::{Delivery, Parcel};
use crate::{Verifier, steps::StepError};

/// Queues a message and tries to deliver it, for some seconds at most. Goes on when the caller does not wait any more.
///
/// # Errors
/// The store cannot keep it.
pub(crate) async fn send(
    verifier: &Arc<Verifier>,
    parcel: Parcel,
    dead_at: Millis,
) -> Result<Delivery, StepError> {
    let now = verifier.stored_now();
    let message = WaitingMessage {
        id: parcel.id,
        sealed: parcel.seal(verifier)?,
        dead_at,
    };
    let queued = verifier.store.queue_message(message, now.after(LEASE_MS));
    match queued.await {
        Err(StoreError::Full { .. }) => {
            tracing::warn!("a code was not sent: as many messages wait as may");
            return Ok(Delivery::Failed);
        }
        queued => queued?,
    }
    let verifier = verifier.clone();
    let delivering = tokio::spawn(async move { deliver_first(&verifier, &parcel).await });
    // A panic in there would be a defect; the message still waits in the queue.
    delivering.await.unwrap_or(Ok(Delivery::Later))
}

/// Sends what is due. Called every few seconds, by every verifier of the store.
///
/// # Errors
/// The store does not answer.
pub(crate) async fn deliver_waiting(verifier: &Arc<Verifier>) -> Result<(), StoreError> {
    loop {
        let now = verifier.stored_now();
        let due = verifier
            .store
            .claim_messages(now, LEASE_MS, MOST_CLAIMED)
            .await?;
        let is_all = due.len() < MOST_CLAIMED as usize;
        let mut sending = JoinSet::new();
        for message in due {
            let verifier = verifier.clone();
            sending.spawn(async move { deliver_one(&verifier, message, now).await });
        }
        // One that panicked would be a defect, and is due again when its lease is over.
        while let Some(sent) = sending.join_next().await {
            sent.unwrap_or(Ok(()))?;
        }
        if is_all {
            return Ok(());
        }
    }
}

async fn deliver_one(
    verifier: &Verifier,
    message: WaitingMessage,
    now: Millis,
) -> Result<(), StoreError> {
    let WaitingMessage {
        id,
        sealed,
        dead_at,
    } = message;
    let Ok(parcel) = Parcel::open(verifier, &sealed) else {
        tracing::error!("a waiting message cannot be read, and was dropped");
        verifier.store.drop_message(id).await?;
        return Ok(());
    };
    match try_once(verifier, &parcel, verifier.factors.tried_for).await {
        Delivery::Accepted | Delivery::Refused => verifier.store.drop_message(id).await?,
        Delivery::Later | Delivery::Failed => {
            let age_ms = LIFE_MS.saturating_sub(dead_at.0.saturating_sub(now.0));
            // As long again as it is old: after half a minute, one, two, four, eight.
            let due_at = now.after(age_ms.max(LEASE_MS));
            verifier.store.postpone_message(id, due_at).await?
        }
    };
    Ok(())
}

async fn deliver_first(verifier: &Verifier, parcel: &Parcel) -> Result<Delivery, StepError> {
    let Ok(_place) = verifier.factors.under_way.try_acquire() else {
        return Ok(Delivery::Later);
    };
    let end = Instant::now() + verifier.factors.tried_for;
    let mut pause = FIRST_PAUSE;
    let delivery = loop {
        let left = end.saturating_duration_since(Instant::now());
        let delivery = try_once(verifier, parcel, left).await;
        if delivery != Delivery::Failed || Instant::now() + pause >= end {
            break delivery;
        }
        sleep(pause).await;
        pause *= 2;
    };
    if delivery != Delivery::Later {
        verifier.store.drop_message(parcel.id).await?;
    }
    Ok(delivery)
}

async fn try_once(verifier: &Verifier, parcel: &Parcel, within: Duration) -> Delivery {
    let delivered = timeout(within, verifier.factors.deliver(parcel)).await;
    let delivery = delivered.unwrap_or(Delivery::Failed);
    let channel = parcel.endpoint.channel();
    verifier.metrics.factor(channel.name(), delivery.name());
    delivery
}

const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// How long a message is one verifier's to send: longer than one is tried to be sent.
const LEASE_MS: u64 = 30_000;
/// How long a message may wait: as long as its code is valid.
const LIFE_MS: u64 = touchstone_mfa::REQUEST_LIFETIME_MS;
/// Messages claimed at once, and sent at once.
const MOST_CLAIMED: u32 = 16;
