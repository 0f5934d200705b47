//! What `touchstone doctor` finds, and that it changes nothing.

use std::{net::TcpListener, os::unix::fs::PermissionsExt};

use super::*;

#[test]
fn a_place_that_is_not_set_up_yet_is_left_as_it_is() {
    let (_folder, data) = folder();
    let (code, findings) = examined(&data, &[]);
    assert_eq!(code, Some(0), "{findings:?}");
    assert!(has(&findings, "data", "warning", "not there yet"));
    assert!(!data.exists());
}

#[test]
fn a_configuration_that_does_not_hold_is_a_problem_with_the_option_s_name() {
    let (_folder, data) = folder();
    let (code, findings) = examined(&data, &["--tls-cert", "cert.pem"]);
    assert_eq!(code, Some(1));
    assert!(has(&findings, "configuration", "problem", "--tls-key"));
}

#[test]
fn options_without_effect_and_variables_that_nobody_reads_are_told() {
    let (_folder, data) = folder();
    let output = touchstone(&data)
        .args(["doctor", "--json", "--ja4-header", "x-ja4"])
        .args([
            "--trusted-proxy",
            "0.0.0.0/0",
            "--max-connections",
            "4000000000",
        ])
        .env("TOUCHSTONE_LISTN", "127.0.0.1:1")
        .output()
        .unwrap();
    let findings = findings(&output);
    assert!(has(
        &findings,
        "configuration",
        "warning",
        "TOUCHSTONE_LISTN"
    ));
    assert!(has(&findings, "proxies", "problem", "believes everybody"));
    assert!(has(&findings, "open files", "warning", "4000000000"));
    let (_, findings) = examined(&data, &["--ja4-header", "x-ja4"]);
    assert!(has(&findings, "configuration", "warning", "--ja4-header"));
}

#[test]
fn secrets_that_others_may_read_and_a_certificate_without_its_key_are_problems() {
    let (folder, data) = folder();
    json(&run(&data, &KEY));
    fs::set_permissions(data.join("vault.key"), fs::Permissions::from_mode(0o644)).unwrap();
    let made = |name: &str| rcgen::generate_simple_self_signed(vec![name.to_owned()]).unwrap();
    let (cert, key) = (
        folder.path().join("cert.pem"),
        folder.path().join("key.pem"),
    );
    fs::write(&cert, made("one.example").cert.pem()).unwrap();
    fs::write(&key, made("two.example").signing_key.serialize_pem()).unwrap();
    let paths = [cert, key].map(|path| path.display().to_string());
    let (code, findings) = examined(&data, &["--tls-cert", &paths[0], "--tls-key", &paths[1]]);
    assert_eq!(code, Some(1));
    assert!(has(&findings, "data", "problem", "mode 644"));
    assert!(has(&findings, "certificate", "problem", "key.pem"));
    assert!(has(&findings, "sqlite", "ok", "sound"));
}

#[test]
fn a_mail_server_that_would_take_no_code_is_a_problem() {
    let (folder, data) = folder();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let password = folder.path().join("password");
    fs::write(&password, "secret").unwrap();
    let password = password.display().to_string();
    std::thread::spawn(move || answer_as_a_mail_server(&listener));
    let url = format!("smtp://ada@{address}");
    let codes = |from: &str| {
        let options = ["--smtp-url", &url, "--mail-from", from];
        examined(
            &data,
            &[&options[..], &["--smtp-password-file", &password]].concat(),
        )
    };
    let (_, findings) = codes("no-reply@shop.example");
    assert!(has(&findings, "codes", "ok", "lets us in"), "{findings:?}");
    let (code, findings) = codes("nobody");
    assert_eq!(code, Some(1));
    assert!(has(&findings, "codes", "problem", "--mail-from"));
    let (code, findings) = codes("no-reply@wrong.example");
    assert_eq!(code, Some(1));
    assert!(has(&findings, "codes", "problem", "535"), "{findings:?}");
}

/// Lets in whoever greets by a name of the shop.
fn answer_as_a_mail_server(listener: &std::net::TcpListener) {
    use std::io::{BufRead, BufReader, Write};
    while let Ok((stream, _)) = listener.accept() {
        let mut lines = BufReader::new(&stream);
        let mut say = &stream;
        say.write_all(b"220 mail.test\r\n").unwrap();
        let mut line = String::new();
        let mut is_known = false;
        while lines.read_line(&mut line).unwrap_or(0) > 0 {
            let answer: &[u8] = match line.split_whitespace().next() {
                Some("EHLO") => {
                    is_known = line.contains("shop.example");
                    b"250-mail.test\r\n250 AUTH PLAIN\r\n"
                }
                Some("AUTH") if !is_known => b"535 5.7.8 no\r\n",
                Some("AUTH") => b"235 welcome\r\n",
                _ => b"221 bye\r\n",
            };
            let _ = say.write_all(answer);
            line.clear();
        }
    }
}

