//! Lists of what leaked, as they are found: files, packed or not, line by line.

mod line;
mod lines;
mod source;

pub use line::{Broken, Credentials, MAX_LINE_BYTES, parse};
pub use lines::{Line, Lines};
pub use source::{ListId, Reader, Source};
