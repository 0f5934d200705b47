//! What follows from answers.

use super::*;

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
async fn the_same_answer_sent_twice_at_once_gets_one_answer() {
    let kit = Kit::start().await;
    let customer = key_of(&kit, Integration::Checkbox).await;
    for _ in 0..10 {
        let question = post(&kit, &customer, &driven()).await.json();
        let picked = right(&kit, &question);
        kit.clock.advance(3_000);
        let body = json!({"challenge": question["challenge"], "picked": picked});
        let (first, second) = tokio::join!(
            answer(&kit, &customer, body.clone()),
            answer(&kit, &customer, body)
        );
        assert!(first.status == 200 && second.status == 200);
        assert_eq!(first.json(), second.json());
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
