//! More requests than the server can do.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::json;
use tokio::{
    task::JoinSet,
    time::{sleep_until, timeout},
};

use crate::{
    Served, alone,
    force::server::Customer,
    is_thorough, is_valid,
    kit::BROWSER,
    serve,
    wire::{Told, Wire, request},
};

/// Pages and backends ask five times as often as they can be answered, in a steady stream that does not wait for answers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_five_times_what_it_can_do_what_is_let_in_is_answered_soon() {
    let _alone = alone().await;
    let Served {
        _folder,
        customer,
        server,
        backend,
    } = serve(&[]).await;
    let before = server.resident_kib();
    let doors = [page_asks(&customer), backend_asks(&customer)];
    let capacity = capacity(server.address, &doors).await;
    let offered = capacity * 5;
    let begun = Instant::now();
    let flood = Flood::of(server.address, &doors, offered).await;
    let person = Instant::now();
    let refused = timeout(LIMIT, backend.person_who_insists()).await;
    let person = person.elapsed();
    let answered = flood.end().await;
    let took = begun.elapsed();
    let done: usize = answered.iter().map(|door| door.count()).sum();
    println!(
        "capacity {capacity}/s; offered {offered}/s, asked {:.0}/s for {took:?}; {before} KiB before, at most {} KiB",
        done as f64 / took.as_secs_f64(),
        server.peak_kib(),
    );
    let refused = refused.expect("a person gets through");
    println!("a person meanwhile: refused {refused} times, through in {person:?}");
    for (door, answered) in ["pages", "backends"].iter().zip(&answered) {
        let p99 = answered.p99();
        println!(
            "{door}: {:?}, 99 % of 200s within {p99:?}",
            answered.statuses()
        );
        for told in answered.all.keys() {
            let is_due = matches!((told.status, told.retry_after), (200, false) | (503, true));
            assert!(is_due, "{told:?}");
        }
        assert!(answered.statuses().contains_key(&200), "{door}: starved");
        let longest = if is_thorough() { LONGEST } else { LONGEST * 10 };
        assert!(p99 < longest, "{door}: {p99:?}");
    }
    assert!(server.peak_kib() < MOST_KIB);
    let begun = Instant::now();
    assert!(is_valid(&backend).await);
    println!("a person right after: {:?}", begun.elapsed());
    server.kill().await;
}

/// Backends that all ask at once, and no more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_thousands_at_once_each_is_answered_or_told_when_to_come_back() {
    let _alone = alone().await;
    let Served {
        _folder,
        customer,
        server,
        backend,
    } = serve(&[]).await;
    let before = server.resident_kib();
    let asked = Arc::new(backend_asks(&customer));
    let begun = Instant::now();
    let mut asking = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (asked, address) = (asked.clone(), server.address);
        asking.spawn(async move { Wire::open(address).await.ask(&asked).await });
    }
    let mut statuses = BTreeMap::new();
    for told in asking.join_all().await {
        *statuses.entry(told.status).or_insert(0) += 1;
        let is_due = matches!((told.status, told.retry_after), (200, false) | (503, true));
        assert!(is_due, "{told:?}");
    }
    let took = begun.elapsed();
    let most = server.peak_kib();
    println!(
        "{AT_ONCE} at once in {took:?}: {statuses:?}; {before} KiB before, at most {most} KiB"
    );
    assert!(most < MOST_KIB, "{most} KiB");
    let begun = Instant::now();
    assert!(is_valid(&backend).await);
    println!("the next one took {:?}", begun.elapsed());
    server.kill().await;
}

/// A page opens a session.
fn page_asks(customer: &Customer) -> Vec<u8> {
    let path = format!("/recaptcha/agent/session?k={}", customer.site_key);
    request(&path, &BROWSER, b"")
}

/// A backend asks about a token, which is recorded whatever it is.
fn backend_asks(customer: &Customer) -> Vec<u8> {
    let event = json!({"token": "no token", "siteKey": customer.site_key});
    let body = json!({ "event": event }).to_string();
    let headers = [("x-goog-api-key", customer.api_key.as_str())];
    request("/v1/projects/shop/assessments", &headers, body.as_bytes())
}

