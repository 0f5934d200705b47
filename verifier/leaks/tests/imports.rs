//! What an import promises: all that can be read is in the database, once, whatever ends it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "test code: helpers of tests are not seen as such by the lint"
)]

mod kit;

use std::{fs, ops::ControlFlow};

use kit::{Folder, KEY, OTHER_KEY, Safe, never};
use touchstone_leaks::{
    BlindedPoint, Bucket, Database, DatabaseError, Ended, Format, ImportError, Leaks, MAX_PREFIXES,
    PairHash, PwnedRange, Source, estimate, import, names, stats, verify,
};

const PAIRS: Format = Format::Pairs(None);

#[test]
fn what_was_imported_is_found_by_every_name_of_it() {
    let folder = Folder::new();
    folder.import("Jon.Snow@wall.example:Targaryen\n", PAIRS);
    for name in names("Jon.Snow@wall.example") {
        let answer = folder.answer(name.bucket);
        let prefix = KEY.match_prefix(&PairHash::of(&name.text, "Targaryen"));
        assert!(answer.contains(&prefix.0.to_vec()), "{}", name.text);
    }
    let found =
        |user, password| verify(&folder.database(), &Safe(&KEY), Some((user, password))).unwrap();
    assert_eq!(found("jon.snow@wall.example", "Targaryen"), Some(true));
    assert_eq!(found("jon.snow@wall.example", "Stark"), Some(false));
}

#[test]
fn an_answer_is_the_whole_bucket_in_order_and_the_point_under_the_key() {
    let folder = Folder::new();
    folder.import("info@a.example:one\ninfo@b.example:two\nother:one\n", PAIRS);
    let leaks = folder.leaks(&KEY);
    let point = blinded();
    let answer = leaks.answer(Bucket::of("info"), Some(&point)).unwrap();
    let answer = answer.unwrap();
    let prefixes: Vec<_> = answer.prefixes().map(<[u8]>::to_vec).collect();
    // Two passwords, each under the name alone and under its address.
    assert_eq!(prefixes.len(), 4);
    assert!(prefixes.is_sorted());
    assert_eq!(answer.reencrypted, Some(KEY.reencrypt(&point)));
    let without = leaks.answer(Bucket::of("info"), None).unwrap().unwrap();
    assert_eq!(without.reencrypted, None);
}

#[test]
fn a_list_that_comes_again_adds_nothing() {
    let folder = Folder::new();
    let (ended, first) = folder.import("a:1\nb:2\na:1\n", PAIRS);
    assert_eq!((ended, first.taken, first.added), (Ended::Done, 3, 2));
    let (ended, again) = folder.import("a:1\nb:2\na:1\n", PAIRS);
    assert_eq!((ended, again), (Ended::DoneBefore, first));
    // Another list with the same pairs.
    let (ended, other) = folder.import("b:2\nc:3\n", PAIRS);
    assert_eq!((ended, other.taken, other.added), (Ended::Done, 2, 1));
}

#[test]
fn broken_lines_are_counted_by_what_is_wrong_with_them() {
    let folder = Folder::new();
    let long = "x".repeat(3_000);
    let text = format!("a:1\r\n\nno delimiter\n:1\na:\n{long}:1\n\0:1\nb;2");
    let (_, tally) = folder.import(&text, PAIRS);
    assert_eq!((tally.lines, tally.taken), (8, 2));
    let broken: Vec<_> = tally.broken().into_iter().filter(|(_, n)| *n > 0).collect();
    assert_eq!(
        broken,
        [
            ("blank", 1),
            ("too long", 1),
            ("not text", 1),
            ("without delimiter", 1),
            ("without user name", 1),
            ("without password", 1),
        ]
    );
}

#[test]
fn an_import_that_is_stopped_goes_on_where_it_was() {
    let lines: String = (0..200).map(|n| format!("user{n}:password{n}\n")).collect();
    let whole = Folder::new();
    let (_, expected) = whole.import(&lines, PAIRS);

    let folder = Folder::new();
    let source = folder.list(&lines);
    let mut stops = 0;
    let tally = loop {
        let mut calls = 0;
        // After one transaction each time.
        let mut observe = |_: &_| {
            calls += 1;
            match calls {
                0..=1 => ControlFlow::Continue(()),
                _ => ControlFlow::Break(()),
            }
        };
        let database = folder.open();
        match import(&database, &source, PAIRS, &mut observe).unwrap() {
            (Ended::Stopped, _) => stops += 1,
            (Ended::Done, tally) => break tally,
            (Ended::DoneBefore, _) => panic!("it was done before it was done"),
        }
    };
    assert!(stops >= 1);
    assert_eq!(tally, expected);
    assert_eq!(folder.rows(), whole.rows());
}

