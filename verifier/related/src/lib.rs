//! Which accounts belong together: what an event tells about its account becomes [`Identifier`]s, keyed hashes of which two
//! accounts that share one are related.
//!
//! ```text
//! event ──▶ Sighting::identifiers ──▶ store: identifier ─ account ─ identifier … ──▶ groups ──▶ is_high
//! ```
//!
//! A group is a connected component of accounts and identifiers. Only what singles out a person or a script links: a mailbox, a
//! phone, a recorded movement that is played again, or several vague signs *together*, hashed into one identifier. A network or
//! a browser alone never does. And each identifier links a bounded number of accounts ([`Identifier::most`]): one that more have
//! is **common**. It then says nothing about anybody, those who were linked by it included. Which accounts form a group follows
//! from what was seen, not from the order in which it was seen.
//!
//! Pure: no clock, no store, no randomness. The store keeps the links and the groups; see `Store::relate`.

mod identifier;
mod mailbox;
mod number;
mod phone;
mod sighting;

pub use identifier::{Identifier, IdentifierKey};
pub use mailbox::Mailbox;
pub use number::is_high;
pub use phone::Phone;
pub use sighting::{MOST_IDENTIFIERS, MOST_OF_EACH, Registration, Sighting};
