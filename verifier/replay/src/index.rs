use std::collections::VecDeque;

use crate::{
    PageId, Realm, ReplaySecret, Source,
    digits::{Digits, Place, Spread},
    kept::Kept,
    key::{Key, MOST_TAGS, PageHash, SourceTag, Tag, protect},
    keys::Keys,
    sketch::{MAX_STROKES, Sketch, has_alike},
};

/// The sketches of the last days' visits, in memory: finds the one that a new visit repeats.
///
/// Bounded in everything: when it holds as many sketches as it may, the oldest goes; a lookup reads 64 cache
/// lines and compares at most 64 sketches. Takes 234 bytes a sketch when full, and grows as it fills.
pub struct Index {
    keys: Keys,
    /// Most sketches held.
    capacity: usize,
    /// How long a sketch counts, in milliseconds.
    lifetime_ms: u64,
    /// Oldest first. The number of the last one is `newest`, counting on from the first ever.
    held: VecDeque<Held>,
    newest: u32,
    /// Where the strokes of a tag are found: the bucket of its lower bits.
    buckets: Vec<Bucket>,
}

/// A visit whose token is being assessed.
#[derive(Debug, Clone, Copy)]
pub struct Visit<'a> {
    /// Its sketch.
    pub sketch: &'a Sketch,
    /// Its page.
    pub page: PageId,
    /// Where it came from.
    pub source: Source<'a>,
    /// Whose visits it is compared with.
    pub realm: Realm<'a>,
    /// Now, in milliseconds since the Unix epoch.
    pub at: u64,
}

/// An earlier visit with the same pointer path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replay {
    /// Strokes that agree.
    pub agreeing: u8,
    /// Strokes in this visit's sketch.
    pub of: u8,
    /// How long ago the earlier visit was assessed, in milliseconds.
    pub age_ms: u64,
    /// Which one it was.
    pub earlier: VisitId,
}

/// Names a visit among all that are compared: its time and a keyed hash of its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VisitId(pub [u8; 16]);

impl VisitId {
    pub(crate) fn new(at: u64, page: PageHash) -> Self {
        let mut id = [0; 16];
        id[..8].copy_from_slice(&at.to_be_bytes());
        id[8..].copy_from_slice(&page.to_be_bytes());
        Self(id)
    }
}

/// Stands for a sketch that was just added, to take it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticket {
    number: u32,
    tags: [Tag; MAX_STROKES],
}

/// What came of a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The earlier visit that it repeats, if any.
    pub replay: Option<Replay>,
    /// What to record, so that it is known after a restart, and what takes it back; none if there is too little to compare
    /// others with.
    pub kept: Option<(Kept, Ticket)>,
}

impl Index {
    /// An empty index for at most `capacity` sketches (at least one, at most a billion), each for `lifetime_ms`.
    pub fn new(secret: ReplaySecret, capacity: usize, lifetime_ms: u64) -> Self {
        Self {
            keys: Keys::new(secret),
            capacity: capacity.clamp(1, MOST),
            lifetime_ms,
            held: VecDeque::new(),
            newest: 0,
            buckets: vec![Bucket::default(); FEWEST_BUCKETS],
        }
    }

    /// Looks for an earlier visit with the same path, and adds this one if it says enough: in one step, so that of two replays that are
    /// assessed at the same moment the second finds the first.
    pub fn see(&mut self, visit: &Visit<'_>) -> Seen {
        let key = self.keys.of(visit.realm);
        let page = key.page(visit.page);
        let strokes: Vec<_> = visit.sketch.strokes().iter().map(Looked::up).collect();
        let own = key.tags(strokes.iter().map(|stroke| stroke.place.band()));
        let source = key.source(visit.source);
        let sought = Sought {
            key: &key,
            visit,
            page,
            source,
        };
        let replay = self.find(&sought, &strokes, &own);
        let kept = visit.sketch.is_enough().then(|| {
            let kept = Kept {
                at: visit.at,
                page,
                source,
                protected: protect(&key, visit.sketch, &own, page, visit.at),
            };
            let ticket = self.add(&kept);
            (kept, ticket)
        });
        Seen { replay, kept }
    }

