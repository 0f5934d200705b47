//! Conditions as operators write them: what holds, and what is refused with which words.

use touchstone_policy::{
    AssessmentType, Challenge, ChallengeFacts, Condition, Firewall, FirewallFacts, Vocabulary,
};

#[test]
fn a_firewall_condition_holds_for_what_it_says() {
    for (text, holds) in [
        ("", true),
        (" \n ", true),
        ("true", true),
        ("false", false),
        ("recaptcha.score >= 0.7", true),
        ("recaptcha.score == 0.7", true),
        ("recaptcha.score < 0.7", false),
        ("recaptcha.score < 1", true),
        ("recaptcha.score in [0.1, 0.7]", true),
        ("!recaptcha.token.valid", false),
        ("recaptcha.token.valid == true", true),
        ("recaptcha.token.action == \"login\"", true),
        ("recaptcha.token.action in ['signup', 'login']", true),
        ("recaptcha.assessment_type == AssessmentType.ACTION", true),
        ("recaptcha.assessment_type != AssessmentType.SESSION", true),
        (
            "recaptcha.assessment_type in [AssessmentType.EXPRESS, AssessmentType.CHALLENGEPAGE]",
            false,
        ),
        ("http.ip.startsWith(\"192.0.2.\")", true),
        ("http.path.endsWith('.php')", true),
        ("http.path.matches('^/log[a-z]+\\\\.php$')", true),
        ("matches(http.path, r'\\.asp$')", false),
        ("http.path.matches(r'^/\\w+\\.php$')", true),
        (
            "http.path.matches('(?i)(bot|crawl|spider|curl|wget|python|scrapy|headless|phantom|java|go-http|libwww)')",
            false,
        ),
        ("http.domain.contains('example')", true),
        ("size(http.domain) == 16", true),
        ("http.domain.size() > 20", false),
        (
            "recaptcha.score < 0.5 || http.domain == 'shop.example.com'",
            true,
        ),
        (
            "recaptcha.token.valid ? recaptcha.score > 0.5 : false",
            true,
        ),
        ("-1 < recaptcha.score && recaptcha.score <= 1.0", true),
        ("http.path < http.domain", true),
    ] {
        let condition =
            Condition::<Firewall>::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(condition.holds(&REQUEST), holds, "{text}");
    }
}

#[test]
fn a_challenge_condition_holds_for_what_it_says() {
    for (text, holds) in [
        ("score < 0.5", true),
        ("user_ip_address == \"123.45.67.89\"", true),
        ("user_agent.contains(\"Chrome\")", true),
        ("score < 0.5 && user_ip_address == \"123.45.67.89\"", true),
        ("user_asn == 64496", true),
        ("region_code in ['DE', 'FR']", true),
        ("verified_bots.name == 'example-bot'", true),
        ("verified_bots.bot_type == \"AI_AGENT\"", false),
    ] {
        let condition =
            Condition::<Challenge>::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(condition.holds(&VISIT), holds, "{text}");
    }
}

#[test]
fn a_refusal_says_where_and_what_to_do() {
    for (text, said) in [
        (
            "recaptcha.scroe < 0.5",
            "At character 1: recaptcha.scroe is unknown here. Use one of: recaptcha.score, ",
        ),
        (
            "recaptcha.token.valid && scoer < 1",
            "At character 26: scoer is unknown here.",
        ),
        ("'ä' == http.ip || nope", "At character 19: nope is unknown"),
        (
            "recaptcha.score",
            "At character 10: this must be true or false, but it is a number.",
        ),
        (
            "recaptcha.score < '0.5'",
            "At character 19: this must be a number, but it is text.",
        ),
        (
            "http.ip.startsWith(192)",
            "At character 20: this must be text, but it is a number.",
        ),
        (
            "recaptcha.assessment_type == 1",
            "this must be an AssessmentType, but it is a number",
        ),
        (
            "AssessmentType.LITE == recaptcha.assessment_type",
            "AssessmentType.LITE is unknown here.",
        ),
        ("recaptcha.token.valid < true", "Compare with == or !=."),
        ("recaptcha.score + 0.1 > 0.5", "+ is not supported"),
        ("http.path.matches(http.domain)", "must be text in quotes"),
        (
            "http.path.matches('(')",
            "the regular expression cannot be used",
        ),
        (
            "http.path.matches('[a-z]{999}{999}')",
            "the regular expression cannot be used: it takes more than 64 KiB. Shorten it",
        ),
        (
            "http.path.matches('a') || http.path.matches('b') || http.path.matches('c') || http.path.matches('d') \
             || matches(http.path, 'e')",
            "at most 4 regular expressions",
        ),
        ("[1, 2].all(x, x > 0)", "macros"),
        ("has(recaptcha.score)", "has() is not supported"),
        (
            "http.path in http.domain",
            "to the right of \"in\" must stand a list",
        ),
        ("http == 'a'", "http is unknown"),
        ("null == http.ip", "null and bytes are not supported"),
        ("{'a': 1} == {'a': 1}", "maps and messages"),
        ("recaptcha.score <", "At character 18: "),
        ("a = b", "At character 3: "),
        ("recaptcha.score < 0.5;", "At character 22: "),
        ("'ää' = http.ip", "At character 6: "),
        ("true &&\n'ää' = b", "At character 14: "),
        ("\"open", "At character 1: "),
        (
            "http.path.toLowerCase() == 'a'",
            "toLowerCase is not supported",
        ),
        (
            "duration('1s') == duration('1s')",
            "duration is not supported",
        ),
    ] {
        let error = Condition::<Firewall>::parse(text).unwrap_err().to_string();
        assert!(error.contains(said), "{text}: {error}");
    }
}

#[test]
fn a_condition_has_at_most_500_characters() {
    let fits = format!("http.path == '{}'", "ä".repeat(485));
    assert_eq!(fits.chars().count(), 500);
    assert!(Condition::<Firewall>::parse(&fits).is_ok());
    let error = Condition::<Firewall>::parse(&format!("{fits} ")).unwrap_err();
    assert!(error.to_string().contains("501 characters"), "{error}");
}

const REQUEST: FirewallFacts<'_> = FirewallFacts {
    score: 0.7,
    token_valid: true,
    token_action: "login",
    assessment_type: AssessmentType::Action,
    ip: "192.0.2.7",
    path: "/login.php",
    domain: "shop.example.com",
};

const VISIT: ChallengeFacts<'_> = ChallengeFacts {
    score: 0.3,
    user_ip_address: "123.45.67.89",
    user_asn: 64_496,
    user_agent: "Mozilla/5.0 (X11; Linux x86_64) Chrome/142.0.0.0",
    region_code: "DE",
    bot_name: "example-bot",
    bot_type: "SEARCH_INDEXER",
};

#[test]
fn a_refusal_shows_a_condition_that_would_be_accepted_there() {
    fn example<V: Vocabulary + std::fmt::Debug>(text: &str) -> String {
        let error = Condition::<V>::parse(text).unwrap_err().to_string();
        assert!(error.contains(V::EXAMPLE), "{error}");
        V::EXAMPLE.to_owned()
    }
    assert!(Condition::<Firewall>::parse(&example::<Firewall>("recaptcha.score <")).is_ok());
    assert!(Condition::<Challenge>::parse(&example::<Challenge>("score <")).is_ok());
}
