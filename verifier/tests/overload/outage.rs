//! Redis is gone, and comes back.

use std::{
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tokio::time::sleep;

use crate::{
    folder,
    force::{
        backend::{Asked, Backend},
        server::{Customer, Server},
    },
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_its_store_it_refuses_tokens_and_goes_on_when_the_store_is_back() {
    let (folder, data) = folder();
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let Some(mut redis) = start_redis(folder.path(), port) else {
        eprintln!("skipped: there is no redis-server; Debian: apt-get install redis-server");
        return;
    };
    let store = format!("redis://127.0.0.1:{port}/");
    let kek = folder.path().join("kek");
    let mut made = Command::new(env!("CARGO_BIN_EXE_touchstone"));
    let made = made.args(["ring", "kek"]).arg(&kek).output().unwrap();
    assert!(made.status.success());
    let options = ["--store", &store, "--kek-file", kek.to_str().unwrap()];
    let customer = Arc::new(Customer::make_with(&data, &options));
    let server = Server::start_with(&data, &options).await;
    let backend = Backend::new(server.address, customer.clone());
    let page = backend.page().await.unwrap();
    let spent = backend.token(&page, 0).await.unwrap();
    assert!(assess(&backend, &spent).await.unwrap());
    let fresh = backend.token(&page, 1).await.unwrap();

    redis.kill().unwrap();
    redis.wait().unwrap();
    for token in [&fresh, &spent] {
        let begun = Instant::now();
        let (status, retry_after, body) = ask(&backend, token).await;
        println!("refused after {:?}", begun.elapsed());
        assert_eq!(status, 503, "{body}");
        assert_eq!(body["error"]["status"], "UNAVAILABLE");
        assert!(retry_after);
        let form = format!("secret={}&response={token}", customer.secret);
        let kind = [("content-type", "application/x-www-form-urlencoded")];
        let verified = backend.send("/recaptcha/api/siteverify", &kind, form).await;
        let (head, body) = verified.unwrap();
        assert_eq!(head.status, 200);
        let body: Value = serde_json::from_slice(&body).unwrap();
        let refused = json!({"success": false, "error-codes": ["internal-error"]});
        assert_eq!(body, refused);
    }
    // The site key was remembered for less than that took; what the store last said of it still holds.
    let page = backend.page().await.unwrap();
    let meanwhile = backend.token(&page, 0).await.unwrap();
    let _redis = Running(start_redis(folder.path(), port).unwrap());
    let begun = Instant::now();
    while ask(&backend, "no token").await.0 != 200 {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "it does not come back"
        );
        sleep(Duration::from_millis(50)).await;
    }
    println!("back after {:?}", begun.elapsed());
    let told = [
        assess(&backend, &fresh).await,
        assess(&backend, &spent).await,
    ];
    // What was asked while Redis died may have been written; nothing can be valid twice.
    assert_eq!(told[1], Some(false), "a spent token was valid again");
    assert_eq!(
        told[0],
        Some(true),
        "a token that nobody answered for was refused"
    );
    assert_eq!(assess(&backend, &fresh).await, Some(false));
    assert_eq!(
        assess(&backend, &meanwhile).await,
        Some(true),
        "a page that was opened meanwhile was refused"
    );
    server.kill().await;
}

/// Whether the token is valid, if that was answered.
async fn assess(backend: &Backend, token: &str) -> Option<bool> {
    let (token, idempotency) = (token.to_owned(), None);
    let told = backend.assess(&Asked { token, idempotency }).await;
    told.ok().map(|told| told.valid)
}

async fn ask(backend: &Backend, token: &str) -> (u16, bool, Value) {
    let body = json!({"event": {"token": token}}).to_string();
    let path = "/v1/projects/shop/assessments";
    let credentials = backend.credentials();
    let answered = backend.send(path, &credentials, body).await;
    let (head, body) = answered.unwrap();
    let retry_after = head.headers.contains_key("retry-after");
    (
        head.status.as_u16(),
        retry_after,
        serde_json::from_slice(&body).unwrap(),
    )
}

/// A Redis that writes down every change before it answers, in `folder`.
fn start_redis(folder: &Path, port: u16) -> Option<Child> {
    let mut redis = Command::new("redis-server");
    redis
        .args(["--bind", "127.0.0.1", "--port", &port.to_string()])
        .args(["--appendonly", "yes", "--appendfsync", "always"])
        .args(["--save", "", "--daemonize", "no", "--dir"])
        .arg(folder)
        .stdout(Stdio::null());
    let process = redis.spawn().ok()?;
    let end = Instant::now() + Duration::from_secs(30);
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < end, "Redis does not start");
        std::thread::sleep(Duration::from_millis(20));
    }
    Some(process)
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
