//! Finds visits whose pointer path was seen before.
//!
//! No two visits of one person are alike; a path that comes again, shifted, scaled, jittered, at another pace or cut, is a
//! recording that is played again.
//!
//! ```text
//! Sketch::of(&Report) -> Sketch           when a token is issued: the longest bent strokes, 8 bytes each
//! Index::see(Visit)   -> Seen             when it is assessed: the earlier visit it repeats; adds it to the index
//! Kept::to_bytes, Index::restore          across restarts
//! ```
//!
//! - `path` puts samples on a grid, `stroke` cuts it into strokes and describes them, `digits` rounds what it says.
//! - A stroke is looked up by its *band*: the cells that its digits lie in. The index holds bands under a keyed cipher, and the
//!   digits, which decide, under a mask of the same kind. Whoever has the index or its records without the secret has noise.
//! - No clock, no store: the time comes in, what is to be recorded goes out.

mod digits;
mod index;
mod kept;
mod key;
mod keys;
mod path;
mod sketch;
mod stroke;

pub use index::{Index, Replay, Seen, Ticket, Visit, VisitId};
pub use kept::Kept;
pub use key::{PageId, Realm, ReplaySecret, Source};
pub use sketch::Sketch;
