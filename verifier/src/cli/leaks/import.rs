use std::{
    fs::DirBuilder,
    ops::ControlFlow,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use clap::{Args, ValueEnum};
use serde_json::{Map, Value, json};
use tokio::signal::unix::{SignalKind, signal};
use touchstone_leaks::{Database, Ended, Format, HashCost, Source, Tally, estimate, import};

use super::{CliError, meter::Meter, print};
use crate::leaks::{VaultSafe, database, new_epoch};

#[derive(Debug, Args)]
pub(in super::super) struct Import {
    /// Lists; - is standard input, which begins anew each time
    #[arg(required = true, value_name = "FILES")]
    files: Vec<PathBuf>,
    /// What they hold
    #[arg(long, value_name = "FORMAT", default_value = "pairs")]
    format: ListFormat,
    /// What parts user name and password, such as : or ; or tab [default: the first of : ; , tab on each line]
    #[arg(long, value_name = "CHAR", value_parser = delimiter)]
    delimiter: Option<u8>,
    /// Print JSON, one object a list
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ListFormat {
    /// user:password
    Pairs,
    /// SHA-1:count, as Have I Been Pwned has them: passwords alone, served by --pwned-passwords-range
    Hibp,
}

pub(super) async fn run(command: Import, safe: VaultSafe, data: PathBuf) -> Result<(), CliError> {
    let stop = Arc::new(AtomicBool::new(false));
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let told = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = interrupt.recv() => (),
            _ = terminate.recv() => (),
        }
        told.store(true, Ordering::Relaxed);
    });
    tokio::task::spawn_blocking(move || import_all(&command, &safe, &data, &stop)).await?
}

fn import_all(
    command: &Import,
    safe: &VaultSafe,
    data: &Path,
    stop: &AtomicBool,
) -> Result<(), CliError> {
    let format = match command.format {
        ListFormat::Pairs => Format::Pairs(command.delimiter),
        ListFormat::Hibp if command.delimiter.is_some() => {
            return Err("--delimiter goes with lists of pairs only".into());
        }
        ListFormat::Hibp => Format::Pwned,
    };
    // A file that is not there is said before hours of work, not after.
    let mut sources = Vec::new();
    for path in &command.files {
        let source = Source::at(path).map_err(|error| format!("{}: {error}", path.display()))?;
        sources.push(source);
    }
    // With a shared store it is not there for anything else.
    DirBuilder::new().recursive(true).mode(0o700).create(data)?;
    let epoch = new_epoch(&safe.0)?;
    let database = Database::open(&database(data), safe, &epoch)?;
    announce(&database, &sources, format)?;
    for source in &sources {
        let meter = Meter::new(source);
        let mut observe = |progress: &_| {
            meter.show(progress);
            match stop.load(Ordering::Relaxed) {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        };
        let imported = import(&database, source, format, &mut observe);
        meter.end();
        let (ended, tally) = imported?;
        report(command.json, source, ended, &tally);
        if ended == Ended::Stopped {
            return Err("stopped; the same command goes on from here".into());
        }
    }
    Ok(database.finish()?)
}

/// Says how long it will take, where that can be known.
fn announce(database: &Database, sources: &[Source], format: Format) -> Result<(), CliError> {
    if format == Format::Pwned {
        return Ok(());
    }
    let (mut taken, mut hashes) = (0.0, 0.0);
    for source in sources {
        match estimate(database, source, format)? {
            Some(estimate) => {
                taken += estimate.taken;
                hashes += estimate.hashes;
            }
            None => return Ok(()),
        }
    }
    if hashes == 0.0 {
        return Ok(());
    }
    let cost = HashCost::measure();
    let total = touchstone_leaks::Estimate { taken, hashes }.duration(cost);
    eprintln!(
        "about {taken:.0} pairs, {hashes:.0} hashes at {:.1} ms each on {} cores: {}",
        cost.each.as_secs_f64() * 1e3,
        cost.cores,
        spoken(total.as_secs()),
    );
    Ok(())
}

fn report(json: bool, source: &Source, ended: Ended, tally: &Tally) {
    let name = source.name();
    let found = tally.broken().into_iter().filter(|(_, count)| *count > 0);
    let broken: Map<String, Value> = found
        .clone()
        .map(|(kind, count)| (kind.to_owned(), json!(count)))
        .collect();
    let value = json!({
        "list": name,
        "ended": match ended {
            Ended::Done => "done",
            Ended::DoneBefore => "done before",
            Ended::Stopped => "stopped",
        },
        "lines": tally.lines,
        "taken": tally.taken,
        "added": tally.added,
        "broken": broken,
    });
    let said = match ended {
        Ended::Done => "imported",
        Ended::DoneBefore => "was imported before",
        Ended::Stopped => "is imported in part",
    };
    let broken: Vec<String> = found
        .map(|(kind, count)| format!("{count} {kind}"))
        .collect();
    let passed_over = match broken.is_empty() {
        true => String::new(),
        false => format!("; passed over: {}", broken.join(", ")),
    };
    let text = format!(
        "{name} {said}: {} of {} lines taken, {} rows new{passed_over}",
        tally.taken, tally.lines, tally.added
    );
    print(json, &value, &text);
}

/// A time that nobody needs to the second.
pub(super) fn spoken(seconds: u64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => "less than a minute".to_owned(),
        (0, 0, _) => format!("{minutes} min"),
        (0, ..) => format!("{hours} h {minutes} min"),
        _ => format!("{days} d {hours} h"),
    }
}

fn delimiter(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        b"tab" | b"\\t" => Ok(b'\t'),
        [byte]
            if byte.is_ascii()
                && !byte.is_ascii_alphanumeric()
                && !matches!(byte, b'\r' | b'\n') =>
        {
            Ok(*byte)
        }
        _ => Err("must be one character that is no letter or digit, or tab".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delimiter_is_one_character() {
        for (text, byte) in [
            (":", b':'),
            ("|", b'|'),
            ("tab", b'\t'),
            ("\\t", b'\t'),
            (" ", b' '),
        ] {
            assert_eq!(delimiter(text), Ok(byte));
        }
        for text in ["", "::", "a", "7", "ä", "\n"] {
            assert!(delimiter(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn times_are_said_roughly() {
        assert_eq!(spoken(59), "less than a minute");
        assert_eq!(spoken(3_599), "59 min");
        assert_eq!(spoken(3_600 * 25), "1 d 1 h");
    }
}
