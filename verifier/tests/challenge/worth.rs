//! What a challenge is worth.

use super::*;

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
