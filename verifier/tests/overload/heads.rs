//! Heads without end, and requests that are taken back: HTTP/2 makes both cheap for who sends them.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::{Served, alone, is_valid, serve};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn floods_of_heads_end_their_connection_and_nothing_else() {
    let _alone = alone().await;
    let Served {
        _folder,
        customer,
        server,
        backend,
    } = serve(&[]).await;
    let before = server.resident_kib();
    let path = format!("/recaptcha/agent/session?k={}", customer.site_key);
    for (what, start, again) in [
        (
            "many headers",
            b"GET / HTTP/1.1\r\n".to_vec(),
            b"x-many: 1\r\n".to_vec(),
        ),
        (
            "a long header",
            b"GET / HTTP/1.1\r\nx-long: ".to_vec(),
            vec![b'a'; 1_024],
        ),
        ("a long address", b"GET /".to_vec(), vec![b'a'; 1_024]),
        (
            "CONTINUATION",
            [PREFACE, &headers(1, false, &path)].concat(),
            continuation(1),
        ),
        (
            "frames of nothing",
            [PREFACE, &headers(1, false, &path)].concat(),
            frame(9, 0, 1, b""),
        ),
    ] {
        let sent = flood(server.address, &start, |_| again.clone()).await;
        println!("{what}: {sent} bytes were taken");
        assert!(sent < MOST_TAKEN, "{what}: {sent} bytes were taken");
    }
    // Each request is taken back at once: "rapid reset".
    let reset = |number: u32| {
        let stream = 2 * number + 1;
        [
            headers(stream, true, &path),
            frame(3, 0, stream, &[0, 0, 0, 8]),
        ]
        .concat()
    };
    let sent = flood(server.address, PREFACE, reset).await;
    println!("rapid reset: {sent} bytes were taken");
    assert!(is_valid(&backend).await);
    let grown = server.peak_kib() - before;
    assert!(grown < MOST_KIB, "{grown} KiB");
    server.kill().await;
}

/// Writes `start`, then more and more, until the server ends the connection; answers how much went out. What the system's buffers
/// took counts, too. A server that takes everything is left after a while.
async fn flood(address: SocketAddr, start: &[u8], more: impl Fn(u32) -> Vec<u8>) -> usize {
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut from, mut to) = stream.into_split();
    let drain = tokio::spawn(async move {
        let mut answer = vec![0; 65_536];
        while from.read(&mut answer).await.is_ok_and(|read| read > 0) {}
    });
    to.write_all(start).await.unwrap();
    let mut sent = start.len();
    let _ = timeout(LONGEST, async {
        for number in 0..MOST_PIECES {
            let piece = more(number);
            if drain.is_finished() || to.write_all(&piece).await.is_err() {
                return;
            }
            sent += piece.len();
        }
    })
    .await;
    drain.abort();
    sent
}

/// A request's head; more of it follows unless it is whole.
fn headers(stream: u32, is_whole: bool, path: &str) -> Vec<u8> {
    // Indexed names of the static table, and values as they are (RFC 7541).
    let mut block = vec![0x83, 0x86, 0x04, path.len() as u8];
    block.extend_from_slice(path.as_bytes());
    block.extend_from_slice(&[0x01, 1, b'x']);
    let flags = if is_whole { 0x05 } else { 0x01 };
    frame(1, flags, stream, &block)
}

fn continuation(stream: u32) -> Vec<u8> {
    // A header of its own: x: aaaa…
    let mut block = vec![0x00, 1, b'x', 100];
    block.extend_from_slice(&[b'a'; 100]);
    frame(9, 0, stream, &block)
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = (payload.len() as u32).to_be_bytes();
    let mut frame = vec![length[1], length[2], length[3], kind, flags];
    frame.extend_from_slice(&stream.to_be_bytes());
    frame.extend_from_slice(payload);
    frame
}

/// How HTTP/2 begins, with empty settings.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
/// Pieces of a flood: 40 MB and more.
const MOST_PIECES: u32 = 40_000;
/// With what fits into the buffers of the system, on both sides.
const MOST_TAKEN: usize = 12 << 20;
const LONGEST: Duration = Duration::from_secs(20);
/// What all of that may cost the server.
const MOST_KIB: usize = 32 * 1024;
