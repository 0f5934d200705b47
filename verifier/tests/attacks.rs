//! What an attacker posts to the agent's endpoints: it gets no second good token, and does not learn why.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod kit;

use kit::{BROWSER, Kit, ORIGIN, Page, quiet_report};
use serde_json::json;
use touchstone_protocol::{
    Challenge, Counters, Envelope, KeyClass, KeyFlags, KeySample, OtherKind, OtherSample,
    PointerDevice, PointerKind, PointerSample, Press, Report, SessionKey,
};

#[tokio::test]
async fn whatever_is_posted_the_answer_looks_the_same_and_a_bad_report_scores_nothing() {
    let kit = Kit::start().await;
    let (page, elsewhere) = (kit.page().await, kit.page().await);
    let foreign = kit
        .page_of(&kit.other.site_key, "https://other.example")
        .await;
    let good = page.envelope("login", 9);
    let mut changed = good.clone();
    *changed.last_mut().unwrap() ^= 1;
    let spliced = Envelope::seal(
        &quiet_report(),
        &elsewhere.challenge.key,
        &page.challenge.sealed,
        "login",
        1,
        [0; 12],
    );
    let own_key = Challenge {
        key: SessionKey([7; 32]),
        ..page.challenge.clone()
    };
    let forged_session = Envelope::seal(
        &quiet_report(),
        &own_key.key,
        &[1; 120],
        "login",
        2,
        [0; 12],
    );
    let honest = kit.post_report(page.envelope("login", 0)).await;
    for (what, body) in [
        ("nothing", vec![]),
        ("one byte", vec![1]),
        ("noise", (0..=255).cycle().take(3_000).collect()),
        ("too long", vec![1; 60_000]),
        ("a cut envelope", good[..good.len() / 2].to_vec()),
        ("a changed envelope", changed),
        ("a report under another session's key", spliced.encode()),
        ("a session of its own making", forged_session.encode()),
        ("another site's session", foreign.envelope("login", 0)),
        (
            "an empty report",
            page.envelope_of(&Report::default(), "login", 3),
        ),
        ("a plain report with a strange reason", vec![0, 99]),
        (
            "a plain report with a strange action",
            b"\x00\x01log in".to_vec(),
        ),
    ] {
        let answer = kit.post_report(body).await;
        assert_eq!(answer.status, 200, "{what}");
        assert_eq!(answer.body.len(), honest.body.len(), "{what}");
        assert_eq!(
            answer.header("content-type"),
            honest.header("content-type"),
            "{what}"
        );
        let token = answer.text();
        let assessment = kit.assess(&kit.shop, json!({"token": token})).await;
        assert_eq!(assessment["riskAnalysis"]["score"], 0.0, "{what}");
    }
    let metrics = kit.verifier.metrics_text();
    assert!(
        metrics.contains("touchstone_tokens_total{report=\"impossible\"} 12"),
        "{metrics}"
    );
    assert!(
        metrics.contains("touchstone_tokens_total{report=\"measured\"} 1"),
        "{metrics}"
    );
}

#[tokio::test]
async fn an_envelope_posted_twice_spends_once() {
    let kit = Kit::start().await;
    let page = kit.page().await;
    let envelope = page.envelope("login", 4);
    let resealed = page.envelope_of(
        &Report {
            sealed_at: 70_000,
            ..quiet_report()
        },
        "login",
        4,
    );
    let mut verdicts = Vec::new();
    for body in [envelope.clone(), envelope, resealed] {
        let token = kit.post_report(body).await.text();
        let answer = kit.assess(&kit.shop, json!({"token": token})).await;
        verdicts.push(
            answer["tokenProperties"]["invalidReason"]
                .as_str()
                .unwrap()
                .to_owned(),
        );
    }
    assert_eq!(verdicts, ["INVALID_REASON_UNSPECIFIED", "DUPE", "DUPE"]);
}

#[tokio::test]
async fn an_envelope_does_not_count_for_another_site_key() {
    let kit = Kit::start().await;
    let envelope = kit.page().await.envelope("login", 0);
    let path = format!("/recaptcha/agent/token?k={}", kit.other.site_key);
    let mut headers = BROWSER;
    headers[0] = ("origin", "https://other.example");
    let token = kit.send("POST", &path, &headers, envelope).await.text();
    let answer = kit.assess(&kit.other, json!({"token": token})).await;
    assert!(answer["riskAnalysis"]["score"].as_f64().unwrap() <= 0.1);
}

