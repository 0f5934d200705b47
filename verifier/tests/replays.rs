//! A recording that is played again, from page to assessment.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod kit;

use kit::{Customer, Kit, Page, quiet_report};
use serde_json::{Value, json};
use touchstone::{Verifier, environment::Clock, replays::ReplayConfig};
use touchstone_protocol::{Challenge, PointerDevice, PointerKind, PointerSample, Report};

const DAY_MS: u64 = 24 * 3_600 * 1_000;

/// A recorded person who fills in a form, and the same moved by some pixels.
fn visit(who: usize, shift: i32) -> Report {
    let json = include_str!("../score/fixtures/visits.json");
    let visits: Vec<Vec<(u32, i32, i32, char)>> = serde_json::from_str(json).unwrap();
    let mut report = quiet_report();
    report.started_at = 500;
    for (t, x, y, kind) in &visits[who] {
        let kind = match kind {
            'd' => PointerKind::Down,
            'u' => PointerKind::Up,
            _ => PointerKind::Move,
        };
        report.pointer.push(PointerSample {
            at: 20_000 + t * 10,
            x: x + shift,
            y: y + shift,
            kind,
            device: PointerDevice::Mouse,
            off_grid: false,
            shifted: false,
            held: false,
            coalesced: 0,
            latency: 3,
            pressure: if kind == PointerKind::Down { 128 } else { 0 },
            contact: 0,
            press: None,
        });
    }
    report.sealed_at = report.pointer.last().unwrap().at + 10_000;
    report.counters.moves = report.pointer.len() as u32;
    report
}

/// The score of a report from a new page of the customer, and whether it is told to be a replay.
async fn assess(kit: &Kit, customer: &Customer, report: &Report) -> (f64, bool) {
    let page = page(kit, customer).await;
    assess_on(kit, customer, &page, report).await
}

async fn page(kit: &Kit, customer: &Customer) -> Page {
    let origin = format!("https://{}.example", customer.project);
    let page = kit.page_of(&customer.site_key, &origin).await;
    // The visit takes its time.
    kit.clock.advance(120_000);
    page
}

async fn assess_on(kit: &Kit, customer: &Customer, page: &Page, report: &Report) -> (f64, bool) {
    let token = kit.token_of(customer, page, report).await;
    verdict(&assess_token(kit, customer, &token).await)
}

async fn assess_token(kit: &Kit, customer: &Customer, token: &str) -> Value {
    let explain = [("x-touchstone-explain", "1")];
    let answer = kit
        .assess_with(customer, json!({"token": token}), &explain)
        .await;
    answer.json()
}

fn verdict(answer: &Value) -> (f64, bool) {
    assert_eq!(answer["tokenProperties"]["valid"], true, "{answer}");
    let score = answer["riskAnalysis"]["score"].as_f64().unwrap();
    let evidence = answer["touchstone"]["evidence"].as_array().unwrap();
    let replay = evidence.iter().find(|finding| finding["name"] == "replay");
    if let Some(finding) = replay {
        assert_eq!(finding["reason"], "AUTOMATION");
        assert!(
            finding["detail"].as_str().unwrap().contains("strokes"),
            "{finding}"
        );
    }
    (score, replay.is_some())
}

fn is_refused((score, is_replay): (f64, bool)) -> bool {
    is_replay && score <= 0.3
}

#[tokio::test]
async fn a_recording_played_again_in_a_new_session_is_refused_and_its_original_is_not() {
    let kit = Kit::start().await;
    let (score, is_replay) = assess(&kit, &kit.shop, &visit(0, 0)).await;
    assert!(!is_replay && score >= 0.5, "{score}");
    assert!(is_refused(assess(&kit, &kit.shop, &visit(0, 0)).await));
    assert!(is_refused(assess(&kit, &kit.shop, &visit(0, 37)).await));
}

#[tokio::test]
async fn another_visit_of_the_same_person_and_other_people_are_no_replays() {
    let kit = Kit::start().await;
    for who in 0..4 {
        let (score, is_replay) = assess(&kit, &kit.shop, &visit(who, 0)).await;
        assert!(!is_replay && score >= 0.5, "visit {who}: {score}");
    }
}

#[tokio::test]
async fn what_one_page_sends_again_is_no_replay_also_after_its_session_was_refreshed() {
    let kit = Kit::start().await;
    let page = page(&kit, &kit.shop).await;
    let (_, is_replay) = assess_on(&kit, &kit.shop, &page, &visit(0, 0)).await;
    assert!(!is_replay);

    let path = format!("/recaptcha/agent/session?k={}", kit.shop.site_key);
    let sealed = page.challenge.sealed.clone();
    let answer = kit
        .send("POST", &path, &[("origin", kit::ORIGIN)], sealed)
        .await;
    let refreshed = Page {
        challenge: Challenge::decode(&answer.body).unwrap(),
    };
    assert_ne!(refreshed.challenge.sealed, page.challenge.sealed);
    let (_, is_replay) = assess_on(&kit, &kit.shop, &refreshed, &visit(0, 0)).await;
    assert!(!is_replay);
}

