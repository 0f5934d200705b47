use std::{ops::Deref, time::Duration};

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::{
    Request,
    body::{Body as _, Incoming},
    header::CONTENT_LENGTH,
};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::{Instant, timeout},
};
use touchstone_api::ApiError;

use super::Gate;
use crate::doors::http::header;

/// The memory that bodies may take up at one gate.
pub(super) struct Bodies {
    /// In KiB.
    free: Semaphore,
}

/// A body, whole. Its memory counts until it is dropped.
pub(in crate::doors) struct Body<'a> {
    bytes: Bytes,
    _share: Share<'a>,
}

/// What a body takes up.
struct Share<'a> {
    bodies: &'a Bodies,
    taken: Option<SemaphorePermit<'a>>,
}

impl Gate {
    /// Reads a request's body of at most `limit` bytes. It must arrive within 10 seconds; within 2 when much of the memory is taken,
    /// so that those who send slowly cannot take all of it.
    ///
    /// # Errors
    /// 413, 408, 400 for what breaks off; UNAVAILABLE if there is no memory left.
    pub(in crate::doors) async fn read(
        &self,
        request: Request<Incoming>,
        limit: usize,
    ) -> Result<Body<'_>, ApiError> {
        let mut share = Share {
            bodies: &self.bodies,
            taken: None,
        };
        let grow = |size: usize| match share.grow(size) {
            true => Ok(()),
            false => Err(self.shed()),
        };
        let bytes = collect(request, limit, grow, || self.bodies.patience()).await?;
        Ok(Body {
            bytes,
            _share: share,
        })
    }
}

/// Reads a body whose memory is not worth counting.
///
/// # Errors
/// 413, 408, 400 for what breaks off.
pub(in crate::doors) async fn read_small(
    request: Request<Incoming>,
    limit: usize,
) -> Result<Bytes, ApiError> {
    collect(request, limit, |_| Ok(()), || PATIENCE).await
}

async fn collect(
    request: Request<Incoming>,
    limit: usize,
    mut grow: impl FnMut(usize) -> Result<(), ApiError>,
    patience: impl Fn() -> Duration,
) -> Result<Bytes, ApiError> {
    let announced: Option<usize> = header(request.headers(), CONTENT_LENGTH).parse().ok();
    if announced.is_some_and(|length| length > limit) {
        return Err(ApiError::payload_too_large(limit));
    }
    let begun = Instant::now();
    let mut body = request.into_body();
    let (mut first, mut whole) = (Bytes::new(), BytesMut::new());
    while !body.is_end_stream() {
        // Patience may end while a client is silent, so it is asked for again and again.
        let left = patience().saturating_sub(begun.elapsed());
        if left.is_zero() {
            return Err(ApiError::request_timeout());
        }
        let Ok(frame) = timeout(left.min(LOOK_EVERY), body.frame()).await else {
            continue;
        };
        let Some(frame) = frame else { break };
        let frame = frame.map_err(|_| ApiError::invalid_argument("The request body broke off."))?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        let size = first.len() + whole.len() + data.len();
        if size > limit {
            return Err(ApiError::payload_too_large(limit));
        }
        grow(size)?;
        match (first.is_empty(), whole.is_empty()) {
            // Most bodies come in one piece, which need not be copied.
            (true, true) => first = data,
            _ => {
                whole.extend_from_slice(&std::mem::take(&mut first));
                whole.extend_from_slice(&data);
            }
        }
    }
    Ok(match whole.is_empty() {
        true => first,
        false => whole.freeze(),
    })
}

impl Body<'_> {
    /// The bytes, for those who need to own them for a moment.
    pub(in crate::doors) fn bytes(&self) -> Bytes {
        self.bytes.clone()
    }
}

impl Deref for Body<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Bodies {
    fn patience(&self) -> Duration {
        match self.free.available_permits() < MEMORY_KIB / 2 {
            true => SHORT_PATIENCE,
            false => PATIENCE,
        }
    }
}

impl Default for Bodies {
    fn default() -> Self {
        Self {
            free: Semaphore::new(MEMORY_KIB),
        }
    }
}

impl Share<'_> {
    /// Takes what `size` bytes need in all; `false` if there is not that much.
    fn grow(&mut self, size: usize) -> bool {
        let has = self.taken.as_ref().map_or(0, SemaphorePermit::num_permits);
        let more = size.div_ceil(1024).saturating_sub(has);
        let Ok(more) = u32::try_from(more) else {
            return false;
        };
        let Ok(more) = self.bodies.free.try_acquire_many(more) else {
            return false;
        };
        match &mut self.taken {
            Some(taken) => taken.merge(more),
            none => *none = Some(more),
        }
        true
    }
}

/// 32 MiB: two thousand reports on their way, or a hundred of the largest calls.
const MEMORY_KIB: usize = 32 * 1024;
/// A body must arrive whole within 10 seconds.
const PATIENCE: Duration = Duration::from_secs(10);
/// The same when half of the memory is taken.
const SHORT_PATIENCE: Duration = Duration::from_secs(2);
/// How soon a silent client notices that.
const LOOK_EVERY: Duration = Duration::from_millis(500);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_counts_by_its_size_until_it_is_dropped() {
        let bodies = Bodies::default();
        let mut share = Share {
            bodies: &bodies,
            taken: None,
        };
        assert!(share.grow(1) && share.grow(1_024) && share.grow(1_025));
        assert_eq!(bodies.free.available_permits(), MEMORY_KIB - 2);
        drop(share);
        assert_eq!(bodies.free.available_permits(), MEMORY_KIB);
    }

    #[test]
    fn half_of_the_memory_ends_the_long_patience_and_all_of_it_the_reading() {
        let bodies = Bodies::default();
        let share = || Share {
            bodies: &bodies,
            taken: None,
        };
        let (mut one, mut other) = (share(), share());
        assert_eq!(bodies.patience(), PATIENCE);
        assert!(one.grow(MEMORY_KIB * 512 + 1));
        assert_eq!(bodies.patience(), SHORT_PATIENCE);
        assert!(!other.grow(MEMORY_KIB * 512));
        assert!(other.grow(MEMORY_KIB * 512 - 1_024));
    }
}
