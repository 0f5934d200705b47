//! How the verifier serves: protocols, TLS, files, proxies, and an end that loses nothing.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod kit;

use std::{fs, sync::Arc, time::Duration};

use http_body_util::Full;
use hyper::{Request, Version};
use hyper_util::{
    client::legacy::Client,
    rt::{TokioExecutor, TokioIo},
};
use kit::{BROWSER, Kit};
use rustls::{ClientConfig, RootCertStore, pki_types::ServerName};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use touchstone::{
    proofs::PowMode,
    serve::{self, Shutdown},
};

#[tokio::test]
async fn http_2_is_spoken_without_tls_too() {
    let kit = Kit::start().await;
    let client: Client<_, Full<bytes::Bytes>> = Client::builder(TokioExecutor::new())
        .http2_only(true)
        .build_http();
    let uri = format!("http://{}/healthz", kit.address).parse().unwrap();
    let answer = client.get(uri).await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.version()),
        (200, Version::HTTP_2)
    );
}

#[tokio::test]
async fn a_changed_certificate_is_taken_up_without_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let write = |name: &str| {
        let made = rcgen::generate_simple_self_signed(vec![name.to_owned()]).unwrap();
        fs::write(path("key.pem"), made.signing_key.serialize_pem()).unwrap();
        fs::write(path("cert.pem"), made.cert.pem()).unwrap();
        made.cert.der().clone()
    };
    let first = write("one.example");
    let tls = Some((path("cert.pem"), path("key.pem")));
    let kit = Kit::start_with(|config| config.tls = tls).await;
    assert_eq!(
        served_over_tls(&kit, &first, "one.example", b"h2").await,
        Some(Version::HTTP_2)
    );
    assert_eq!(
        served_over_tls(&kit, &first, "one.example", b"http/1.1").await,
        Some(Version::HTTP_11)
    );
    let second = write("two.example");
    let changed = tokio::time::timeout(Duration::from_secs(10), async {
        while served_over_tls(&kit, &second, "two.example", b"h2")
            .await
            .is_none()
        {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
    changed
        .await
        .expect("the new certificate is served within ten seconds");
}

/// The version spoken, if the certificate is the expected one.
async fn served_over_tls(
    kit: &Kit,
    root: &rustls::pki_types::CertificateDer<'static>,
    name: &'static str,
    protocol: &[u8],
) -> Option<Version> {
    let mut roots = RootCertStore::empty();
    roots.add(root.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![protocol.to_vec()];
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
    let stream = TcpStream::connect(kit.address).await.unwrap();
    let stream = connector
        .connect(ServerName::try_from(name).unwrap(), stream)
        .await
        .ok()?;
    let io = TokioIo::new(stream);
    let request = |path: String| Request::get(path).header("host", name);
    let empty = Full::new(bytes::Bytes::new());
    let answer = if protocol == b"h2" {
        let (mut sender, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), io)
                .await
                .unwrap();
        tokio::spawn(connection);
        let path = format!("https://{name}/healthz");
        sender
            .send_request(request(path).body(empty).unwrap())
            .await
            .unwrap()
    } else {
        let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await.unwrap();
        tokio::spawn(connection);
        sender
            .send_request(request("/healthz".to_owned()).body(empty).unwrap())
            .await
            .unwrap()
    };
    assert_eq!(answer.status(), 200);
    Some(answer.version())
}

#[tokio::test]
async fn the_script_is_served_compressed_and_asked_for_again_by_its_tag() {
    let kit = Kit::start().await;
    let script = "/recaptcha/enterprise.js?render=x";
    let plain = kit.send("GET", script, &[], "").await;
    assert_eq!(
        plain.header("content-type"),
        "text/javascript; charset=utf-8"
    );
    assert_eq!(plain.header("content-encoding"), "");
    assert_eq!(plain.header("vary"), "accept-encoding");
    assert_eq!(plain.header("cache-control"), "public, no-cache");
    let mut sizes = vec![plain.body.len()];
    for (accept, coding) in [("gzip", "gzip"), ("gzip, br", "br")] {
        let answer = kit
            .send("GET", script, &[("accept-encoding", accept)], "")
            .await;
        assert_eq!(answer.header("content-encoding"), coding);
        sizes.push(answer.body.len());
    }
    assert!(sizes.is_sorted_by(|a, b| a > b), "{sizes:?}");
    let tag = plain.header("etag");
    let again = kit.send("GET", script, &[("if-none-match", tag)], "").await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
    for name in ["/recaptcha/api.js", "/touchstone.js"] {
        assert_eq!(kit.send("GET", name, &[], "").await.header("etag"), tag);
    }

    let text = plain.text();
    let file = text
        .split(['"', '`', '\''])
        .find(|part| part.starts_with("recaptcha/agent/") && part.ends_with(".wasm"))
        .unwrap();
    let answer = kit.send("GET", &format!("/{file}"), &[], "").await;
    assert_eq!(answer.status, 200, "{file}");
    assert_eq!(
        answer.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(
        answer.header("cross-origin-resource-policy"),
        "cross-origin"
    );
}

#[tokio::test]
async fn everything_is_served_below_the_base_path_and_nowhere_else() {
    let kit = Kit::start_with(|config| config.base_path = "/captcha".to_owned()).await;
    assert_eq!(
        kit.send("GET", "/captcha/healthz", &[], "").await.status,
        200
    );
    assert_eq!(
        kit.send("GET", "/captcha/touchstone.js", &[], "")
            .await
            .status,
        200
    );
    assert_eq!(kit.send("GET", "/healthz", &[], "").await.status, 404);
    assert_eq!(
        kit.send("GET", "/captchahealthz", &[], "").await.status,
        404
    );
}

#[tokio::test]
async fn a_visitor_behind_a_trusted_proxy_is_known_by_its_own_address() {
    for (trusted, expected) in [("127.0.0.0/8", "198.51.100.7"), ("10.0.0.0/8", "127.0.0.1")] {
        let kit =
            Kit::start_with(|config| config.trusted_proxies = vec![trusted.parse().unwrap()]).await;
        let path = format!("/recaptcha/agent/token?k={}", kit.shop.site_key);
        let mut headers = BROWSER.to_vec();
        headers.push(("x-forwarded-for", "6.6.6.6, 198.51.100.7"));
        let envelope = kit.page().await.envelope("login", 0);
        let token = kit.send("POST", &path, &headers, envelope).await.text();
        let answer = kit.assess(&kit.shop, json!({"token": token})).await;
        assert_eq!(
            answer["tokenProperties"]["clientProperties"]["userIpAddress"],
            expected
        );
    }
}

#[tokio::test]
async fn pages_of_any_origin_may_ask_without_credentials() {
    let kit = Kit::start().await;
    let path = format!("/recaptcha/agent/token?k={}", kit.shop.site_key);
    let asked = [
        ("origin", "https://shop.example"),
        ("access-control-request-method", "POST"),
    ];
    let answer = kit.send("OPTIONS", &path, &asked, "").await;
    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(answer.header("access-control-allow-credentials"), "");
    let backend = kit
        .send("OPTIONS", "/v1/projects/shop/assessments", &asked, "")
        .await;
    assert_eq!(backend.status, 405, "API keys do not belong into pages");
}

#[tokio::test]
async fn a_request_under_way_is_answered_before_the_end() {
    let kit = Kit::start().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (wish, shutdown) = Shutdown::by_hand();
    let config = touchstone::config::ServeConfig {
        listen: address,
        admin_listen: address,
        trusted_proxies: Vec::new(),
        tls: None,
        base_path: String::new(),
        retention: Duration::from_secs(3_600),
        account_retention: Duration::from_secs(3_600),
        ja4_header: None,
        bot_keys: None,
        verify_bots: false,
        dns_server: None,
        max_connections: 4,
        max_in_flight: 4,
        quota_per_minute: None,
        pow: PowMode::Off,
        replays: touchstone::replays::ReplayConfig::default(),
        pwned_passwords_range: false,
        allow_test_keys: false,
        factors: touchstone::config::FactorOptions::default(),
    };
    let serving = tokio::spawn(serve::run_on(
        listener,
        None,
        kit.verifier.clone(),
        config,
        shutdown,
    ));
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /v1/projects/shop/assessments HTTP/1.1\r\nhost: x\r\nx-goog-api-key: {}\r\ncontent-length: 2\r\n\r\n{{",
        kit.shop.api_key
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    wish.stop();
    tokio::time::sleep(Duration::from_millis(200)).await;
    stream.write_all(b"}").await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    assert!(String::from_utf8_lossy(&answer).starts_with("HTTP/1.1 200"));
    serving.await.unwrap().unwrap();
    assert!(
        TcpStream::connect(address).await.is_err(),
        "nobody listens any more"
    );
}

/// The test's clock jumps to the next timer whenever everybody waits, so that a minute takes no time.
#[tokio::test(start_paused = true)]
async fn a_connection_on_which_nothing_is_asked_gives_its_place_back() {
    for said in [
        "",
        "PRI * H",
        "GET /healthz HT",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        let kit = Kit::start_with(|config| config.max_connections = 1).await;
        let mut stream = TcpStream::connect(kit.address).await.unwrap();
        stream.write_all(said.as_bytes()).await.unwrap();
        let started = tokio::time::Instant::now();
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
        let seconds = started.elapsed().as_secs();
        assert!((5..=60).contains(&seconds), "{said:?}: {seconds} s");
        assert_eq!(kit.send("GET", "/healthz", &[], "").await.status, 200);
    }
}

#[tokio::test]
async fn connections_beyond_the_bound_wait_and_are_served_then() {
    let kit = Kit::start_with(|config| config.max_connections = 2).await;
    let held = [
        TcpStream::connect(kit.address).await,
        TcpStream::connect(kit.address).await,
    ];
    let mut third = TcpStream::connect(kit.address).await.unwrap();
    third
        .write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    let mut answer = [0; 15];
    let early = tokio::time::timeout(Duration::from_millis(300), third.read_exact(&mut answer));
    assert!(early.await.is_err());
    drop(held);
    let late = tokio::time::timeout(Duration::from_secs(5), third.read_exact(&mut answer));
    late.await.unwrap().unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200 OK");
}

#[tokio::test]
async fn a_store_that_fails_closes_the_door_for_tokens() {
    let kit = Kit::start().await;
    let token = kit.token("login").await;
    kit.verifier.store.close().await;
    let answer = kit
        .assess_with(&kit.shop, json!({"token": token}), &[])
        .await;
    assert_eq!(answer.status, 503, "{}", answer.text());
    assert_eq!(answer.json()["error"]["status"], "UNAVAILABLE");
    assert_eq!(answer.header("retry-after"), "1");
    let path = format!(
        "/recaptcha/api/siteverify?secret={}&response={token}",
        kit.shop.secret
    );
    let answer = kit.send("GET", &path, &[], "").await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.json(),
        json!({"success": false, "error-codes": ["internal-error"]})
    );
}
