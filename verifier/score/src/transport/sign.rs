//! What follows from the headers of a request and its report together, one bit each.

/// Page and header both name a user agent, and not the same one.
pub(crate) const AGENT_DIFFERS: u32 = 1;
/// The first language of `Accept-Language` is none of the page's.
pub(crate) const LANGUAGE_DIFFERS: u32 = 1 << 1;
/// `Sec-CH-UA` names another Chromium version than the user agent.
pub(crate) const BRANDS_DIFFER: u32 = 1 << 2;
/// A header names a headless browser.
pub(crate) const HEADER_HEADLESS: u32 = 1 << 3;
/// The user agent claims a browser that sends `Sec-Fetch-*`, and they are missing.
pub(crate) const NO_FETCH_METADATA: u32 = 1 << 4;
/// The user agent claims a Chromium that sends client hints, and there are none.
pub(crate) const NO_HINTS: u32 = 1 << 5;
/// Client hints name another platform or form factor than the user agent.
pub(crate) const HINTS_DIFFER: u32 = 1 << 6;
/// Client hints of Chromium under the user agent of a browser that has none.
pub(crate) const FOREIGN_HINTS: u32 = 1 << 7;
/// One of the headers that every browser's fetch carries is missing.
pub(crate) const ONE_MISSING: u32 = 1 << 8;
/// Two or more of them are.
pub(crate) const SEVERAL_MISSING: u32 = 1 << 9;
/// A header, a content type or a version of HTTP that no browser's fetch comes with.
pub(crate) const FOREIGN_HEADER: u32 = 1 << 10;
/// The user agent is that of an HTTP library or a script-only DOM.
pub(crate) const NAMES_A_LIBRARY: u32 = 1 << 11;
/// `Sec-Fetch-*` says that this is no fetch.
pub(crate) const NO_FETCH: u32 = 1 << 12;
/// A proxy that is not trusted shows in the request's headers: its address may not be the visitor's. No contradiction, but what
/// other checks must know.
pub(crate) const UNKNOWN_PROXY: u32 = 1 << 15;
/// A TLS client that does not offer HTTP/2 first, under the user agent of a browser.
pub(crate) const NO_HTTP2: u32 = 1 << 14;
/// The user agent names X11: Linux and BSD desktops, whose events carry whole milliseconds. No contradiction, but what other
/// checks may expect.
pub(crate) const X11: u32 = 1 << 13;

/// The request that opened the session named another user agent.
pub(crate) const SESSION_AGENT: u32 = 1 << 16;
/// The request that opened the session asked for another language first.
pub(crate) const SESSION_LANGUAGE: u32 = 1 << 17;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_has_a_bit_of_its_own() {
        let signs = [
            AGENT_DIFFERS,
            LANGUAGE_DIFFERS,
            BRANDS_DIFFER,
            HEADER_HEADLESS,
            NO_FETCH_METADATA,
            NO_HINTS,
            HINTS_DIFFER,
            FOREIGN_HINTS,
            ONE_MISSING,
            SEVERAL_MISSING,
            FOREIGN_HEADER,
            NAMES_A_LIBRARY,
            NO_FETCH,
            X11,
            NO_HTTP2,
            UNKNOWN_PROXY,
            SESSION_AGENT,
            SESSION_LANGUAGE,
        ];
        let bits = signs.iter().fold(0u32, |bits, sign| bits | sign);
        assert_eq!(bits.count_ones() as usize, signs.len());
    }
}
