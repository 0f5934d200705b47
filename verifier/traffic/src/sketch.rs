use std::{
    hash::{Hash, Hasher},
    sync::atomic::AtomicU64,
};

use siphasher::sip::SipHasher13;

use crate::{
    Counters, Levels, Millis, Subject, Tallies,
    cell::{Cell, Window},
    tallies::{PLANES, Untold},
};

/// Counts in this process: a count-min sketch (Cormode and Muthukrishnan, 2005) whose cells are sliding windows.
///
/// - **Bounded.** [`Sketch::BYTES`] of memory, reserved once and resident only where touched, however many subjects there
///   are. Nothing is evicted, so that a flood of others cannot reset a hot counter.
/// - **No false alarm by a flood.** Where subjects share cells a count reads too high. What strangers add on average, and
///   three standard deviations of it, is taken off; so a flood makes counts read too low by as much, and nobody too high.
/// - **Kinds apart.** Pages, accounts, addresses, site keys, crowds, their habits, and the pairs of account and source have cells of their own.
/// - Positions follow from a keyed hash: who does not know the key cannot choose colliding subjects.
pub struct Sketch {
    key: SketchKey,
    planes: [Plane; PLANES as usize],
    /// Only where counts are shared.
    untold: Option<Untold>,
}

/// What subjects are hashed under: fresh random bytes for each process, or the secret of those that share their counts.
#[derive(Clone, Copy)]
pub struct SketchKey(pub [u8; 16]);

impl Sketch {
    /// Memory of the cells in bytes.
    pub const BYTES: usize = (6 * WIDTH + SITE_KEYS) * SLOT * size_of::<AtomicU64>();

    /// All counts at 0.
    pub fn new(key: SketchKey) -> Self {
        Self {
            key,
            planes: [WIDTH, WIDTH, WIDTH, SITE_KEYS, WIDTH, WIDTH, WIDTH].map(Plane::new),
            untold: None,
        }
    }

    /// The same, with what is counted taken down for others that have the same key.
    pub fn sharing(key: SketchKey) -> Self {
        Self {
            untold: Some(Untold::default()),
            ..Self::new(key)
        }
    }

    /// The number of a subject's plane, and its hash.
    fn place(&self, subject: Subject<'_>) -> (u8, u64) {
        let mut hasher = SipHasher13::new_with_key(&self.key.0);
        let plane = match subject {
            Subject::SiteKey(key) => {
                (0u8, key).hash(&mut hasher);
                SITE_KEY_CELLS
            }
            Subject::Address(address) => {
                (1u8, address).hash(&mut hasher);
                SOURCES
            }
            Subject::Network(address) => {
                (2u8, address).hash(&mut hasher);
                SOURCES
            }
            Subject::Stranger(address) => {
                (3u8, address).hash(&mut hasher);
                SOURCES
            }
            Subject::WrongAnswer(address) => {
                (6u8, address).hash(&mut hasher);
                SOURCES
            }
            Subject::Page(name) => {
                (4u8, name).hash(&mut hasher);
                PAGES
            }
            Subject::Account(hash) => {
                (5u8, hash).hash(&mut hasher);
                ACCOUNTS
            }
            Subject::Crowd(source, happening) => {
                (7u8, source, happening).hash(&mut hasher);
                CROWDS
            }
            Subject::Habit(source, happening) => {
                (9u8, source, happening).hash(&mut hasher);
                HABITS
            }
            Subject::Pair(source, hash, happening, stretch) => {
                (8u8, source, hash, happening, stretch).hash(&mut hasher);
                PAIRS
            }
        };
        (plane, hasher.finish())
    }