#[tokio::test]
async fn another_project_does_not_learn_of_it_unless_the_operator_wants_it_to() {
    let mut kit = Kit::start().await;
    assess(&kit, &kit.shop, &visit(0, 0)).await;
    assert!(!assess(&kit, &kit.other, &visit(0, 0)).await.1);

    kit.restart_with(|config| config.replays.across_projects = true)
        .await;
    assert!(!assess(&kit, &kit.shop, &visit(2, 0)).await.1);
    assert!(is_refused(assess(&kit, &kit.other, &visit(2, 0)).await));
}

#[tokio::test]
async fn a_restart_forgets_nothing_and_days_do() {
    let mut kit = Kit::start().await;
    assess(&kit, &kit.shop, &visit(0, 0)).await;
    assess(&kit, &kit.shop, &visit(2, 0)).await;
    kit.restart_with(|_| {}).await;
    assert!(is_refused(assess(&kit, &kit.shop, &visit(0, 0)).await));

    kit.clock.advance(7 * DAY_MS);
    assert!(!assess(&kit, &kit.shop, &visit(2, 0)).await.1);
    kit.clock.advance(7 * DAY_MS + 1);
    kit.verifier.prune(3_600_000).await.unwrap();
    let kept = kit
        .verifier
        .store
        .sketches(0, touchstone_store::Millis(0), 9)
        .await;
    assert_eq!(kept, Ok(vec![]), "what is over is not kept");
}

#[tokio::test]
async fn a_recording_assessed_by_another_verifier_on_the_same_store_is_known_here() {
    let kit = Kit::start().await;
    let store = kit.verifier.store.clone();
    let mut other = Verifier::new(&kit.data, store, kit.clock.clone()).unwrap();
    other.load_replays(ReplayConfig::default()).await.unwrap();
    assess(&kit, &kit.shop, &visit(0, 0)).await;
    assert_eq!(kit.verifier.follow_replays().await, Ok(0), "its own");
    assert_eq!(other.follow_replays().await, Ok(1));
    assert_eq!(other.follow_replays().await, Ok(0), "read once");

    let again = page(&kit, &kit.shop).await;
    let token = kit.token_of(&kit.shop, &again, &visit(0, 0)).await;
    let token = other.open_token(&token).await.unwrap();
    let (replay, _) = other.replays.see(&token, kit.clock.now());
    assert!(replay.is_some());
    kit.clock.advance(60_000);
    assert_eq!(other.follow_replays().await, Ok(0), "never twice");
}

#[tokio::test]
async fn zero_days_switch_it_off() {
    let mut kit = Kit::start().await;
    kit.restart_with(|config| config.replays.days = 0).await;
    assess(&kit, &kit.shop, &visit(0, 0)).await;
    assert!(!assess(&kit, &kit.shop, &visit(0, 0)).await.1);
}

#[tokio::test]
async fn only_a_token_that_is_valid_and_spent_makes_later_visits_replays() {
    let kit = Kit::start().await;
    let first = page(&kit, &kit.shop).await;
    let expired = kit.token_of(&kit.shop, &first, &visit(0, 0)).await;
    kit.clock.advance(121_000);
    let answer = assess_token(&kit, &kit.shop, &expired).await;
    assert_eq!(answer["tokenProperties"]["invalidReason"], "EXPIRED");
    let never_assessed = page(&kit, &kit.shop).await;
    kit.token_of(&kit.shop, &never_assessed, &visit(0, 0)).await;

    let (_, is_replay) = assess(&kit, &kit.shop, &visit(0, 0)).await;
    assert!(!is_replay);
}

#[tokio::test]
async fn of_two_replays_at_the_same_moment_one_is_told_of_the_other() {
    let kit = Kit::start().await;
    let (one, two) = (page(&kit, &kit.shop).await, page(&kit, &kit.shop).await);
    kit.clock.advance(1_000);
    let one = kit.token_of(&kit.shop, &one, &visit(0, 0)).await;
    let two = kit.token_of(&kit.shop, &two, &visit(0, 0)).await;
    let (one, two) = tokio::join!(
        assess_token(&kit, &kit.shop, &one),
        assess_token(&kit, &kit.shop, &two)
    );
    let replays = [verdict(&one).1, verdict(&two).1];
    assert_eq!(replays.iter().filter(|is_replay| **is_replay).count(), 1);
}

#[tokio::test]
async fn accounts_registered_with_one_recording_are_related() {
    let kit = Kit::start().await;
    for (who, shift, account) in [(0, 0, "a"), (1, 0, "person"), (0, 7, "b"), (0, -9, "c")] {
        let page = page(&kit, &kit.shop).await;
        let report = page.envelope_of(&visit(who, shift), "registration", 0);
        let token = kit.post_report(report).await.text();
        let user = json!({"accountId": account});
        let event = json!({"token": token, "userInfo": user});
        kit.assess(&kit.shop, event).await;
        kit.clock.advance(60_000);
    }
    let path = "/v1/projects/shop/relatedaccountgroupmemberships:search";
    let headers = [("x-goog-api-key", kit.shop.api_key.as_str())];
    for (account, related) in [("b", vec!["a", "b", "c"]), ("person", vec![])] {
        let body = json!({"accountId": account}).to_string();
        let answer = kit.send("POST", path, &headers, body).await.json();
        let members = answer["relatedAccountGroupMemberships"].as_array();
        let names = members.into_iter().flatten();
        let mut names: Vec<_> = names
            .map(|member| member["accountId"].as_str().unwrap())
            .collect();
        names.sort_unstable();
        assert_eq!(names, related, "{account}");
    }
}
