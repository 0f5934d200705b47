//! Whether a request has the headers of a browser's fetch, whatever it claims.

use super::{
    Transport,
    claim::{is_browser, sends_fetch_metadata},
};

impl Transport<'_> {
    /// How many of the headers that every browser's fetch carries are missing. Only where there was a request at all, and
    /// where nobody in between may have taken them: `Accept-Encoding` is rewritten by many proxies.
    pub(super) fn missing_headers(&self) -> usize {
        let is_request = self.is_direct || self.trustworthy_origin;
        let may_be_a_browser = self.user_agent.is_empty() || is_browser(self.user_agent);
        if !is_request || !may_be_a_browser {
            return 0;
        }
        // The Fetch standard has every request carry both; "*" is what a library sends that follows it by the letter.
        let accept_language = self.accept_language.map(str::trim);
        let sends_metadata = self.trustworthy_origin
            && (self.user_agent.is_empty() || sends_fetch_metadata(self.user_agent));
        let no_languages = matches!(accept_language, None | Some("" | "*"));
        [
            // Extensions take these two away, one or both.
            self.user_agent.is_empty() || no_languages,
            self.accept.is_none(),
            self.is_direct && !self.accept_encoding.unwrap_or_default().contains("gzip"),
            sends_metadata && (self.sec_fetch_site.is_none() || self.sec_fetch_mode.is_none()),
        ]
        .into_iter()
        .filter(|missing| *missing)
        .count()
    }

    /// The agent posts bytes, with no content type and no conditions.
    pub(super) fn has_foreign_header(&self) -> bool {
        let form = self.content_type.is_some_and(|media_type| {
            media_type.starts_with("application/x-www-form-urlencoded")
                || media_type.starts_with("multipart/")
        });
        let transfer = self
            .te
            .is_some_and(|te| !te.trim().eq_ignore_ascii_case("trailers"));
        let upgrade = self.http2_settings.is_some();
        let version = self.is_direct && self.is_http_1_0;
        let stranger = !self.user_agent.is_empty() && !is_browser(self.user_agent);
        form || transfer || upgrade || version || stranger || self.expect.is_some()
    }

    /// The user agent claims a browser that sends `Sec-Fetch-*`.
    pub(super) fn lacks_fetch_metadata(&self) -> bool {
        self.trustworthy_origin
            && sends_fetch_metadata(self.user_agent)
            && (self.sec_fetch_site.is_none() || self.sec_fetch_mode.is_none())
    }

    /// Browsers offer HTTP/2 with every fetch, whatever the server takes.
    pub(super) fn offers_no_http2(&self) -> bool {
        self.ja4.is_some_and(|ja4| !ja4.offers_http2) && sends_fetch_metadata(self.user_agent)
    }

    /// A page cannot set these headers, and the agent only fetches: what says that it navigates was copied.
    pub(super) fn says_no_fetch(&self) -> bool {
        matches!(self.sec_fetch_mode, Some("navigate" | "websocket"))
            || matches!(self.sec_fetch_dest, Some("document" | "iframe" | "frame"))
    }
}
