//! Whole interactions of people and bots, and the scores they get.

mod any;
mod assistive;
mod hand;
mod person;
mod recorded;
mod scenes;

use std::ops::RangeInclusive;

use person::{AGENT, Person};
use scenes::{
    clean_straight_lines, dragging, form, humanised_webdriver, jumps_and_keys, keyboard_alone,
    mouse_alone, password_manager, paste, phone, remote_desktop, resisted_fingerprinting,
    screen_reader, straight_lines, webdriver, zoomed,
};
use touchstone_protocol::{PlainReason, Probe, Report, State};
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
