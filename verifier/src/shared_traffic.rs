//! Counts of traffic and of quotas, told to the other verifiers of a store: a second or two after a flood began at one of them, all know of it.
//!
//! Each leaves a note with what it counted in the last few seconds, and reads the notes of the others. What one missed, because the store or
//! itself was late for longer than that, stays uncounted there: these are estimates, and nobody waits for them.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use touchstone_store::{
    ApiKeyId, StoreError,
    redis::{NoteWriter, RedisStore},
};
use touchstone_token::Millis;
use touchstone_traffic::{Tallies, Traffic};

use crate::keys::Quotas;

/// One verifier's side of the exchange.
pub struct SharedTraffic {
    store: Arc<RedisStore>,
    writer: NoteWriter,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// What is told, the oldest first.
    told: VecDeque<Part>,
    /// The number of the next part.
    next: u64,
    /// The last part that was heard of each writer.
    heard: HashMap<NoteWriter, u64>,
}

/// What is in a note.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Note {
    /// When it was left.
    at: Millis,
    parts: VecDeque<Part>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Part {
    /// Rises by one with each part of a writer, from 1.
    number: u64,
    at: Millis,
    tallies: Vec<u8>,
    /// API keys by their ids, and how many requests each made.
    quotas: Vec<(String, u32)>,
}

impl SharedTraffic {
    /// `writer` is random and new for each process.
    pub fn new(store: Arc<RedisStore>, writer: NoteWriter) -> Self {
        Self {
            store,
            writer,
            state: Mutex::default(),
        }
    }

    /// Tells what was counted, and counts what others tell. To be called every second.
    ///
    /// # Errors
    /// The store does not answer. What was to be told is told the next time, if that is soon.
    pub async fn exchange(
        &self,
        traffic: &Traffic,
        quotas: &Quotas,
        now: Millis,
    ) -> Result<(), StoreError> {
        let mut state = self.state.lock().await;
        if state.tell(traffic, quotas, now) {
            let note = Note {
                at: now,
                parts: state.told.clone(),
            };
            // A note is numbers and bytes, which can always be written; an empty one says nothing.
            let note = postcard::to_allocvec(&note).unwrap_or_default();
            self.store.leave_note(&self.writer, &note).await?;
        }
        let notes = self.store.notes().await?;
        let old = state.hear(&self.writer, notes, (traffic, quotas), now);
        self.store.remove_notes(&old).await
    }
}

impl State {
    /// Takes up what was counted; whether there is anything to tell.
    fn tell(&mut self, traffic: &Traffic, quotas: &Quotas, now: Millis) -> bool {
        let (tallies, quotas) = (traffic.tell(), quotas.tell());
        if !tallies.is_empty() || !quotas.is_empty() {
            let named = |(id, taken): (ApiKeyId, u32)| (id.as_str().to_owned(), taken);
            self.next += 1;
            self.told.push_back(Part {
                number: self.next,
                at: now,
                tallies: tallies.encode(),
                quotas: quotas.into_iter().map(named).collect(),
            });
        }
        self.told
            .retain(|part| part.at.abs_diff(now) <= TOLD_FOR_MS);
        !self.told.is_empty()
    }

    /// Counts what is new in the notes of others. Answers whose notes are too old to be of use to anybody.
    fn hear(
        &mut self,
        own: &NoteWriter,
        notes: Vec<(NoteWriter, Vec<u8>)>,
        (traffic, quotas): (&Traffic, &Quotas),
        now: Millis,
    ) -> Vec<NoteWriter> {
        let before = std::mem::take(&mut self.heard);
        let mut old = Vec::new();
        for (writer, note) in notes {
            if writer == *own || note.len() > MOST_BYTES {
                continue;
            }
            // Of another release, perhaps; it is removed when the last verifier of that release is gone.
            let Ok(note) = postcard::from_bytes::<Note>(&note) else {
                continue;
            };
            if now.saturating_sub(note.at) > OLD_MS {
                old.push(writer);
                continue;
            }
            let mut heard = before.get(&writer).copied().unwrap_or(0);
            for part in note.parts {
                if part.number <= heard {
                    continue;
                }
                heard = part.number;
                if let Ok(tallies) = Tallies::decode(&part.tallies) {
                    traffic.hear(&tallies, now);
                }
                for (id, taken) in part.quotas {
                    if let Ok(id) = id.parse() {
                        quotas.hear(&id, taken);
                    }
                }
            }
            self.heard.insert(writer, heard);
        }
        old
    }
}

