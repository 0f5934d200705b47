//! Every way in which a verification ends, as the page and the backend hear of it.

use serde_json::{Value, json};

use crate::{
    smtp::{Mood, Smtp},
    visit::{ADDRESS, Visit, assess, kit, kit_with, wrong},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_wrong_codes_end_it_and_the_right_one_comes_too_late() {
    let smtp = Smtp::plain().await;
    let kit = kit(&smtp).await;
    let visit = Visit::begin(&kit).await;
    visit.send().await;
    let code = smtp.last_code();
    for left in (1..5).rev() {
        let missed = visit.verify(&wrong(&code)).await;
        assert_eq!(
            missed,
            json!({"result": "PIN_MISMATCH", "attemptsLeft": left})
        );
    }
    let last = visit.verify(&wrong(&code)).await;
    assert_eq!(last["result"], "ATTEMPTS_EXHAUSTED");
    assert_eq!(visit.outcome(&last).await, "ERROR_USER_NOT_VERIFIED");
    let late = visit.verify(&code).await;
    assert_eq!(late["result"], "ATTEMPTS_EXHAUSTED");
    kit.clock.advance(60_000);
    assert_eq!(
        visit.send().await["result"],
        "CHALLENGE_EXPIRED",
        "no new code either"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_guesses_at_once_five_are_compared() {
    let smtp = Smtp::plain().await;
    let kit = kit(&smtp).await;
    let visit = Visit::begin(&kit).await;
    visit.send().await;
    let wrong = wrong(&smtp.last_code());
    let guesses = (0..20).map(|_| visit.verify(&wrong));
    let answers: Vec<Value> = futures_util::future::join_all(guesses).await;
    let compared = answers
        .iter()
        .filter(|answer| answer["result"] == "PIN_MISMATCH");
    assert_eq!(
        compared.count(),
        4,
        "the fifth is told that it was the last: {answers:?}"
    );
    assert_eq!(
        visit.verify(&smtp.last_code()).await["result"],
        "ATTEMPTS_EXHAUSTED"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_is_over_after_a_quarter_of_an_hour() {
    let smtp = Smtp::plain().await;
    let kit = kit(&smtp).await;
    let visit = Visit::begin(&kit).await;
    visit.send().await;
    kit.clock.advance(15 * 60_000);
    let late = visit.verify(&smtp.last_code()).await;
    assert_eq!(late["result"], "CHALLENGE_EXPIRED");
    assert_eq!(visit.outcome(&late).await, "ERROR_USER_NOT_VERIFIED");
    let again = visit.send().await;
    assert_eq!(again["result"], "CHALLENGE_EXPIRED");
    assert_eq!(visit.outcome(&again).await, "ERROR_USER_NOT_VERIFIED");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_code_voids_the_old_one_and_brings_no_new_guesses() {
    let smtp = Smtp::plain().await;
    let kit = kit(&smtp).await;
    let visit = Visit::begin(&kit).await;
    visit.send().await;
    let old = smtp.last_code();
    visit.verify(&wrong(&old)).await;
    kit.clock.advance(10_000);
    let soon = visit.send().await;
    assert_eq!(
        (&soon["result"], &soon["resendInSeconds"]),
        (&json!("SENT"), &json!(20))
    );
    assert_eq!(
        smtp.mails().len(),
        1,
        "a page that lost its answer gets it again, and no second mail"
    );
    kit.clock.advance(20_000);
    let sent = visit.send().await;
    assert_eq!(
        (&sent["attemptsLeft"], &sent["expiresInSeconds"]),
        (&json!(4), &json!(870))
    );
    assert_eq!(smtp.mails().len(), 2);
    let new = smtp.last_code();
    if old != new {
        assert_eq!(visit.verify(&old).await["result"], "PIN_MISMATCH");
    }
    assert_eq!(visit.verify(&new).await["result"], "VERIFIED");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_verdict_is_of_its_account_and_address_alone() {
    let smtp = Smtp::plain().await;
    let kit = kit(&smtp).await;
    for (account, endpoint) in [
        ("account-2", json!({"emailAddress": ADDRESS})),
        ("account-1", json!({"emailAddress": "eve@mail.example"})),
        ("account-1", json!({"phoneNumber": "+15555550123"})),
    ] {
        let visit = Visit::begin(&kit).await;
        visit.send().await;
        let verified = visit.verify(&smtp.last_code()).await;
        let token = verified["verdictToken"].as_str().unwrap();
        let answer = assess(&kit, &kit.shop, token, account, json!([endpoint])).await;
        let told = &answer["accountVerification"];
        assert_eq!(told["latestVerificationResult"], "ERROR_VERDICT_MISMATCH");
        assert!(
            told["endpoints"][0]["lastVerificationTime"].is_null(),
            "{told}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_taken_from_another_site_key_or_an_old_page() {
    let smtp = Smtp::plain().await;
    let kit = kit(&smtp).await;
    let visit = Visit::begin(&kit).await;
    let foreign = Visit {
        kit: &kit,
        customer: &kit.other,
        request_token: visit.request_token.clone(),
    };
    let invalid = json!({"result": "INVALID_REQUEST_TOKEN"});
    // A page of the other customer, with a token of the shop's site key.
    let shop_token = kit.token_for(&kit.shop, "two_factor").await;
    let body = |token: &str| json!({"requestToken": visit.request_token, "token": token});
    assert_eq!(foreign.post("send", body(&shop_token)).await, invalid);
    for token in ["", "AAAA", &"A".repeat(1_792)] {
        assert_eq!(visit.post("send", body(token)).await, invalid);
    }
    let garbled = Visit {
        kit: &kit,
        customer: &kit.shop,
        request_token: "A".repeat(724),
    };
    assert_eq!(garbled.send().await, invalid);
    kit.clock.advance(121_000);
    assert_eq!(
        visit.post("send", body(&shop_token)).await,
        invalid,
        "a token is for two minutes"
    );
    assert!(smtp.mails().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_no_mail_server_is_set_up_for_is_told() {
    let kit = crate::kit::Kit::start().await;
    let visit = Visit::begin(&kit).await;
    let refused = visit.send().await;
    assert_eq!(refused["result"], "SITE_ONBOARDING_INCOMPLETE");
    assert_eq!(
        visit.outcome(&refused).await,
        "ERROR_SITE_ONBOARDING_INCOMPLETE"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recipient_that_is_refused_is_told() {
    let smtp = Smtp::plain().await;
    let kit = kit(&smtp).await;
    smtp.be(Mood::RefusesRecipients);
    let visit = Visit::begin(&kit).await;
    let refused = visit.send().await;
    assert_eq!(refused["result"], "RECIPIENT_NOT_ALLOWED");
    assert_eq!(visit.outcome(&refused).await, "ERROR_RECIPIENT_NOT_ALLOWED");
    smtp.be(Mood::Takes);
    assert_eq!(
        visit.send().await["result"],
        "SENT",
        "who mended the address need not wait"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_domain_that_the_operator_does_not_allow_gets_no_mail() {
    let smtp = Smtp::plain().await;
    let kit = kit_with(&smtp, |options| {
        options.mail_domain = vec!["staff.example".to_owned()]
    })
    .await;
    let visit = Visit::begin(&kit).await;
    let refused = visit.send().await;
    assert_eq!(refused["result"], "RECIPIENT_NOT_ALLOWED");
    let staff = Visit::begin_of(&kit, &kit.shop, "account-2", "ada@Staff.Example").await;
    assert_eq!(staff.send().await["result"], "SENT");
    assert_eq!(smtp.mails().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_server_that_is_down_leaves_a_way_on() {
    let smtp = Smtp::plain().await;
    let kit = kit(&smtp).await;
    smtp.be(Mood::RefusesSenders);
    let visit = Visit::begin(&kit).await;
    let failed = visit.send().await;
    assert_eq!(failed["result"], "INTERNAL");
    assert_eq!(visit.outcome(&failed).await, "ERROR_CRITICAL_INTERNAL");
    smtp.be(Mood::Takes);
    assert_eq!(
        visit.send().await["result"],
        "SENT",
        "once it is back, at once"
    );
    assert_eq!(
        smtp.mails().len(),
        1,
        "what was said to have failed does not come after all"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_server_that_says_nothing_is_not_waited_for_long() {
    let smtp = Smtp::plain().await;
    let kit = kit(&smtp).await;
    smtp.be(Mood::IsSilent);
    let visit = Visit::begin(&kit).await;
    assert_eq!(visit.send().await["result"], "INTERNAL");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_site_key_for_tests_verifies_nobody_and_sends_nothing() {
    let smtp = Smtp::plain().await;
    let kit = kit(&smtp).await;
    let mut settings = crate::kit::web_settings("SCORE");
    settings["testingOptions"] = json!({"testingScore": 0.9});
    let customer = kit.key(settings).await;
    let visit = Visit::begin_of(&kit, &customer, "account-1", ADDRESS).await;
    let bypassed = visit.send().await;
    assert_eq!(bypassed["result"], "BYPASSED");
    assert_eq!(
        visit.outcome(&bypassed).await,
        "ERROR_VERIFICATION_BYPASSED"
    );
    assert!(smtp.mails().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_lost_the_answer_is_told_again_and_nobody_else_is() {
    let smtp = Smtp::plain().await;
    let kit = kit(&smtp).await;
    let visit = Visit::begin(&kit).await;
    visit.send().await;
    let code = smtp.last_code();
    let page = kit.page_of(&kit.shop.site_key, crate::kit::ORIGIN).await;
    let type_in = async |pin: &str, counter: u8| {
        let token = kit
            .post_report(page.envelope("two_factor", counter))
            .await
            .text();
        let body = json!({"requestToken": visit.request_token, "pin": pin, "token": token});
        visit.post("verify", body).await
    };
    let first = type_in(&code, 0).await;
    assert_eq!(first["result"], "VERIFIED");
    assert_eq!(
        type_in(&wrong(&code), 1).await["result"],
        "CHALLENGE_EXPIRED"
    );
    let again = type_in(&code, 2).await;
    assert_eq!(again["result"], "VERIFIED");
    assert_eq!(visit.outcome(&again).await, "SUCCESS_USER_VERIFIED");
    let elsewhere = visit.verify(&code).await;
    assert_eq!(elsewhere["result"], "CHALLENGE_EXPIRED");
}
