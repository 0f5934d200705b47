use std::collections::BTreeMap;

use touchstone::{
    environment::Clock as _,
    manage::{keys::create_key, metrics::get_metrics},
};
use touchstone_api::v1::{CreateKeyRequest, GetMetricsRequest, Metrics, ScoreDistribution};
use touchstone_store::{ChallengeCounts, Day, Millis};

use super::{kit::Kit, *};

async fn metrics(kit: &Kit, of: &str) -> Result<Metrics, StepError> {
    let name = format!("projects/{of}/keys/{}/metrics", kit.shop.site_key);
    get_metrics(&kit.verifier, &project(of), GetMetricsRequest { name }).await
}

#[tokio::test]
async fn assessments_are_counted_by_score_and_action() {
    let kit = Kit::start().await;
    for action in ["login", "login", "buy"] {
        let token = kit.token(action).await;
        kit.assess(&kit.shop, serde_json::json!({"token": token}))
            .await;
        kit.assess(&kit.shop, serde_json::json!({"token": token}))
            .await;
    }
    let metrics = metrics(&kit, "shop").await.unwrap();
    let [today] = &metrics.score_metrics[..] else {
        panic!("{metrics:?}")
    };
    let sum = |buckets: &BTreeMap<i32, i64>| buckets.values().sum::<i64>();
    let overall = &today.overall_metrics.as_ref().unwrap().score_buckets;
    assert_eq!(sum(overall), 3, "a token is counted once");
    assert!(overall.keys().all(|bucket| (0..=100).contains(bucket)));
    let by_action = |action| sum(&today.action_metrics[action].score_buckets);
    assert_eq!((by_action("login"), by_action("buy")), (2, 1));
    assert!(
        metrics.challenge_metrics.is_empty(),
        "score keys do not challenge"
    );
    let start = metrics.start_time.unwrap().seconds;
    // 15 January 2027, midnight in Los Angeles.
    assert_eq!(start, 1_800_000_000);
}

#[tokio::test]
async fn days_without_counts_are_there_too() {
    let kit = Kit::start().await;
    let key = kit.shop.site_key.parse().unwrap();
    let now = Millis(kit.clock.now());
    let Day(today) = touchstone::calendar::day(now);
    let loads = ChallengeCounts {
        page_loads: 7,
        ..Default::default()
    };
    kit.verifier
        .store
        .count_challenges(&key, Day(today - 3), loads)
        .await
        .unwrap();
    let metrics = metrics(&kit, "shop").await.unwrap();
    assert_eq!(metrics.score_metrics.len(), 4);
    assert!(
        metrics
            .score_metrics
            .iter()
            .all(|day| day.overall_metrics == Some(ScoreDistribution::default()))
    );
}

#[tokio::test]
async fn pages_with_a_widget_are_counted_once_each() {
    let kit = Kit::start().await;
    let request = CreateKeyRequest {
        parent: "projects/shop".to_owned(),
        key: Some(web_key(IntegrationType::Checkbox, &["shop.example"])),
    };
    let key = create_key(&kit.verifier, &project("shop"), request)
        .await
        .unwrap();
    let id = key.name.rsplit('/').next().unwrap();
    let first = kit.page_of(id, "https://shop.example").await;
    kit.page_of(id, "https://shop.example").await;
    // The first page takes a new session.
    let path = format!("/recaptcha/agent/session?k={id}");
    kit.send("POST", &path, &[], first.challenge.sealed).await;
    let name = format!("{}/metrics", key.name);
    let metrics = get_metrics(&kit.verifier, &project("shop"), GetMetricsRequest { name }).await;
    let today = metrics.unwrap().challenge_metrics[0];
    assert_eq!(today.pageload_count, 2);
}

#[tokio::test]
async fn another_project_sees_no_counts() {
    let kit = Kit::start().await;
    assert_eq!(code(metrics(&kit, "other").await), Code::NotFound);
}
