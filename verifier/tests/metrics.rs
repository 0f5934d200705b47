//! What Prometheus is told: every figure that an operator needs, by names that the convention has, and in bounded number.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod kit;

use std::collections::{BTreeMap, BTreeSet};

use kit::Kit;
use prometheus_parse::{Sample, Scrape, Value};
use serde_json::json;

/// A verifier in which something of everything happened.
async fn lived_in() -> Kit {
    let kit = Kit::start().await;
    let token = kit.token("login").await;
    for _ in 0..2 {
        kit.assess(&kit.shop, json!({"token": token})).await;
    }
    kit.assess(&kit.shop, json!({"token": "none"})).await;
    kit.send("GET", "/nowhere", &[], "").await;
    let host = "shop.example".to_owned();
    kit.verifier
        .metrics
        .certificate_expires(host, 1_800_000_000);
    kit
}

fn scraped(text: &str) -> Scrape {
    let lines = text.lines().map(|line| Ok(line.to_owned()));
    Scrape::parse(lines).unwrap()
}

fn find<'a>(scrape: &'a Scrape, name: &str, labels: &[(&str, &str)]) -> Vec<&'a Sample> {
    let fits = |sample: &&Sample| {
        let has = |(label, value): &(&str, &str)| sample.labels.get(label) == Some(*value);
        sample.metric == name && labels.iter().all(has)
    };
    scrape.samples.iter().filter(fits).collect()
}

fn number(scrape: &Scrape, name: &str, labels: &[(&str, &str)]) -> f64 {
    let found = find(scrape, name, labels);
    let values = found.iter().map(|sample| match sample.value {
        Value::Counter(value) | Value::Gauge(value) | Value::Untyped(value) => value,
        ref other => panic!("{name} is {other:?}"),
    });
    values.fold(0.0, |sum, value| sum + value)
}

#[tokio::test]
async fn what_an_operator_needs_is_counted() {
    let kit = lived_in().await;
    let text = kit.verifier.metrics_text();
    let scrape = scraped(&text);
    let assessments = "touchstone_assessments_total";
    for (name, labels, expected) in [
        (assessments, &[("outcome", "VALID")][..], 1.0),
        (assessments, &[("outcome", "DUPE")], 1.0),
        (assessments, &[("outcome", "MALFORMED")], 1.0),
        ("touchstone_scores_total", &[], 1.0),
        ("touchstone_sessions_total", &[], 1.0),
        ("touchstone_tokens_total", &[("report", "measured")], 1.0),
        ("touchstone_connections", &[("listener", "public")], 1.0),
        ("touchstone_ring_keys", &[], 1.0),
        ("touchstone_replay_sketches", &[], 0.0),
        (
            "touchstone_http_requests_total",
            &[
                ("route", "CreateAssessment"),
                ("status", "200"),
                ("door", "http"),
            ],
            3.0,
        ),
        (
            "touchstone_http_requests_total",
            &[("route", "none"), ("status", "404")],
            1.0,
        ),
        (
            "touchstone_build_info",
            &[("version", env!("CARGO_PKG_VERSION"))],
            1.0,
        ),
        (
            "touchstone_tls_certificate_expiry_timestamp_seconds",
            &[("host", "shop.example")],
            1_800_000_000.0,
        ),
        (
            "touchstone_ring_sealing_key_created_timestamp_seconds",
            &[],
            (kit::START / 1_000) as f64,
        ),
        ("touchstone_store_faults_total", &[], 0.0),
    ] {
        let seen = number(&scrape, name, labels);
        assert_eq!(seen, expected, "{name} {labels:?}\n{text}");
    }
    for (name, labels) in [
        (
            "touchstone_http_request_duration_seconds",
            &[("route", "token")][..],
        ),
        (
            "touchstone_store_operation_duration_seconds",
            &[("operation", "assess")],
        ),
    ] {
        let found = find(&scrape, name, labels);
        assert!(
            matches!(found[..], [one] if matches!(one.value, Value::Histogram(_))),
            "{name}"
        );
    }
    if cfg!(target_os = "linux") {
        for name in [
            "process_resident_memory_bytes",
            "process_open_fds",
            "process_max_fds",
        ] {
            assert!(number(&scrape, name, &[]) >= 1.0, "{name}\n{text}");
        }
    }
}

#[tokio::test]
async fn a_store_that_fails_is_counted_by_what_failed() {
    let kit = Kit::start().await;
    let token = kit.token("login").await;
    kit.verifier.store.close().await;
    kit.assess_with(&kit.shop, json!({"token": token}), &[])
        .await;
    let scrape = scraped(&kit.verifier.metrics_text());
    let labels = [("fault", "unavailable")];
    assert!(number(&scrape, "touchstone_store_faults_total", &labels) >= 1.0);
}

