//! Accounts that belong together: from the events of a site to the groups that it lists, on both stores.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod kit;
#[allow(dead_code, reason = "each test binary uses its own part")]
#[path = "../store/src/redis/tests/server.rs"]
mod servers;

use std::sync::Arc;

use kit::{Answer, Kit, START};
use serde_json::{Value, json};
use touchstone_api::v1;
use touchstone_store::{Millis, redis::RedisStore};

const GROUPS: &str = "/v1/projects/shop/relatedaccountgroups";
const SEARCH: &str = "/v1/projects/shop/relatedaccountgroupmemberships:search";

#[tokio::test]
async fn a_farm_behind_one_mailbox_is_a_group_that_grows_with_it() {
    a_farm_is_found_and_listed(&Kit::start().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_farm_is_found_with_redis_too() {
    let Some(server) = servers::Server::start(&[]) else {
        return;
    };
    let url = server.url().parse().unwrap();
    let store = RedisStore::open(&url, [7; 8], Millis(START)).await.unwrap();
    let kit = Kit::start_on(|_| Arc::new(store), |_| {}).await;
    a_farm_is_found_and_listed(&kit).await;
}

async fn a_farm_is_found_and_listed(kit: &Kit) {
    // A family: two accounts with one mailbox, and one with a mailbox of its own.
    for (account, mail) in [
        ("ann", "ann+1@home.example"),
        ("bob", "Ann@Home.example"),
        ("eve", "eve@home.example"),
    ] {
        assert_eq!(
            labels(&register(kit, account, mail).await),
            json!([]),
            "{account}"
        );
    }
    let mut labelled = Vec::new();
    for n in 0..12 {
        let mail = format!(
            "k.im+{n}@{}.com",
            if n % 2 == 0 { "gmail" } else { "googlemail" }
        );
        let answer = register(kit, &format!("farm-{n:02}"), &mail).await;
        if labels(&answer) == json!(["RELATED_ACCOUNTS_NUMBER_HIGH"]) {
            labelled.push(n);
        }
    }
    assert_eq!(
        labelled,
        [4, 5, 6, 7, 8, 9, 10, 11],
        "five in a day are many"
    );
    kit.clock.advance(3 * 24 * 3_600_000);
    assert_eq!(
        labels(&log_in(kit, "farm-03").await),
        json!(["RELATED_ACCOUNTS_NUMBER_HIGH"])
    );
    assert_eq!(labels(&log_in(kit, "ann").await), json!([]));

    let first = get(kit, &format!("{GROUPS}?pageSize=1")).await.json();
    let token = first["nextPageToken"].as_str().unwrap();
    let second = get(kit, &format!("{GROUPS}?pageSize=1&pageToken={token}"))
        .await
        .json();
    assert_eq!(second.get("nextPageToken"), Some(&json!("")));
    let names =
        [&first, &second].map(|page| page["relatedAccountGroups"][0]["name"].as_str().unwrap());
    assert_ne!(names[0], names[1]);
    let mut members = Vec::new();
    for name in names {
        members.push(accounts(
            &get(kit, &format!("/v1/{name}/memberships")).await.json(),
        ));
    }
    members.sort_by_key(Vec::len);
    let farm: Vec<_> = (0..12).map(|n| format!("farm-{n:02}")).collect();
    assert_eq!(
        members,
        [vec!["ann".to_owned(), "bob".to_owned()], farm.clone()]
    );

    let mut found = Vec::new();
    let mut page = json!({"accountId": "farm-07", "pageSize": 5});
    loop {
        let answer = post(kit, SEARCH, &page).await.json();
        found.extend(accounts(&answer));
        match answer["nextPageToken"].as_str() {
            Some("") | None => break,
            Some(token) => page["pageToken"] = json!(token),
        }
    }
    found.sort();
    assert_eq!(found, farm);
    for nobody in ["eve", "never seen"] {
        let answer = post(kit, SEARCH, &json!({"accountId": nobody}))
            .await
            .json();
        assert_eq!(accounts(&answer), [""; 0], "{nobody}");
    }
    let foreign = format!(
        "/v1/projects/other/{}/memberships",
        names[0].split_once("shop/").unwrap().1
    );
    let answer = kit
        .send(
            "GET",
            &foreign,
            &[("x-goog-api-key", &kit.other.api_key)],
            "",
        )
        .await;
    assert_eq!(answer.status, 404);
}

#[tokio::test]
async fn an_account_that_was_named_by_its_hash_is_listed_by_its_hash() {
    let kit = Kit::start().await;
    for hash in ["AAEC", "AwQF"] {
        let user = json!({"userIds": [{"phoneNumber": "+44 20 7946 0123"}]});
        let event =
            json!({"token": kit.token("login").await, "hashedAccountId": hash, "userInfo": user});
        kit.assess(&kit.shop, event).await;
    }
    let answer = post(&kit, SEARCH, &json!({"hashedAccountId": "AAEC"}))
        .await
        .json();
    let members = answer["relatedAccountGroupMemberships"].as_array().unwrap();
    let mut hashes: Vec<_> = members
        .iter()
        .map(|member| &member["hashedAccountId"])
        .collect();
    hashes.sort_by_key(|hash| hash.to_string());
    assert_eq!(hashes, [&json!("AAEC"), &json!("AwQF")]);
}

#[tokio::test]
async fn visitors_of_one_network_who_log_in_are_not_related() {
    let kit = Kit::start().await;
    let page = kit.page().await;
    for n in 0..8 {
        let token = kit.post_report(page.envelope("login", n)).await.text();
        let user = json!({"accountId": format!("student-{n}"), "userIds": [{"email": format!("student{n}{n}@campus.example")}]});
        let answer = kit
            .assess(&kit.shop, json!({"token": token, "userInfo": user}))
            .await;
        assert_eq!(labels(&answer), json!([]));
    }
    assert_eq!(
        get(&kit, GROUPS).await.json()["relatedAccountGroups"],
        json!([])
    );
}

#[tokio::test]
async fn a_token_that_is_not_valid_relates_nobody() {
    let kit = Kit::start().await;
    for account in ["a", "b"] {
        let user = json!({"accountId": account, "userIds": [{"email": "a@b.example"}]});
        let event = json!({"token": "x", "siteKey": kit.shop.site_key, "userInfo": user});
        kit.assess(&kit.shop, event).await;
    }
    assert_eq!(
        get(&kit, GROUPS).await.json()["relatedAccountGroups"],
        json!([])
    );
}

#[tokio::test]
async fn nothing_that_is_stored_names_an_account_or_a_mailbox() {
    let kit = Kit::start().await;
    for account in ["an-account-name-1", "an-account-name-2"] {
        register(&kit, account, "a-mailbox-name@home.example").await;
    }
    assert_ne!(
        get(&kit, GROUPS).await.json()["relatedAccountGroups"],
        json!([])
    );
    let mut read = 0;
    for file in std::fs::read_dir(kit.data.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        read += bytes.len();
        for name in ["an-account-name", "a-mailbox-name"] {
            let is_there = bytes
                .windows(name.len())
                .any(|window| window == name.as_bytes());
            assert!(!is_there, "{name}");
        }
    }
    assert!(read > 10_000, "the database is among them");
}

#[tokio::test]
async fn grpc_lists_what_rest_lists() {
    let kit = Kit::start().await;
    for account in ["a", "b"] {
        register(&kit, account, "a@b.example").await;
    }
    let request = v1::SearchRelatedAccountGroupMembershipsRequest {
        project: "projects/shop".to_owned(),
        account_id: "b".to_owned(),
        ..Default::default()
    };
    let key = [("x-goog-api-key", kit.shop.api_key.as_str())];
    let answer: v1::SearchRelatedAccountGroupMembershipsResponse = kit
        .call("SearchRelatedAccountGroupMemberships", &key, request)
        .await
        .unwrap()
        .into_inner();
    let rest = post(&kit, SEARCH, &json!({"accountId": "b"})).await.json();
    let rest = rest["relatedAccountGroupMemberships"].as_array().unwrap();
    let grpc = answer.related_account_group_memberships;
    assert_eq!(grpc.len(), 2);
    for (grpc, rest) in grpc.iter().zip(rest) {
        assert_eq!(
            (&json!(grpc.name), &json!(grpc.account_id)),
            (&rest["name"], &rest["accountId"])
        );
    }
}

async fn register(kit: &Kit, account: &str, mail: &str) -> Value {
    let user = json!({"accountId": account, "userIds": [{"email": mail}]});
    let token = kit.token("register").await;
    let event = json!({"token": token, "expectedAction": "register", "userInfo": user});
    kit.assess(&kit.shop, event).await
}

async fn log_in(kit: &Kit, account: &str) -> Value {
    let event = json!({"token": kit.token("login").await, "userInfo": {"accountId": account}});
    kit.assess(&kit.shop, event).await
}

/// The label of relations alone, whatever else is said of the account.
fn labels(assessment: &Value) -> Value {
    let labels = assessment["accountDefenderAssessment"]["labels"].as_array();
    let labels = labels.into_iter().flatten();
    labels
        .filter(|label| *label == "RELATED_ACCOUNTS_NUMBER_HIGH")
        .cloned()
        .collect()
}

fn accounts(answer: &Value) -> Vec<String> {
    let members = answer["relatedAccountGroupMemberships"]
        .as_array()
        .into_iter()
        .flatten();
    let mut accounts: Vec<_> = members
        .map(|member| member["accountId"].as_str().unwrap().to_owned())
        .collect();
    accounts.sort();
    accounts
}

async fn get(kit: &Kit, path: &str) -> Answer {
    kit.send("GET", path, &[("x-goog-api-key", &kit.shop.api_key)], "")
        .await
}

async fn post(kit: &Kit, path: &str, body: &Value) -> Answer {
    let headers = [
        ("x-goog-api-key", kit.shop.api_key.as_str()),
        ("content-type", "application/json"),
    ];
    kit.send("POST", path, &headers, body.to_string()).await
}