/// What the server does in a second, asked by a few connections that wait for their answers.
async fn capacity(address: SocketAddr, doors: &[Vec<u8>; 2]) -> usize {
    let mut asking = JoinSet::new();
    let end = Instant::now() + MEASURED;
    for number in 0..FEW {
        let request = doors[number % 2].clone();
        asking.spawn(async move {
            let mut wire = Wire::open(address).await;
            let mut done = 0;
            while Instant::now() < end {
                assert_eq!(wire.ask(&request).await.status, 200);
                done += 1;
            }
            done
        });
    }
    let done: usize = asking.join_all().await.iter().sum();
    done * 1_000 / MEASURED.as_millis() as usize
}

/// Connections that ask by the clock, half of them at each door.
struct Flood {
    asking: JoinSet<(usize, Vec<(Told, Duration)>)>,
}

impl Flood {
    /// A request is due every now and then, whatever became of those before; whichever connection is free sends the next one.
    async fn of(address: SocketAddr, doors: &[Vec<u8>; 2], a_second: usize) -> Self {
        let mut wires = Vec::new();
        for _ in 0..MANY {
            wires.push(Wire::open(address).await);
        }
        let next = Arc::new([AtomicUsize::new(0), AtomicUsize::new(0)]);
        let begun = Instant::now();
        let length = match is_thorough() {
            true => Duration::from_secs(20),
            false => Duration::from_secs(3),
        };
        let mut asking = JoinSet::new();
        for (number, mut wire) in wires.into_iter().enumerate() {
            let door = number % 2;
            let (request, next) = (doors[door].clone(), next.clone());
            asking.spawn(async move {
                let mut answered = Vec::new();
                loop {
                    let number = next[door].fetch_add(1, Ordering::Relaxed);
                    let due = Duration::from_secs_f64(number as f64 * 2.0 / a_second as f64);
                    if due.max(begun.elapsed()) > length {
                        return (door, answered);
                    }
                    sleep_until((begun + due).into()).await;
                    let sent = Instant::now();
                    let told = wire.ask(&request).await;
                    answered.push((told, sent.elapsed()));
                }
            });
        }
        Self { asking }
    }

    async fn end(self) -> [Answered; 2] {
        let mut doors = [Answered::default(), Answered::default()];
        for (door, answered) in self.asking.join_all().await {
            for (told, took) in answered {
                doors[door].all.entry(told).or_default().push(took);
            }
        }
        doors
    }
}

/// What one door answered, and how soon.
#[derive(Default)]
struct Answered {
    all: BTreeMap<Told, Vec<Duration>>,
}

impl Answered {
    fn count(&self) -> usize {
        self.all.values().map(Vec::len).sum()
    }

    fn statuses(&self) -> BTreeMap<u16, usize> {
        let all = self.all.iter();
        all.map(|(told, took)| (told.status, took.len())).collect()
    }

    /// Of the 200s, how long 99 in a hundred took at most.
    fn p99(&self) -> Duration {
        let accepted = self.all.iter().filter(|(told, _)| told.status == 200);
        let mut took: Vec<Duration> = accepted.flat_map(|(_, took)| took).copied().collect();
        took.sort_unstable();
        took[took.len() * 99 / 100]
    }
}

/// More than places and queue hold.
const AT_ONCE: usize = 6_000;
/// What the server may need for all that.
const MOST_KIB: usize = 320 * 1024;
/// How long 99 in a hundred accepted requests may take, with the client on the same processors; ten times as long in the plain run, which
/// may be on a busy machine. The server itself makes them wait for a quarter of a second at most.
const LONGEST: Duration = Duration::from_secs(1);
const MEASURED: Duration = Duration::from_secs(2);
/// A person's patience, in the plain run.
const LIMIT: Duration = Duration::from_secs(60);
const FEW: usize = 16;
const MANY: usize = 1_000;
