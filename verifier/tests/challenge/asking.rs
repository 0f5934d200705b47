//! Who is asked, and what.

use super::*;

#[tokio::test]
async fn a_visitor_with_nothing_against_them_passes_at_once() {
    let kit = Kit::start().await;
    for integration in [
        Integration::Checkbox,
        Integration::Invisible,
        Integration::Policy,
    ] {
        let customer = key_of(&kit, integration).await;
        let answer = post(&kit, &customer, &quiet_report()).await;
        assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
        let outcome = outcome(&kit, &customer, &answer.text()).await;
        assert_eq!(outcome, ("NOCAPTCHA".to_owned(), 0.5), "{integration:?}");
    }
}

#[tokio::test]
async fn a_site_key_that_scores_asks_nobody() {
    let kit = Kit::start().await;
    let token = post(&kit, &kit.shop, &driven()).await.text();
    let (challenge, score) = outcome(&kit, &kit.shop, &token).await;
    assert_eq!(challenge, "CHALLENGE_UNSPECIFIED");
    assert!(score <= 0.1);
}

#[tokio::test]
async fn a_doubtful_visitor_is_asked_and_passes_with_the_right_answers() {
    let kit = Kit::start().await;
    for (integration, rounds, options) in [
        (Integration::Checkbox, 2, 5),
        (Integration::Invisible, 1, 4),
        (Integration::Policy, 1, 4),
    ] {
        let customer = key_of(&kit, integration).await;
        let answer = post(&kit, &customer, &driven()).await;
        assert_eq!(answer.status, 200);
        assert_eq!(
            answer.header("content-type"),
            "application/json; charset=utf-8"
        );
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert_eq!(answer.header("cache-control"), "no-store");
        let question = answer.json();
        assert_eq!(question["round"], 1);
        assert_eq!(question["rounds"], rounds);
        assert_eq!(question["options"].as_array().unwrap().len(), options);
        assert_eq!(question["pick"], 1);
        assert_eq!(question["expiresInMs"], 120_000);
        assert_eq!(
            (&question["lang"], &question["dir"]),
            (&json!("en"), &json!("ltr"))
        );
        let token = solve(&kit, &customer, question).await;
        let (challenge, score) = outcome(&kit, &customer, &token).await;
        assert_eq!(challenge, "PASSED", "{integration:?}");
        assert!(score <= 0.1, "a driven browser stays one: {score}");
    }
}

#[tokio::test]
async fn a_question_holds_nothing_but_what_is_shown_and_what_is_sealed() {
    let kit = Kit::start().await;
    let customer = key_of(&kit, Integration::Checkbox).await;
    let question = post(&kit, &customer, &driven()).await.json();
    let names =
        |value: &Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
    let shown = [
        "challenge",
        "dir",
        "expiresInMs",
        "lang",
        "options",
        "pick",
        "question",
        "round",
        "rounds",
    ];
    assert_eq!(names(&question), shown);
    for option in question["options"].as_array().unwrap() {
        assert_eq!(names(option), ["picture", "text"]);
    }
    let again = post(&kit, &customer, &driven()).await.json();
    let length = |question: &Value| question["challenge"].as_str().unwrap().len();
    assert_eq!(length(&again), length(&question));
}

#[tokio::test]
async fn questions_are_asked_in_the_language_of_the_page_else_of_the_browser() {
    let kit = Kit::start().await;
    let customer = key_of(&kit, Integration::Checkbox).await;
    let origin = kit::ORIGIN;
    for (hl, accepted, lang, dir) in [
        ("&hl=de-AT", "fr", "de", "ltr"),
        ("&hl=ar", "", "ar", "rtl"),
        ("&hl=xx", "pt-BR,pt;q=0.9", "pt", "ltr"),
        ("", "zh-CN, ja;q=0.5", "ja", "ltr"),
        ("", "", "en", "ltr"),
    ] {
        let path = format!("/recaptcha/agent/token?k={}{hl}", customer.site_key);
        let headers = [("origin", origin), ("accept-language", accepted)];
        let question = kit.send("POST", &path, &headers, plain()).await.json();
        assert_eq!(
            (&question["lang"], &question["dir"]),
            (&json!(lang), &json!(dir)),
            "{hl}"
        );
        // The next question may be in another language: the visitor has changed it.
        let path = format!("/recaptcha/agent/answer?k={}&hl=tr", customer.site_key);
        let body = json!({"challenge": question["challenge"], "skip": true}).to_string();
        let next = kit.send("POST", &path, &headers, body).await.json();
        assert_eq!(next["lang"], "tr");
    }
    assert!(Language::all().len() >= 10);
}

#[tokio::test]
async fn where_nothing_was_measured_more_is_asked_and_after_wrong_answers_most() {
    let kit = directly_reached().await;
    let customer = key_of(&kit, Integration::Invisible).await;
    for body in [plain(), b"no report".to_vec()] {
        let question = post_envelope(&kit, &customer, body, "").await.json();
        assert_eq!(question["rounds"], 2);
    }
    let mut question = post_envelope(&kit, &customer, plain(), "").await.json();
    for _ in 1..MOST_WRONG {
        let picked = wrong(&kit, &question);
        question = pick(&kit, &customer, &question, picked).await;
    }
    // The challenge is left before it is failed.
    for body in [plain(), b"no report".to_vec()] {
        let question = post_envelope(&kit, &customer, body, "").await.json();
        assert_eq!(question["rounds"], 3);
    }
    let measured = post(&kit, &customer, &driven()).await.json();
    assert_eq!(measured["rounds"], 1, "whoever runs the agent is not meant");
    kit.clock.advance(20 * 60_000);
    let question = post_envelope(&kit, &customer, plain(), "").await.json();
    assert_eq!(question["rounds"], 2, "people make mistakes, too");
}

/// One in five passes the first question's challenge at most, one in 140 those that follow.
#[tokio::test]
async fn guessing_without_an_agent_hardly_ever_passes() {
    let kit = directly_reached().await;
    let customer = key_of(&kit, Integration::Invisible).await;
    let mut passed = 0;
    for _ in 0..30 {
        let mut question = post_envelope(&kit, &customer, plain(), "").await.json();
        while question["token"].is_null() {
            let first = (0..question["pick"].as_u64().unwrap() as usize).collect();
            question = pick(&kit, &customer, &question, first).await;
        }
        let token = question["token"].as_str().unwrap();
        passed += usize::from(outcome(&kit, &customer, token).await.0 == "PASSED");
    }
    assert!(passed <= 4, "{passed} of 30");
}

/// A verifier with its proxies elsewhere: this machine's address is a visitor's, and counts.
async fn directly_reached() -> Kit {
    Kit::start_with(|config| {
        config.trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()];
    })
    .await
}