    fn levels(&self, plane: u8, hash: u64, touch: impl Fn(Cell<'_>, Window) -> f32) -> Levels {
        let plane = self.planes.get(usize::from(plane));
        plane.map_or(Levels::default(), |plane| plane.levels(hash, touch))
    }
}

impl Counters for Sketch {
    fn add(&self, subject: Subject<'_>, now: Millis) -> Levels {
        let (plane, hash) = self.place(subject);
        if let Some(untold) = &self.untold {
            untold.add(plane, hash);
        }
        let now = pace(plane, now);
        self.levels(plane, hash, |cell, window| cell.add(window, 1, now))
    }

    fn read(&self, subject: Subject<'_>, now: Millis) -> Levels {
        let (plane, hash) = self.place(subject);
        let now = pace(plane, now);
        self.levels(plane, hash, |cell, window| cell.read(window, now))
    }

    fn take_untold(&self) -> Tallies {
        self.untold.as_ref().map(Untold::take).unwrap_or_default()
    }

    fn absorb(&self, tallies: &Tallies, now: Millis) {
        for tally in tallies.iter() {
            let now = pace(tally.plane, now);
            self.levels(tally.plane, tally.hash, |cell, window| {
                cell.add(window, tally.count, now)
            });
        }
    }
}

/// The time in a plane: that of habits passes at a seventh of the pace, so that its windows are seven times as long.
fn pace(plane: u8, now: Millis) -> Millis {
    match plane {
        HABITS => now / 7,
        _ => now,
    }
}

/// Rows of slots; a slot holds a cell for each window side by side, so that a count touches one cache line or two a row. The
/// first slot counts everything.
struct Plane {
    width: usize,
    cells: Box<[AtomicU64]>,
}

impl Plane {
    fn new(width: usize) -> Self {
        Self {
            width,
            cells: bytemuck::zeroed_slice_box((1 + ROWS * width) * WINDOWS.len()),
        }
    }

    /// The least that any row says of each window, less what strangers add.
    fn levels(&self, hash: u64, touch: impl Fn(Cell<'_>, Window) -> f32) -> Levels {
        let mut least = [f32::INFINITY; WINDOWS.len()];
        for row in 0..ROWS {
            // A third of the hash each: at most 21 bits of width.
            let column = (hash >> (21 * row)) as usize & (self.width - 1);
            let slot = 1 + row * self.width + column;
            for (least, level) in least.iter_mut().zip(self.slot(slot, &touch)) {
                *least = least.min(level);
            }
        }
        let all = self.slot(0, &touch);
        let mut levels = least.into_iter().zip(all).map(|(own, all)| {
            let strangers = (all - own).max(0.0) / self.width as f32;
            // Below one stranger in two cells the least of three rows is exact but for one subject in eight.
            let noise = strangers + 3.0 * strangers.sqrt();
            if noise < 1.0 {
                own
            } else {
                (own - noise).max(0.0)
            }
        });
        let mut next = || levels.next().unwrap_or(0.0);
        Levels {
            ten_seconds: next(),
            minute: next(),
            ten_minutes: next(),
            hour: next(),
            day: next(),
        }
    }

    fn slot<'a>(
        &'a self,
        slot: usize,
        touch: &'a impl Fn(Cell<'_>, Window) -> f32,
    ) -> impl Iterator<Item = f32> + 'a {
        let first = slot * WINDOWS.len();
        let cells = self.cells.get(first..first + WINDOWS.len());
        let cells = cells.unwrap_or_default().iter();
        cells
            .zip(WINDOWS)
            .map(|(cell, window)| touch(Cell(cell), window))
    }
}

/// Ten seconds, a minute, ten minutes, an hour, a day. Counts hold a million a minute and 33 million a day (388 a second all
/// day); windows are numbered for 19 years and more.
const WINDOWS: [Window; 5] = [
    window(10_000, 18),
    window(60_000, 20),
    window(600_000, 22),
    window(3_600_000, 23),
    window(86_400_000, 25),
];
const ROWS: usize = 3;
/// Slots of a row; a power of two. A million different accounts in an hour add 31 strangers to each cell.
const WIDTH: usize = 1 << 15;
/// There are few site keys, and only existing ones are counted.
const SITE_KEYS: usize = 1 << 11;
/// Cells that a unit of width costs.
const SLOT: usize = ROWS * WINDOWS.len();
/// Numbers of planes.
const SOURCES: u8 = 0;
const PAGES: u8 = 1;
const ACCOUNTS: u8 = 2;
const SITE_KEY_CELLS: u8 = 3;
const CROWDS: u8 = 4;
const PAIRS: u8 = 5;
const HABITS: u8 = 6;
const _: () = assert!(WIDTH.is_power_of_two() && SITE_KEYS.is_power_of_two());

