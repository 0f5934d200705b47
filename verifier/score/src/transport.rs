/// What the server saw when it issued the token: headers as they came, and its own clock. [`observe`](crate::observe()) keeps only
/// what follows from them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Transport<'a> {
    /// `User-Agent`, empty if there was none.
    pub user_agent: &'a str,
    /// `Accept-Language`.
    pub accept_language: Option<&'a str>,
    /// `Sec-CH-UA`, the low-entropy list of brands.
    pub client_hints_ua: Option<&'a str>,
    /// `Sec-Fetch-Site` of the request that carried the report.
    pub sec_fetch_site: Option<&'a str>,
    /// `Sec-Fetch-Mode` of the same request.
    pub sec_fetch_mode: Option<&'a str>,
    /// Whether the request went to a potentially trustworthy origin (https or loopback): only there browsers send
    /// `Sec-Fetch-*` and client hints (W3C Fetch Metadata, section 2).
    pub trustworthy_origin: bool,
    /// Milliseconds since this page first opened a session, by the server's clock.
    pub elapsed_ms: u32,
}

/// What follows from headers and report together, one bit each.
pub(crate) mod sign {
    /// Page and header both name a user agent, and not the same one.
    pub(crate) const AGENT_DIFFERS: u16 = 1;
    /// The first language of `Accept-Language` is none of the page's.
    pub(crate) const LANGUAGE_DIFFERS: u16 = 2;
    /// `Sec-CH-UA` names another Chromium version than the user agent.
    pub(crate) const BRANDS_DIFFER: u16 = 4;
    /// A header names a headless browser.
    pub(crate) const HEADER_HEADLESS: u16 = 8;
    /// The user agent claims a browser that sends `Sec-Fetch-*`, and they are missing.
    pub(crate) const NO_FETCH_METADATA: u16 = 16;
    /// The user agent names X11: Linux and BSD desktops, whose events carry whole milliseconds. Not ChromeOS, which says so, too,
    /// and reads its devices itself.
    pub(crate) const X11: u16 = 1 << 15;
}

impl Transport<'_> {
    /// The signs of [`sign`], given what the page said of itself. A hash of 0 stands for a user agent that is not known: an
    /// absent or unreadable header contradicts nothing.
    pub(crate) fn signs(&self, page_agent: u64, header_agent: u64, page_languages: &str) -> u16 {
        let headless = |header: &str| header.contains("HeadlessChrome");
        let bit = |yes: bool, bit: u16| if yes { bit } else { 0 };
        bit(
            page_agent != 0 && header_agent != 0 && page_agent != header_agent,
            sign::AGENT_DIFFERS,
        ) | bit(
            self.language_differs(page_languages),
            sign::LANGUAGE_DIFFERS,
        ) | bit(self.brands_differ(), sign::BRANDS_DIFFER)
            | bit(
                headless(self.user_agent) || self.client_hints_ua.is_some_and(headless),
                sign::HEADER_HEADLESS,
            )
            | bit(self.lacks_fetch_metadata(), sign::NO_FETCH_METADATA)
            | bit(
                self.user_agent.contains("(X11;") && !self.user_agent.contains("CrOS"),
                sign::X11,
            )
    }

    /// Only the primary subtag of the first language counts: browsers cut, expand and reorder the rest.
    fn language_differs(&self, page: &str) -> bool {
        let Some(header) = self.accept_language else {
            return false;
        };
        let first = primary_subtag(header.split([',', ';']).next().unwrap_or_default());
        if first.is_empty() || first == "*" || page.is_empty() {
            return false;
        }
        !page
            .split(',')
            .any(|language| primary_subtag(language).eq_ignore_ascii_case(first))
    }

    fn brands_differ(&self) -> bool {
        let (Some(brands), Some(claimed)) =
            (self.client_hints_ua, major(self.user_agent, "Chrome/"))
        else {
            return false;
        };
        major(brands, "\"Chromium\";v=\"").is_some_and(|chromium| chromium != claimed)
    }

    fn lacks_fetch_metadata(&self) -> bool {
        let sends = major(self.user_agent, "Chrome/").is_some_and(|v| v >= FIRST_CHROME)
            || major(self.user_agent, "Firefox/").is_some_and(|v| v >= FIRST_FIREFOX);
        self.trustworthy_origin
            && sends
            && (self.sec_fetch_site.is_none() || self.sec_fetch_mode.is_none())
    }
}