/// How long something is told: others ask every second, and may be late.
const TOLD_FOR_MS: Millis = 4_000;
/// A note that was left so long ago is of a verifier that has ended, or whose clock is far off.
const OLD_MS: Millis = 60_000;
/// Some five parts of the largest size.
const MOST_BYTES: usize = 1 << 20;

#[cfg(test)]
mod tests {
    use std::{net::IpAddr, num::NonZeroU32};

    use touchstone_traffic::SketchKey;

    use super::*;

    const NOW: Millis = 1_800_000_000_000;

    fn address() -> IpAddr {
        [203, 0, 113, 9].into()
    }

    fn traffic() -> Traffic {
        Traffic::shared(SketchKey([7; 16]), NOW)
    }

    fn none() -> Quotas {
        Quotas::default()
    }

    fn note(state: &State, at: Millis) -> Vec<u8> {
        let parts = state.told.clone();
        postcard::to_allocvec(&Note { at, parts }).unwrap()
    }

    #[test]
    fn a_note_that_is_read_twice_counts_once_and_ones_own_never() {
        let (here, there) = (traffic(), traffic());
        let (mut teller, mut hearer) = (State::default(), State::default());
        here.requested("key", Some(address()), NOW);
        assert!(teller.tell(&here, &none(), NOW));
        here.requested("key", Some(address()), NOW);
        assert!(teller.tell(&here, &none(), NOW + 1_000));
        let told = vec![([1; 16], note(&teller, NOW + 1_000))];
        for _ in 0..2 {
            hearer.hear(&[2; 16], told.clone(), (&there, &none()), NOW + 1_000);
            teller.hear(&[1; 16], told.clone(), (&here, &none()), NOW + 1_000);
        }
        for traffic in [&here, &there] {
            let visits = traffic.visits(address(), NOW + 1_000);
            assert_eq!(visits.address.per_minute, 2.0);
        }
        assert!(
            !teller.tell(&here, &none(), NOW + 6_000),
            "told long enough"
        );
    }

    #[test]
    fn old_notes_are_removed_and_strange_ones_passed_over() {
        let (here, there) = (traffic(), traffic());
        let mut teller = State::default();
        here.requested("key", Some(address()), NOW);
        teller.tell(&here, &none(), NOW);
        let notes = vec![
            ([1; 16], note(&teller, NOW)),
            ([3; 16], b"of another release".to_vec()),
            ([4; 16], vec![0; MOST_BYTES + 1]),
        ];
        let old = State::default().hear(&[2; 16], notes, (&there, &none()), NOW + OLD_MS + 1);
        assert_eq!(old, [[1; 16]]);
        assert_eq!(there.visits(address(), NOW).address.per_minute, 0.0);
    }

    #[test]
    fn what_an_api_key_took_at_one_verifier_is_missing_at_the_other() {
        let (here, there) = (traffic(), traffic());
        let [one, other] = [(); 2].map(|()| Quotas::new(NonZeroU32::new(5), true));
        let caller = "ak1".parse().unwrap();
        let mut teller = State::default();
        for _ in 0..4 {
            one.take(&caller).unwrap();
        }
        assert!(teller.tell(&here, &one, NOW));
        let told = vec![([1; 16], note(&teller, NOW))];
        let mut hearer = State::default();
        for _ in 0..2 {
            hearer.hear(&[2; 16], told.clone(), (&there, &other), NOW);
        }
        assert!(other.take(&caller).is_ok());
        assert!(other.take(&caller).is_err());
    }
}
