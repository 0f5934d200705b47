use crate::{
    digits::Digits,
    index::VisitId,
    key::{PageHash, Protected, SourceTag},
    sketch::{MAX_STROKES, MIN_STROKES},
};

/// A sketch as it is recorded: tags and masked digits, 125 bytes at most. Without the secret it says nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub(crate) at: u64,
    pub(crate) page: PageHash,
    pub(crate) source: SourceTag,
    pub(crate) protected: Protected,
}

impl Kept {
    /// When its visit was assessed, in milliseconds since the Unix epoch.
    pub fn at(&self) -> u64 {
        self.at
    }

    /// By which later visits name it.
    pub fn id(&self) -> VisitId {
        VisitId::new(self.at, self.page)
    }

    /// Version, time, page, source, time of the last event, and for each stroke tag and digits; big-endian.
    pub fn to_bytes(&self) -> Vec<u8> {
        let strokes = usize::from(self.protected.strokes).min(MAX_STROKES);
        let mut out = Vec::with_capacity(HEAD + strokes * STROKE);
        out.push(VERSION);
        out.extend_from_slice(&self.at.to_be_bytes());
        out.extend_from_slice(&self.page.to_be_bytes());
        out.extend_from_slice(&self.source.site_key.to_be_bytes());
        out.extend_from_slice(&self.source.agent.to_be_bytes());
        let Protected {
            tags, masked, to, ..
        } = &self.protected;
        out.extend_from_slice(&to.to_be_bytes());
        for (tag, masked) in tags.iter().zip(masked).take(strokes) {
            out.extend_from_slice(&tag.to_be_bytes());
            out.extend_from_slice(&masked.0.to_be_bytes());
        }
        out
    }

    /// Reads what [`Kept::to_bytes`] wrote; `None` for anything else, such as the bytes of another release.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (version, bytes) = bytes.split_first()?;
        let (at, bytes) = bytes.split_first_chunk::<8>()?;
        let (page, bytes) = bytes.split_first_chunk::<8>()?;
        let (site_key, bytes) = bytes.split_first_chunk::<4>()?;
        let (agent, bytes) = bytes.split_first_chunk::<4>()?;
        let (to, bytes) = bytes.split_first_chunk::<4>()?;
        let (strokes, rest) = bytes.as_chunks::<STROKE>();
        let fits = *version == VERSION
            && rest.is_empty()
            && (MIN_STROKES..=MAX_STROKES).contains(&strokes.len());
        let mut protected = Protected {
            strokes: strokes.len() as u8,
            to: u32::from_be_bytes(*to),
            ..Protected::default()
        };
        let slots = protected.tags.iter_mut().zip(&mut protected.masked);
        for ((tag, masked), stroke) in slots.zip(strokes) {
            let [a, b, c, d, digits @ ..] = *stroke;
            *tag = u32::from_be_bytes([a, b, c, d]);
            *masked = Digits(u64::from_be_bytes(digits));
        }
        fits.then(|| Self {
            at: u64::from_be_bytes(*at),
            page: u64::from_be_bytes(*page),
            source: SourceTag {
                site_key: u32::from_be_bytes(*site_key),
                agent: u32::from_be_bytes(*agent),
            },
            protected,
        })
    }
}

const VERSION: u8 = 2;
const HEAD: usize = 1 + 8 + 8 + 4 + 4 + 4;
const STROKE: usize = 4 + 8;