    /// Takes a sketch back whose assessment did not come about.
    pub fn take_back(&mut self, ticket: Ticket) {
        let Some(place) = self.place(ticket.number) else {
            return;
        };
        self.held[place].strokes = 0;
        // Its slots make room at once: else taking back often would push others out.
        let gone = self.newest.wrapping_sub(self.held.len() as u32);
        for tag in ticket.tags {
            let numbers = self.bucket_mut(tag).numbers.iter_mut();
            for number in numbers.filter(|number| **number == ticket.number) {
                *number = gone;
            }
        }
    }

    /// Adds what was recorded before a restart; oldest first.
    pub fn restore(&mut self, kept: &Kept) {
        self.add(kept);
    }

    /// Sketches held, those included whose time is over but that nothing has pushed out yet.
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// Whether none is held.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// Bytes of memory in use.
    pub fn bytes(&self) -> usize {
        self.held.capacity() * size_of::<Held>() + self.buckets.capacity() * size_of::<Bucket>()
    }

    /// First by the strokes' own bands, which find a replay that was changed little; then by their neighbours.
    fn find(&self, sought: &Sought<'_>, strokes: &[Looked], own: &[Tag]) -> Option<Replay> {
        let mut compared = Vec::with_capacity(MOST_COMPARED);
        let digits = strokes.iter().map(|stroke| stroke.digits);
        self.find_by(own, digits, sought, &mut compared)
            .or_else(|| {
                let each = (LOOKUPS / strokes.len().max(1)).saturating_sub(1);
                let bands = strokes.iter().flat_map(|s| s.place.neighbours(each));
                let tags = sought.key.tags(bands);
                let digits = { strokes.iter() }.flat_map(|s| std::iter::repeat_n(s.digits, each));
                self.find_by(&tags, digits, sought, &mut compared)
            })
    }

    /// Looks all tags up before it compares, without a branch, so that no read from memory waits for another.
    fn find_by(
        &self,
        tags: &[Tag],
        digits: impl Iterator<Item = Digits>,
        sought: &Sought<'_>,
        compared: &mut Vec<u32>,
    ) -> Option<Replay> {
        let mut hits = [0; MOST_TAGS];
        for (hits, tag) in hits.iter_mut().zip(tags) {
            *hits = self.bucket(*tag).hits(*tag);
        }
        let found = { tags.iter().zip(hits).zip(digits) }.filter(|((_, hits), _)| *hits != 0);
        for ((tag, hits), digits) in found {
            let numbers = self.bucket(*tag).numbers.iter().enumerate();
            for (_, number) in numbers.filter(|(slot, _)| hits >> slot & 1 == 1) {
                let Some(place) = self.place(*number) else {
                    continue;
                };
                if compared.len() == MOST_COMPARED || compared.contains(number) {
                    continue;
                }
                compared.push(*number);
                let replay = self.compare(sought, digits, &self.held[place]);
                if replay.is_some() {
                    return replay;
                }
            }
        }
        None
    }

    /// Compares a visit with the sketch that a band of its `stroke` led to.
    fn compare(&self, sought: &Sought<'_>, stroke: Digits, held: &Held) -> Option<Replay> {
        let Sought { key, visit, .. } = *sought;
        let age_ms = visit.at.saturating_sub(held.at);
        if age_ms >= self.lifetime_ms {
            return None;
        }
        let (mut digits, mut to) = (held.masked, held.to);
        let digits = digits.get_mut(..usize::from(held.strokes))?;
        key.mask(digits, &mut to, held.page, held.at);
        if visit.sketch.span.from <= to && sought.may_share_events(held, age_ms) {
            return None;
        }
        let (count, others) = (digits.len(), Spread::of(digits));
        // Most of what chance leads to ends here.
        if !has_alike(stroke, &others, count) {
            return None;
        }
        let agreement = visit.sketch.agreement(&others, count);
        agreement.is_replay().then(|| Replay {
            agreeing: agreement.strokes,
            of: visit.sketch.len() as u8,
            age_ms,
            earlier: VisitId::new(held.at, held.page),
        })
    }

