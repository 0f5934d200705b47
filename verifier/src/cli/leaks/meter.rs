use std::{
    cell::Cell,
    io::IsTerminal,
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};
use touchstone_leaks::{Progress, Source};

/// Shows how far the import of a list is: as a bar on a terminal, else as a line now and then.
pub(super) struct Meter {
    name: String,
    size: Option<u64>,
    /// When it began, and at which byte: what an earlier run did says nothing of this one's pace.
    began: Cell<Option<(Instant, u64)>>,
    bar: Option<ProgressBar>,
    said: Cell<Instant>,
}

impl Meter {
    pub(super) fn new(source: &Source) -> Self {
        let (name, size) = (source.name(), source.size());
        let bar = std::io::stderr().is_terminal().then(|| {
            let (bar, form) = match size {
                Some(size) => (ProgressBar::new(size), WITH_SIZE),
                None => (ProgressBar::no_length(), WITHOUT_SIZE),
            };
            // A form that the library could not read would show in another one.
            if let Ok(style) = ProgressStyle::with_template(form) {
                bar.set_style(style);
            }
            bar.set_prefix(name.clone());
            bar
        });
        Self {
            name,
            size,
            began: Cell::new(None),
            bar,
            said: Cell::new(Instant::now()),
        }
    }

    pub(super) fn show(&self, progress: &Progress) {
        let now = Instant::now();
        let (began, first) = self.began.get().unwrap_or((now, progress.bytes_done));
        self.began.set(Some((began, first)));
        let left = self.size.and_then(|size| {
            let done = progress.bytes_done.saturating_sub(first);
            let left = size.saturating_sub(progress.bytes_done);
            (done > 0).then(|| (now - began).mul_f64(left as f64 / done as f64))
        });
        let left = left.map_or(String::new(), |left| {
            format!(", {} left", super::import::spoken(left.as_secs()))
        });
        let said = format!(
            "{} taken, {} new{left}",
            progress.tally.taken, progress.tally.added
        );
        match &self.bar {
            Some(bar) => {
                bar.set_position(progress.bytes_done);
                bar.set_message(said);
            }
            None if now - self.said.get() >= BETWEEN_LINES => {
                self.said.set(now);
                eprintln!("{}: {said}", self.name);
            }
            None => (),
        }
    }

    pub(super) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

const WITH_SIZE: &str = "{prefix} [{bar:30}] {percent:>3} % of {total_bytes}  {wide_msg}";
const WITHOUT_SIZE: &str = "{prefix} {bytes}  {wide_msg}";
/// For logs.
const BETWEEN_LINES: Duration = Duration::from_secs(10);
