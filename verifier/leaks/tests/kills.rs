//! An import that is killed. The other process is this test program, started again with its part in the environment.

#![allow(
    clippy::unwrap_used,
    reason = "test code: helpers of tests are not seen as such by the lint"
)]

mod kit;

use std::{
    env,
    io::{BufRead, BufReader},
    ops::ControlFlow,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use kit::{Folder, KEY, Safe, epoch};
use touchstone_leaks::{Database, Ended, Format, Progress, Source, import};

/// At any moment, ten times: within a transaction, between two, before the first.
#[test]
fn an_import_that_is_killed_loses_nothing_and_doubles_nothing() {
    let lines: String = (0..200).map(|n| format!("user{n}:password{n}\n")).collect();
    let whole = Folder::new();
    let (_, expected) = whole.import(&lines, Format::Pairs(None));

    let folder = Folder::new();
    folder.list(&lines);
    for kill in 0..10 {
        let mut child = start(&folder);
        if kill % 2 == 1 {
            // When it says that it began, or that it wrote.
            let mut said = said_by(&mut child);
            let waited = said.by_ref().take(kill / 4 + 1).count();
            assert!(waited > 0);
        }
        thread::sleep(Duration::from_millis(17 * kill as u64));
        // SIGKILL on unix: no destructor, no flush.
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let mut last = start(&folder);
    said_by(&mut last).for_each(drop);
    assert!(last.wait().unwrap().success());
    let source = Source::at(&folder.path("list-0.txt")).unwrap();
    let (ended, tally) = import(&folder.open(), &source, PAIRS, &mut kit::never).unwrap();
    assert_eq!((ended, tally), (Ended::DoneBefore, expected));
    assert_eq!(folder.rows(), whole.rows());
}

/// The part of the other process; nothing to do when the test runner calls it.
#[test]
fn part_of_another_process() {
    let Ok(folder) = env::var(FOLDER) else { return };
    let folder = Path::new(&folder);
    let database = Database::open(&folder.join("leaks.db"), &Safe(&KEY), &epoch(1)).unwrap();
    let source = Source::at(&folder.join("list-0.txt")).unwrap();
    let mut observe = |progress: &Progress| {
        println!("\n{SAY}{}", progress.position);
        ControlFlow::Continue(())
    };
    import(&database, &source, PAIRS, &mut observe).unwrap();
}

fn start(folder: &Folder) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "part_of_another_process", "--nocapture"])
        .env(FOLDER, folder.path(""))
        // Small transactions.
        .env("RAYON_NUM_THREADS", "1")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// How far a process says that it is, among the lines of the test runner.
fn said_by(child: &mut Child) -> impl Iterator<Item = String> + use<> {
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    lines.filter_map(|line| line.unwrap().strip_prefix(SAY).map(str::to_owned))
}

const PAIRS: Format = Format::Pairs(None);
const SAY: &str = "at ";
const FOLDER: &str = "TOUCHSTONE_TEST_FOLDER";
