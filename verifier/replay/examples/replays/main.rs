//! How surely recordings are found again, and how seldom people are taken for replays, on recorded people.
//!
//! ```text
//! cargo run --release -p touchstone-replay --example replays -- DIR [PADDING]
//! ```
//!
//! Reads every `.jsonl.gz` in `DIR/train` and `DIR/validate`. Each session is played again in every way of [`changes`], and
//! looked up in an index that holds all sessions. Then every session is looked up among those of all other people and its own
//! other sessions, with the index padded to `PADDING` sketches (a million if it is not given) of sketches drawn from people's strokes.
#![allow(
    clippy::unwrap_used,
    reason = "a program for developers: an error may end it"
)]

mod change;
mod padding;
mod trace;

use std::{collections::BTreeMap, env, fs, io, path::Path, time::Instant};

use change::Change;
use touchstone_protocol::Report;
use touchstone_replay::{Index, PageId, Realm, ReplaySecret, Sketch, Source, Visit};
use trace::Session;

fn main() -> io::Result<()> {
    let mut arguments = env::args().skip(1);
    let dir = arguments.next().unwrap_or_else(|| "data".to_owned());
    let padding = arguments.next().and_then(|n| n.parse().ok());
    let sessions = read(Path::new(&dir))?;
    let kept: Vec<(&Session, Sketch)> = sessions
        .iter()
        .filter_map(|session| Some((session, Sketch::of(&session.report)?)))
        .filter(|(_, sketch)| sketch.is_enough())
        .collect();
    print_minimum(&sessions, &kept);
    print_found(&kept);
    print_false(&kept, padding.unwrap_or(1_000_000));
    Ok(())
}

fn read(dir: &Path) -> io::Result<Vec<Session>> {
    let mut sessions = Vec::new();
    for part in ["train", "validate"] {
        let mut files: Vec<_> = fs::read_dir(dir.join(part))?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.to_string_lossy().ends_with(".jsonl.gz"))
            // The same recordings as kmt_forms, cut into segments.
            .filter(|path| !path.ends_with("kmt_mouse.jsonl.gz"))
            .collect();
        files.sort();
        for file in files {
            sessions.extend(trace::read(&file)?);
        }
    }
    Ok(sessions)
}

fn print_minimum(sessions: &[Session], kept: &[(&Session, Sketch)]) {
    let mut rows: BTreeMap<&str, (usize, usize, [usize; 9])> = BTreeMap::new();
    for session in sessions {
        rows.entry(&session.source).or_default().0 += 1;
    }
    for (session, sketch) in kept {
        let row = rows.entry(&session.source).or_default();
        row.1 += 1;
        row.2[sketch.len()] += 1;
    }
    println!("source: reports, those that reach the minimum of information, by strokes 3 to 8");
    for (source, (all, kept, strokes)) in rows {
        println!("  {source}: {all}, {kept}, {:?}", &strokes[3..]);
    }
}

/// In an index of all sessions, each played again in every way.
fn print_found(kept: &[(&Session, Sketch)]) {
    let mut index = Index::new(ReplaySecret([1; 32]), 100_000, DAY);
    for (n, (_, sketch)) in kept.iter().enumerate() {
        see(&mut index, sketch, n);
    }
    println!("\nfound again, of those that reach the minimum (and %)");
    for (name, change) in changes() {
        let mut rows: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for (n, (session, _)) in kept.iter().enumerate() {
            let mut random = fastrand::Rng::with_seed(n as u64);
            let again = change(&mut random).apply(&session.report, &mut random);
            let row = rows.entry(&session.source).or_default();
            row.0 += usize::from(is_found(&mut index, &again, kept.len() + n));
            row.1 += 1;
        }
        print!("  {name}:");
        for (source, (found, of)) in rows {
            print!(
                "  {source} {found}/{of} ({:.1})",
                100.0 * found as f32 / of as f32
            );
        }
        println!();
    }
}

fn is_found(index: &mut Index, again: &Report, page: usize) -> bool {
    let Some(sketch) = Sketch::of(again) else {
        return false;
    };
    let seen = index.see(&visit(&sketch, page));
    if let Some((_, ticket)) = seen.kept {
        index.take_back(ticket);
    }
    seen.replay.is_some()
}

/// Whether it is a replay. It is added.
fn see(index: &mut Index, sketch: &Sketch, page: usize) -> bool {
    index.see(&visit(sketch, page)).replay.is_some()
}

fn visit(sketch: &Sketch, page: usize) -> Visit<'_> {
    Visit {
        sketch,
        page: PageId((page as u128).to_be_bytes()),
        source: Source {
            project: "shop",
            site_key: "6Lshop",
            agent: 7,
        },
        realm: Realm::All,
        at: 0,
    }
}

