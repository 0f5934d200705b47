use std::io::Write;

use hyper::{Uri, header::HeaderMap};
use ring::signature::{Ed25519KeyPair, KeyPair};

use super::*;

const NOW: Millis = 1_800_000_000_000;
const CREATED: i64 = 1_800_000_000 - 10;

fn pair() -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[9; 32]).unwrap()
}

fn file(content: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(content.as_bytes()).unwrap();
    file
}

fn jwk(pair: &Ed25519KeyPair) -> String {
    let x = data_encoding::BASE64URL_NOPAD.encode(pair.public_key().as_ref());
    format!(
        r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}","kid":"1","name":"example-agent","botType":"AI_AGENT"}}"#
    )
}

fn bots() -> Bots {
    Bots::read(file(&format!(r#"{{"keys":[{}]}}"#, jwk(&pair()))).path()).unwrap()
}

/// The headers of a request to `verifier.example` as a signer makes them, by the text of RFC 9421.
fn signed(pair: &Ed25519KeyPair, created: i64, expires: i64, tag: &str) -> HeaderMap {
    let jwk: Thumbprintable = serde_json::from_str(&jwk(pair)).unwrap();
    let key = jwk.b64_thumbprint();
    let parameters = format!(
        r#"("@authority" "signature-agent";key="a");created={created};expires={expires};keyid="{key}";alg="ed25519";tag="{tag}""#
    );
    let agent = r#""https://agent.example""#;
    let base = format!(
        "\"@authority\": verifier.example\n\"signature-agent\";key=\"a\": {agent}\n\"@signature-params\": {parameters}"
    );
    let signature = data_encoding::BASE64.encode(pair.sign(base.as_bytes()).as_ref());
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("host", "Verifier.example:443".to_owned()),
        ("signature-agent", format!("a={agent}")),
        ("signature-input", format!("sig1={parameters}")),
        ("signature", format!("sig1=:{signature}:")),
    ] {
        headers.insert(name, value.parse().unwrap());
    }
    headers
}

fn signer(bots: &Bots, headers: &HeaderMap) -> Option<Bot> {
    let uri = Uri::from_static("/recaptcha/agent/token?k=6L");
    let request = SignedRequest {
        method: Some("POST"),
        uri: &uri,
        headers,
    };
    bots.bot(bots.signer(&request, NOW)?).cloned()
}

#[test]
fn a_bot_with_a_known_key_is_named() {
    let headers = signed(&pair(), CREATED, CREATED + 300, "web-bot-auth");
    let bot = signer(&bots(), &headers).unwrap();
    assert_eq!(
        (bot.name.as_str(), bot.kind),
        ("example-agent", BotKind::AiAgent)
    );
    assert_eq!(signer(&Bots::default(), &headers), None);
}

#[test]
fn whoever_does_not_prove_it_is_nobody() {
    type Change = fn(&mut HeaderMap);
    let stranger = Ed25519KeyPair::from_seed_unchecked(&[8; 32]).unwrap();
    let good = || signed(&pair(), CREATED, CREATED + 300, "web-bot-auth");
    let cases: Vec<(&str, HeaderMap)> = vec![
        ("no signature", HeaderMap::new()),
        (
            "another key",
            signed(&stranger, CREATED, CREATED + 300, "web-bot-auth"),
        ),
        (
            "over",
            signed(&pair(), CREATED - 600, CREATED - 1, "web-bot-auth"),
        ),
        (
            "from the future",
            signed(&pair(), CREATED + 200, CREATED + 400, "web-bot-auth"),
        ),
        (
            "for a year",
            signed(&pair(), CREATED, CREATED + 31_536_000, "web-bot-auth"),
        ),
        (
            "another purpose",
            signed(&pair(), CREATED, CREATED + 300, "payments"),
        ),
    ];
    for (name, headers) in cases {
        assert_eq!(signer(&bots(), &headers), None, "{name}");
    }
    let changes: [(&str, Change); 3] = [
        ("to another host", |h| {
            h.insert("host", "other.example".parse().unwrap());
        }),
        ("of another agent", |h| {
            h.insert(
                "signature-agent",
                r#"a="https://other.example""#.parse().unwrap(),
            );
        }),
        ("damaged", |h| {
            h.insert("signature", "sig1=:AAAA:".parse().unwrap());
        }),
    ];
    for (name, change) in changes {
        let mut headers = good();
        change(&mut headers);
        assert_eq!(signer(&bots(), &headers), None, "{name}");
    }
}

#[test]
fn a_file_that_does_not_hold_is_named_with_what_is_wrong() {
    for (content, part) in [
        ("{", "--bot-keys"),
        (
            r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA"}]}"#,
            "name",
        ),
        (
            r#"{"keys":[{"kty":"RSA","e":"AQAB","n":"AA","name":"old-bot"}]}"#,
            "old-bot",
        ),
    ] {
        let error = Bots::read(file(content).path()).unwrap_err().to_string();
        assert!(error.contains(part), "{content}: {error}");
    }
}
