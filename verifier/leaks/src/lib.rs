//! Leaked passwords: asked about without being shown, and kept without being readable.
//!
//! ```text
//! user, password ─▶ names ─▶ Bucket                 26 bits of a hash of the user name: which pairs an answer is about
//!                         └▶ PairHash ─▶ MatchPrefix   what is kept of a leaked pair, made under the EpochKey
//!
//! import   lists of pairs ─▶ Database, the file `leaks.db`: match prefixes clustered by bucket
//! Leaks    bucket, BlindedPoint ─▶ Answer: the point under the EpochKey, and the bucket's match prefixes
//! pwned    lists of SHA-1 hashes of passwords, and ranges of them
//! ```
//!
//! A client learns whether *its* pair is among the leaked ones, and nothing of the others; we learn 26 bits of a hash of the user
//! name, and nothing of the password. The protocol is a private set intersection on NIST P-256, as clients of reCAPTCHA's password
//! check speak it.
//!
//! Knows nothing of ours: the key that is kept in the file comes sealed, and a [`KeySafe`] opens it.

mod bucket;
mod cipher;
mod curve;
mod database;
mod import;
mod lists;
mod names;
mod pair;
mod pwned;

pub use bucket::{Bucket, BucketError};
pub use cipher::{BlindedPoint, EpochKey, MATCH_PREFIX_BYTES, MatchPrefix, PointError};
pub use database::{
    Answer, Database, DatabaseError, EpochId, KeySafe, Leaks, MAX_PREFIXES, NewEpoch, Stats, stats,
    verify,
};
pub use import::{
    Ended, Estimate, Format, HashCost, ImportError, Progress, Tally, estimate, import,
};
pub use lists::{Broken, Credentials, ListId, MAX_LINE_BYTES, Source, parse};
pub use names::{Name, names};
pub use pair::PairHash;
pub use pwned::{PwnedHash, PwnedRange};
