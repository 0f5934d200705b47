//! The page for browsers without script.

use super::*;

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