#[test]
fn a_packed_list_that_is_cut_off_keeps_what_it_had_and_says_so() {
    let folder = Folder::new();
    let packed = zstd::encode_all(&b"a:1\nb:2\n"[..], 1).unwrap();
    let path = folder.path("cut.zst");
    // The frame's checksum and end are missing; what was unpacked until there is good.
    fs::write(&path, [&packed[..], &packed[..packed.len() - 3]].concat()).unwrap();
    let source = Source::at(&path).unwrap();
    let error = import(&folder.open(), &source, PAIRS, &mut never).unwrap_err();
    assert!(matches!(error, ImportError::List(name, _) if name == "cut.zst"));
    assert_eq!(stats(&folder.database()).unwrap().unwrap().prefixes, 2);
}

#[test]
fn a_database_belongs_to_its_key() {
    let folder = Folder::new();
    folder.import("a:1\n", PAIRS);
    let other = Safe(&OTHER_KEY);
    let foreign = |result: Result<(), DatabaseError>| {
        assert!(
            matches!(result, Err(DatabaseError::ForeignKey(_))),
            "{result:?}"
        );
    };
    foreign(Database::open(&folder.database(), &other, &kit::epoch(9)).map(|_| ()));
    foreign(verify(&folder.database(), &other, None).map(|_| ()));
    let leaks = folder.leaks(&OTHER_KEY);
    foreign(leaks.answer(Bucket::of("a"), None).map(|_| ()));
}

#[test]
fn a_database_that_is_replaced_is_answered_from_under_its_own_key() {
    let (one, two) = (Folder::new(), Folder::new());
    one.import("a:1\n", PAIRS);
    two.import_under(&OTHER_KEY, 2, "a:1\n", PAIRS);
    let bucket = Bucket::of("a");
    // Opens both keys, as a vault does.
    let leaks = Leaks::new(&one.database(), Box::new(kit::AnySafe));
    let point = blinded();
    let ask = || leaks.answer(bucket, Some(&point)).unwrap().unwrap();
    let under = |key: &'static touchstone_leaks::EpochKey| {
        let answer = ask();
        let prefix = key.match_prefix(&PairHash::of("a", "1"));
        assert_eq!(answer.reencrypted, Some(key.reencrypt(&point)));
        assert_eq!(answer.prefixes().collect::<Vec<_>>(), [prefix.0]);
    };
    under(&KEY);
    fs::rename(two.database(), one.database()).unwrap();
    under(&OTHER_KEY);
    fs::remove_file(one.database()).unwrap();
    assert_eq!(leaks.answer(bucket, None).unwrap(), None);
}

#[test]
fn a_database_that_was_removed_leaves_nothing_for_the_next_one() {
    let folder = Folder::new();
    let leaks = folder.leaks(&KEY);
    let bucket = Bucket::of("a");
    let count = || {
        leaks
            .answer(bucket, None)
            .unwrap()
            .map(|answer| answer.prefixes().len())
    };
    folder.import("a:1\n", PAIRS);
    assert_eq!(count(), Some(1));
    // As a kill leaves it: with what was written last in the log alone, which a reader keeps open.
    folder.import("a:2\n", PAIRS);
    assert_eq!(count(), Some(2));
    assert!(Database::remove(&folder.database()).unwrap());
    assert!(!Database::remove(&folder.database()).unwrap());
    assert_eq!(count(), None);
    for name in ["leaks.db", "leaks.db-wal", "leaks.db-shm"] {
        assert!(!folder.path(name).exists(), "{name}");
    }
    folder.import("a:3\n", PAIRS);
    assert_eq!(count(), Some(1));
    drop(leaks);
    assert_eq!(
        verify(&folder.database(), &Safe(&KEY), Some(("a", "3"))).unwrap(),
        Some(true)
    );
    assert_eq!(
        verify(&folder.database(), &Safe(&KEY), Some(("a", "1"))).unwrap(),
        Some(false)
    );
}

#[test]
fn the_file_alone_is_whole_when_an_import_has_ended() {
    let (folder, other) = (Folder::new(), Folder::new());
    folder.import("a:1\n", PAIRS);
    let leaks = folder.leaks(&KEY);
    assert!(leaks.answer(Bucket::of("a"), None).unwrap().is_some());
    let database = folder.open();
    import(&database, &folder.list("a:2\n"), PAIRS, &mut never).unwrap();
    database.finish().unwrap();
    fs::copy(folder.database(), other.database()).unwrap();
    assert_eq!(
        other.answer(Bucket::of("a")),
        folder.answer(Bucket::of("a"))
    );
    assert_eq!(other.rows().len(), 2);
}

