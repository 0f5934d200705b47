use aes::{Aes256, Block, cipher::BlockCipherEncrypt};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use touchstone_protocol::fnv1a64;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{
    digits::{Band, Digits},
    sketch::{MAX_STROKES, Sketch},
};

/// What the index's keys are made of. Not printed, wiped when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct ReplaySecret(pub [u8; 32]);

/// Whose visits are compared with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Realm<'a> {
    /// Those of one project only.
    Project(&'a str),
    /// Those of all projects.
    All,
}

/// Names the page of a visit. Random, and the same after a refreshed session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageId(pub [u8; 16]);

/// Where a visit came from: two agents on one page, each for a site key of its own, see the same events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source<'a> {
    /// The project of its site key.
    pub project: &'a str,
    /// The site key.
    pub site_key: &'a str,
    /// A hash of the browser's user agent.
    pub agent: u64,
}

/// A source as it is kept. Equal tags are of one project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct SourceTag {
    pub(crate) site_key: Tag,
    pub(crate) agent: Tag,
}

/// A realm's keys: HMACs of the secret, under each of which AES-256 enciphers one block for what is hidden.
///
/// All inputs have the length of a block, and no two uses share a key; so each answer is that of a pseudo-random permutation,
/// which cannot be told from a random function within the 2^32 answers that an index may ever see (NIST SP 800-38B rests on
/// the same for a message of one block). A visit asks for 64 of them: HMACs would take four times as long as all the rest.
pub(crate) struct Key {
    bands: Aes256,
    masks: Aes256,
    pages: Aes256,
    sources: Aes256,
}

/// The first 32 bits of an enciphered band.
pub(crate) type Tag = u32;
/// The first 64 bits of an enciphered page id.
pub(crate) type PageHash = u64;

impl Key {
    pub(crate) fn new(secret: &ReplaySecret, realm: Realm<'_>) -> Self {
        let mut mac = keyed(&secret.0);
        match realm {
            Realm::Project(project) => {
                mac.update(b"project:");
                mac.update(project.as_bytes());
            }
            Realm::All => mac.update(b"all"),
        }
        let realm = keyed(&mac.finalize().into_bytes());
        let purpose = |name: &[u8]| {
            let key = realm.clone().chain_update(name).finalize();
            Aes256::new(&key.into_bytes())
        };
        Self {
            bands: purpose(b"bands"),
            masks: purpose(b"masks"),
            pages: purpose(b"pages"),
            sources: purpose(b"sources"),
        }
    }

    /// The tags that strokes of these bands are kept and looked up under, at most [`MOST_TAGS`] of them.
    pub(crate) fn tags(&self, bands: impl Iterator<Item = Band>) -> Vec<Tag> {
        let mut blocks = [Block::default(); MOST_TAGS];
        let mut count = 0;
        for (block, Band(cells)) in blocks.iter_mut().zip(bands) {
            block[..cells.len()].copy_from_slice(&cells);
            count += 1;
        }
        let blocks = &mut blocks[..count];
        self.bands.encrypt_blocks(blocks);
        let tags = blocks.iter().map(|block| first(block, Tag::from_be_bytes));
        tags.collect()
    }

    pub(crate) fn page(&self, PageId(id): PageId) -> PageHash {
        let mut block = Block::from(id);
        self.pages.encrypt_block(&mut block);
        first(&block, PageHash::from_be_bytes)
    }

    pub(crate) fn source(&self, source: Source<'_>) -> SourceTag {
        let project = fnv1a64(source.project.as_bytes());
        let tag = |number: u64| {
            let mut block = Block::default();
            block[..8].copy_from_slice(&number.to_be_bytes());
            block[8..].copy_from_slice(&project.to_be_bytes());
            self.sources.encrypt_block(&mut block);
            first(&block, Tag::from_be_bytes)
        };
        SourceTag {
            site_key: tag(fnv1a64(source.site_key.as_bytes())),
            agent: tag(source.agent),
        }
    }

    /// Masks a sketch's digits and the time of its last event, or takes the mask off: the same operation. `page` and `at` make the
    /// mask of each sketch its own.
    pub(crate) fn mask(&self, digits: &mut [Digits], to: &mut u32, page: PageHash, at: u64) {
        const PER_BLOCK: usize = 2;
        let mut blocks = [Block::default(); 1 + MAX_STROKES / PER_BLOCK];
        for (n, block) in blocks.iter_mut().enumerate() {
            // Until the year 2,000,000 the highest byte of a time is 0: the number of the block goes there.
            let numbered = at ^ (n as u64) << 56;
            block[..8].copy_from_slice(&page.to_be_bytes());
            block[8..].copy_from_slice(&numbered.to_be_bytes());
        }
        self.masks.encrypt_blocks(&mut blocks);
        let (of_digits, of_time) = blocks.split_at(MAX_STROKES / PER_BLOCK);
        let masks = of_digits.iter().flat_map(|block| block.as_chunks::<8>().0);
        for (digits, mask) in digits.iter_mut().zip(masks) {
            digits.0 ^= u64::from_be_bytes(*mask);
        }
        for block in of_time {
            *to ^= first(block, u32::from_be_bytes);
        }
    }
}

/// A sketch as it is kept: a tag for each stroke, and the digits under a mask. Nothing of it can be read without the key.
pub(crate) fn protect(
    key: &Key,
    sketch: &Sketch,
    tags: &[Tag],
    page: PageHash,
    at: u64,
) -> Protected {
    let mut protected = Protected {
        strokes: sketch.len().min(MAX_STROKES) as u8,
        to: sketch.span.to,
        ..Protected::default()
    };
    let slots = protected.tags.iter_mut().zip(&mut protected.masked);
    for ((slot, masked), (digits, tag)) in slots.zip(sketch.strokes().iter().zip(tags)) {
        *slot = *tag;
        *masked = *digits;
    }
    let Protected { masked, to, .. } = &mut protected;
    key.mask(&mut masked[..sketch.len()], to, page, at);
    protected
}

/// See [`protect`]. Only the first `strokes` of each list are in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Protected {
    pub(crate) strokes: u8,
    pub(crate) tags: [Tag; MAX_STROKES],
    pub(crate) masked: [Digits; MAX_STROKES],
    /// When the last event came, under a mask, too.
    pub(crate) to: u32,
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    // HMAC takes keys of any length; the other branch cannot be reached.
    Hmac::new_from_slice(key).unwrap_or_else(|_| Hmac::new(&Default::default()))
}

fn first<const N: usize, T>(bytes: &[u8], read: fn([u8; N]) -> T) -> T {
    read(bytes.first_chunk().copied().unwrap_or([0; N]))
}

/// Tags made in one call: as many as a lookup needs.
pub(crate) const MOST_TAGS: usize = 64;
