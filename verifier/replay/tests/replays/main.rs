//! What the index promises, on recorded people.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod recording;

use proptest::prelude::*;
use recording::{Change, people};
use touchstone_protocol::Report;
use touchstone_replay::{
    Index, Kept, PageId, Realm, Replay, ReplaySecret, Seen, Sketch, Source, Visit,
};

const DAY: u64 = 24 * 3_600 * 1_000;
const SHOP: Realm<'_> = Realm::Project("shop");

fn index() -> Index {
    Index::new(ReplaySecret([7; 32]), 1_000, 7 * DAY)
}

fn see_at(index: &mut Index, sketch: &Sketch, page: u8, realm: Realm<'_>, at: u64) -> Seen {
    see_from(index, sketch, page, "6Lshop", realm, at)
}

fn see_from(
    index: &mut Index,
    sketch: &Sketch,
    page: u8,
    site_key: &str,
    realm: Realm<'_>,
    at: u64,
) -> Seen {
    index.see(&Visit {
        sketch,
        page: PageId([page; 16]),
        source: Source {
            project: "shop",
            site_key,
            agent: 7,
        },
        realm,
        at,
    })
}

/// The same path later on the page's clock, by tenths of a millisecond.
fn later(report: &Report, by: u32) -> Report {
    let mut report = report.clone();
    for sample in &mut report.pointer {
        sample.at += by;
    }
    report
}

fn see(index: &mut Index, sketch: &Sketch, page: u8) -> Option<Replay> {
    see_at(index, sketch, page, SHOP, DAY).replay
}

fn sketch(report: &Report) -> Sketch {
    Sketch::of(report).unwrap()
}

#[test]
fn fixtures_reach_the_minimum_of_information_and_are_no_replays_of_each_other() {
    let mut index = index();
    for (i, report) in people().iter().enumerate() {
        let sketch = sketch(report);
        assert!(sketch.is_enough(), "fixture {i}");
        assert_eq!(see(&mut index, &sketch, i as u8), None, "fixture {i}");
    }
    assert_eq!(index.len(), 4);
}

#[test]
fn a_visit_that_comes_again_is_a_replay_and_says_how_old_it_is() {
    let person = sketch(&people()[0]);
    let mut index = index();
    assert_eq!(see(&mut index, &person, 1), None);
    let replay = see_at(&mut index, &person, 2, SHOP, DAY + 5_000)
        .replay
        .unwrap();
    assert_eq!(usize::from(replay.agreeing), person.len());
    assert_eq!(
        (usize::from(replay.of), replay.age_ms),
        (person.len(), 5_000)
    );
}

#[test]
fn events_that_one_page_reports_twice_are_no_replay_and_later_ones_are() {
    let report = people().remove(0);
    let (first, last) = (
        report.pointer[0].at,
        report.pointer[report.pointer.len() - 1].at,
    );
    let mut index = index();
    assert_eq!(see(&mut index, &sketch(&report), 1), None);
    assert_eq!(see(&mut index, &sketch(&report), 1), None);
    let overlapping = sketch(&later(&report, last - first));
    assert_eq!(see(&mut index, &overlapping, 1), None);
    let again = sketch(&later(&report, 2 * (last - first) + 1));
    assert!(see(&mut index, &again, 1).is_some());
}

#[test]
fn two_agents_on_one_page_each_with_its_site_key_are_no_replay_of_each_other() {
    let person = sketch(&people()[0]);
    let mut index = index();
    assert_eq!(see(&mut index, &person, 1), None);
    let mut by = |site_key, page, at| {
        let seen = see_from(&mut index, &person, page, site_key, SHOP, at);
        let (_, ticket) = seen.kept.unwrap();
        index.take_back(ticket);
        seen.replay.is_some()
    };
    assert!(!by("6Lother", 2, DAY + 60_000));
    assert!(
        by("6Lshop", 3, DAY + 60_000),
        "another page of the same key"
    );
    assert!(by("6Lother", 4, DAY + 3_600_000), "an hour later");
}

#[test]
fn projects_are_apart_unless_they_share_a_realm() {
    let person = sketch(&people()[0]);
    let mut index = index();
    see(&mut index, &person, 1);
    let other = Realm::Project("other");
    assert_eq!(see_at(&mut index, &person, 2, other, DAY).replay, None);
    assert_eq!(see_at(&mut index, &person, 3, Realm::All, DAY).replay, None);
    assert!(
        see_at(&mut index, &person, 4, Realm::All, DAY)
            .replay
            .is_some()
    );
}

#[test]
fn a_sketch_counts_for_its_days() {
    let person = sketch(&people()[0]);
    let mut index = index();
    see(&mut index, &person, 1);
    let late = see_at(&mut index, &person, 2, SHOP, 8 * DAY - 1);
    assert!(late.replay.is_some());
    let (_, ticket) = late.kept.unwrap();
    index.take_back(ticket);
    assert_eq!(see_at(&mut index, &person, 3, SHOP, 8 * DAY).replay, None);
}