#[test]
fn a_reader_knows_at_once_what_was_imported() {
    let folder = Folder::new();
    let leaks = folder.leaks(&KEY);
    let bucket = Bucket::of("a");
    assert_eq!(leaks.answer(bucket, None).unwrap(), None);
    for (list, count) in [("b:1\n", 0), ("a:1\n", 1), ("a:2\n", 2)] {
        folder.import(list, PAIRS);
        let answer = leaks.answer(bucket, None).unwrap().unwrap();
        assert_eq!(answer.prefixes().len(), count);
    }
}

#[test]
fn what_is_no_database_is_refused_and_left_alone() {
    let folder = Folder::new();
    fs::write(folder.database(), "something else entirely, of some length").unwrap();
    let opened = Database::open(&folder.database(), &Safe(&KEY), &kit::epoch(1));
    assert!(opened.is_err());
    assert!(folder.leaks(&KEY).answer(Bucket::of("a"), None).is_err());
    let content = fs::read_to_string(folder.database()).unwrap();
    assert!(content.starts_with("something else"));
}

#[test]
fn two_imports_at_once_are_refused() {
    let folder = Folder::new();
    let _first = folder.open();
    let second = Database::open(&folder.database(), &Safe(&KEY), &kit::epoch(1));
    assert!(matches!(second, Err(DatabaseError::Busy(_))));
}

#[test]
fn hashes_of_passwords_are_kept_with_their_highest_count() {
    let folder = Folder::new();
    let hash = "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8";
    let near = "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD9";
    let far = "5BAA71E4C9B93F3F0682250B6CF8331B7EE68FD8";
    let list = format!("{near}:1\r\n{hash}:7\r\n{far}:9\r\nno hash\r\n");
    let (_, tally) = folder.import(&list, Format::Pwned);
    assert_eq!((tally.taken, tally.no_hash), (3, 1));
    folder.import(&format!("{hash}:10\n{near}:1\n"), Format::Pwned);
    let range = PwnedRange::parse("5baa6").unwrap();
    let found = folder.leaks(&KEY).pwned(range).unwrap().unwrap();
    let found: Vec<_> = found.iter().map(|(hash, n)| (hash.suffix(), *n)).collect();
    assert_eq!(
        found,
        [(hash[5..].to_owned(), 10), (near[5..].to_owned(), 1)]
    );
}

#[test]
fn an_estimate_counts_what_is_left() {
    let folder = Folder::new();
    let lines: String = (0..200)
        .map(|n| format!("user{n}@x.example:password{n}\n"))
        .collect();
    let source = folder.list(&lines);
    let database = folder.open();
    let before = estimate(&database, &source, PAIRS).unwrap().unwrap();
    assert_eq!((before.taken, before.hashes), (200.0, 400.0));
    import(&database, &source, PAIRS, &mut never).unwrap();
    let after = estimate(&database, &source, PAIRS).unwrap().unwrap();
    assert_eq!((after.taken, after.hashes), (0.0, 0.0));
}

fn blinded() -> BlindedPoint {
    let generator = "036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296";
    let bytes = data_encoding::HEXLOWER
        .decode(generator.as_bytes())
        .unwrap();
    BlindedPoint::parse(&bytes).unwrap()
}

/// With TOUCHSTONE_TEST_THOROUGH alone: a million rows take a while.
#[test]
fn an_answer_is_complete_up_to_its_bound() {
    if std::env::var_os("TOUCHSTONE_TEST_THOROUGH").is_none() {
        return;
    }
    let folder = Folder::new();
    drop(folder.open());
    let bucket = Bucket::of("info");
    let connection = rusqlite::Connection::open(folder.database()).unwrap();
    let fill = |numbers: std::ops::Range<u32>| {
        connection.execute_batch("BEGIN").unwrap();
        let insert = "INSERT INTO pair (bucket, prefix) VALUES (?1, ?2)";
        let mut insert = connection.prepare(insert).unwrap();
        for number in numbers {
            let prefix = &u64::from(number).to_be_bytes()[2..];
            insert.execute((bucket.number(), prefix)).unwrap();
        }
        connection.execute_batch("COMMIT").unwrap();
    };
    let count = || folder.answer(bucket).len();
    fill(0..MAX_PREFIXES);
    assert_eq!(count(), MAX_PREFIXES as usize);
    fill(MAX_PREFIXES..MAX_PREFIXES + 10);
    assert_eq!(count(), MAX_PREFIXES as usize);
}
