//! The command line beside a running server.

use super::*;

#[test]
fn keys_made_beside_a_running_server_work_within_five_seconds() {
    let (_folder, data) = folder();
    let server = Server::start(&data, &[]);
    let asked = Instant::now();
    let site_key = json(&run(&data, &KEY))["siteKey"]
        .as_str()
        .unwrap()
        .to_owned();
    let api_key = json(&run(&data, &API_KEY))["apiKey"]
        .as_str()
        .unwrap()
        .to_owned();
    let works = |path: &str, headers: &str, body: &str| {
        while server.send("POST", path, headers, body).0 != 200 {
            assert!(asked.elapsed() < Duration::from_secs(5), "{path}");
            thread::sleep(Duration::from_millis(100));
        }
    };
    works(&format!("/recaptcha/agent/session?k={site_key}"), "", "");
    let header = format!("x-goog-api-key: {api_key}\r\n");
    works("/v1/projects/shop/assessments", &header, "{}");

    let id = json(&run(
        &data,
        &["api-key", "list", "--project", "shop", "--json"],
    ))["id"]
        .clone();
    let revoked = Instant::now();
    assert!(
        run(&data, &["api-key", "revoke", id.as_str().unwrap()])
            .status
            .success()
    );
    while server
        .send("POST", "/v1/projects/shop/assessments", &header, "{}")
        .0
        == 200
    {
        assert!(
            revoked.elapsed() < Duration::from_secs(6),
            "a revoked key still works"
        );
        thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn no_secret_is_ever_logged_and_a_stop_is_clean() {
    let (_folder, data) = folder();
    let key = json(&run(&data, &KEY));
    let api_key = json(&run(&data, &API_KEY))["apiKey"]
        .as_str()
        .unwrap()
        .to_owned();
    let (site_key, secret) = (
        key["siteKey"].as_str().unwrap(),
        key["secret"].as_str().unwrap(),
    );
    let server = Server::start(&data, &["--log", "trace"]);
    let (_, token) = server.send(
        "POST",
        &format!("/recaptcha/agent/token?k={site_key}"),
        "",
        "\0\u{1}login",
    );
    let body = format!("{{\"event\":{{\"token\":\"{token}\"}}}}");
    let path = format!("/v1/projects/shop/assessments?key={api_key}");
    assert_eq!(server.send("POST", &path, "", &body).0, 200);
    let bearer = format!("authorization: Bearer {api_key}\r\n");
    assert_eq!(
        server
            .send("POST", "/v1/projects/shop/assessments", &bearer, "{}")
            .0,
        200
    );
    let path = format!("/recaptcha/api/siteverify?secret={secret}&response={token}");
    assert_eq!(server.send("GET", &path, "", "").0, 200);
    let (code, log) = server.stop();
    assert_eq!(code, Some(0));
    assert!(
        log.contains("\"route\":\"siteverify\"") && log.contains("stopped"),
        "{log}"
    );
    for (what, text) in [
        ("the API key", &api_key[..]),
        ("the secret", secret),
        ("a token", &token),
    ] {
        assert!(!log.contains(text), "{what} is in the log");
    }
}

#[test]
fn a_ring_rotated_beside_a_running_server_is_taken_up() {
    let (_folder, data) = folder();
    let server = Server::start(&data, &[]);
    let rotated = json(&run(&data, &["ring", "rotate", "--json"]));
    assert_eq!(rotated["keys"], serde_json::json!([1, 2]));
    let asked = Instant::now();
    while !server.log.lock().unwrap().contains("the key ring changed") {
        assert!(asked.elapsed() < Duration::from_secs(5));
        thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn the_first_run_says_where_it_creates_what() {
    let (_folder, data) = folder();
    let (_, log) = Server::start(&data, &[]).stop();
    for name in ["ring.json", "vault.key", "touchstone.db"] {
        assert!(log.contains(name), "{name}: {log}");
        assert!(data.join(name).exists());
    }
}

#[test]
fn after_a_restore_tokens_from_before_are_refused() {
    let (_folder, data) = folder();
    let key = json(&run(&data, &KEY));
    let site_key = key["siteKey"].as_str().unwrap();
    let secret = key["secret"].as_str().unwrap();
    let server = Server::start(&data, &[]);
    let path = format!("/recaptcha/agent/token?k={site_key}");
    let (_, token) = server.send("POST", &path, "", "\0\u{1}login");
    thread::sleep(Duration::from_millis(5));
    assert!(run(&data, &["store", "restored"]).status.success());
    let path = format!("/recaptcha/api/siteverify?secret={secret}&response={token}");
    assert!(
        server
            .send("GET", &path, "", "")
            .1
            .contains("timeout-or-duplicate")
    );
}

#[test]
fn the_demo_leaves_other_keys_of_its_project_alone() {
    let (_folder, data) = folder();
    let made = [
        "api-key",
        "create",
        "--project",
        "demo",
        "--name",
        "production",
        "--json",
    ];
    json(&run(&data, &made));
    let mut demo = touchstone(&data)
        .args([
            "demo",
            "--listen",
            "127.0.0.1:0",
            "--verifier-listen",
            "127.0.0.1:0",
        ])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(demo.stderr.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("The demo is at")));
    let id = demo.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .unwrap()
            .success()
    );
    let rest: Vec<_> = lines.map_while(Result::ok).collect();
    assert!(demo.wait().unwrap().success(), "{rest:?}");
    let listed = run(&data, &["api-key", "list", "--project", "demo"]);
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(listed.contains("active  production"), "{listed}");
    assert!(listed.contains("revoked  demo"), "{listed}");
    let keys = run(&data, &["key", "list", "--json"]);
    assert!(
        keys.stdout.is_empty(),
        "{}",
        String::from_utf8_lossy(&keys.stdout)
    );
}

#[test]
fn a_variable_that_nobody_reads_is_a_warning_and_not_an_error() {
    let (_folder, data) = folder();
    let output = touchstone(&data)
        .args(["key", "list"])
        .env("TOUCHSTONE_PORT", "tcp://10.0.0.1:8080")
        .output()
        .unwrap();
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("TOUCHSTONE_PORT"));
    assert!(String::from_utf8_lossy(&output.stdout).contains("no site keys"));
}

#[test]
fn an_account_is_forgotten_beside_a_running_server() {
    let (_folder, data) = folder();
    let key = json(&run(&data, &KEY));
    let api_key = json(&run(&data, &API_KEY))["apiKey"].clone();
    let server = Server::start(&data, &[]);
    let site_key = key["siteKey"].as_str().unwrap();
    let headers = format!("x-goog-api-key: {}\r\n", api_key.as_str().unwrap());
    // A page that could not run the agent: its token is valid all the same.
    let page = format!("/recaptcha/agent/token?k={site_key}");
    let origin = "origin: https://shop.example\r\n";
    for user in [
        r#""userInfo":{"accountId":"-alice","userIds":[{"email":"a@b.example"}]}"#,
        r#""userInfo":{"accountId":"bob","userIds":[{"email":"a@b.example"}]}"#,
        r#""hashedAccountId":"3q2+7w==","userInfo":{"userIds":[{"email":"c@b.example"}]}"#,
    ] {
        let (_, token) = server.send("POST", &page, origin, "\0\u{1}login");
        let body = format!("{{\"event\":{{\"token\":\"{token}\",{user}}}}}");
        let (status, answer) =
            server.send("POST", "/v1/projects/shop/assessments", &headers, &body);
        assert_eq!(status, 200, "{answer}");
        assert!(answer.contains("\"valid\":true"), "{answer}");
    }
    let forget = |account: &[&str]| {
        let arguments = [
            &["account", "forget", "--project", "shop", "--json"],
            account,
        ]
        .concat();
        json(&run(&data, &arguments))
    };
    let all = serde_json::json!({"profile": true, "relations": true, "assessments": 1, "annotations": 0, "verifiedAddresses": false});
    let none = serde_json::json!({"profile": false, "relations": false, "assessments": 0, "annotations": 0, "verifiedAddresses": false});
    assert_eq!(forget(&["--hashed", "3q2-7w"]), all);
    for (account, first) in [
        ("-alice", &all),
        ("-alice", &none),
        ("eve", &none),
        ("bob", &all),
    ] {
        assert_eq!(forget(&[account]), *first, "{account}");
    }
    let refused = run(
        &data,
        &["account", "forget", "--project", "shop", "--hashed", "?"],
    );
    assert!(!refused.status.success());
}