    fn add(&mut self, kept: &Kept) -> Ticket {
        let is_over = |held: &Held| kept.at.saturating_sub(held.at) >= self.lifetime_ms;
        while self.held.len() >= self.capacity || self.held.front().is_some_and(is_over) {
            self.held.pop_front();
        }
        if (self.held.len() + 1) * MAX_STROKES * 8 > self.buckets.len() * BUCKET * 5 {
            self.grow();
        }
        let protected = &kept.protected;
        self.held.push_back(Held {
            at: kept.at,
            page: kept.page,
            source: kept.source,
            masked: protected.masked,
            to: protected.to,
            strokes: protected.strokes,
        });
        self.newest = self.newest.wrapping_add(1);
        for tag in protected.tags.iter().take(protected.strokes.into()) {
            self.put(*tag, self.newest);
        }
        Ticket {
            number: self.newest,
            tags: protected.tags,
        }
    }

    /// Where the sketch of that number is, if it still is.
    fn place(&self, number: u32) -> Option<usize> {
        let age = self.newest.wrapping_sub(number) as usize;
        self.held.len().checked_sub(age + 1)
    }

    fn bucket(&self, tag: Tag) -> &Bucket {
        &self.buckets[tag as usize & (self.buckets.len() - 1)]
    }

    fn bucket_mut(&mut self, tag: Tag) -> &mut Bucket {
        let place = tag as usize & (self.buckets.len() - 1);
        &mut self.buckets[place]
    }

    /// Puts a tag into its bucket: where nothing is, else over the oldest.
    fn put(&mut self, tag: Tag, number: u32) {
        let newest = self.newest;
        let Bucket { tags, numbers } = self.bucket_mut(tag);
        let slots = tags.iter_mut().zip(numbers);
        if let Some(oldest) = slots.max_by_key(|(_, number)| newest.wrapping_sub(**number)) {
            (*oldest.0, *oldest.1) = (tag, number);
        }
    }

    fn grow(&mut self) {
        let larger = vec![Bucket::default(); self.buckets.len() * 2];
        let old = std::mem::replace(&mut self.buckets, larger);
        for Bucket { tags, numbers } in old {
            for (tag, number) in tags.into_iter().zip(numbers) {
                if self.place(number).is_some() {
                    self.put(tag, number);
                }
            }
        }
    }
}

/// A visit on its way through the index.
#[derive(Clone, Copy)]
struct Sought<'a> {
    key: &'a Key,
    visit: &'a Visit<'a>,
    page: PageHash,
    source: SourceTag,
}

impl Sought<'_> {
    /// Whether the visit may have the very events of an earlier one, by the page that they came from: reports of one page share a
    /// ring buffer, and so do the agents of two site keys on one page, which is known by its browser alone. If all of a
    /// visit's events are later than the other's, it cannot, whatever the page.
    fn may_share_events(&self, held: &Held, age_ms: u64) -> bool {
        let is_neighbour = held.source.agent == self.source.agent
            && held.source.site_key != self.source.site_key
            && age_ms < LONGEST_TOGETHER_MS;
        held.page == self.page || is_neighbour
    }
}

/// A stroke that is looked up.
struct Looked {
    digits: Digits,
    place: Place,
}

impl Looked {
    fn up(digits: &Digits) -> Self {
        Self {
            digits: *digits,
            place: Place::of(*digits),
        }
    }
}

/// What is held of a visit.
struct Held {
    at: u64,
    page: PageHash,
    source: SourceTag,
    masked: [Digits; MAX_STROKES],
    to: u32,
    /// 0 once taken back.
    strokes: u8,
}

/// Tags with the same lower bits, and the numbers of their sketches: one cache line. A ninth pushes out the oldest.
#[derive(Debug, Clone, Copy, Default)]
#[repr(align(64))]
struct Bucket {
    tags: [Tag; BUCKET],
    numbers: [u32; BUCKET],
}

impl Bucket {
    /// Where a tag is, a bit each.
    fn hits(&self, tag: Tag) -> u8 {
        let same = self.tags.iter().enumerate();
        same.fold(0, |hits, (slot, own)| hits | u8::from(*own == tag) << slot)
    }
}

/// Tags looked up for a visit, shared between its strokes.
const LOOKUPS: usize = MOST_TAGS;
const BUCKET: usize = 8;
/// A power of two: 64 KiB.
const FEWEST_BUCKETS: usize = 1 << 10;
/// Sketches compared in one lookup. Chance finds less than one in most lookups; a flood of equal paths stops here.
const MOST_COMPARED: usize = 64;
/// How long after the one the other agent of a page may report the same events: an hour.
const LONGEST_TOGETHER_MS: u64 = 3_600_000;
/// Numbers of sketches are 32 bits.
const MOST: usize = 1 << 30;