#[test]
fn what_is_taken_back_was_never_seen() {
    let person = sketch(&people()[0]);
    let mut index = index();
    let (_, ticket) = see_at(&mut index, &person, 1, SHOP, DAY).kept.unwrap();
    index.take_back(ticket);
    assert_eq!(see(&mut index, &person, 2), None);
}

#[test]
fn taking_back_often_pushes_nobody_out() {
    let person = sketch(&people()[0]);
    let mut index = index();
    see(&mut index, &person, 1);
    for _ in 0..50 {
        let seen = see_at(&mut index, &person, 2, SHOP, DAY);
        assert!(seen.replay.is_some());
        index.take_back(seen.kept.unwrap().1);
    }
}

#[test]
fn what_was_recorded_is_known_after_a_restart_to_the_same_secret_alone() {
    let person = sketch(&people()[0]);
    let (kept, _) = see_at(&mut index(), &person, 1, SHOP, DAY).kept.unwrap();
    let kept = Kept::from_bytes(&kept.to_bytes()).unwrap();
    let mut again = index();
    again.restore(&kept);
    assert!(see(&mut again, &person, 2).is_some());
    let mut stranger = Index::new(ReplaySecret([8; 32]), 1_000, 7 * DAY);
    stranger.restore(&kept);
    assert_eq!(see(&mut stranger, &person, 2), None);
}

#[test]
fn when_it_is_full_the_oldest_goes() {
    let people = people();
    let mut index = Index::new(ReplaySecret([7; 32]), 2, 7 * DAY);
    for (page, report) in people.iter().enumerate() {
        see(&mut index, &sketch(report), page as u8);
    }
    assert_eq!(index.len(), 2);
    assert!(see(&mut index, &sketch(&people[3]), 9).is_some());
    assert_eq!(see(&mut index, &sketch(&people[0]), 9), None);
}

#[test]
fn below_the_minimum_of_information_nothing_is_kept() {
    let mut report = people().remove(0);
    report.pointer.truncate(199);
    let mut index = index();
    if let Some(sketch) = Sketch::of(&report) {
        assert!(!sketch.is_enough());
        assert_eq!(see_at(&mut index, &sketch, 1, SHOP, DAY).kept, None);
    }
    assert!(index.is_empty());
    assert_eq!(Sketch::of(&Report::default()), None);
}

#[test]
fn it_keeps_finding_while_it_grows() {
    let people = people();
    let mut index = Index::new(ReplaySecret([7; 32]), 10_000, 7 * DAY);
    see(&mut index, &sketch(&people[0]), 1);
    let small = index.bytes();
    for at in 0..3_000 {
        let realm = format!("project {at}");
        see_at(
            &mut index,
            &sketch(&people[1]),
            2,
            Realm::Project(&realm),
            DAY,
        );
    }
    assert!(index.bytes() > small);
    assert!(see(&mut index, &sketch(&people[0]), 3).is_some());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_replay_is_found_shifted_scaled_jittered_and_at_another_pace(
        who in 0usize..4,
        dx in -500i32..500,
        dy in -500i32..500,
        scale in 0.6f32..1.6,
        jitter in 0u64..=1,
        pace in 0.85f32..1.2,
    ) {
        let report = &people()[who];
        let mut index = index();
        see(&mut index, &sketch(report), 1);
        let change = Change { scale, shift: (dx, dy), jitter, pace };
        let again = Sketch::of(&change.of(report));
        prop_assert!(again.is_some_and(|again| see(&mut index, &again, 2).is_some()));
    }

    #[test]
    fn a_shift_changes_nothing_that_counts(who in 0usize..4, dx in -5_000i32..5_000, dy in -5_000i32..5_000) {
        let report = &people()[who];
        let mut index = index();
        see(&mut index, &sketch(report), 1);
        let change = Change { shift: (dx, dy), ..Change::NONE };
        let shifted = sketch(&change.of(report));
        let replay = see(&mut index, &shifted, 2).unwrap();
        prop_assert!(replay.agreeing + 1 >= replay.of);
    }

    #[test]
    fn bytes_of_a_sketch_come_back_and_any_others_are_none_or_a_sketch(
        who in 0usize..4,
        bytes in proptest::collection::vec(any::<u8>(), 0..80),
    ) {
        let sketch = sketch(&people()[who]);
        let written = sketch.to_bytes();
        prop_assert!(written.len() <= Sketch::MAX_BYTES);
        prop_assert_eq!(Sketch::from_bytes(&written), Some(sketch));
        prop_assert!(Sketch::from_bytes(&bytes).is_none_or(|sketch| sketch.to_bytes() == bytes
            || bytes.len() % 8 == 0));
        prop_assert!(Kept::from_bytes(&bytes).is_none_or(|kept| kept.to_bytes() == bytes));
    }
}
