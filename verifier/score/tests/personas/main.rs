//! Whole interactions of people and bots, and the scores they get.

mod any;
mod assistive;
mod hand;
mod person;
mod recorded;

use std::ops::RangeInclusive;

use person::{AGENT, Person};
use touchstone_protocol::{
    KeyClass, KeyFlags, KeySample, Measure, PlainReason, PointerKind, Probe, Report, State,
};
use touchstone_score::{Context, Evaluation, Facts, Reason, Tier, Transport, evaluate, observe};

fn transport(report: &Report) -> Transport<'static> {
    Transport {
        user_agent: AGENT,
        accept_language: Some("en-US,en;q=0.9"),
        accept: Some("*/*"),
        accept_encoding: Some("gzip, deflate, br, zstd"),
        client_hints_ua: Some(r#""Chromium";v="156", "Not=A?Brand";v="8""#),
        client_hints_platform: Some(r#""Linux""#),
        client_hints_mobile: Some("?0"),
        sec_fetch_site: Some("same-origin"),
        sec_fetch_mode: Some("cors"),
        sec_fetch_dest: Some("empty"),
        trustworthy_origin: true,
        elapsed_ms: report.sealed_at / 10,
        is_direct: true,
        ..Transport::default()
    }
}

/// Through the bytes of report and token, as in the product. Bytes that do not decode score 0.0, which no test expects of
/// a person.
fn score(report: &Report) -> Evaluation {
    let report = Report::decode(&report.encode()).unwrap_or_default();
    let facts = observe(&report, &transport(&report));
    let facts = Facts::decode(&facts.encode()).unwrap_or(Facts::impossible());
    evaluate(&facts, &Context::default())
}

fn assert_level(name: &str, report: &Report, expected: RangeInclusive<u8>) -> Evaluation {
    let evaluation = score(report);
    let level = evaluation.score.level();
    assert!(
        expected.contains(&level),
        "{name}: {level}, not in {expected:?}: {evaluation:#?}"
    );
    evaluation
}

/// Four fields, reached and filled with mouse and keys.
fn form(person: &mut Person) -> Report {
    for i in 0..4 {
        person.reach(900.0 - 170.0 * i as f32, 180.0 + 130.0 * i as f32);
        person
            .wait(150.0)
            .click()
            .wait(400.0)
            .type_keys(12)
            .wait(300.0);
    }
    person.done()
}

#[test]
fn people_are_let_through_however_they_use_the_page() {
    let cases: &[(&str, Report, RangeInclusive<u8>)] = &[
        ("mouse and keys", form(&mut Person::at_a_desktop()), 7..=9),
        ("mouse alone", mouse_alone(), 5..=9),
        ("keyboard alone", keyboard_alone(), 5..=9),
        ("a phone", phone(), 5..=9),
        ("a screen reader", screen_reader(), 5..=9),
        ("paste", paste(), 5..=9),
        ("a password manager", password_manager(), 5..=9),
        ("a remote desktop", remote_desktop(), 5..=9),
        ("resisted fingerprinting", resisted_fingerprinting(), 5..=9),
        ("a zoomed page", zoomed(670, 1_910, 1_074), 5..=9),
        ("ratio 2 at 80 %", zoomed(1_600, 1_600, 900), 7..=9),
        ("ratio 1.5 at 80 %", zoomed(1_200, 1_600, 900), 7..=9),
        ("nothing yet", Person::at_a_desktop().done(), 5..=5),
        ("text selected by dragging", dragging(), 5..=9),
    ];
    for (name, report, expected) in cases {
        assert_level(name, report, expected.clone());
    }
}

#[test]
fn recorded_people_are_let_through() {
    for (name, report, expected) in recorded::all() {
        let evaluation = assert_level(name, &report, expected);
        assert!(!evaluation.reasons.contains(&Reason::Automation), "{name}");
    }
}

#[test]
fn bots_are_told_from_people() {
    let cases: &[(&str, Report, RangeInclusive<u8>)] = &[
        ("a default driver", webdriver(), 0..=1),
        (
            "a default driver that moves like a person",
            humanised_webdriver(),
            0..=1,
        ),
        ("a debugger's straight lines", straight_lines(), 0..=3),
        ("a debugger's jumps and keys", jumps_and_keys(), 0..=3),
        (
            "straight lines with events of a real device",
            clean_straight_lines(),
            3..=4,
        ),
    ];
    for (name, report, expected) in cases {
        let evaluation = assert_level(name, report, expected.clone());
        let reason = evaluation.reasons.first();
        let known = [Reason::Automation, Reason::UnexpectedUsagePatterns];
        assert!(
            reason.is_some_and(|reason| known.contains(reason)),
            "{name}"
        );
    }
}

#[test]
fn a_report_without_evidence_is_no_proof_of_a_person() {
    let mut empty = Report {
        sealed_at: 10,
        ..Report::default()
    };
    assert_level("an empty report", &empty, 0..=1);
    empty
        .environment
        .set_probe(Probe::AnyPointerFine, State::Yes);
    assert_level("hardly any environment", &empty, 0..=1);
    let mut forged = form(&mut Person::at_a_desktop());
    forged.counters.moves = 3;
    assert_level("more moves than were counted", &forged, 0..=1);
}

#[test]
fn a_browser_without_the_agent_gets_one_tenth_and_low_confidence() {
    let facts = Facts::unmeasured(PlainReason::NoWasm);
    assert!(facts.is_unmeasured());
    let evaluation = evaluate(&facts, &Context::default());
    assert_eq!(evaluation.score.level(), 1);
    assert_eq!(evaluation.reasons, [Reason::LowConfidenceScore]);
}

#[test]
fn without_interaction_the_score_is_even_and_says_so() {
    let evaluation = score(&Person::at_a_desktop().done());
    assert_eq!(evaluation.score.level(), 5);
    assert_eq!(evaluation.reasons, [Reason::LowConfidenceScore]);
    assert_eq!(evaluation.sum, 0.0);
}

#[test]
fn facts_of_another_release_are_held_against_nobody_and_prove_nothing() {
    let facts = Facts::decode(&Facts::unreadable().encode()).unwrap_or(Facts::impossible());
    assert!(!facts.is_unmeasured());
    for backend_user_agent in [None, Some(AGENT)] {
        let evaluation = evaluate(
            &facts,
            &Context {
                backend_user_agent,
                ..Context::default()
            },
        );
        assert_eq!(evaluation.score.level(), 5, "{evaluation:#?}");
        assert_eq!(evaluation.reasons, [Reason::LowConfidenceScore]);
        let names: Vec<&str> = evaluation.evidence.iter().map(|e| e.name).collect();
        assert_eq!(names, ["unreadable"]);
    }
}

#[test]
fn a_request_without_a_user_agent_contradicts_no_page() {
    let report = form(&mut Person::at_a_desktop());
    let mut transport = transport(&report);
    transport.user_agent = "";
    let evaluation = evaluate(&observe(&report, &transport), &Context::default());
    assert!(evaluation.evidence.iter().all(|e| e.name != "identity"));
}

#[test]
fn one_finding_of_tier_b_never_takes_a_person_below_one_half() {
    type Spoil = fn(&mut Report);
    let spoilt: [(&str, Spoil); 5] = [
        ("another user agent", |r| r.environment.user_agent_hash = 1),
        ("patched natives", |r| {
            r.environment.set_probe(Probe::NativePatched, State::Yes)
        }),
        ("another worker", |r| {
            r.environment.set_probe(Probe::WorkerMismatch, State::Yes)
        }),
        ("no pressure", |r| {
            r.pointer.iter_mut().for_each(|p| p.pressure = 0)
        }),
        ("off the grid", |r| {
            r.pointer.iter_mut().for_each(|p| p.off_grid = true)
        }),
    ];
    for (name, spoil) in spoilt {
        for (who, mut report) in [
            ("form", form(&mut Person::at_a_desktop())),
            ("tap", mouse_alone()),
        ] {
            spoil(&mut report);
            let evaluation = assert_level(&format!("{name}, {who}"), &report, 5..=9);
            assert!(
                evaluation.evidence.iter().any(|e| e.tier == Tier::B),
                "{name} was not found"
            );
        }
    }
}

#[test]
fn the_terms_add_up_to_the_sum() {
    for report in [
        straight_lines(),
        form(&mut Person::at_a_desktop()),
        remote_desktop(),
    ] {
        let evaluation = score(&report);
        let sum = evaluation
            .evidence
            .iter()
            .fold(evaluation.prior, |sum, e| sum + e.weight);
        assert_eq!(sum, evaluation.sum);
        assert_eq!(touchstone_score::Score::from_sum(sum), evaluation.score);
    }
}

fn mouse_alone() -> Report {
    let mut person = Person::at_a_desktop();
    for i in 0..6 {
        person.reach(
            200.0 + 140.0 * i as f32,
            if i % 2 == 0 { 600.0 } else { 150.0 },
        );
        person.wait(300.0).click().wait(900.0);
    }
    person.done()
}

fn keyboard_alone() -> Report {
    let mut person = Person::at_a_desktop();
    for _ in 0..4 {
        person.tab().type_keys(15).wait(400.0);
    }
    person.done()
}

fn phone() -> Report {
    let mut person = Person::with_a_phone();
    for i in 0..4 {
        person.tap(150.0, 200.0 + 90.0 * i as f32);
        for _ in 0..8 {
            person.report.keys.push(KeySample {
                at: person.report.pointer.last().map_or(0, |sample| sample.at) + 2_000,
                hold: None,
                class: KeyClass::Unidentified,
                flags: KeyFlags::default(),
            });
        }
        person.report.counters.typed += 8;
        person.wait(2_500.0);
    }
    person.done()
}

fn screen_reader() -> Report {
    let mut person = Person::at_a_desktop();
    for _ in 0..4 {
        person.tab().type_keys(8).activate();
    }
    person.done()
}

fn paste() -> Report {
    let mut person = Person::at_a_desktop();
    person.reach(800.0, 300.0).click().wait(300.0).paste();
    person.reach(500.0, 420.0).click().wait(300.0).paste();
    person.reach(420.0, 600.0).click();
    person.done()
}

fn password_manager() -> Report {
    let mut person = Person::at_a_desktop();
    person.wait(800.0).fill().fill().reach(640.0, 520.0).click();
    person.done()
}

/// Half the moves are lost, none is merged, all are late.
fn remote_desktop() -> Report {
    let mut report = form(&mut Person::at_a_desktop());
    let mut n = 0;
    report.pointer.retain(|sample| {
        n += 1;
        sample.kind != PointerKind::Move || n % 3 == 0
    });
    for sample in &mut report.pointer {
        sample.coalesced = 1;
        sample.latency = 16;
    }
    report.counters.raw_updates = report.counters.moves;
    report
}

fn resisted_fingerprinting() -> Report {
    let mut report = form(&mut Person::at_a_desktop());
    let blur = |at: u32| at / 1_000 * 1_000;
    for sample in &mut report.pointer {
        sample.at = blur(sample.at);
        sample.latency = 0;
        sample.off_grid = true;
    }
    for key in &mut report.keys {
        key.at = blur(key.at);
        key.hold = key.hold.map(|hold| hold / 1_000 * 1_000);
    }
    report.environment.set_measure(Measure::ClockStep, 100_000);
    report
}

fn zoomed(ratio: i32, width: i32, height: i32) -> Report {
    let mut report = form(&mut Person::at_a_desktop());
    report.environment.set_measure(Measure::PixelRatio, ratio);
    report.environment.set_measure(Measure::InnerWidth, width);
    report.environment.set_measure(Measure::InnerHeight, height);
    report
        .pointer
        .iter_mut()
        .for_each(|sample| sample.off_grid = true);
    report
}

fn dragging() -> Report {
    let mut person = Person::at_a_desktop();
    for i in 0..6 {
        let y = 150.0 + 80.0 * i as f32;
        person.reach(200.0, y).drag(900.0, y + 10.0).wait(900.0);
    }
    person.done()
}

fn webdriver() -> Report {
    let mut person = Person::driven();
    person
        .jump(400.0, 300.0)
        .click()
        .send_keys(20)
        .jump(640.0, 520.0)
        .click();
    let mut report = person.done();
    report.environment.set_probe(Probe::Webdriver, State::Yes);
    report
        .environment
        .set_probe(Probe::HeadlessAgent, State::Yes);
    report
}

fn humanised_webdriver() -> Report {
    let mut report = form(&mut Person::at_a_desktop());
    report
        .environment
        .set_probe(Probe::FrameWebdriver, State::Yes);
    report
}

fn straight_lines() -> Report {
    let mut person = Person::driven();
    for i in 0..5 {
        person.line(
            200.0 + 170.0 * i as f32,
            if i % 2 == 0 { 600.0 } else { 140.0 },
        );
        person.click().wait(1_800.0);
    }
    person.done()
}

fn clean_straight_lines() -> Report {
    let mut person = Person::at_a_desktop();
    for i in 0..6 {
        person.line(
            200.0 + 170.0 * i as f32,
            if i % 2 == 0 { 600.0 } else { 140.0 },
        );
        person.click().wait(1_800.0);
    }
    person.done()
}

fn jumps_and_keys() -> Report {
    let mut person = Person::driven();
    for i in 0..4 {
        person.jump(200.0 + 200.0 * i as f32, 150.0 + 150.0 * i as f32);
        person.click().wait(100.0).send_keys(12);
    }
    person.done()
}
