use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{
    digits::{Band, Digits, band, bands},
    sketch::{MAX_STROKES, Sketch},
};

/// What the index's HMACs are keyed with. Not printed, wiped when dropped.
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

/// Names the page of a visit: visits of one page are never compared. Random, and the same after a refreshed session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageId(pub [u8; 16]);

/// A realm's keys.
pub(crate) struct Key {
    bands: Hmac<Sha256>,
    masks: Hmac<Sha256>,
    pages: Hmac<Sha256>,
}

/// The first 32 bits of a band's HMAC-SHA-256.
pub(crate) type Tag = u32;
/// The first 64 bits of a page id's HMAC-SHA-256.
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
        let realm = mac.finalize().into_bytes();
        let purpose = |name: &[u8]| {
            let mut mac = keyed(&realm);
            mac.update(name);
            keyed(&mac.finalize().into_bytes())
        };
        Self {
            bands: purpose(b"bands"),
            masks: purpose(b"masks"),
            pages: purpose(b"pages"),
        }
    }

    /// The tag that a stroke is kept under.
    pub(crate) fn tag(&self, stroke: Digits) -> Tag {
        self.tag_of_band(band(stroke))
    }

    /// `count` tags to look a stroke up by; the first is its own.
    pub(crate) fn tags(&self, stroke: Digits, count: usize) -> impl Iterator<Item = Tag> {
        bands(stroke, count).map(|band| self.tag_of_band(band))
    }

    fn tag_of_band(&self, Band(cells): Band) -> Tag {
        let mac = self.bands.clone().chain_update(cells).finalize();
        first(&mac.into_bytes(), Tag::from_be_bytes)
    }

    pub(crate) fn page(&self, PageId(id): PageId) -> PageHash {
        let mac = self.pages.clone().chain_update(id).finalize();
        first(&mac.into_bytes(), PageHash::from_be_bytes)
    }

    /// Masks a sketch's digits, or takes the mask off: the same operation. `page` and `at` make the mask of each sketch its own.
    pub(crate) fn mask(&self, digits: &mut [Digits], page: PageHash, at: u64) {
        const PER_BLOCK: usize = 4;
        for (n, block) in digits.chunks_mut(PER_BLOCK).enumerate() {
            let mac = self.masks.clone();
            let mac = mac
                .chain_update(page.to_be_bytes())
                .chain_update(at.to_be_bytes())
                .chain_update([n as u8])
                .finalize()
                .into_bytes();
            for (digits, mask) in block.iter_mut().zip(mac.as_chunks::<8>().0) {
                digits.0 ^= u64::from_be_bytes(*mask);
            }
        }
    }
}

/// A sketch as it is kept: a tag for each stroke, and the digits under a mask. Nothing of it can be read without the key.
pub(crate) fn protect(key: &Key, sketch: &Sketch, page: PageHash, at: u64) -> Protected {
    let mut protected = Protected {
        strokes: sketch.len().min(MAX_STROKES) as u8,
        ..Protected::default()
    };
    let slots = protected.tags.iter_mut().zip(&mut protected.masked);
    for ((tag, masked), digits) in slots.zip(sketch.strokes()) {
        *tag = key.tag(*digits);
        *masked = *digits;
    }
    key.mask(&mut protected.masked[..sketch.len()], page, at);
    protected
}

/// See [`protect`]. Only the first `strokes` of each list are in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Protected {
    pub(crate) strokes: u8,
    pub(crate) tags: [Tag; MAX_STROKES],
    pub(crate) masked: [Digits; MAX_STROKES],
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    // HMAC takes keys of any length; the other branch cannot be reached.
    Hmac::new_from_slice(key).unwrap_or_else(|_| Hmac::new(&Default::default()))
}

fn first<const N: usize, T>(bytes: &[u8], read: fn([u8; N]) -> T) -> T {
    read(bytes.first_chunk().copied().unwrap_or([0; N]))
}