#[test]
fn a_running_server_is_found_and_visited() {
    let (_folder, data) = folder();
    let server = Server::start(&data, &[]);
    let (listen, admin) = (server.address.to_string(), admin(&server));
    let url = format!("http://{listen}");
    let addresses = ["--listen", &listen, "--admin-listen", &admin];
    let (code, findings) = examined(&data, &[&addresses[..], &["--url", &url]].concat());
    assert_eq!(code, Some(0), "{findings:?}");
    for (check, part) in [
        ("server", "ready"),
        ("listen", "is served"),
        ("site", "application/wasm"),
        ("site", "arrive whole"),
    ] {
        assert!(has(&findings, check, "ok", part), "{check}: {findings:?}");
    }
    let quick = run(&data, &["doctor", "--quick", "--admin-listen", &admin]);
    assert!(quick.status.success() && quick.stdout.is_empty());
    server.stop();
    let quick = run(&data, &["doctor", "--quick", "--admin-listen", &admin]);
    assert_eq!(quick.status.code(), Some(1));
}

#[test]
fn a_proxy_that_takes_headers_away_is_told_which() {
    let (_folder, data) = folder();
    let server = Server::start(&data, &[]);
    let url = format!("http://{}", careless_proxy(server.address));
    let (code, findings) = examined(&data, &["--url", &url]);
    assert_eq!(code, Some(1));
    let missing = "sec-fetch-site, sec-fetch-mode, sec-fetch-dest";
    assert!(has(&findings, "site", "problem", missing), "{findings:?}");
    assert!(
        has(&findings, "site", "warning", "uncompressed"),
        "{findings:?}"
    );
    server.stop();
}

#[test]
fn a_base_path_that_is_not_passed_on_is_told() {
    let (_folder, data) = folder();
    let server = Server::start(&data, &["--base-path", "/captcha"]);
    let at = |path: &str| {
        let url = format!("http://{}{path}", server.address);
        examined(&data, &["--url", &url])
    };
    assert_eq!(at("/captcha").0, Some(0));
    assert!(has(&at("").1, "site", "problem", "404"));
    server.stop();
}

/// Passes requests on without `Sec-Fetch-*` and `Accept-Encoding`, until the test ends.
fn careless_proxy(to: SocketAddr) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let lines = lines
                .map_while(Result::ok)
                .take_while(|line| !line.is_empty());
            let kept = lines.filter(|line| {
                !line.starts_with("sec-fetch-") && !line.starts_with("accept-encoding")
            });
            let head: String = kept.map(|line| line + "\r\n").collect();
            let mut behind = TcpStream::connect(to).unwrap();
            let head = head + "connection: close\r\n\r\n";
            behind.write_all(head.as_bytes()).unwrap();
            let _ = std::io::copy(&mut behind, &mut stream);
        }
    });
    address
}

fn examined(data: &Path, more: &[&str]) -> (Option<i32>, Vec<Value>) {
    let output = touchstone(data)
        .args(["doctor", "--json"])
        .args(more)
        // What else runs on this machine is not what is tested.
        .env("TOUCHSTONE_LISTEN", "127.0.0.1:0")
        .env("TOUCHSTONE_ADMIN_LISTEN", "127.0.0.1:0")
        .output()
        .unwrap();
    (output.status.code(), findings(&output))
}

fn findings(output: &Output) -> Vec<Value> {
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["well"], output.status.success());
    told["findings"].as_array().unwrap().clone()
}

fn has(findings: &[Value], check: &str, level: &str, part: &str) -> bool {
    findings.iter().any(|found| {
        found["check"] == check
            && found["level"] == level
            && found["what"].as_str().unwrap().contains(part)
            && (level == "ok" || found["advice"].is_string())
    })
}

fn admin(server: &Server) -> String {
    let end = Instant::now() + Duration::from_secs(10);
    loop {
        let log = server.log.lock().unwrap().clone();
        let mut lines = log.split('\n').flat_map(|line| line.split_inclusive('}'));
        let found = lines.find(|line| line.contains("operator's door"));
        if let Some(line) = found {
            let value: Value = serde_json::from_str(line).unwrap();
            return value["address"].as_str().unwrap().to_owned();
        }
        assert!(Instant::now() < end, "{log}");
        thread::sleep(Duration::from_millis(20));
    }
}
