//! What a page is asked to show besides its report: that it has a layout engine, and, under pressure, that it spent some
//! work. Both are put to it with the session's challenge and checked when its report comes.

mod layout;
mod work;

pub use layout::Fragment;
pub use work::{PowMode, is_paid};