/// <https://prometheus.io/docs/practices/naming/>: one prefix, base units, `_total` for counters alone.
#[tokio::test]
async fn names_follow_the_convention() {
    let kit = lived_in().await;
    let text = kit.verifier.metrics_text();
    assert!(text.ends_with("# EOF\n"));
    let mut described = BTreeMap::<&str, BTreeSet<&str>>::new();
    for line in text.lines().filter_map(|line| line.strip_prefix("# ")) {
        let words: Vec<&str> = line.splitn(3, ' ').collect();
        if let [what, name, rest] = words[..] {
            assert!(
                described.entry(name).or_default().insert(what),
                "{name} twice"
            );
            assert!(!rest.is_empty(), "{name}");
        }
    }
    assert!(described.len() > 20, "{described:?}");
    for (name, said) in described {
        assert!(
            said.is_superset(&["HELP", "TYPE"].into()),
            "{name}: {said:?}"
        );
        assert!(name.starts_with("touchstone_") || name.starts_with("process_"));
        assert!(
            name.bytes().all(|b| b == b'_' || b.is_ascii_lowercase()),
            "{name}"
        );
        for wrong in [
            "_total",
            "_ms",
            "_millis",
            "_seconds_seconds",
            "_kb",
            "_count",
            "_sum",
        ] {
            assert!(
                !name.ends_with(wrong),
                "{name}: the encoder adds _total by itself"
            );
        }
    }
}

/// Whoever asks for a thousand paths, methods and keys must not make a thousand series.
#[tokio::test]
async fn strangers_cannot_make_series() {
    let kit = lived_in().await;
    let count = || scraped(&kit.verifier.metrics_text()).samples.len();
    for i in 0..3 {
        strange(&kit, i).await;
    }
    // The upkeep of the start makes series of its own.
    while !kit.verifier.metrics_text().contains("prune_profiles") {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let before = count();
    for i in 3..60 {
        strange(&kit, i).await;
    }
    assert_eq!(count(), before);
}

async fn strange(kit: &Kit, i: u32) {
    kit.send("GET", &format!("/{i}?k={i}"), &[], "").await;
    kit.send("POST", &format!("/v1/projects/p{i}/assessments"), &[], "{}")
        .await;
    kit.send(
        "POST",
        &format!("/recaptcha/agent/session?k=6L{i}"),
        &kit::BROWSER,
        "",
    )
    .await;
    kit.send(&format!("VERB{i}"), "/healthz", &[], "").await;
    let event = json!({"token": format!("x{i}"), "expectedAction": format!("a{i}")});
    kit.assess(&kit.shop, event).await;
}

/// Dashboards and alerts that ask for a name which nobody writes stay empty without a word.
#[tokio::test]
async fn dashboard_and_alerts_ask_for_names_that_there_are() {
    let kit = lived_in().await;
    let metrics = &kit.verifier.metrics;
    metrics.challenged("asked");
    metrics.report_unpaid();
    metrics.annotated();
    metrics.factor("email", "sent");
    let bot = quiet(&kit, "HeadlessChrome").await;
    kit.assess(&kit.shop, json!({"token": bot})).await;
    kit.verifier.store.close().await;
    kit.assess_with(&kit.shop, json!({"token": bot}), &[]).await;
    let text = kit.verifier.metrics_text();
    let there: BTreeSet<&str> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split(['{', ' ']).next())
        .collect();
    for file in ["grafana/touchstone.json", "prometheus/touchstone.rules.yml"] {
        let path = format!("{}/../deploy/{file}", env!("CARGO_MANIFEST_DIR"));
        let asked = std::fs::read_to_string(path).unwrap();
        let words = asked.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let names =
            words.filter(|word| word.starts_with("touchstone_") || word.starts_with("process_"));
        let names: BTreeSet<&str> = names.collect();
        assert!(names.len() > 10, "{file}");
        let missing: Vec<_> = names.difference(&there).collect();
        assert!(missing.is_empty(), "{file}: {missing:?}\n{text}");
    }
}

/// A token of a report that came with this user agent.
async fn quiet(kit: &Kit, user_agent: &str) -> String {
    let path = format!("/recaptcha/agent/token?k={}", kit.shop.site_key);
    let mut headers = kit::BROWSER;
    headers[1].1 = user_agent;
    let body = kit.page().await.envelope("login", 1);
    kit.send("POST", &path, &headers, body).await.text()
}

/// An alert without a word on what to do is noise.
#[test]
fn every_alert_has_its_paragraph() {
    let root = format!("{}/..", env!("CARGO_MANIFEST_DIR"));
    let rules = std::fs::read_to_string(format!("{root}/deploy/prometheus/touchstone.rules.yml"));
    let told = std::fs::read_to_string(format!("{root}/docs/operate.md")).unwrap();
    let rules = rules.unwrap();
    let alerts = rules
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- alert: "));
    for alert in alerts {
        assert!(told.contains(&format!("`{alert}`")), "{alert}");
    }
}
