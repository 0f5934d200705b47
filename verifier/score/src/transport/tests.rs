use super::*;

type Change = fn(&mut Transport<'static>);

const CHROME: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0";
const SAFARI: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.6 Safari/605.1.15";
const PHONE: &str = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36";
const WEB_VIEW: &str = "Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/114.0.0.0 Mobile Safari/537.36";

/// As Chromium 156 sends it to loopback, header by header.
fn chromium() -> Transport<'static> {
    Transport {
        user_agent: CHROME,
        accept: Some("*/*"),
        accept_encoding: Some("gzip, deflate, br, zstd"),
        accept_language: Some("de-CH,de;q=0.9,en;q=0.8"),
        client_hints_ua: Some(r#""Not:A-Brand";v="8", "Chromium";v="156""#),
        client_hints_platform: Some(r#""Linux""#),
        client_hints_mobile: Some("?0"),
        sec_fetch_site: Some("cross-site"),
        sec_fetch_mode: Some("cors"),
        sec_fetch_dest: Some("empty"),
        trustworthy_origin: true,
        is_direct: true,
        elapsed_ms: 5_000,
        ..Transport::default()
    }
}

/// As Firefox ESR 153 does.
fn firefox() -> Transport<'static> {
    Transport {
        user_agent: FIREFOX,
        client_hints_ua: None,
        client_hints_platform: None,
        client_hints_mobile: None,
        ..chromium()
    }
}

/// Only what a library sends of itself, under the user agent of a browser.
fn library() -> Transport<'static> {
    Transport {
        user_agent: CHROME,
        is_direct: true,
        ..Transport::default()
    }
}

fn signs(mut transport: Transport<'static>, change: Change) -> u32 {
    change(&mut transport);
    transport.signs(7, 7, "de-CH,en-US") & !sign::X11
}

#[test]
fn browsers_show_no_sign() {
    assert_eq!(signs(chromium(), |_| {}), 0);
    assert_eq!(signs(firefox(), |_| {}), 0);
}

