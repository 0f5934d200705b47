//! What commands take, print and refuse.

use super::*;

#[test]
fn keys_of_every_type_are_made_and_listed() {
    let (_folder, data) = folder();
    let more: [(&str, &[&str]); 6] = [
        (
            "score",
            &["--domain", "a.example", "--testing-score", "0.3"],
        ),
        ("checkbox", &["--allow-all-domains"]),
        ("invisible", &["--domain", "a.example"]),
        ("policy", &["--domain", "a.example"]),
        (
            "express",
            &[
                "--waf-service",
                "cloudflare",
                "--waf-feature",
                "action-token",
            ],
        ),
        ("universal", &["--domain", "a.example"]),
    ];
    let mut made = Vec::new();
    for (name, more) in more {
        let start = [
            "key",
            "create",
            "--project",
            "p",
            "--name",
            "n",
            "--json",
            "--type",
            name,
        ];
        let key = json(&run(&data, &[&start[..], more].concat()));
        assert_eq!(key["type"], name);
        assert_eq!(key["secret"].as_str().unwrap().len(), 40);
        made.push((key["siteKey"].as_str().unwrap().to_owned(), name.to_owned()));
    }
    let listed = run(&data, &["key", "list", "--json"]);
    let lines = String::from_utf8(listed.stdout).unwrap();
    let mut found: Vec<_> = lines
        .lines()
        .map(|line| {
            let key: Value = serde_json::from_str(line).unwrap();
            let text = |name: &str| key[name].as_str().unwrap().to_owned();
            (text("siteKey"), text("type"))
        })
        .collect();
    found.sort();
    made.sort();
    assert_eq!(found, made);
}

#[test]
fn what_is_wrong_on_the_command_line_is_named_with_its_remedy() {
    let (folder, data) = folder();
    let file = folder.path().join("touchstone.toml");
    fs::write(&file, "listenn = '127.0.0.1:1'").unwrap();
    let file = file.to_str().unwrap();
    for (arguments, part) in [
        (
            &["key", "create", "--project", "p", "--name", "n"][..],
            "--domain",
        ),
        (
            &[
                "key",
                "create",
                "--project",
                "p",
                "--name",
                "n",
                "--domain",
                "https://x",
            ],
            "scheme",
        ),
        (
            &[
                "key",
                "create",
                "--project",
                "P!",
                "--name",
                "n",
                "--domain",
                "x",
            ],
            "--project",
        ),
        (
            &["api-key", "create", "--project", "p", "--scope", "all"],
            "assessments.create",
        ),
        (
            &[
                "key",
                "create",
                "--project",
                "p",
                "--name",
                "n",
                "--type",
                "express",
                "--domain",
                "x",
            ],
            "express",
        ),
        (
            &[
                "key",
                "create",
                "--project",
                "p",
                "--name",
                "n",
                "--domain",
                "x",
                "--testing-score",
                "1.5",
            ],
            "--testing-score",
        ),
        (
            &[
                "key",
                "create",
                "--project",
                "p",
                "--name",
                "n",
                "--domain",
                "x",
                "--waf-service",
                "ca",
            ],
            "--waf-feature",
        ),
        (&["api-key", "revoke", "nobody"], "no active API key"),
        (&["serve", "--config", file], "listenn"),
        (&["serve", "--listen", "here"], "--listen"),
        (&["serve", "--store", "redis://"], "--store"),
        (
            &["serve", "--store", "redis://127.0.0.1:1"],
            "touchstone ring kek",
        ),
        (&["serve", "--kek-file", "x"], "--store redis://"),
        (&["serve", "--tls-cert", "x.pem"], "--tls-key"),
        (&["demo", "--listen", "0.0.0.0:0"], "127.0.0.1"),
        (&["serve", "--log", "=="], "--log"),
    ] {
        let output = run(&data, arguments);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{arguments:?}");
        assert!(error.contains(part), "{arguments:?}: {error}");
        assert!(!error.contains("panicked"), "{error}");
    }
}

#[test]
fn every_option_of_serve_is_in_the_table_of_the_readme() {
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md")).unwrap();
    let table: Vec<&str> = readme
        .lines()
        .filter(|line| line.starts_with("| `--"))
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let help = run(folder.path(), &["serve", "--help"]).stdout;
    let help = String::from_utf8(help).unwrap();
    let names = help.lines().filter_map(|line| {
        let line = line.trim_start().trim_start_matches("-h, ");
        let end = line.find([' ', '[']).unwrap_or(line.len());
        line.starts_with("--").then(|| &line[..end])
    });
    let names: Vec<&str> = names.filter(|name| *name != "--help").collect();
    assert!(names.contains(&"--listen"), "{help}");
    for name in names {
        let is_told = |row: &&str| {
            row.split('`')
                .any(|part| part.split(' ').next() == Some(name))
        };
        assert!(table.iter().any(is_told), "{name}");
    }
}
