//! Bad input at every door: a clear refusal that names the field, never a 500.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod kit;

use kit::{BROWSER, Kit};
use proptest::prelude::*;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const CREATE: &str = "/v1/projects/shop/assessments";

#[tokio::test]
async fn a_request_that_is_not_an_assessment_is_a_400_that_names_the_field() {
    let kit = Kit::start().await;
    let key = [("x-goog-api-key", kit.shop.api_key.as_str())];
    for (body, part) in [
        ("{", "JSON"),
        ("[]", "assessment"),
        ("nonsense", "JSON"),
        ("{\"event\":\"x\"}", "event"),
        ("{\"event\":{\"token\":5}}", "event.token"),
        ("{\"event\":{\"tokn\":\"x\"}}", "tokn"),
        ("{\"evnt\":{}}", "evnt"),
        (
            "{\"event\":{\"fraudPrevention\":\"PERHAPS\"}}",
            "fraudPrevention",
        ),
        (
            "{\"event\":{\"hashedAccountId\":\"***\"}}",
            "hashedAccountId",
        ),
        (
            "{\"event\":{\"userInfo\":{\"createAccountTime\":\"yesterday\"}}}",
            "createAccountTime",
        ),
        ("{\"event\":{\"express\":\"yes\"}}", "express"),
    ] {
        let answer = kit.send("POST", CREATE, &key, body).await;
        let text = answer.text();
        assert_eq!(answer.status, 400, "{body}: {text}");
        assert!(text.contains(part), "{body}: {text}");
        let error = &answer.json()["error"];
        assert_eq!(
            (&error["code"], &error["status"]),
            (&json!(400), &json!("INVALID_ARGUMENT"))
        );
    }
    let not_utf8 = kit.send("POST", CREATE, &key, vec![b'{', 0xff, b'}']).await;
    assert_eq!(not_utf8.status, 400);
    let deep = "[".repeat(100_000);
    assert_eq!(kit.send("POST", CREATE, &key, deep).await.status, 400);
}

#[tokio::test]
async fn names_are_read_in_either_case_and_enums_as_names_or_numbers() {
    let kit = Kit::start().await;
    let key = [("x-goog-api-key", kit.shop.api_key.as_str())];
    for body in [
        "",
        "\"\"",
        "{}",
        "{\"event\":{\"site_key\":\"x\",\"expected_action\":\"a\"}}",
        "{\"event\":{\"siteKey\":\"x\",\"fraudPrevention\":2}}",
        "{\"event\":{\"fraudPrevention\":\"DISABLED\",\"hashedAccountId\":\"3q2-7w\"}}",
        "{\"event\":null}",
    ] {
        let answer = kit.send("POST", CREATE, &key, body).await;
        assert_eq!(answer.status, 200, "{body}: {}", answer.text());
        assert_eq!(answer.json()["tokenProperties"]["invalidReason"], "MISSING");
    }
    let path = format!("{CREATE}?$alt=json%3Benum-encoding=int");
    let answer = kit.send("POST", &path, &key, "{}").await.json();
    assert_eq!(answer["tokenProperties"]["invalidReason"], 5);
}

#[tokio::test]
async fn a_caller_without_the_right_key_is_told_which_one_is_missing() {
    let kit = Kit::start().await;
    let (own, foreign) = (&kit.shop.api_key, &kit.other.api_key);
    let bearer = format!("Bearer {own}");
    for (headers, query, status, reason) in [
        (vec![], String::new(), 401, "CREDENTIALS_MISSING"),
        (
            vec![("authorization", "Basic bm9ib2R5")],
            String::new(),
            401,
            "CREDENTIALS_MISSING",
        ),
        (
            vec![],
            "?access_token=nobody".to_owned(),
            401,
            "ACCESS_TOKEN_TYPE_UNSUPPORTED",
        ),
        (vec![], format!("?access_token={own}"), 200, "MISSING"),
        (
            vec![("x-goog-api-key", "nobody")],
            String::new(),
            400,
            "API_KEY_INVALID",
        ),
        (vec![], "?key=nobody".to_owned(), 400, "API_KEY_INVALID"),
        (
            vec![("authorization", "Bearer nobody")],
            String::new(),
            401,
            "UNAUTHENTICATED",
        ),
        (
            vec![("x-goog-api-key", foreign.as_str())],
            String::new(),
            403,
            "PERMISSION_DENIED",
        ),
        (
            vec![("x-goog-api-key", own.as_str())],
            String::new(),
            200,
            "MISSING",
        ),
        (vec![], format!("?key={own}"), 200, "MISSING"),
        (
            vec![("authorization", bearer.as_str())],
            String::new(),
            200,
            "MISSING",
        ),
    ] {
        let answer = kit
            .send("POST", &format!("{CREATE}{query}"), &headers, "{}")
            .await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
        assert!(answer.text().contains(reason), "{}", answer.text());
        let challenge = answer.header("www-authenticate");
        assert_eq!(
            challenge.starts_with("Bearer "),
            status == 401,
            "{challenge}"
        );
    }
    let key = [("x-goog-api-key", own.as_str())];
    let wrong = kit
        .send("POST", "/v1/projects/UPPER%20case/assessments", &key, "{}")
        .await;
    assert_eq!(wrong.status, 400);
    assert!(wrong.text().contains("project"), "{}", wrong.text());
}

