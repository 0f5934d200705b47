//! The question that a doubtful visitor is asked, and what follows from the answer.
//!
//! "Which of these is an animal?" with four words to choose from: a question that a person answers in seconds by sight, by
//! hearing or by touch, in one of eleven languages, on any device, with a keyboard alone. Each word has a picture beside it that
//! says nothing the word does not.
//!
//! ```text
//! Course::new(Difficulty)                         nothing asked yet
//! Course::ask(Language, seed) -> Question         the question to show; the course keeps the answer
//! Course::judge(&[picked]) -> Verdict             right: next round or passed; wrong: another try or failed
//! Course::to_bytes / Course::from_bytes           between two requests the page carries it, sealed
//! ```
//!
//! What it is worth: nothing that runs in public can tell a person from a script that knows the word list or asks a language
//! model. The words are in this repository. A challenge makes every attempt cost time, a request and a look at the page, and
//! what is observed meanwhile is evidence like any other; that is all it does. See `docs/challenge.md`.
//!
//! No clock, no store, no randomness of its own: seeds come in, and how old a question may get is the caller's to judge.

mod course;
mod difficulty;
mod language;
mod question;
mod words;

pub use course::{Course, CourseError, MOST_SKIPS, MOST_WRONG, Verdict};
pub use difficulty::Difficulty;
pub use language::{Direction, Language, Page};
pub use question::{MOST_OPTIONS, Opt, Question, Seed};
