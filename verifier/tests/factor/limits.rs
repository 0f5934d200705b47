//! How often codes are sent.

use crate::{
    smtp::Smtp,
    visit::{ADDRESS, Visit, kit, kit_with},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_gets_ten_codes_an_hour_and_twenty_a_day() {
    let smtp = Smtp::plain().await;
    let kit = kit(&smtp).await;
    let mut sent = Vec::new();
    for hour in 0..3 {
        for n in 0..11 {
            // Another account each time: it is the address that is protected.
            let account = format!("account-{hour}-{n}");
            let visit = Visit::begin_of(&kit, &kit.shop, &account, ADDRESS).await;
            sent.push(visit.send().await);
        }
        kit.clock.advance(3_600_000);
    }
    let of = |result: &str| {
        sent.iter()
            .filter(|answer| answer["result"] == result)
            .count()
    };
    assert_eq!((of("SENT"), of("ABUSE_LIMIT_EXHAUSTED")), (20, 13));
    assert_eq!(smtp.mails().len(), 20);
    let visit = Visit::begin(&kit).await;
    let refused = visit.send().await;
    assert_eq!(
        visit.outcome(&refused).await,
        "ERROR_RECIPIENT_ABUSE_LIMIT_EXHAUSTED"
    );
    kit.clock.advance(22 * 3_600_000);
    assert_eq!(Visit::begin(&kit).await.send().await["result"], "SENT");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_gets_ten_codes_an_hour_to_whichever_addresses() {
    let smtp = Smtp::plain().await;
    let kit = kit(&smtp).await;
    for n in 0..11 {
        let address = format!("ada.{n}@mail.example");
        let visit = Visit::begin_of(&kit, &kit.shop, "account-1", &address).await;
        let expected = if n < 10 {
            "SENT"
        } else {
            "ABUSE_LIMIT_EXHAUSTED"
        };
        assert_eq!(visit.send().await["result"], expected, "{n}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_project_has_a_quota_of_its_own() {
    let smtp = Smtp::plain().await;
    let kit = kit_with(&smtp, |options| options.factor_quota_per_day = Some(2)).await;
    for n in 0..2 {
        let address = format!("ada.{n}@mail.example");
        let visit = Visit::begin_of(&kit, &kit.shop, &address, &address).await;
        assert_eq!(visit.send().await["result"], "SENT");
    }
    let visit = Visit::begin(&kit).await;
    let refused = visit.send().await;
    assert_eq!(refused["result"], "QUOTA_EXHAUSTED");
    assert_eq!(
        visit.outcome(&refused).await,
        "ERROR_CUSTOMER_QUOTA_EXHAUSTED"
    );
}