#[tokio::test]
async fn wrong_methods_and_paths_have_their_statuses() {
    let kit = Kit::start().await;
    for (method, path, status, allow) in [
        ("GET", CREATE, 405, "POST"),
        (
            "DELETE",
            "/v1/projects/shop/assessments/0af:annotate",
            405,
            "POST",
        ),
        ("PUT", "/recaptcha/agent/token", 405, "POST"),
        ("GET", "/recaptcha/agent/session", 405, "POST"),
        ("POST", "/recaptcha/enterprise.js", 405, "GET, HEAD"),
        ("PATCH", "/recaptcha/api/siteverify", 405, "GET, POST"),
        ("PUT", "/v1/projects/shop/keys", 405, "POST, GET, HEAD"),
        (
            "HEAD",
            "/recaptcha/api/siteverify?secret=x&response=y",
            405,
            "GET, POST",
        ),
        ("POST", "/healthz", 405, "GET, HEAD"),
        ("GET", "/", 404, ""),
        ("GET", "/metrics", 404, ""),
        ("GET", "/recaptcha/agent/unknown.wasm", 404, ""),
        ("GET", "/recaptcha/agent/script.js", 404, ""),
        ("POST", "/v1/projects/shop/assessments/0af:forget", 404, ""),
        ("GET", "/v1/../../etc/passwd", 404, ""),
    ] {
        let answer = kit.send(method, path, &[], "").await;
        assert_eq!(answer.status.as_u16(), status, "{method} {path}");
        assert_eq!(answer.header("allow"), allow, "{method} {path}");
        if method != "HEAD" {
            assert_eq!(answer.json()["error"]["code"], status);
        }
        assert!(
            answer
                .header("content-type")
                .starts_with("application/json")
        );
    }
}

#[tokio::test]
async fn a_head_is_answered_as_a_get_without_its_body() {
    let kit = Kit::start().await;
    let key = [("x-goog-api-key", kit.shop.api_key.as_str())];
    let path = format!("/v1/projects/shop/keys/{}", kit.shop.site_key);
    let get = kit.send("GET", &path, &key, "").await;
    let head = kit.send("HEAD", &path, &key, "").await;
    assert_eq!((get.status.as_u16(), head.status.as_u16()), (200, 200));
    assert_eq!(head.header("content-type"), get.header("content-type"));
    assert_eq!((head.text().len(), get.text().is_empty()), (0, false));
}

#[tokio::test]
async fn an_answer_in_another_form_than_json_is_refused() {
    let kit = Kit::start().await;
    let key = [("x-goog-api-key", kit.shop.api_key.as_str())];
    for (query, status) in [
        ("$alt=proto", 400),
        ("alt=media", 400),
        ("%24alt=sse", 400),
        ("alt=json", 200),
        ("$alt=json%3Benum-encoding=int", 200),
        ("alt=", 200),
    ] {
        let path = format!("/v1/projects/shop/keys?{query}");
        let answer = kit.send("GET", &path, &key, "").await;
        assert_eq!(answer.status.as_u16(), status, "{query}: {}", answer.text());
        assert_eq!(answer.text().contains("send json"), status == 400);
    }
}

#[tokio::test]
async fn an_express_key_gives_no_tokens_to_pages() {
    let kit = Kit::start().await;
    let key = kit.key(json!({"expressSettings": {}})).await.site_key;
    for (method, path) in [
        ("POST", "/recaptcha/agent/session"),
        ("POST", "/recaptcha/agent/token"),
        ("GET", "/recaptcha/api/fallback"),
    ] {
        let answer = kit
            .send(method, &format!("{path}?k={key}"), &BROWSER, "")
            .await;
        assert_eq!(answer.status, 400, "{path}");
        assert!(answer.text().contains("Express key"), "{}", answer.text());
    }
}

