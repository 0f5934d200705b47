//! Well-known crawlers: named if their address is one of theirs, a finding if it is not.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod kit;

use std::net::{IpAddr, SocketAddr};

use kit::{BROWSER, Kit, dns, quiet_report};
use serde_json::{Value, json};
use touchstone::bots::{Claim, Crawlers};
use touchstone_protocol::{Environment, Report, fnv1a64};

#[tokio::test]
async fn a_crawler_from_an_address_of_its_own_is_named_and_scored_like_anybody() {
    let kit = kit().await;
    let answer = assess(&kit, GOOGLEBOT, "66.249.66.1").await;
    let named = json!([{"name": "googlebot", "botType": "SEARCH_INDEXER"}]);
    assert_eq!(answer["riskAnalysis"]["verifiedBots"], named, "{answer}");
    assert!(finding(&answer, "verified-bot").is_some(), "{answer}");
    assert!(finding(&answer, "claimed-bot").is_none(), "{answer}");
}

#[tokio::test]
async fn who_claims_to_be_a_crawler_and_is_not_shows_it_and_is_not_refused_for_it_alone() {
    let kit = kit().await;
    let answer = assess(&kit, GOOGLEBOT, "203.0.113.9").await;
    assert_eq!(answer["riskAnalysis"]["verifiedBots"], json!([]));
    let claimed = finding(&answer, "claimed-bot").expect("a finding");
    assert_eq!(claimed["tier"], "B");
    assert_eq!(answer["riskAnalysis"]["score"], 0.5, "{answer}");
}

#[tokio::test]
async fn where_dns_fails_or_nobody_claims_anything_nothing_is_said() {
    let kit = kit().await;
    for (agent, address) in [
        (GOOGLEBOT, "198.51.100.7"),
        (kit::USER_AGENT, "203.0.113.9"),
    ] {
        let answer = assess(&kit, agent, address).await;
        assert_eq!(answer["riskAnalysis"]["verifiedBots"], json!([]));
        assert!(finding(&answer, "claimed-bot").is_none(), "{answer}");
        assert!(finding(&answer, "verified-bot").is_none(), "{answer}");
    }
}

#[tokio::test]
async fn a_claim_is_decided_by_the_way_from_the_address_to_the_name_and_back() {
    let server = dns::serve(HOSTS).await;
    let crawlers = Crawlers::new(Some(server), vec!["192.0.2.0/24".parse().unwrap()]).unwrap();
    let verified = |claim| matches!(claim, Some(Claim::Verified(_)));
    let refuted = |claim| matches!(claim, Some(Claim::Refuted(_)));
    let silent = |claim: Option<Claim>| claim.is_none();
    type Expected = fn(Option<Claim>) -> bool;
    let cases: [(&str, &str, Expected); 9] = [
        ("Googlebot/2.1", "66.249.66.1", verified),
        ("Googlebot/2.1", "::ffff:66.249.66.1", verified),
        ("bingbot/2.0", "2001:db8::15", verified),
        // Another operator's address, a name that leads elsewhere, no name at all.
        ("bingbot/2.0", "66.249.66.1", refuted),
        ("Googlebot/2.1", "203.0.113.8", refuted),
        ("Googlebot/2.1", "203.0.113.200", refuted),
        // Nobody can say: the server fails, the address is not public, or a proxy's.
        ("Googlebot/2.1", "198.51.100.7", silent),
        ("Googlebot/2.1", "10.0.0.1", silent),
        ("Googlebot/2.1", "192.0.2.1", silent),
    ];
    for (agent, address, expected) in cases {
        let claim = crawlers.claim(agent, address.parse().unwrap()).await;
        assert!(expected(claim), "{agent} from {address}: {claim:?}");
    }
}

#[tokio::test]
async fn a_server_that_is_silent_keeps_nobody_waiting() {
    let deaf = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let server: SocketAddr = deaf.local_addr().unwrap();
    let crawlers = Crawlers::new(Some(server), Vec::new()).unwrap();
    let address: IpAddr = "66.249.66.1".parse().unwrap();
    let asked = tokio::time::Instant::now();
    assert_eq!(crawlers.claim("Googlebot/2.1", address).await, None);
    assert!(asked.elapsed().as_millis() < 1_000);
}

async fn kit() -> Kit {
    let server = dns::serve(HOSTS).await;
    Kit::start_with(|config| {
        config.verify_bots = true;
        config.dns_server = Some(server);
        config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    })
    .await
}

/// The assessment of a visit under a user agent from an address.
async fn assess(kit: &Kit, agent: &str, address: &str) -> Value {
    let mut headers = BROWSER.to_vec();
    headers.retain(|(name, _)| !name.starts_with("sec-ch-ua"));
    headers
        .iter_mut()
        .find(|(name, _)| *name == "user-agent")
        .unwrap()
        .1 = agent;
    headers.push(("x-forwarded-for", address));
    headers.push(("x-forwarded-proto", "https"));
    if agent.contains("Chrome/") {
        headers.push(("sec-ch-ua", BRANDS));
    }
    let key = &kit.shop.site_key;
    let path = format!("/recaptcha/agent/session?k={key}");
    let opened = kit.send("POST", &path, &headers, "").await;
    let page = kit::Page {
        challenge: touchstone_protocol::Challenge::decode(&opened.body).unwrap(),
    };
    let report = Report {
        environment: under(agent),
        ..quiet_report()
    };
    let path = format!("/recaptcha/agent/token?k={key}");
    let posted = page.envelope_of(&report, "login", 0);
    let token = kit.send("POST", &path, &headers, posted).await.text();
    let explain = [("x-touchstone-explain", "1")];
    let answer = kit
        .assess_with(&kit.shop, json!({"token": token}), &explain)
        .await
        .json();
    assert_eq!(answer["tokenProperties"]["valid"], true, "{answer}");
    answer
}

/// The environment of a quiet report, under another user agent.
fn under(agent: &str) -> Environment {
    let mut environment = quiet_report().environment;
    environment.user_agent_hash = fnv1a64(agent.as_bytes());
    environment
}

fn finding<'a>(answer: &'a Value, name: &str) -> Option<&'a Value> {
    let evidence = answer["touchstone"]["evidence"].as_array().unwrap();
    evidence.iter().find(|finding| finding["name"] == name)
}

const GOOGLEBOT: &str = "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1; +http://www.google.com/bot.html) Chrome/156.0.0.0 Safari/537.36";
const HOSTS: &[dns::Host] = &[
    dns::Host {
        address: "66.249.66.1",
        name: "crawl-66-249-66-1.googlebot.com.",
        leads_to: "66.249.66.1",
    },
    dns::Host {
        address: "2001:db8::15",
        name: "msnbot-15.search.msn.com.",
        leads_to: "2001:db8::15",
    },
    dns::Host {
        address: "203.0.113.8",
        name: "crawl-203-0-113-8.googlebot.com.",
        leads_to: "66.249.66.8",
    },
    dns::Host {
        address: "203.0.113.9",
        name: "host9.example.net.",
        leads_to: "203.0.113.9",
    },
    dns::Host {
        address: "198.51.100.7",
        name: "",
        leads_to: "198.51.100.7",
    },
];
const BRANDS: &str = r#""Not:A-Brand";v="8", "Chromium";v="156""#;
