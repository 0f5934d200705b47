//! Clients that do not finish what they begin, and connections on which nothing is said.

use std::time::Instant;

use tokio::{io::AsyncWriteExt, net::TcpStream, process::Command};

use crate::{Served, alone, force::server::Server, is_thorough, is_valid, serve};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn held_connections_cost_little_and_stop_nobody() {
    let _alone = alone().await;
    let many = match is_thorough() {
        true => 8_000,
        false => 2_000,
    };
    // The server raises its own limit; this is for the other ends. It may be forbidden: then opening them fails and says so.
    let limit = format!("--nofile={}:", many + 1_000);
    let mut prlimit = Command::new("prlimit");
    prlimit.args([&format!("--pid={}", std::process::id()), &limit]);
    let _ = prlimit.status().await.unwrap();
    for (what, said) in [("nothing", &b""[..]), ("half a head", b"POST /v1/pro")] {
        let Served {
            _folder,
            customer: _,
            server,
            backend,
        } = serve(&[]).await;
        let before = server.resident_kib();
        let held = hold(&server, many, said).await;
        let begun = Instant::now();
        assert!(is_valid(&backend).await);
        let (took, after) = (begun.elapsed(), server.resident_kib());
        let each = after.saturating_sub(before) * 1024 / many;
        println!(
            "{many} connections that say {what}: {each} bytes each; a person meanwhile took {took:?}"
        );
        assert!(each < MOST_BYTES_EACH, "{each} bytes each");
        drop(held);
        server.kill().await;
    }
}

/// Bodies that break off in the middle hold no places: their number is far above that of the places.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_bodies_hold_no_places() {
    let _alone = alone().await;
    let Served {
        _folder,
        customer,
        server,
        backend,
    } = serve(&["--max-in-flight", "4"]).await;
    let to_session = format!(
        "POST /recaptcha/agent/session?k={} HTTP/1.1\r\nhost: x\r\ncontent-length: 60000\r\n\r\nab",
        customer.site_key
    );
    let to_api = format!(
        "POST /v1/projects/shop/assessments HTTP/1.1\r\nhost: x\r\nx-goog-api-key: {}\r\n\
         content-length: 60000\r\n\r\n{{",
        customer.api_key
    );
    let to_siteverify = "POST /recaptcha/api/siteverify HTTP/1.1\r\nhost: x\r\n\
         content-length: 60000\r\n\r\nsecret=";
    let mut held = Vec::new();
    for said in [&to_session, &to_api, to_siteverify] {
        held.extend(hold(&server, 200, said.as_bytes()).await);
    }
    let begun = Instant::now();
    assert!(is_valid(&backend).await);
    println!(
        "{} slow bodies; a person meanwhile took {:?}",
        held.len(),
        begun.elapsed()
    );
    server.kill().await;
}

async fn hold(server: &Server, many: usize, said: &[u8]) -> Vec<TcpStream> {
    let mut held = Vec::new();
    for _ in 0..many {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(said).await.unwrap();
        held.push(stream);
    }
    held
}

/// What a held connection may cost.
const MOST_BYTES_EACH: usize = 32 * 1024;
