//! Seeds in a form that only our code writes. They are compared with what it writes now, so that a change of the form does
//! not leave seeds behind that nothing reads any more.

use std::net::IpAddr;

use prost::Message;
use touchstone_api::v1;
use touchstone_challenge::{Course, Difficulty};
use touchstone_protocol::{PlainReason, Report};
use touchstone_score::{Facts, Transport, observe};
use touchstone_token::{ChallengeOutcome, Token};

/// Target, name and bytes of each.
pub fn all() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let report = include_bytes!("../../../../protocol/samples/002-report-visit.bin");
    let report = Report::decode(report).unwrap();
    let facts = observe(&report, &Transport::default()).encode();
    vec![
        ("challenge", "easy", challenge(Difficulty::Usability)),
        ("challenge", "hard", challenge(Difficulty::Security)),
        (
            "facts",
            "unmeasured",
            Facts::unmeasured(PlainReason::NoWasm).encode(),
        ),
        ("facts", "visit", facts.clone()),
        ("message", "create_assessment", create_assessment()),
        ("message", "create_key", create_key()),
        ("session", "newest", session()),
        ("session", "without_opening", cut(&session(), 3)),
        ("session", "without_challenge", cut(&session(), 32)),
        ("token", "visit", token(facts)),
    ]
}

fn challenge(difficulty: Difficulty) -> Vec<u8> {
    let mut course = Course::new(difficulty);
    course.ask(touchstone_challenge::Language::fallback(), [1; 32]);
    [&course.to_bytes()[..], &[0, 2]].concat()
}

fn create_assessment() -> Vec<u8> {
    let event = v1::Event {
        token: "t".to_owned(),
        site_key: "k".to_owned(),
        headers: vec!["accept: */*".to_owned()],
        transaction_data: Some(v1::TransactionData {
            value: 1.5,
            ..v1::TransactionData::default()
        }),
        user_info: Some(v1::UserInfo {
            create_account_time: Some(prost_types::Timestamp {
                seconds: 1_700_000_000,
                nanos: 500,
            }),
            ..v1::UserInfo::default()
        }),
        ..v1::Event::default()
    };
    let request = v1::CreateAssessmentRequest {
        parent: "projects/p".to_owned(),
        assessment: Some(v1::Assessment {
            event: Some(event),
            ..v1::Assessment::default()
        }),
    };
    named("CreateAssessment", &request)
}

fn create_key() -> Vec<u8> {
    let request = v1::CreateKeyRequest {
        parent: "projects/p".to_owned(),
        key: Some(v1::Key {
            display_name: "web".to_owned(),
            labels: [("a".to_owned(), "b".to_owned())].into(),
            platform_settings: Some(v1::key::PlatformSettings::WebSettings(v1::WebKeySettings {
                allowed_domains: vec!["shop.example".to_owned()],
                integration_type: 1,
                ..v1::WebKeySettings::default()
            })),
            ..v1::Key::default()
        }),
    };
    named("CreateKey", &request)
}

fn named(method: &str, request: &impl Message) -> Vec<u8> {
    [method.as_bytes(), b"\n", &request.encode_to_vec()].concat()
}

/// The plaintext of a session, its fields in the order of the table there.
fn session() -> Vec<u8> {
    let at = 1_800_000_000_000u64;
    let first = ("6L", [1u8; 32], [2u8; 16], at, at);
    let layout = vec![1 << 16 | 2, -1i32];
    let later = ([3u8; 16], layout, at, 5u32, true);
    let opened = (1u32, 2u32, 3u32);
    postcard::to_allocvec(&(first, later, opened)).unwrap()
}

fn cut(bytes: &[u8], off: usize) -> Vec<u8> {
    bytes[..bytes.len() - off].to_vec()
}

/// The fields of a token.
fn token(facts: Vec<u8>) -> Vec<u8> {
    let token = Token {
        id: [7; 16],
        issued_at: 1_800_000_000_000,
        site_key: "6L".to_owned(),
        project: "p".to_owned(),
        action: "login".to_owned(),
        hostname: Some("shop.example".to_owned()),
        address: IpAddr::from([192, 0, 2, 7]),
        user_agent: "Mozilla/5.0".to_owned(),
        user_agent_hash: 1,
        client_signals_failed: false,
        signer: 2,
        tls_client: 3,
        facts,
        page: [4; 16],
        sketch: vec![1; 33],
        challenge: ChallengeOutcome::Passed,
    };
    let mut fields = postcard::to_allocvec(&token).unwrap();
    fields.push(token.challenge as u8);
    fields
}