fn primary_subtag(language: &str) -> &str {
    language.trim().split(['-', '_']).next().unwrap_or_default()
}

/// The number right behind `mark`.
fn major(text: &str, mark: &str) -> Option<u32> {
    let (_, rest) = text.split_once(mark)?;
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    rest.get(..end)?.parse().ok()
}

/// Chromium sends all of `Sec-Fetch-*` from 80 on (2020).
const FIRST_CHROME: u32 = 80;
/// Firefox sends them from 90 on (2021).
const FIRST_FIREFOX: u32 = 90;

#[cfg(test)]
mod tests {
    use super::*;

    const CHROME: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";

    fn browser() -> Transport<'static> {
        Transport {
            user_agent: CHROME,
            accept_language: Some("de-CH,de;q=0.9,en;q=0.8"),
            client_hints_ua: Some(r#""Chromium";v="156", "Not A(Brand";v="24""#),
            sec_fetch_site: Some("cross-site"),
            sec_fetch_mode: Some("cors"),
            trustworthy_origin: true,
            elapsed_ms: 5_000,
        }
    }

    #[test]
    fn an_ordinary_browser_shows_no_sign() {
        assert_eq!(browser().signs(7, 7, "de-CH,en-US"), sign::X11);
    }

    #[test]
    fn each_contradiction_shows_its_own_sign() {
        let with = |change: fn(&mut Transport<'static>)| {
            let mut transport = browser();
            change(&mut transport);
            transport.signs(7, 7, "de-CH,en-US") & !sign::X11
        };
        assert_eq!(
            browser().signs(7, 8, "de") & !sign::X11,
            sign::AGENT_DIFFERS
        );
        assert_eq!(
            browser().signs(7, 7, "fr-FR,en") & !sign::X11,
            sign::LANGUAGE_DIFFERS
        );
        assert_eq!(with(|t| t.sec_fetch_mode = None), sign::NO_FETCH_METADATA);
        assert_eq!(
            with(|t| t.client_hints_ua = Some(r#""Chromium";v="120""#)),
            sign::BRANDS_DIFFER
        );
        assert_eq!(
            with(|t| t.client_hints_ua = Some(r#""HeadlessChrome";v="156""#)),
            sign::HEADER_HEADLESS
        );
    }

    #[test]
    fn x11_is_what_the_agent_names_but_for_chromeos() {
        for (agent, expected) in [
            (CHROME, sign::X11),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0",
                sign::X11,
            ),
            (
                "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) Chrome/156.0.0.0",
                0,
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/156.0.0.0",
                0,
            ),
        ] {
            let mut transport = browser();
            transport.user_agent = agent;
            transport.client_hints_ua = None;
            assert_eq!(transport.signs(0, 0, "de"), expected, "{agent}");
        }
    }

    #[test]
    fn what_a_browser_need_not_send_is_no_sign() {
        type Change = fn(&mut Transport<'static>);
        let cases: [(&str, Change); 4] = [
            ("plain http", |t| {
                t.trustworthy_origin = false;
                t.sec_fetch_site = None;
                t.sec_fetch_mode = None;
                t.client_hints_ua = None;
            }),
            ("Safari before 16.4", |t| {
                t.user_agent =
                    "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Version/15.0 Safari/605.1.15";
                t.sec_fetch_site = None;
                t.client_hints_ua = None;
            }),
            ("no languages", |t| t.accept_language = None),
            ("any language", |t| t.accept_language = Some("*")),
        ];
        for (name, change) in cases {
            let mut transport = browser();
            change(&mut transport);
            assert_eq!(transport.signs(0, 7, "de") & !sign::X11, 0, "{name}");
        }
    }

    #[test]
    fn a_user_agent_that_one_side_does_not_state_is_no_contradiction() {
        for (page, header) in [(0, 0), (0, 8), (7, 0), (7, 7)] {
            assert_eq!(
                browser().signs(page, header, "de") & !sign::X11,
                0,
                "{page} and {header}"
            );
        }
    }
}
