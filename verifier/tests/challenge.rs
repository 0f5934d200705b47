//! The challenge of a doubtful visitor, from the page's report to the backend's assessment.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod kit;

use kit::{Answer, BROWSER, Customer, Kit, START, quiet_report};
use serde_json::{Value, json};
use touchstone::keys::new_site_key;
use touchstone_challenge::{Language, MOST_SKIPS, MOST_WRONG};
use touchstone_protocol::{PlainReason, PlainReport, Probe, Report, State};
use touchstone_store::{Integration, IpOverride, Millis, Store, Verdict};
use touchstone_token::Pending;

/// A site key of another type in the shop's project.
async fn key_of(kit: &Kit, integration: Integration) -> Customer {
    let domains = vec!["shop.example".to_owned()];
    let key = new_site_key(
        &kit.verifier.vault,
        "shop".parse().unwrap(),
        "shop".to_owned(),
        integration,
        domains,
        false,
        Millis(START),
    )
    .unwrap();
    let store: &dyn Store = &*kit.verifier.store;
    store.create_site_key(key.record.clone()).await.unwrap();
    Customer {
        project: "shop",
        site_key: key.record.id.as_str().to_owned(),
        secret: key.secret.to_string(),
        api_key: kit.shop.api_key.clone(),
    }
}

/// What the page of `customer` is answered for a report.
async fn post(kit: &Kit, customer: &Customer, report: &Report) -> Answer {
    let page = kit.page_of(&customer.site_key, kit::ORIGIN).await;
    post_envelope(kit, customer, page.envelope_of(report, "login", 0), "").await
}

async fn post_envelope(kit: &Kit, customer: &Customer, body: Vec<u8>, more: &str) -> Answer {
    let path = format!("/recaptcha/agent/token?k={}{more}", customer.site_key);
    kit.send("POST", &path, &BROWSER, body).await
}

/// Answers a question as the page of `customer` does.
async fn answer(kit: &Kit, customer: &Customer, body: Value) -> Answer {
    let path = format!("/recaptcha/agent/answer?k={}", customer.site_key);
    kit.send("POST", &path, &BROWSER, body.to_string()).await
}

