//! What a collector of traces receives.

use std::{net::TcpListener, sync::mpsc};

use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest, trace::v1::Span,
};
use prost::Message as _;

use super::*;

#[test]
fn a_backend_s_trace_goes_on_through_the_steps_and_tells_nothing_of_anybody() {
    let (_folder, data) = folder();
    let key = json(&run(&data, &API_KEY))["apiKey"]
        .as_str()
        .unwrap()
        .to_owned();
    let site = json(&run(&data, &KEY))["siteKey"]
        .as_str()
        .unwrap()
        .to_owned();
    let (endpoint, received) = collector();
    let server = Server::start(&data, &["--otlp-endpoint", &endpoint]);
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let headers = format!(
        "x-goog-api-key: {key}\r\ntraceparent: 00-{trace}-00f067aa0ba902b7-01\r\ncontent-type: application/json\r\n"
    );
    let event = format!(
        r#"{{"event": {{"token": "secret-token", "siteKey": "{site}", "userIpAddress": "198.51.100.7"}}}}"#
    );
    let (status, _) = server.send("POST", "/v1/projects/shop/assessments", &headers, &event);
    assert_eq!(status, 200);
    let page = format!("/recaptcha/agent/session?k={site}");
    server.send(
        "POST",
        &page,
        &format!("traceparent: 00-{trace}-00f067aa0ba902b7-01\r\n"),
        "",
    );
    server.stop();
    let spans: Vec<Span> = received.try_iter().flat_map(spans_of).collect();
    let named = |name: &str| {
        let found = spans.iter().find(|span| span.name == name);
        found.unwrap_or_else(|| panic!("{name}: {spans:?}"))
    };
    let request = named("CreateAssessment");
    assert_eq!(data_encoding::HEXLOWER.encode(&request.trace_id), trace);
    assert_eq!(
        data_encoding::HEXLOWER.encode(&request.parent_span_id),
        "00f067aa0ba902b7"
    );
    for name in ["examine", "open", "policies", "settle", "store.assess"] {
        assert_eq!(named(name).trace_id, request.trace_id, "{name}");
    }
    assert_eq!(
        named("store.assess").parent_span_id,
        named("settle").span_id
    );
    let of_page = named("session");
    assert_ne!(
        of_page.trace_id, request.trace_id,
        "a page's word is not taken"
    );
    let all = format!("{spans:?}");
    for secret in [&key[..], &site, "secret-token", "198.51.100.7", "127.0.0.1"] {
        assert!(!all.contains(secret), "{secret}");
    }
}

#[test]
fn a_collector_that_is_away_keeps_nobody_waiting() {
    let (_folder, data) = folder();
    let server = Server::start(&data, &["--otlp-endpoint", "http://127.0.0.1:1"]);
    assert_eq!(server.send("GET", "/healthz", "", "").0, 200);
    let started = Instant::now();
    let (code, log) = server.stop();
    assert_eq!(code, Some(0), "{log}");
    assert!(started.elapsed() < Duration::from_secs(20));
}

fn spans_of(request: ExportTraceServiceRequest) -> impl Iterator<Item = Span> {
    let scopes = request
        .resource_spans
        .into_iter()
        .flat_map(|of| of.scope_spans);
    scopes.flat_map(|of| of.spans)
}

/// Takes what is posted to it until the test ends.
fn collector() -> (String, mpsc::Receiver<ExportTraceServiceRequest>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let (sender, received) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.unwrap());
            let (mut length, mut line) = (0, String::new());
            while stream.read_line(&mut line).unwrap() > 2 {
                let lower = line.to_ascii_lowercase();
                if let Some(value) = lower.strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
                line.clear();
            }
            let mut body = vec![0; length];
            stream.read_exact(&mut body).unwrap();
            let request = ExportTraceServiceRequest::decode(&body[..]).unwrap();
            let _ = sender.send(request);
            let answer = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            stream.get_mut().write_all(answer.as_bytes()).unwrap();
        }
    });
    (endpoint, received)
}
