//! What a page is asked to prove: its layout, and under pressure some work.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod kit;

use kit::{Answer, Kit, Page, quiet_report};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use touchstone::proofs::PowMode;
use touchstone_protocol::{
    BoxSize, Challenge, KeyClass, KeyFlags, KeySample, Measure, Payment, Probe, Report, State,
};

#[tokio::test]
async fn a_report_that_pays_gets_its_token_at_once() {
    let kit = Kit::start_with_pow(PowMode::Always).await;
    let page = kit.page().await;
    assert!(page.challenge.price > 0);
    let token = kit.post_report(paid(&page, 0)).await;
    assert_eq!(token.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(finding(&kit, &token.text(), "unpaid").await, None);
}

#[tokio::test]
async fn a_report_that_does_not_pay_is_asked_once_more_and_then_goes_without() {
    let kit = Kit::start_with_pow(PowMode::Always).await;
    let page = kit.page().await;
    let again = challenge(&kit.post_report(page.envelope("login", 0)).await);
    assert!(again.challenge.price >= page.challenge.price);
    assert!(again.challenge.fragment.is_empty(), "the layout stands");
    let token = kit.post_report(again.envelope("login", 0)).await.text();
    assert!(finding(&kit, &token, "unpaid").await.is_some());
    let later = kit.post_report(paid(&again, 1)).await.text();
    assert_eq!(finding(&kit, &later, "unpaid").await, None);
}

#[tokio::test]
async fn a_payment_for_another_report_pays_nothing() {
    let kit = Kit::start_with_pow(PowMode::Always).await;
    let page = kit.page().await;
    let bytes = paid(&page, 0);
    let answers = Payment::decode(&bytes).unwrap().answers;
    let other = page.envelope("login", 1);
    let envelope = &other[..];
    let stolen = Payment { answers, envelope }.encode();
    challenge(&kit.post_report(stolen).await);
}

#[tokio::test]
async fn a_session_from_calmer_times_pays_when_the_flood_has_come() {
    let kit = Kit::start_with_pow(PowMode::Auto).await;
    let page = kit.page().await;
    assert_eq!(page.challenge.price, 0);
    assert_eq!(
        kit.post_report(page.envelope("login", 0))
            .await
            .header("content-type"),
        "text/plain; charset=utf-8"
    );
    // Long enough for the verifier to know what is ordinary, and within the session.
    kit.clock.advance(9 * 60_000);
    for _ in 0..5_000 {
        kit.verifier
            .traffic
            .requested(&kit.shop.site_key, None, kit.verifier.now());
    }
    let again = challenge(&kit.post_report(page.envelope("login", 1)).await);
    assert!(again.challenge.price > 0);
    let token = kit.post_report(paid(&again, 0)).await.text();
    assert_eq!(finding(&kit, &token, "unpaid").await, None);
}

#[tokio::test]
async fn the_layout_is_judged_against_the_sizes_in_the_sealed_session() {
    let kit = Kit::start().await;
    for (what, change, expected) in [
        ("right", (|_| {}) as fn(&mut [BoxSize; 4]), None),
        ("a pixel off", |sizes| sizes[2].width += 1, None),
        (
            "wrong",
            |sizes| sizes[2].width += 2,
            Some("the boxes of the challenge have sizes that no layout engine gives them"),
        ),
    ] {
        let page = kit.page().await;
        let mut sizes = sizes(&kit, &page).await;
        change(&mut sizes);
        let token = kit
            .post_report(page.envelope_of(&report(Some(sizes)), "login", 0))
            .await
            .text();
        assert_eq!(
            finding(&kit, &token, "layout").await.as_deref(),
            expected,
            "{what}"
        );
    }
}

#[tokio::test]
async fn a_layout_that_was_shown_stands_when_the_price_is_asked_for() {
    let kit = Kit::start_with_pow(PowMode::Always).await;
    let page = kit.page().await;
    let report = report(Some(sizes(&kit, &page).await));
    let again = challenge(&kit.post_report(page.envelope_of(&report, "login", 0)).await);
    let token = kit
        .post_report(again.envelope_of(&report, "login", 0))
        .await
        .text();
    assert_eq!(finding(&kit, &token, "layout").await, None);
}

#[tokio::test]
async fn a_page_that_is_used_and_has_no_layout_is_told_from_one_that_nobody_looks_at() {
    let kit = Kit::start().await;
    for (used, expected) in [(true, true), (false, false)] {
        let page = kit.page().await;
        kit.clock.advance(20_000);
        let mut report = report(None);
        if !used {
            report.keys.clear();
        }
        let token = kit
            .post_report(page.envelope_of(&report, "login", 0))
            .await
            .text();
        assert_eq!(
            finding(&kit, &token, "layout").await.is_some(),
            expected,
            "used: {used}"
        );
    }
}

/// The challenge of an answer that asks for the report anew.
fn challenge(answer: &Answer) -> Page {
    assert_eq!(answer.header("content-type"), "application/octet-stream");
    Page {
        challenge: Challenge::decode(&answer.body).unwrap(),
    }
}

/// An envelope with the work that its session asks for.
fn paid(page: &Page, counter: u8) -> Vec<u8> {
    let envelope = page.envelope("login", counter);
    let digest = Sha256::digest(&envelope);
    let bound = (1u64 << 32) * Payment::ROUNDS as u64 / u64::from(page.challenge.price);
    let answer = |round: u32| {
        let solves = |n: &u32| {
            let mut hash = Sha256::new();
            hash.update(digest);
            hash.update(round.to_be_bytes());
            hash.update(n.to_be_bytes());
            u64::from(u32::from_be_bytes(hash.finalize()[..4].try_into().unwrap())) < bound
        };
        (0..).find(solves).unwrap()
    };
    let answers = (0..Payment::ROUNDS as u32).map(answer).collect();
    Payment {
        answers,
        envelope: &envelope,
    }
    .encode()
}

/// The sizes that the page's session expects.
async fn sizes(kit: &Kit, page: &Page) -> [BoxSize; 4] {
    let session = kit.verifier.open_session(&page.challenge.sealed).await;
    let session = session.unwrap();
    session.asked.layout.try_into().unwrap()
}

/// A top page in which somebody has just typed.
fn report(sizes: Option<[BoxSize; 4]>) -> Report {
    let mut report = quiet_report();
    report.sealed_at = 300_000;
    report
        .environment
        .set_probe(Probe::LayoutMissing, State::Unsupported);
    let boxes = [Measure::Box0, Measure::Box1, Measure::Box2, Measure::Box3];
    for (measure, size) in boxes.into_iter().zip(sizes.into_iter().flatten()) {
        report.environment.set_measure(measure, size.measure());
    }
    let key = |at| KeySample {
        at,
        hold: Some(900),
        class: KeyClass::Letter,
        flags: KeyFlags(KeyFlags::CODE),
    };
    report.keys = (0..8).map(|i| key(250_000 + 1_700 * i)).collect();
    report.counters.typed = 8;
    report
}

/// What one detector found in a token.
async fn finding(kit: &Kit, token: &str, name: &str) -> Option<String> {
    let explain = [("x-touchstone-explain", "1")];
    let event = json!({"token": token});
    let answer: Value = kit.assess_with(&kit.shop, event, &explain).await.json();
    let evidence = answer["touchstone"]["evidence"].as_array().unwrap();
    let found = evidence.iter().find(|finding| finding["name"] == name)?;
    Some(found["detail"].as_str().unwrap().to_owned())
}
