use touchstone_protocol::fnv1a64;

use super::{Transport, primary_subtag, sign};

/// What the request showed that opened a session, for the sealed session to carry to the report: a browser sends both alike. The
/// default says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Opening {
    /// Bits of the signs that are seen in a request's headers alone.
    pub signs: u32,
    /// 32 bits of a hash of its user agent; 0 for none.
    pub agent: u32,
    /// The same of the first language it asked for, without region; 0 for none.
    pub language: u32,
}

impl Opening {
    /// Of the request that opens a session.
    pub fn of(request: &Transport<'_>) -> Self {
        // What other checks may expect is for the report to say; the page has not spoken yet.
        let signs = request.signs(0, 0, "") & !(sign::X11 | sign::UNKNOWN_PROXY);
        let language = request.accept_language.unwrap_or_default();
        let first = language.split([',', ';']).next().unwrap_or_default();
        Self {
            signs,
            agent: hash(request.user_agent),
            language: hash(primary_subtag(first).trim_matches('*')),
        }
    }
}

impl Transport<'_> {
    /// The signs of the request that opened the session, and where the report's differs from it.
    pub(crate) fn session_signs(&self) -> u32 {
        let (then, now) = (self.opening, Opening::of(self));
        let differs = |then, now| then != 0 && now != 0 && then != now;
        let mut signs = then.signs;
        if differs(then.agent, now.agent) {
            signs |= sign::SESSION_AGENT;
        }
        if differs(then.language, now.language) {
            signs |= sign::SESSION_LANGUAGE;
        }
        signs
    }
}

/// 0 for nothing, and for nothing else.
fn hash(text: &str) -> u32 {
    match text {
        "" => 0,
        text => (fnv1a64(text.to_ascii_lowercase().as_bytes()) as u32).max(1),
    }
}