#[tokio::test]
async fn an_unknown_site_key_is_a_404_that_says_what_to_do() {
    let kit = Kit::start().await;
    for path in [
        "/recaptcha/agent/session?k=6Lnobody",
        "/recaptcha/agent/session",
        "/recaptcha/agent/token?k=",
    ] {
        let answer = kit.send("POST", path, &BROWSER, vec![0, 1]).await;
        assert_eq!(answer.status, 404, "{path}");
        let expected = "The parameter k names no site key of this verifier. Make one with: touchstone key create";
        assert_eq!(answer.json()["error"]["message"], expected);
        assert_eq!(answer.header("access-control-allow-origin"), "*");
    }
}

#[tokio::test]
async fn ten_megabytes_are_turned_away_at_every_door() {
    let kit = Kit::start().await;
    let key = [("x-goog-api-key", kit.shop.api_key.as_str())];
    let large = bytes::Bytes::from(vec![b' '; 10 << 20]);
    for path in [CREATE, "/v1/projects/shop/assessments/0af:annotate"] {
        let answer = kit.send("POST", path, &key, large.clone()).await;
        assert_eq!(answer.status, 413, "{path}");
        assert_eq!(answer.json()["error"]["code"], 413);
    }
    let answer = kit
        .send("POST", "/recaptcha/api/siteverify", &[], large.clone())
        .await;
    assert_eq!(
        (answer.status.as_u16(), answer.json()["success"].clone()),
        (200, json!(false))
    );
    let path = format!("/recaptcha/agent/token?k={}", kit.shop.site_key);
    assert_eq!(kit.send("POST", &path, &BROWSER, large).await.status, 413);
}

/// The test's clock jumps to the next timer whenever everybody waits, so that ten seconds take none.
#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_come_is_a_408() {
    let kit = Kit::start().await;
    let mut stream = TcpStream::connect(kit.address).await.unwrap();
    let head = format!(
        "POST {CREATE} HTTP/1.1\r\nhost: x\r\nx-goog-api-key: {}\r\ncontent-length: 100\r\n\r\n{{\"ev",
        kit.shop.api_key
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = vec![0; 4_096];
    let read = stream.read(&mut answer).await.unwrap();
    let text = String::from_utf8_lossy(&answer[..read]).into_owned();
    assert!(text.starts_with("HTTP/1.1 408"), "{text}");
}

#[tokio::test]
async fn a_head_beyond_all_bounds_is_turned_away() {
    let kit = Kit::start().await;
    for head in [
        format!(
            "GET /healthz HTTP/1.1\r\nhost: x\r\nx-long: {}\r\n\r\n",
            "a".repeat(40_000)
        ),
        format!(
            "GET /healthz HTTP/1.1\r\nhost: x\r\n{}\r\n",
            "x-many: 1\r\n".repeat(300)
        ),
        "nonsense\r\n\r\n".to_owned(),
    ] {
        let mut stream = TcpStream::connect(kit.address).await.unwrap();
        // The server may close before it has read all of it.
        let _ = stream.write_all(head.as_bytes()).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        let text = String::from_utf8_lossy(&answer);
        assert!(text.is_empty() || text.starts_with("HTTP/1.1 4"), "{text}");
    }
    assert_eq!(kit.send("GET", "/healthz", &[], "").await.status, 200);
}

/// Any bytes at any door: an answer below 500. One server serves all cases.
#[test]
fn no_body_makes_a_500() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let kit = runtime.block_on(Kit::start());
    let bodies = (
        0usize..6,
        prop::collection::vec(any::<u8>(), 0..400),
        "\\PC{0,120}",
    );
    let config = ProptestConfig {
        cases: 256,
        failure_persistence: None,
        ..Default::default()
    };
    proptest!(config, |((door, bytes, text) in bodies)| {
        let agent = format!("?k={}", kit.shop.site_key);
        let path = [
            CREATE.to_owned(),
            "/v1/projects/shop/assessments/00000000000000000000000000000000:annotate".to_owned(),
            format!("/recaptcha/agent/token{agent}"),
            format!("/recaptcha/agent/session{agent}"),
            "/recaptcha/api/siteverify".to_owned(),
            format!("/recaptcha/agent/{}", percent_encoding::utf8_percent_encode(&text, percent_encoding::NON_ALPHANUMERIC)),
        ];
        let headers = [("x-goog-api-key", kit.shop.api_key.as_str())];
        for body in [bytes, text.into_bytes()] {
            let answer = runtime.block_on(kit.send("POST", &path[door], &headers, body));
            prop_assert!(answer.status.as_u16() < 500, "{} {}", path[door], answer.status);
        }
    });
}
