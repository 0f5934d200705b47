//! What an assessment costs beside its disk write: open a token, read its facts, evaluate, build and write the evidence.
//!
//! `cargo bench -p touchstone --bench assess`. The baseline in the same run is a SHA-256 over the token's bytes: a
//! figure to compare machines by.

#![allow(missing_docs, reason = "criterion makes a public function")]
#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

use std::{hint::black_box, net::IpAddr};

use criterion::{Criterion, criterion_group, criterion_main};
use sha2::{Digest, Sha256};
use touchstone_api::{EnumStyle, Evidence, Explanation, Overlay, encode_assessment, v1};
use touchstone_protocol::{Environment, Probe, Report, State};
use touchstone_score::{Context, Facts, Transport, evaluate, observe};
use touchstone_token::{ChallengeOutcome, KeyId, KeyRing, MAX_SKETCH_BYTES, RingKey, Token};

fn assess(c: &mut Criterion) {
    let key = RingKey {
        id: KeyId(1),
        secret: [7; 32],
        created_at: 0,
        seals_from: 0,
    };
    let ring = KeyRing::new(vec![key]).unwrap();
    let text = token().seal(&ring, [3; 24], 1).unwrap();
    let mut group = c.benchmark_group("assess");
    group.bench_function("baseline: SHA-256 of a token", |b| {
        b.iter(|| Sha256::digest(black_box(text.as_bytes())));
    });
    group.bench_function("open a token", |b| {
        b.iter(|| Token::open(&ring, black_box(&text)).unwrap());
    });
    group.bench_function("open, evaluate, build the evidence", |b| {
        b.iter(|| {
            let token = Token::open(&ring, black_box(&text)).unwrap();
            explain(&Facts::decode(&token.facts).unwrap())
        });
    });
    group.bench_function(
        "open, evaluate, build the evidence, write the answer",
        |b| {
            b.iter(|| {
                let token = Token::open(&ring, black_box(&text)).unwrap();
                let overlay = Overlay {
                    touchstone: Some(explain(&Facts::decode(&token.facts).unwrap())),
                    ..Overlay::default()
                };
                let event = v1::Event {
                    token: text.clone(),
                    ..v1::Event::default()
                };
                let assessment = v1::Assessment {
                    event: Some(event),
                    ..v1::Assessment::default()
                };
                encode_assessment(&assessment, &overlay, EnumStyle::Names).unwrap()
            });
        },
    );
    group.finish();
}

fn explain(facts: &Facts) -> Explanation {
    let evaluation = evaluate(facts, &Context::default());
    let evidence = evaluation.evidence.iter().map(|evidence| Evidence {
        name: evidence.name.to_owned(),
        cause: evidence.cause.name().to_owned(),
        tier: evidence.tier.name().to_owned(),
        weight: evidence.weight,
        reason: None,
        detail: evidence.detail.to_string(),
    });
    Explanation {
        version: Explanation::VERSION,
        evidence: evidence.collect(),
        prior: evaluation.prior,
        sum: evaluation.sum,
        account: None,
    }
}

/// A token of a headless browser: it fires more detectors than a person does.
fn token() -> Token {
    let mut environment = Environment::new(1, "en".to_owned());
    for probe in Probe::ALL {
        environment.set_probe(*probe, State::Yes);
    }
    let report = Report {
        sealed_at: 50_000,
        environment,
        ..Report::default()
    };
    let facts = observe(&report, &Transport::default());
    Token {
        id: [1; 16],
        issued_at: 1,
        site_key: format!("6L{}", "x".repeat(38)),
        project: "shop".to_owned(),
        action: "login".to_owned(),
        hostname: Some("www.shop.example".to_owned()),
        address: IpAddr::from([198, 51, 100, 7]),
        user_agent: "Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/156.0.0.0".to_owned(),
        user_agent_hash: 2,
        client_signals_failed: false,
        signer: 0,
        tls_client: 0,
        facts: facts.encode(),
        page: [3; 16],
        sketch: vec![7; MAX_SKETCH_BYTES],
        challenge: ChallengeOutcome::None,
    }
}

criterion_group!(benches, assess);
criterion_main!(benches);