const fn window(ms: Millis, count_bits: u32) -> Window {
    Window { ms, count_bits }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = 1_800_000_000_000;

    fn sketch() -> Sketch {
        Sketch::new(SketchKey([7; 16]))
    }

    fn account(number: u32) -> [u8; 32] {
        let mut hash = [0; 32];
        hash[..4].copy_from_slice(&number.to_be_bytes());
        hash
    }

    #[test]
    fn a_count_is_exact_while_there_is_room() {
        let sketch = sketch();
        for number in 0..1_000 {
            for _ in 0..number % 7 {
                sketch.add(Subject::Account(&account(number)), NOW);
            }
        }
        for number in 0..1_000 {
            let levels = sketch.read(Subject::Account(&account(number)), NOW);
            assert_eq!(levels.hour, (number % 7) as f32, "{number}");
            assert_eq!(levels.day, (number % 7) as f32, "{number}");
        }
    }

    #[test]
    fn what_others_counted_counts_once() {
        let [one, other] = [(); 2].map(|()| Sketch::sharing(SketchKey([7; 16])));
        let subject = Subject::Account(&[1; 32]);
        for _ in 0..5 {
            one.add(subject, NOW);
        }
        other.add(subject, NOW);
        other.absorb(&one.take_untold(), NOW);
        one.absorb(&other.take_untold(), NOW);
        assert_eq!(one.read(subject, NOW).hour, 6.0);
        assert_eq!(other.read(subject, NOW).hour, 6.0);
        assert!(one.take_untold().is_empty() && other.take_untold().is_empty());
        assert!(sketch().take_untold().is_empty());
    }

    #[test]
    fn windows_forget_at_their_own_pace() {
        let sketch = sketch();
        for _ in 0..10 {
            sketch.add(Subject::SiteKey("k"), NOW);
        }
        let later = sketch.read(Subject::SiteKey("k"), NOW + 20 * 60_000);
        assert_eq!((later.minute, later.ten_minutes), (0.0, 0.0));
        assert_eq!(later.day, 10.0);
    }

    #[test]
    fn a_flood_of_others_neither_resets_a_hot_counter_nor_accuses_a_quiet_one() {
        let sketch = sketch();
        let hot = account(u32::MAX);
        for _ in 0..200 {
            sketch.add(Subject::Account(&hot), NOW);
        }
        for number in 0..1_000_000 {
            sketch.add(Subject::Account(&account(number)), NOW);
        }
        let levels = sketch.read(Subject::Account(&hot), NOW);
        assert!((150.0..=225.0).contains(&levels.hour), "{levels:?}");
        let accused = (2_000_000..2_010_000)
            .filter(|number| sketch.read(Subject::Account(&account(*number)), NOW).hour > 10.0);
        assert_eq!(accused.count(), 0);
        let other_kind = sketch.read(Subject::Page(&[1; 16]), NOW);
        assert_eq!(other_kind, Levels::default());
    }

    #[test]
    fn the_memory_is_what_it_says_whatever_comes() {
        let sketch = sketch();
        let planes = &sketch.planes;
        let bytes: usize = planes.iter().map(|plane| size_of_val(&*plane.cells)).sum();
        let totals = planes.len() * WINDOWS.len() * size_of::<AtomicU64>();
        assert_eq!(bytes, Sketch::BYTES + totals);
        const { assert!(Sketch::BYTES < 24 << 20) };
    }
}
