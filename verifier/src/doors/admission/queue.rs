use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::oneshot, time::Instant};

/// Places, and who waits for one.
///
/// In a burst the first comes first, and so in a queue that never empties but moves: many who ask again as soon as they are
/// answered. When the first has waited longer than [`STANDS_AFTER`], more comes than can be done, so that some must be refused
/// whatever the order; then the last comes first. Those who are served have hardly waited, instead of all having waited as long as
/// anybody will. Nobody needs to know how much can be done: the queue tells.
pub(super) struct Queue {
    state: Mutex<State>,
    most_waiting: usize,
}

struct State {
    free: usize,
    waiting: VecDeque<Waiter>,
}

struct Waiter {
    since: Instant,
    grant: oneshot::Sender<Held>,
}

/// A place; given to the next one when dropped.
pub(super) struct Held(Arc<Queue>);

/// What became of the wish for a place.
pub(super) enum Wish {
    /// Here it is.
    Granted(Held),
    /// It comes, or does not. Dropping this leaves the queue.
    Waiting(oneshot::Receiver<Held>),
    /// Too many wait already.
    Full,
}

impl Queue {
    /// `places` at once, while at most `most_waiting` wait.
    pub(super) fn new(places: usize, most_waiting: usize) -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::new(State {
                free: places,
                waiting: VecDeque::new(),
            }),
            most_waiting,
        })
    }

    pub(super) fn ask(self: &Arc<Self>) -> Wish {
        let mut state = self.state();
        if state.free > 0 {
            state.free -= 1;
            return Wish::Granted(Held(self.clone()));
        }
        state.forget_gone();
        if state.waiting.len() >= self.most_waiting {
            return Wish::Full;
        }
        let (grant, granted) = oneshot::channel();
        let since = Instant::now();
        state.waiting.push_back(Waiter { since, grant });
        Wish::Waiting(granted)
    }

    /// Who is to have a place that came free; if nobody is there, it is kept.
    fn next(&self) -> Option<oneshot::Sender<Held>> {
        let mut state = self.state();
        state.forget_gone();
        let first = state.waiting.front();
        let stands = first.is_some_and(|first| first.since.elapsed() > STANDS_AFTER);
        loop {
            let next = match stands {
                true => state.waiting.pop_back(),
                false => state.waiting.pop_front(),
            };
            match next.map(|waiter| waiter.grant) {
                Some(gone) if gone.is_closed() => {}
                None => {
                    state.free += 1;
                    return None;
                }
                next => return next,
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// All have the same patience, so who left is mostly in front.
    fn forget_gone(&mut self) {
        let is_gone = |first: &Waiter| first.grant.is_closed();
        while self.waiting.front().is_some_and(is_gone) {
            self.waiting.pop_front();
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(next) = self.0.next() {
            // Who left in this moment drops it, and so gives it on.
            let _ = next.send(Self(self.0.clone()));
        }
    }
}

/// Half as long as anybody waits: a queue in order is served well before its patience ends.
const STANDS_AFTER: Duration = Duration::from_millis(125);

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(queue: &Arc<Queue>) -> oneshot::Receiver<Held> {
        match queue.ask() {
            Wish::Waiting(granted) => granted,
            _ => panic!("there was a place, or no queue"),
        }
    }

    fn take(queue: &Arc<Queue>) -> Held {
        match queue.ask() {
            Wish::Granted(held) => held,
            _ => panic!("there was no place"),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_comes_first_until_the_queue_stands_and_then_the_last() {
        let queue = Queue::new(1, 8);
        let mut held = take(&queue);
        let [mut first, mut second, mut third] = [(); 3].map(|()| wait(&queue));
        drop(held);
        held = first.try_recv().unwrap();
        assert!(second.try_recv().is_err() && third.try_recv().is_err());
        tokio::time::advance(STANDS_AFTER * 2).await;
        drop(held);
        held = third.try_recv().unwrap();
        assert!(second.try_recv().is_err());
        drop(held);
        held = second.try_recv().unwrap();
        // Empty since then, so it begins anew.
        let [mut first, _second] = [(); 2].map(|()| wait(&queue));
        drop(held);
        assert!(first.try_recv().is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_queue_that_moves_keeps_its_order_though_it_never_empties() {
        let queue = Queue::new(1, 8);
        let mut held = take(&queue);
        let mut waiting = VecDeque::from([(); 4].map(|()| wait(&queue)));
        for _ in 0..100 {
            tokio::time::advance(STANDS_AFTER / 5).await;
            waiting.push_back(wait(&queue));
            drop(held);
            held = waiting.pop_front().unwrap().try_recv().unwrap();
        }
    }

    #[tokio::test]
    async fn a_place_that_nobody_takes_is_not_lost() {
        let queue = Queue::new(1, 8);
        let held = take(&queue);
        drop(wait(&queue));
        let (granted, last) = (wait(&queue), wait(&queue));
        drop(held);
        // It was granted, and its owner hung up before looking.
        drop(granted);
        drop(last);
        drop(take(&queue));
    }

    #[tokio::test]
    async fn a_full_queue_takes_nobody_until_somebody_leaves() {
        let queue = Queue::new(1, 2);
        let _held = take(&queue);
        let waiting = (wait(&queue), wait(&queue));
        assert!(matches!(queue.ask(), Wish::Full));
        drop(waiting);
        wait(&queue);
    }
}
