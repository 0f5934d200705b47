//! What the score reads: facts, headers, sketches, and recorded interaction.

use std::{io::Cursor, path::Path, sync::LazyLock};

use hyper::{
    Uri,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use touchstone::bots::{Bots, Crawler, SignedRequest};
use touchstone_api::client_address;
use touchstone_challenge::Language;
use touchstone_protocol::Report;
use touchstone_replay::{Kept, Sketch};
use touchstone_score::{
    Context, Facts, Ja4, Opening, Transport, evaluate, observe, observe_request,
};
use touchstone_token::MAX_SKETCH_BYTES;

use crate::{files, text};

/// Facts that decode encode to the same bytes, and are judged.
pub(crate) fn facts(bytes: &[u8]) {
    let mut whole = bytes.to_vec();
    whole.resize(Facts::BYTES, 0);
    if let Ok(facts) = Facts::decode(&whole) {
        assert_eq!(facts.encode(), whole);
        judged(&facts);
    }
    assert_eq!(
        Facts::decode(bytes).is_ok(),
        bytes == whole && Facts::decode(&whole).is_ok()
    );
}

/// What a report leads to: facts that a token has room for, and a sketch that is found again.
pub(crate) fn seen(report: &Report) {
    judged(&observe(report, &Transport::default()));
    if let Some(sketch) = Sketch::of(report) {
        let bytes = sketch.to_bytes();
        assert!(bytes.len() <= MAX_SKETCH_BYTES);
        assert_eq!(Sketch::from_bytes(&bytes), Some(sketch));
    }
}

/// Headers of any request lead to facts and a verdict; without a signature that holds, nobody is verified.
pub(crate) fn headers(bytes: &[u8]) {
    let (fields, _) = text::fields(bytes);
    let mut map = HeaderMap::new();
    for (name, value) in fields {
        let pair = HeaderName::from_bytes(name).ok();
        if let Some((name, value)) = pair.zip(HeaderValue::from_bytes(value).ok()) {
            map.append(name, value);
        }
    }
    let named = |name: &str| map.get(name).and_then(|value| value.to_str().ok());
    let accept_language = named("accept-language");
    let transport = Transport {
        user_agent: named("user-agent").unwrap_or_default(),
        accept_language,
        client_hints_ua: named("sec-ch-ua"),
        client_hints_platform: named("sec-ch-ua-platform"),
        client_hints_mobile: named("sec-ch-ua-mobile"),
        accept: named("accept"),
        accept_encoding: named("accept-encoding"),
        content_type: named("content-type"),
        te: named("te"),
        expect: named("expect"),
        http2_settings: named("http2-settings"),
        sec_fetch_site: named("sec-fetch-site"),
        sec_fetch_mode: named("sec-fetch-mode"),
        sec_fetch_dest: named("sec-fetch-dest"),
        ja4: named("x-ja4").and_then(Ja4::parse),
        trustworthy_origin: true,
        is_direct: true,
        ..Transport::default()
    };
    judged(&observe_request(&transport));
    let opening = Opening::of(&transport);
    judged(&observe(
        &Report::default(),
        &Transport {
            opening,
            ..transport
        },
    ));
    let _ = accept_language.map(Language::of_header);
    let _ = named("hl").map(Language::of_tag);
    let _ = Crawler::claimed(transport.user_agent);
    if let Some(address) = named("x-forwarded-for").and_then(client_address) {
        assert_eq!(client_address(&address.to_string()), Some(address));
    }
    let signed = SignedRequest {
        method: Some("POST"),
        uri: &Uri::from_static("https://shop.example/login?a=1"),
        headers: &map,
    };
    assert_eq!(BOTS.signer(&signed, NOW), None);
}

/// A sketch that decodes survives another trip, from a token as from the store.
pub(crate) fn sketch(bytes: &[u8]) {
    if let Some(sketch) = Sketch::from_bytes(bytes) {
        assert_eq!(Sketch::from_bytes(&sketch.to_bytes()), Some(sketch));
    }
    if let Some(kept) = Kept::from_bytes(bytes) {
        assert_eq!(kept.to_bytes(), bytes);
    }
}

/// Recorded interaction is a report that an agent could have sent; an error names file and line.
pub(crate) fn traces(bytes: &[u8]) {
    let lines = Cursor::new(bytes.to_vec());
    let mut traces = Vec::new();
    for trace in touchstone_traces::from_reader(Path::new("x.jsonl"), lines) {
        match trace {
            Ok(trace) => traces.push(trace),
            Err(error) => {
                assert!(error.to_string().starts_with("x.jsonl:"), "{error}");
                break;
            }
        }
    }
    let report = touchstone_traces::report(&traces);
    assert_eq!(Report::decode(&report.encode()).as_ref(), Ok(&report));
    seen(&report);
}

/// Facts survive a token, and every verdict is a score with reasons that add up.
fn judged(facts: &Facts) {
    assert_eq!(Facts::decode(&facts.encode()).as_ref(), Ok(facts));
    let verdict = evaluate(facts, &Context::default());
    assert!(verdict.sum.is_finite(), "{verdict:?}");
    let score = verdict.score.value();
    assert!((0.0..=1.0).contains(&score), "{verdict:?}");
    let weights = verdict.evidence.iter().map(|evidence| evidence.weight);
    let sum = weights.fold(verdict.prior, |sum, weight| sum + weight);
    assert_eq!(sum, verdict.sum, "{verdict:?}");
}

static BOTS: LazyLock<Bots> = LazyLock::new(|| {
    files::with_file(files::BOT_KEYS.as_bytes(), |path| Bots::read(path).unwrap())
});
const NOW: u64 = 1_800_000_000_000;