/// The page answers a question after three seconds.
async fn pick(kit: &Kit, customer: &Customer, question: &Value, picked: Vec<usize>) -> Value {
    kit.clock.advance(3_000);
    let body = json!({"challenge": question["challenge"], "picked": picked, "elapsedMs": 2_900});
    let answer = answer(kit, customer, body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// The right options of a question: what the test knows because it holds the verifier's keys.
fn right(kit: &Kit, question: &Value) -> Vec<usize> {
    let sealed = question["challenge"].as_str().unwrap();
    let sealed = data_encoding::BASE64URL_NOPAD
        .decode(sealed.as_bytes())
        .unwrap();
    let pending = Pending::open(&kit.verifier.ring(), &sealed).unwrap();
    let set = pending.course[7];
    (0..8).filter(|place| set & 1 << place != 0).collect()
}

fn wrong(kit: &Kit, question: &Value) -> Vec<usize> {
    let options = question["options"].as_array().unwrap().len();
    vec![(right(kit, question)[0] + 1) % options]
}

/// Answers rightly until there is a token.
async fn solve(kit: &Kit, customer: &Customer, mut question: Value) -> String {
    for _ in 0..3 {
        let picked = right(kit, &question);
        question = pick(kit, customer, &question, picked).await;
        if let Some(token) = question["token"].as_str() {
            return token.to_owned();
        }
    }
    panic!("more than three rounds: {question}");
}

/// Outcome and score, as the backend is told.
async fn outcome(kit: &Kit, customer: &Customer, token: &str) -> (String, f64) {
    let event = json!({"token": token, "siteKey": customer.site_key});
    let assessment = kit.assess(customer, event).await;
    assert_eq!(assessment["tokenProperties"]["valid"], true, "{assessment}");
    let risk = &assessment["riskAnalysis"];
    let challenge = risk["challenge"].as_str().unwrap().to_owned();
    (challenge, risk["score"].as_f64().unwrap())
}

/// A report that a driven browser makes.
fn driven() -> Report {
    let mut report = quiet_report();
    report.environment.set_probe(Probe::Webdriver, State::Yes);
    report
}

fn plain() -> Vec<u8> {
    let report = PlainReport {
        reason: PlainReason::NoWasm,
        action: "login".to_owned(),
    };
    report.encode()
}

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
async fn three_wrong_answers_fail_and_lower_no_score() {
    let kit = Kit::start().await;
    let customer = key_of(&kit, Integration::Checkbox).await;
    let mut question = post_envelope(&kit, &customer, plain(), "").await.json();
    for _ in 1..MOST_WRONG {
        let picked = wrong(&kit, &question);
        question = pick(&kit, &customer, &question, picked).await;
        assert_eq!(
            (&question["retry"], &question["round"]),
            (&json!(true), &json!(1))
        );
    }
    let picked = wrong(&kit, &question);
    let last = pick(&kit, &customer, &question, picked).await;
    let outcome = outcome(&kit, &customer, last["token"].as_str().unwrap()).await;
    assert_eq!(outcome, ("FAILED".to_owned(), 0.1));
}

#[tokio::test]
async fn without_an_agent_a_challenge_makes_a_visitor_even() {
    let kit = Kit::start().await;
    let customer = key_of(&kit, Integration::Checkbox).await;
    let question = post_envelope(&kit, &customer, plain(), "").await.json();
    let token = solve(&kit, &customer, question).await;
    let event = json!({"token": token, "siteKey": customer.site_key});
    let assessment = kit
        .assess_with(&customer, event, &[("x-touchstone-explain", "1")])
        .await
        .json();
    assert_eq!(assessment["riskAnalysis"]["challenge"], "PASSED");
    assert_eq!(assessment["riskAnalysis"]["score"], 0.5);
    assert_eq!(assessment["tokenProperties"]["clientSignalsFailed"], true);
    let evidence = assessment["touchstone"]["evidence"].as_array().unwrap();
    assert!(
        evidence.iter().any(|term| term["name"] == "challenge"),
        "{assessment}"
    );
}

#[tokio::test]
async fn siteverify_takes_a_passed_challenge_for_success_and_a_failed_one_for_none() {
    let kit = Kit::start().await;
    let customer = key_of(&kit, Integration::Invisible).await;
    let verify = async |token: &str| {
        let query = format!("secret={}&response={token}", customer.secret);
        let path = format!("/recaptcha/api/siteverify?{query}");
        kit.send("GET", &path, &[], "").await.json()
    };
    let question = post(&kit, &customer, &driven()).await.json();
    let answer = verify(&solve(&kit, &customer, question).await).await;
    assert_eq!(
        (&answer["success"], &answer["score"]),
        (&json!(true), &Value::Null)
    );
    let mut last = post(&kit, &customer, &driven()).await.json();
    for _ in 0..MOST_WRONG {
        let picked = wrong(&kit, &last);
        last = pick(&kit, &customer, &last, picked).await;
    }
    let answer = verify(last["token"].as_str().unwrap()).await;
    assert_eq!(
        answer,
        json!({"success": false, "error-codes": ["invalid-input-response"]})
    );
}

#[tokio::test]
async fn three_questions_may_be_passed_over() {
    let kit = Kit::start().await;
    let customer = key_of(&kit, Integration::Checkbox).await;
    let skip = async |question: &Value| {
        let body = json!({"challenge": question["challenge"], "skip": true});
        answer(&kit, &customer, body).await.json()
    };
    let mut question = post(&kit, &customer, &driven()).await.json();
    for _ in 0..MOST_SKIPS {
        question = skip(&question).await;
        assert_eq!(
            (&question["retry"], &question["round"]),
            (&Value::Null, &json!(1))
        );
    }
    let last = skip(&question).await;
    let (challenge, _) = outcome(&kit, &customer, last["token"].as_str().unwrap()).await;
    assert_eq!(challenge, "FAILED");
}

#[tokio::test]
async fn a_question_is_answered_once() {
    let kit = Kit::start().await;
    let customer = key_of(&kit, Integration::Checkbox).await;
    let question = post(&kit, &customer, &driven()).await.json();
    let picked = wrong(&kit, &question);
    pick(&kit, &customer, &question, picked).await;
    for body in [
        json!({"challenge": question["challenge"], "picked": right(&kit, &question)}),
        json!({"challenge": question["challenge"], "skip": true}),
    ] {
        let again = answer(&kit, &customer, body).await;
        assert_eq!(again.status, 400);
        assert!(again.text().contains("answered before"), "{}", again.text());
    }
}

#[tokio::test]
async fn the_same_answer_sent_again_gets_what_it_got() {
    let kit = Kit::start().await;
    let customer = key_of(&kit, Integration::Checkbox).await;
    let mut question = post(&kit, &customer, &driven()).await.json();
    loop {
        let picked = right(&kit, &question);
        let first = pick(&kit, &customer, &question, picked.clone()).await;
        assert_eq!(pick(&kit, &customer, &question, picked).await, first);
        if first["token"].is_string() {
            break;
        }
        question = first;
    }
}

#[tokio::test]
async fn one_envelope_posted_many_times_is_one_challenge_and_one_token() {
    let kit = Kit::start().await;
    let customer = key_of(&kit, Integration::Invisible).await;
    let page = kit.page_of(&customer.site_key, kit::ORIGIN).await;
    let envelope = page.envelope_of(&driven(), "login", 0);
    let first = post_envelope(&kit, &customer, envelope.clone(), "")
        .await
        .json();
    let second = post_envelope(&kit, &customer, envelope.clone(), "")
        .await
        .json();
    let token = solve(&kit, &customer, first).await;
    let body = json!({"challenge": second["challenge"], "picked": right(&kit, &second)});
    assert_eq!(answer(&kit, &customer, body).await.status, 400);
    assert_eq!(outcome(&kit, &customer, &token).await.0, "PASSED");
}

#[tokio::test]
async fn whoever_is_slow_is_asked_another_question_and_whoever_is_gone_starts_over() {
    let kit = Kit::start().await;
    let customer = key_of(&kit, Integration::Invisible).await;
    let question = post(&kit, &customer, &driven()).await.json();
    kit.clock.advance(118_000);
    let picked = wrong(&kit, &question);
    let late = pick(&kit, &customer, &question, picked).await;
    assert_eq!((&late["retry"], &late["round"]), (&Value::Null, &json!(1)));
    // The second question is answered rightly and in time, nine minutes after the first.
    let mut question = late;
    for _ in 0..3 {
        kit.clock.advance(130_000);
        question = pick(&kit, &customer, &question, vec![0]).await;
    }
    let token = solve(&kit, &customer, question.clone()).await;
    kit.clock.advance(119_000);
    assert_eq!(outcome(&kit, &customer, &token).await.0, "PASSED");

    let question = post(&kit, &customer, &driven()).await.json();
    kit.clock.advance(600_000);
    let body = json!({"challenge": question["challenge"], "picked": right(&kit, &question)});
    let over = answer(&kit, &customer, body).await;
    assert_eq!(over.status, 400);
    assert!(over.text().contains("It is over"), "{}", over.text());
}

#[tokio::test]
async fn faster_than_anybody_reads_is_wrong() {
    let kit = Kit::start().await;
    let customer = key_of(&kit, Integration::Invisible).await;
    for (waited, elapsed) in [(299, None), (299, Some(5_000)), (5_000, Some(299))] {
        let question = post(&kit, &customer, &driven()).await.json();
        kit.clock.advance(waited);
        let mut body =
            json!({"challenge": question["challenge"], "picked": right(&kit, &question)});
        if let Some(elapsed) = elapsed {
            body["elapsedMs"] = json!(elapsed);
        }
        let next = answer(&kit, &customer, body).await.json();
        assert_eq!(next["retry"], true, "{waited} {elapsed:?}");
    }
}

#[tokio::test]
async fn what_is_not_ours_or_another_sites_is_refused() {
    let kit = Kit::start().await;
    let (customer, other) = (
        key_of(&kit, Integration::Checkbox).await,
        key_of(&kit, Integration::Checkbox).await,
    );
    let question = post(&kit, &customer, &driven()).await.json();
    let sealed = question["challenge"].as_str().unwrap();
    let picked = right(&kit, &question);
    let foreign = json!({"challenge": sealed, "picked": picked});
    assert_eq!(answer(&kit, &other, foreign).await.status, 400);
    for at in [0, 3, 40, sealed.len() / 2, sealed.len() - 1] {
        let mut changed = sealed.to_owned();
        let with = if &changed[at..=at] == "A" { "B" } else { "A" };
        changed.replace_range(at..=at, with);
        let answer = answer(
            &kit,
            &customer,
            json!({"challenge": changed, "picked": picked}),
        )
        .await;
        assert_eq!(answer.status, 400, "character {at}");
    }
    let token = kit.token("login").await;
    let token = json!({"challenge": token, "picked": picked});
    assert_eq!(answer(&kit, &customer, token).await.status, 400);
    let unknown = "/recaptcha/agent/answer?k=6Lnobody";
    let body = json!({"challenge": sealed, "picked": picked}).to_string();
    assert_eq!(kit.send("POST", unknown, &BROWSER, body).await.status, 404);
    let long = answer(&kit, &customer, json!({"challenge": "A".repeat(9_000)})).await;
    assert_eq!(long.status, 413);
    assert_eq!(
        outcome(&kit, &customer, &solve(&kit, &customer, question).await)
            .await
            .0,
        "PASSED",
        "nothing of this spent the question"
    );
}

/// The value of the first attribute or text between two marks.
fn between<'a>(page: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = page.split_once(before).unwrap_or_else(|| panic!("{page}"));
    rest.split_once(after).unwrap().0
}

#[tokio::test]
async fn without_script_a_page_asks_and_ends_with_a_token_to_copy() {
    let kit = Kit::start().await;
    let customer = key_of(&kit, Integration::Checkbox).await;
    for base in ["/recaptcha/api/fallback", "/recaptcha/enterprise/fallback"] {
        let path = format!("{base}?k={}&hl=de", customer.site_key);
        let headers = [("referer", "https://www.shop.example/form")];
        let mut page = kit.send("GET", &path, &headers, "").await;
        let mut pages = 0;
        let token = loop {
            assert_eq!(page.status, 200);
            assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
            let policy = page.header("content-security-policy");
            assert!(
                policy.starts_with("default-src 'none'; style-src 'sha256-"),
                "{policy}"
            );
            let text = page.text();
            assert!(text.contains("<html lang=\"de\" dir=\"ltr\">"), "{text}");
            if text.contains("<textarea") {
                break between(&text, "autofocus>", "<").to_owned();
            }
            pages += 1;
            let sealed = between(&text, "name=\"challenge\" value=\"", "\"");
            let picked = right(&kit, &json!({"challenge": sealed}))[0];
            kit.clock.advance(3_000);
            let form = format!("challenge={sealed}&picked={picked}");
            page = kit.send("POST", &path, &[], form).await;
        };
        assert_eq!(pages, 2);
        let event = json!({"token": token, "siteKey": customer.site_key});
        let assessment = kit.assess(&customer, event).await;
        assert_eq!(assessment["tokenProperties"]["valid"], true, "{assessment}");
        assert_eq!(
            assessment["tokenProperties"]["hostname"],
            "www.shop.example"
        );
        assert_eq!(assessment["riskAnalysis"]["challenge"], "PASSED");
    }
}

#[tokio::test]
async fn the_page_without_script_offers_another_question_and_another_start() {
    let kit = Kit::start().await;
    let customer = key_of(&kit, Integration::Checkbox).await;
    let path = format!("/recaptcha/api/fallback?k={}&hl=ar", customer.site_key);
    let first = kit.send("GET", &path, &[], "").await.text();
    assert!(first.contains("<html lang=\"ar\" dir=\"rtl\">"));
    let sealed = between(&first, "name=\"challenge\" value=\"", "\"");
    let skip = format!("challenge={sealed}&skip=1");
    let other = kit.send("POST", &path, &[], skip).await.text();
    assert_ne!(between(&other, "value=\"", "\""), sealed);
    assert!(!other.contains("role=\"alert\""));
    let picked = wrong(
        &kit,
        &json!({
            "challenge": between(&other, "value=\"", "\""), "options": [1, 2, 3, 4, 5],
        }),
    );
    kit.clock.advance(3_000);
    let form = format!(
        "challenge={}&picked={}",
        between(&other, "value=\"", "\""),
        picked[0]
    );
    let retry = kit.send("POST", &path, &[], form).await.text();
    assert!(retry.contains("role=\"alert\"") && retry.contains("<fieldset>"));
    for stale in [format!("challenge={sealed}&picked=1"), String::new()] {
        let over = kit.send("POST", &path, &[], stale).await;
        assert_eq!(over.status, 200);
        assert!(over.text().contains("<a href=\"\">"), "{}", over.text());
    }
    let head = kit.send("HEAD", &path, &[], "").await;
    assert_eq!(head.status, 405);
}

#[tokio::test]
async fn the_settings_of_a_key_say_how_hard_and_from_which_score_on() {
    let kit = Kit::start().await;
    let key = kit
        .key(json!({"webSettings": {
            "integrationType": "CHECKBOX", "allowedDomains": ["shop.example"],
            "challengeSecurityPreference": "SECURITY",
        }}))
        .await;
    // Of whom nothing is known is asked where security is preferred, and likely a person afterwards.
    let question = post(&kit, &key, &quiet_report()).await.json();
    assert_eq!(question["rounds"], 3);
    assert_eq!(question["options"].as_array().unwrap().len(), 6);
    let token = solve(&kit, &key, question).await;
    assert_eq!(
        outcome(&kit, &key, &token).await,
        ("PASSED".to_owned(), 0.7)
    );

    let key = kit
        .key(json!({"webSettings": {
            "integrationType": "POLICY_BASED_CHALLENGE", "allowedDomains": ["shop.example"],
            "challengeSettings": {
                "defaultSettings": {"scoreThreshold": 0.0},
                "actionSettings": {"LogIn": {"scoreThreshold": 0.6}, "pay": {"scoreThreshold": 1.0}},
            },
        }}))
        .await;
    for (action, is_asked) in [("login", true), ("pay", true), ("read", false)] {
        let text = kit.token_for(&key, action).await;
        assert_eq!(text.starts_with('{'), is_asked, "{action}");
    }
}

#[tokio::test]
async fn a_site_that_tests_chooses_the_outcome() {
    let kit = Kit::start().await;
    let web = json!({"integrationType": "CHECKBOX", "allowedDomains": ["shop.example"]});
    let testing = |options: Value| json!({"webSettings": web, "testingOptions": options});
    let passes = kit
        .key(testing(json!({"testingChallenge": "NOCAPTCHA"})))
        .await;
    let token = post(&kit, &passes, &driven()).await.text();
    assert_eq!(outcome(&kit, &passes, &token).await.0, "NOCAPTCHA");

    let fails = kit
        .key(testing(json!({"testingChallenge": "UNSOLVABLE_CHALLENGE"})))
        .await;
    let mut question = post(&kit, &fails, &quiet_report()).await.json();
    for _ in 0..MOST_WRONG {
        let picked = right(&kit, &question);
        question = pick(&kit, &fails, &question, picked).await;
    }
    let token = question["token"].as_str().unwrap();
    assert_eq!(outcome(&kit, &fails, token).await.0, "FAILED");

    let low = kit.key(testing(json!({"testingScore": 0.3}))).await;
    assert!(kit.token_for(&low, "login").await.starts_with('{'));
}

#[tokio::test]
async fn an_address_that_the_owner_of_the_key_allows_is_not_asked() {
    let kit = Kit::start().await;
    let customer = key_of(&kit, Integration::Checkbox).await;
    assert!(
        post(&kit, &customer, &driven())
            .await
            .text()
            .starts_with('{')
    );
    let net = "127.0.0.1/32".parse().unwrap();
    let one = IpOverride {
        net,
        verdict: Verdict::Allow,
    };
    let id = customer.site_key.parse().unwrap();
    kit.verifier.store.add_ip_override(&id, one).await.unwrap();
    kit.verifier.ip_overrides.forget(&id);
    let token = post(&kit, &customer, &driven()).await.text();
    let (challenge, score) = outcome(&kit, &customer, &token).await;
    assert_eq!((&*challenge, score), ("NOCAPTCHA", 0.9));
}