#[test]
fn each_contradiction_shows_its_own_sign() {
    assert_eq!(
        chromium().signs(7, 8, "de") & !sign::X11,
        sign::AGENT_DIFFERS
    );
    assert_eq!(
        chromium().signs(7, 7, "fr-FR,en") & !sign::X11,
        sign::LANGUAGE_DIFFERS
    );
    let cases: &[(&str, Change, u32)] = &[
        (
            "another version in the brands",
            |t| t.client_hints_ua = Some(r#""Chromium";v="120""#),
            sign::BRANDS_DIFFER,
        ),
        (
            "headless",
            |t| t.client_hints_ua = Some(r#""HeadlessChrome";v="156""#),
            sign::HEADER_HEADLESS,
        ),
        (
            "no metadata",
            |t| t.sec_fetch_mode = None,
            sign::NO_FETCH_METADATA | sign::ONE_MISSING,
        ),
        ("no hints", |t| t.client_hints_ua = None, sign::NO_HINTS),
        (
            "another platform",
            |t| t.client_hints_platform = Some(r#""Windows""#),
            sign::HINTS_DIFFER,
        ),
        (
            "a phone's hint",
            |t| {
                t.user_agent = "Mozilla/5.0 (Windows NT 10.0) Chrome/156.0.0.0";
                t.client_hints_platform = Some(r#""Windows""#);
                t.client_hints_mobile = Some("?1");
            },
            sign::HINTS_DIFFER,
        ),
        (
            "a Firefox with hints",
            |t| t.user_agent = FIREFOX,
            sign::FOREIGN_HINTS,
        ),
        (
            "no languages",
            |t| t.accept_language = None,
            sign::ONE_MISSING,
        ),
        ("no user agent", |t| t.user_agent = "", sign::ONE_MISSING),
        (
            "a condition",
            |t| t.expect = Some("100-continue"),
            sign::FOREIGN_HEADER,
        ),
        (
            "a form",
            |t| t.content_type = Some("application/x-www-form-urlencoded"),
            sign::FOREIGN_HEADER,
        ),
        (
            "a TLS client without HTTP/2",
            |t| t.ja4 = Ja4::parse("t13d311100_e8f1e7e78f70_d41ae481755e"),
            sign::NO_HTTP2,
        ),
        (
            "a navigation",
            |t| t.sec_fetch_mode = Some("navigate"),
            sign::NO_FETCH,
        ),
    ];
    for (name, change, expected) in cases {
        assert_eq!(signs(chromium(), *change), *expected, "{name}");
    }
}

#[test]
fn a_library_under_a_browsers_name_cannot_be_missed() {
    let cases: &[(&str, Change)] = &[
        ("curl", |t| {
            t.accept = Some("*/*");
            t.content_type = Some("application/x-www-form-urlencoded");
        }),
        ("Python's requests", |t| {
            t.accept = Some("*/*");
            t.accept_encoding = Some("gzip, deflate");
            t.trustworthy_origin = true;
        }),
        ("Python's urllib", |t| t.accept_encoding = Some("identity")),
        ("Node's fetch", |t| {
            t.accept = Some("*/*");
            t.accept_language = Some("*");
            t.accept_encoding = Some("gzip, deflate");
            t.sec_fetch_mode = Some("cors");
            t.trustworthy_origin = true;
        }),
        ("nothing at all", |t| t.user_agent = ""),
        ("nothing at all, by a proxy", |t| {
            t.user_agent = "";
            t.is_direct = false;
            t.trustworthy_origin = true;
        }),
    ];
    for (name, change) in cases {
        let signs = signs(library(), *change);
        assert!(signs & sign::SEVERAL_MISSING != 0, "{name}: {signs:b}");
    }
    let named = signs(library(), |t| t.user_agent = "curl/8.14.1");
    assert!(named & sign::NAMES_A_LIBRARY != 0);
}

#[test]
fn what_a_browser_need_not_send_is_no_sign() {
    let cases: &[(&str, Transport<'static>, Change)] = &[
        ("Chromium by plain http", chromium(), |t| {
            t.trustworthy_origin = false;
            t.sec_fetch_site = None;
            t.sec_fetch_mode = None;
            t.sec_fetch_dest = None;
            t.client_hints_ua = None;
            t.client_hints_platform = None;
            t.client_hints_mobile = None;
        }),
        ("Safari before 16.4", firefox(), |t| {
            t.user_agent = SAFARI;
            t.sec_fetch_site = None;
            t.sec_fetch_mode = None;
        }),
        ("a phone", chromium(), |t| {
            t.user_agent = PHONE;
            t.client_hints_platform = Some(r#""Android""#);
            t.client_hints_mobile = Some("?1");
        }),
        (
            "a phone that asks for the desktop's site",
            chromium(),
            |t| {
                t.client_hints_platform = Some(r#""Android""#);
                t.client_hints_mobile = Some("?1");
            },
        ),
        ("an older web view", chromium(), |t| {
            t.user_agent = WEB_VIEW;
            t.client_hints_ua = None;
            t.client_hints_platform = None;
            t.client_hints_mobile = None;
        }),
        ("a platform nobody knows", chromium(), |t| {
            t.client_hints_platform = Some(r#""Fuchsia""#)
        }),
        ("a proxy that takes Accept-Encoding", chromium(), |t| {
            t.is_direct = false;
            t.accept_encoding = None;
        }),
        ("a proxy that speaks HTTP/1.0", chromium(), |t| {
            t.is_direct = false;
            t.is_http_1_0 = true;
        }),
        ("a TLS client with HTTP/2", chromium(), |t| {
            t.ja4 = Ja4::parse("t13d1516h2_8daaf6152771_e5627efa2ab1");
        }),
        ("trailers over HTTP/2", firefox(), |t| {
            t.te = Some("trailers")
        }),
        ("no request at all", Transport::default(), |_| {}),
    ];
    for (name, transport, change) in cases {
        assert_eq!(signs(*transport, *change), 0, "{name}");
    }
}

#[test]
fn a_user_agent_that_one_side_does_not_state_is_no_contradiction() {
    for (page, header) in [(0, 0), (0, 8), (7, 0), (7, 7)] {
        let signs = chromium().signs(page, header, "de") & !sign::X11;
        assert_eq!(signs, 0, "{page} and {header}");
    }
}

#[test]
fn a_session_and_its_report_of_one_browser_show_no_sign() {
    for browser in [chromium(), firefox()] {
        let opening = Opening::of(&browser);
        assert_eq!(opening.signs, 0);
        assert_ne!((opening.agent, opening.language), (0, 0));
        assert_eq!(Transport { opening, ..browser }.session_signs(), 0);
        assert_eq!(browser.session_signs(), 0, "it is not known how it opened");
    }
}

#[test]
fn a_session_that_something_else_opened_shows_it() {
    let session_signs = |opened: Transport<'static>, posted: Transport<'static>| {
        let opening = Opening::of(&opened);
        Transport { opening, ..posted }.session_signs()
    };
    let by_library = session_signs(library(), chromium());
    assert_ne!(by_library & sign::SEVERAL_MISSING, 0);
    assert_eq!(session_signs(firefox(), chromium()), sign::SESSION_AGENT);
    for (language, sign) in [
        (Some("fr-FR,fr"), sign::SESSION_LANGUAGE),
        (Some("de"), 0),
        (Some("DE-AT;q=0.8"), 0),
    ] {
        let opened = Transport {
            accept_language: language,
            ..chromium()
        };
        assert_eq!(session_signs(opened, chromium()), sign, "{language:?}");
    }
    // What is not there contradicts nothing.
    let bare = Transport {
        accept_language: Some("*"),
        ..chromium()
    };
    assert_eq!(session_signs(bare, chromium()) & sign::SESSION_LANGUAGE, 0);
}
