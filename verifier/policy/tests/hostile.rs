//! Conditions that were written to hurt: they are refused or answered soon, on a small stack, without a panic.

use std::{
    thread,
    time::{Duration, Instant},
};

use proptest::prelude::*;
use touchstone_policy::{
    AssessmentType, Condition, ConditionError, Firewall, FirewallFacts, FirewallPath,
};

#[test]
fn hostile_conditions_are_refused_or_answered_soon_on_a_small_stack() {
    let repeated = |part: &str| part.repeat(500 / part.len());
    let mut texts: Vec<String> = [
        "(",
        ")",
        "[",
        "{",
        "!",
        "-",
        "- ",
        "?",
        "?:",
        "a?",
        "a?b:",
        "a.",
        "a.b",
        "a(",
        "f(a,",
        "a[",
        "\"",
        "'",
        "\\",
        "`",
        "0",
        "0x",
        "1e",
        ".",
        "..",
        "&&",
        "||",
        "a&&",
        "a||b&&",
        "==",
        "a==",
        "a<b<",
        "in ",
        "a in ",
        "true?",
        "b\"",
        "r'",
        "/*",
        "//",
        "\0",
        "\u{feff}",
        "\u{1f600}",
        "{a:",
        "[[],",
        "a{b:",
        "has(",
        "[0].all(x,",
        "x.map(x,",
        "size(",
        "!(",
        "-(",
        "1-",
        "1--",
        "1u",
        "{1:{",
        ".a",
        "a.?b",
        "a[?b]",
        "\r\n",
    ]
    .iter()
    .map(|part| repeated(part))
    .collect();
    texts.push(format!("{}true{}", "(".repeat(248), ")".repeat(248)));
    texts.push(format!("{}true{}", "!(".repeat(160), ")".repeat(160)));
    texts.push(format!("{}true", "true ? ".repeat(60)));
    texts.push(format!("true{}", " == true".repeat(61)));
    texts.push(format!("true{}", "&&true".repeat(82)));
    texts.push(format!("true{}", " ? true : true".repeat(34)));
    texts.push(format!("http.path.matches('{}')", "(a*)*".repeat(90)));
    texts.push("http.path.matches('(?i)(\\\\w{50}){50}')".to_owned());
    texts.push("http.path.matches('((a{100}){100}){100}')".to_owned());
    texts.push(format!("http{}", ".path".repeat(99)));
    for text in texts {
        let begin = Instant::now();
        on_a_small_stack({
            let text = text.clone();
            move || {
                let _ =
                    Condition::<Firewall>::parse(&text).map(|condition| condition.holds(&REQUEST));
            }
        });
        assert!(begin.elapsed() < SOON, "{:?} for {text}", begin.elapsed());
    }
}

#[test]
fn what_nests_too_deep_is_refused_as_such() {
    for text in ["(".repeat(100) + "true", "!".repeat(100) + "true"] {
        let error = Condition::<Firewall>::parse(&text).unwrap_err();
        assert_eq!(error, ConditionError::TooDeep { at: 17 });
    }
}

#[test]
fn a_regular_expression_that_backtracking_engines_die_of_is_answered_soon() {
    let condition = Condition::<Firewall>::parse("http.path.matches('^(a+)+$')").unwrap();
    let path = "a".repeat(100_000) + "!";
    let begin = Instant::now();
    assert!(!condition.holds(&FirewallFacts {
        path: &path,
        ..REQUEST
    }));
    assert!(begin.elapsed() < SOON, "{:?}", begin.elapsed());
}

#[test]
fn a_glob_that_was_written_to_hurt_is_answered_soon() {
    let path = format!("/{}", "a/b".repeat(3_000));
    for glob in [
        "*a".repeat(100),
        "**/".repeat(66),
        "**/a*".repeat(40),
        "{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}".to_owned(),
        "/{*,**}{*,**}{*,**}{*,**}{*,**}{*,**}{*,**}{*,**}{*,**}x".to_owned(),
        "/{*a,*b}{*a,*b}{*a,*b}{*a,*b}{*a,*b}{*a,*b}{*a,*b}x".to_owned(),
        "[a-z]*".repeat(33),
        "{".repeat(100) + &"}".repeat(100),
        choice(&"*".repeat(99)),
        format!("/{}", "{**/a,**/b,*}".repeat(15)),
    ] {
        let begin = Instant::now();
        let _ = FirewallPath::parse(&glob).map(|glob| glob.matches(&path));
        assert!(begin.elapsed() < SOON, "{:?} for {glob}", begin.elapsed());
    }
}

/// Texts of ten alternatives each: an engine that tries them one after another tries ten to the power of nine.
#[test]
fn alternatives_in_a_row_are_not_tried_one_by_one() {
    for (alternatives, groups) in [("aaaaaaaaaa", 9), ("aa", 38), ("aaa", 24)] {
        let glob = format!("/{}z", choice(alternatives).repeat(groups));
        let begin = Instant::now();
        let glob = FirewallPath::parse(&glob).unwrap();
        for length in [groups, 7, 10_000] {
            assert!(!glob.matches(&format!("/{}b", "a".repeat(length))));
        }
        assert!(glob.matches(&format!("/{}z", "a".repeat(groups))));
        assert!(begin.elapsed() < SOON, "{:?} for {groups}", begin.elapsed());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_text_is_a_condition_or_an_error(text in "\\PC{0,60}") {
        let _ = Condition::<Firewall>::parse(&text).map(|condition| condition.holds(&REQUEST));
    }

    #[test]
    fn any_row_of_tokens_is_a_condition_or_an_error(
        tokens in prop::collection::vec(prop::sample::select(TOKENS.to_vec()), 0..30),
    ) {
        let _ = Condition::<Firewall>::parse(&tokens.join(" ")).map(|condition| condition.holds(&REQUEST));
    }

    #[test]
    fn any_text_is_a_glob_or_an_error(glob in "\\PC{0,40}", path in "/\\PC{0,40}") {
        let _ = FirewallPath::parse(&glob).map(|glob| glob.matches(&path));
    }
}

/// A glob of one of these characters.
fn choice(of: &str) -> String {
    let characters: Vec<String> = of.chars().map(String::from).collect();
    format!("{{{}}}", characters.join(","))
}

/// Half of what a server's threads have, in a build that needs several times as much.
fn on_a_small_stack(task: impl FnOnce() + Send + 'static) {
    let thread = thread::Builder::new().stack_size(1024 * 1024).spawn(task);
    assert!(thread.is_ok_and(|thread| thread.join().is_ok()));
}

const TOKENS: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "!",
    "-",
    "+",
    "*",
    "?",
    ":",
    ",",
    ".",
    "&&",
    "||",
    "==",
    "!=",
    "<",
    ">=",
    "in",
    "true",
    "null",
    "1",
    "0.5",
    "'a'",
    "r'\\d'",
    "b'x'",
    "recaptcha.score",
    "http.path",
    "has",
    "all",
    "map",
    "size",
    ".matches(",
];

/// In a build without optimization, on a machine with other work to do.
const SOON: Duration = Duration::from_secs(2);

const REQUEST: FirewallFacts<'_> = FirewallFacts {
    score: 0.7,
    token_valid: true,
    token_action: "login",
    assessment_type: AssessmentType::Action,
    ip: "192.0.2.7",
    path: "/login.php",
    domain: "shop.example.com",
};