/// Every session, among those of all others and its own people's other ones.
fn print_false(kept: &[(&Session, Sketch)], padding: usize) {
    let mut index = Index::new(ReplaySecret([1; 32]), padding.max(kept.len()), DAY);
    let people: Vec<&Session> = kept.iter().map(|(session, _)| *session).collect();
    let first = kept.len();
    let mut n = 0;
    while index.len() + kept.len() < padding {
        if let Some(sketch) = padding::sketch(&people, n as u64) {
            see(&mut index, &sketch, first + n);
        }
        n += 1;
    }
    let (mut found, mut of) = (BTreeMap::new(), BTreeMap::new());
    let start = Instant::now();
    for (n, (session, sketch)) in kept.iter().enumerate() {
        *of.entry(&session.source).or_insert(0) += 1;
        if see(&mut index, sketch, n) {
            *found.entry(&session.source).or_insert(0) += 1;
        }
    }
    let each = start.elapsed() / kept.len().max(1) as u32;
    let bytes = index.bytes() / index.len().max(1);
    println!(
        "\nan index of {} sketches, {bytes} bytes each; {each:?} a visit",
        index.len()
    );
    println!("people taken for a replay: {found:?}, of {of:?}");
    let pairs = kept.len() * kept.len().saturating_sub(1) / 2;
    if found.is_empty() {
        // The rule of three: with no event in n tries, the upper bound of the rate is 3 / n.
        println!(
            "none of {} visits: at most {:.3} % (95 %)",
            kept.len(),
            300.0 / kept.len() as f32
        );
        println!(
            "{} of the pairs below are of one recording",
            pairs_of_one_recording(kept)
        );
        println!(
            "none of {pairs} pairs of sessions: at most {:.1e} (95 %)",
            3.0 / pairs as f64
        );
    }
}

/// What one page reports one after the other, with events that all came later.
fn pairs_of_one_recording(kept: &[(&Session, Sketch)]) -> usize {
    let mut parts: BTreeMap<(&str, usize), usize> = BTreeMap::new();
    for (session, _) in kept {
        *parts
            .entry((&session.source, session.recording))
            .or_default() += 1;
    }
    parts.values().map(|n| n * (n - 1) / 2).sum()
}

/// Draws a change of one kind.
type Draw = fn(&mut fastrand::Rng) -> Change;

/// All ways of playing a recording again.
fn changes() -> [(&'static str, Draw); 12] {
    fn shift(random: &mut fastrand::Rng) -> Change {
        Change {
            shift: (random.i32(-400..400) as f32, random.i32(-400..400) as f32),
            ..Change::default()
        }
    }
    fn scale(random: &mut fastrand::Rng) -> Change {
        let scale = 0.6 + random.f32();
        Change {
            scale,
            ..shift(random)
        }
    }
    fn jitter(random: &mut fastrand::Rng) -> Change {
        Change {
            jitter: 2.0,
            ..shift(random)
        }
    }
    fn pace(random: &mut fastrand::Rng) -> Change {
        let pace = 0.8 + 0.45 * random.f32();
        Change {
            pace,
            ..shift(random)
        }
    }
    fn warp(random: &mut fastrand::Rng) -> Change {
        Change {
            warp: 0.1,
            ..shift(random)
        }
    }
    fn cut(random: &mut fastrand::Rng) -> Change {
        Change {
            cut: 0.3,
            ..shift(random)
        }
    }
    [
        ("exact", |_| Change::default()),
        ("shifted", shift),
        ("scaled 0.6-1.6", scale),
        ("jittered 2 px", jitter),
        ("scaled and jittered", |random| Change {
            jitter: 2.0,
            ..scale(random)
        }),
        ("pace 0.8-1.25", pace),
        ("warped 10 %", warp),
        ("at 60 Hz", |random| Change {
            rate: 60.0,
            ..shift(random)
        }),
        ("at 125 Hz", |random| Change {
            rate: 125.0,
            ..shift(random)
        }),
        ("at 144 Hz", |random| Change {
            rate: 144.0,
            ..shift(random)
        }),
        ("oldest 30 % lost", cut),
        ("all of these", |random| Change {
            jitter: 2.0,
            warp: 0.1,
            cut: 0.1,
            pace: pace(random).pace,
            rate: [60.0, 125.0, 144.0][random.usize(0..3)],
            ..scale(random)
        }),
    ]
}

/// In milliseconds; all visits are at time 0.
const DAY: u64 = 24 * 3_600 * 1_000;
