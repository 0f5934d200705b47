//! The log says what happened, and nothing that a code could be found or used by.

use std::{
    io::{self, Write},
    sync::{Mutex, MutexGuard, PoisonError},
};

use tracing_subscriber::fmt::MakeWriter;

use crate::{
    smtp::{Mood, Smtp},
    visit::{ADDRESS, Visit, kit, wrong},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn neither_codes_nor_addresses_are_logged() {
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(&LOG)
        .finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let smtp = Smtp::plain().await;
    let kit = kit(&smtp).await;
    let visit = Visit::begin(&kit).await;
    visit.send().await;
    let code = smtp.last_code();
    visit.verify(&wrong(&code)).await;
    visit.verify(&code).await;
    // The server quotes the address when it refuses it.
    smtp.be(Mood::RefusesRecipients);
    Visit::begin(&kit).await.send().await;
    let log = String::from_utf8_lossy(&lock()).into_owned();
    assert!(
        log.contains("the mail server did not take a code"),
        "the log was not seen"
    );
    assert!(log.contains("550"));
    for secret in [ADDRESS, "ada.lovelace", &visit.request_token] {
        assert!(!log.contains(secret), "{secret}");
    }
    let telling = log
        .lines()
        .find(|line| line.contains(&code) && !is_number(line, &code));
    assert_eq!(telling, None);
}

/// Whether the code's digits are merely a part of a longer number, such as a time or an address in memory.
fn is_number(line: &str, code: &str) -> bool {
    line.match_indices(code).all(|(at, _)| {
        let (before, after) = (
            line[..at].chars().next_back(),
            line[at + code.len()..].chars().next(),
        );
        let is_part = |c: Option<char>| c.is_some_and(|c| c.is_ascii_hexdigit() || c == '.');
        is_part(before) || is_part(after)
    })
}

static LOG: Log = Log(Mutex::new(Vec::new()));

struct Log(Mutex<Vec<u8>>);

fn lock() -> MutexGuard<'static, Vec<u8>> {
    LOG.0.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<'a> MakeWriter<'a> for &'static Log {
    type Writer = Line;

    fn make_writer(&'a self) -> Line {
        Line
    }
}

struct Line;

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