#[tokio::test]
async fn a_report_that_claims_a_browser_but_comes_without_one_s_headers_scores_at_most_0_1() {
    let kit = Kit::start().await;
    let path = format!("/recaptcha/agent/token?k={}", kit.shop.site_key);
    let headers = [("origin", ORIGIN), ("user-agent", kit::USER_AGENT)];
    let body = kit.page().await.envelope("login", 0);
    let token = kit.send("POST", &path, &headers, body).await.text();
    let answer = kit.assess(&kit.shop, json!({"token": token})).await;
    assert!(
        answer["riskAnalysis"]["score"].as_f64().unwrap() <= 0.1,
        "{answer}"
    );
}

#[tokio::test]
async fn a_session_that_a_script_opened_for_a_browser_s_report_scores_at_most_0_1() {
    let kit = Kit::start().await;
    let path = format!("/recaptcha/agent/session?k={}", kit.shop.site_key);
    let by_script = [("origin", ORIGIN), BROWSER[1]];
    let opened = kit.send("POST", &path, &by_script, "").await;
    let page = Page {
        challenge: Challenge::decode(&opened.body).unwrap(),
    };
    let token = kit.post_report(page.envelope("login", 0)).await.text();
    let answer = kit.assess(&kit.shop, json!({"token": token})).await;
    assert_eq!(answer["tokenProperties"]["valid"], true);
    let score = answer["riskAnalysis"]["score"].as_f64().unwrap();
    assert!(score <= 0.1, "{answer}");
}

#[tokio::test]
async fn a_body_beyond_all_bounds_is_turned_away() {
    let kit = Kit::start().await;
    for path in ["session", "token"] {
        let path = format!("/recaptcha/agent/{path}?k={}", kit.shop.site_key);
        let answer = kit.send("POST", &path, &BROWSER, vec![1; 70_000]).await;
        assert_eq!(answer.status, 413);
    }
}

/// Reports of any content, sealed as an agent seals them: a token, and a score between 0 and 1.
#[test]
fn any_report_in_a_genuine_envelope_is_scored() {
    use proptest::prelude::*;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let kit = runtime.block_on(Kit::start());
    let pointer = (
        any::<u32>(),
        any::<i16>(),
        any::<i16>(),
        0u8..6,
        0u8..4,
        any::<[u8; 4]>(),
    );
    let key = (any::<u32>(), any::<Option<u16>>(), 0u8..10, any::<u8>());
    let other = (any::<u32>(), 0u8..16, any::<i32>(), any::<i32>());
    let lists = (
        prop::collection::vec(pointer, 0..80),
        prop::collection::vec(key, 0..60),
        prop::collection::vec(other, 0..40),
        any::<(u32, u32)>(),
    );
    let config = ProptestConfig {
        cases: 128,
        failure_persistence: None,
        ..Default::default()
    };
    proptest!(config, |((pointer, keys, other, (sealed_at, started_at)) in lists)| {
        let report = Report {
            sealed_at,
            started_at,
            pointer: pointer.into_iter().map(pointer_sample).collect(),
            keys: keys.into_iter().map(key_sample).collect(),
            other: other.into_iter().map(other_sample).collect(),
            counters: Counters { moves: 100, ..Counters::default() },
            ..quiet_report()
        };
        let answer = runtime.block_on(async {
            let envelope = kit.page().await.envelope_of(&report, "login", 0);
            let token = kit.post_report(envelope).await.text();
            kit.assess(&kit.shop, json!({"token": token})).await
        });
        let score = answer["riskAnalysis"]["score"].as_f64().unwrap();
        prop_assert!(answer["tokenProperties"]["valid"] == true && (0.0..=1.0).contains(&score));
    });
}

fn pointer_sample(
    (at, x, y, kind, device, [a, b, c, d]): (u32, i16, i16, u8, u8, [u8; 4]),
) -> PointerSample {
    PointerSample {
        at,
        x: x.into(),
        y: y.into(),
        kind: PointerKind::try_from(kind).unwrap(),
        device: PointerDevice::try_from(device).unwrap(),
        off_grid: a & 1 != 0,
        shifted: a & 2 != 0,
        held: a & 4 != 0,
        coalesced: b,
        latency: c,
        pressure: d,
        contact: a,
        press: (a & 8 != 0).then_some(Press {
            dx: x,
            dy: y,
            width: b.into(),
            height: c.into(),
        }),
    }
}

fn key_sample((at, hold, class, flags): (u32, Option<u16>, u8, u8)) -> KeySample {
    let class = KeyClass::try_from(class).unwrap();
    KeySample {
        at,
        hold,
        class,
        flags: KeyFlags(flags),
    }
}

fn other_sample((at, kind, a, b): (u32, u8, i32, i32)) -> OtherSample {
    OtherSample {
        at,
        kind: OtherKind::try_from(kind).unwrap(),
        a,
        b,
    }
}
