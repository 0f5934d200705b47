//! Importing lists. What is read of a list is written together with how far that was, so that an import that ends at any moment
//! goes on where it was: nothing is lost, and nothing is there twice.

mod batch;
mod estimate;
mod progress;

use std::{io, ops::ControlFlow};

use crate::{
    Database, DatabaseError,
    lists::{Line, Reader, Source},
};
use batch::Batch;

pub use estimate::{Estimate, HashCost, estimate};
pub use progress::{Progress, Tally};

/// What a list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `user:password`, parted by this byte, or by the first that commonly does.
    Pairs(Option<u8>),
    /// `SHA-1:count`, as Have I Been Pwned's downloads have it.
    Pwned,
}

/// How an import of a list ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// All of it is in the database.
    Done,
    /// All of it had been there before.
    DoneBefore,
    /// The observer stopped it. It goes on from there the next time, unless it was standard input.
    Stopped,
}

/// Why a list could not be imported to its end. What was read before is in the database.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The list cannot be read, or unpacked.
    #[error("{0}: {1}")]
    List(String, io::Error),
    /// The database cannot be written.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// Imports a list, on all cores that rayon has. `observe` is told after each transaction, a second or so apart, and may stop the
/// import there.
///
/// # Errors
/// See [`ImportError`].
pub fn import(
    database: &Database,
    source: &Source,
    format: Format,
    observe: &mut dyn FnMut(&Progress) -> ControlFlow<()>,
) -> Result<(Ended, Tally), ImportError> {
    let unreadable = |error| ImportError::List(source.name(), error);
    let known = match source.id() {
        Some(id) => database.read(|connection| Progress::of(connection, id))?,
        None => None,
    };
    let mut progress = known.unwrap_or_default();
    if progress.is_done {
        return Ok((Ended::DoneBefore, progress.tally));
    }
    let mut reader = source.read_from(progress.position).map_err(unreadable)?;
    progress.bytes_done = reader.bytes_done();
    if observe(&progress).is_break() {
        return Ok((Ended::Stopped, progress.tally));
    }
    loop {
        let mut batch = Batch::new(format);
        let filled = fill(&mut batch, &mut reader);
        // What was read before an error counts; the same error comes again when the import goes on.
        let is_end = matches!(filled, Ok(true));
        let rows = batch.rows(database.key());
        progress.position = reader.lines.position();
        progress.bytes_done = reader.bytes_done();
        progress.is_done = is_end;
        progress.tally.add(&batch.tally);
        progress.tally.added += database.write(|transaction| {
            let added = rows.write(transaction)?;
            let mut written = progress.clone();
            written.tally.added += added;
            if let Some(id) = source.id() {
                written.write(transaction, id, &source.name())?;
            }
            Ok(added)
        })?;
        let observed = observe(&progress);
        filled.map_err(unreadable)?;
        if is_end {
            return Ok((Ended::Done, progress.tally));
        }
        if observed.is_break() {
            return Ok((Ended::Stopped, progress.tally));
        }
    }
}

/// Reads lines until there are enough; whether that was the end of the list.
fn fill(batch: &mut Batch, reader: &mut Reader) -> io::Result<bool> {
    while !batch.is_full() {
        match reader.lines.next_line()? {
            Some(Line::Whole(line)) => batch.take(line),
            Some(Line::TooLong) => batch.pass_over(),
            None => return Ok(true),
        }
    }
    Ok(false)
}
