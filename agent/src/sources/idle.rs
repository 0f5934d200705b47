use touchstone_protocol::Environment;

use super::{capabilities, frame::Frame, pointing, tampering, webdriver};
use crate::page::Page;

/// The sources that are read one by one, each when the page has nothing to do, or before the first report if it comes
/// earlier.
#[derive(Default)]
pub struct Idle {
    steps_done: usize,
    frame: Option<Frame>,
}

impl Idle {
    /// One call of [`Idle::read_next`] each.
    pub const STEPS: usize = 8;

    /// Reads what comes next; whether there was something.
    pub fn read_next(&mut self, page: &Page, environment: &mut Environment) -> bool {
        match self.steps_done {
            0 => webdriver::read(page, environment),
            1 => tampering::read(page, environment),
            2 => pointing::read(page, environment),
            3 => capabilities::read(page, environment),
            // A frame costs more than all others together: made, asked and removed in moments of their own.
            4 => self.frame = Frame::create(page, environment),
            5 => self.with_frame(|frame| frame.ask_navigator(page, environment)),
            6 => self.with_frame(|frame| frame.ask_natives(page, environment)),
            7 => self.with_frame(Frame::remove),
            _ => return false,
        }
        self.steps_done += 1;
        true
    }

    fn with_frame(&self, step: impl FnOnce(&Frame)) {
        if let Some(frame) = &self.frame {
            step(frame);
        }
    }
}
