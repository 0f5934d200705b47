mod claim;
mod hints;
mod ja4;
mod opening;
mod request;
pub(crate) mod sign;

pub use ja4::Ja4;
pub use opening::Opening;

use crate::Proofs;

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
    /// `Sec-CH-UA-Platform`.
    pub client_hints_platform: Option<&'a str>,
    /// `Sec-CH-UA-Mobile`.
    pub client_hints_mobile: Option<&'a str>,
    /// `Accept`.
    pub accept: Option<&'a str>,
    /// `Accept-Encoding`.
    pub accept_encoding: Option<&'a str>,
    /// `Content-Type`.
    pub content_type: Option<&'a str>,
    /// `TE`.
    pub te: Option<&'a str>,
    /// `Expect`.
    pub expect: Option<&'a str>,
    /// `HTTP2-Settings`, by which a client asks for HTTP/2 without TLS.
    pub http2_settings: Option<&'a str>,
    /// `Sec-Fetch-Site` of the request that carried the report.
    pub sec_fetch_site: Option<&'a str>,
    /// `Sec-Fetch-Mode` of the same request.
    pub sec_fetch_mode: Option<&'a str>,
    /// `Sec-Fetch-Dest` of the same request.
    pub sec_fetch_dest: Option<&'a str>,
    /// The fingerprint of the TLS client, if a trusted proxy told it.
    pub ja4: Option<Ja4>,
    /// Whether the request came in HTTP/1.0.
    pub is_http_1_0: bool,
    /// Whether nobody in between shows: the peer is no trusted proxy, and no header names one.
    pub is_direct: bool,
    /// Whether a header names a proxy that the operator does not: the address may be that proxy's.
    pub is_by_unknown_proxy: bool,
    /// Whether the request went to a potentially trustworthy origin (https or loopback): only there browsers send
    /// `Sec-Fetch-*` and client hints (W3C Fetch Metadata, section 2).
    pub trustworthy_origin: bool,
    /// Milliseconds since this page first opened a session, by the server's clock.
    pub elapsed_ms: u32,
    /// What the page was asked to prove.
    pub proofs: Proofs<'a>,
    /// What the request showed that opened the session; the default where that is not known.
    pub opening: Opening,
}

impl Transport<'_> {
    /// The signs of [`sign`], given what the page said of itself. A hash of 0 stands for a user agent that is not known: an
    /// absent or unreadable header contradicts nothing.
    pub(crate) fn signs(&self, page_agent: u64, header_agent: u64, page_languages: &str) -> u32 {
        let headless = |header: &str| header.contains("HeadlessChrome");
        let missing = self.missing_headers();
        [
            (
                page_agent != 0 && header_agent != 0 && page_agent != header_agent,
                sign::AGENT_DIFFERS,
            ),
            (
                self.language_differs(page_languages),
                sign::LANGUAGE_DIFFERS,
            ),
            (self.brands_differ(), sign::BRANDS_DIFFER),
            (
                headless(self.user_agent) || self.client_hints_ua.is_some_and(headless),
                sign::HEADER_HEADLESS,
            ),
            (self.lacks_fetch_metadata(), sign::NO_FETCH_METADATA),
            (self.lacks_hints(), sign::NO_HINTS),
            (self.hints_differ(), sign::HINTS_DIFFER),
            (self.has_foreign_hints(), sign::FOREIGN_HINTS),
            (missing == 1, sign::ONE_MISSING),
            (missing > 1, sign::SEVERAL_MISSING),
            (self.has_foreign_header(), sign::FOREIGN_HEADER),
            (claim::is_library(self.user_agent), sign::NAMES_A_LIBRARY),
            (self.says_no_fetch(), sign::NO_FETCH),
            (self.offers_no_http2(), sign::NO_HTTP2),
            (self.is_by_unknown_proxy, sign::UNKNOWN_PROXY),
            (claim::is_x11(self.user_agent), sign::X11),
        ]
        .into_iter()
        .filter(|(shows, _)| *shows)
        .fold(0, |signs, (_, sign)| signs | sign)
    }

    /// The signs that need no more than the headers of any one request, whatever it is for.
    pub(crate) fn contradictions(&self) -> u32 {
        self.signs(0, 0, "")
            & (sign::BRANDS_DIFFER
                | sign::HEADER_HEADLESS
                | sign::HINTS_DIFFER
                | sign::FOREIGN_HINTS
                | sign::NO_HTTP2)
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
}

fn primary_subtag(language: &str) -> &str {
    language.trim().split(['-', '_']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests;
