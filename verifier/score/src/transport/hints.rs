//! Client hints (User-Agent Client Hints, W3C Community Group) against the user agent.

use super::{
    Transport,
    claim::{Platform, has_no_hints, major, sends_hints},
};

impl Transport<'_> {
    /// `Sec-CH-UA` and the user agent name two versions of Chromium.
    pub(super) fn brands_differ(&self) -> bool {
        let (Some(brands), Some(claimed)) =
            (self.client_hints_ua, major(self.user_agent, "Chrome/"))
        else {
            return false;
        };
        major(brands, "\"Chromium\";v=\"").is_some_and(|chromium| chromium != claimed)
    }

    /// An override of the user agent, or a client that only copied it.
    pub(super) fn lacks_hints(&self) -> bool {
        self.trustworthy_origin && self.client_hints_ua.is_none() && sends_hints(self.user_agent)
    }

    /// A phone that asks for the desktop's site claims Linux, and may keep the hints of Android.
    pub(super) fn hints_differ(&self) -> bool {
        let agent = Platform::of_agent(self.user_agent);
        let hint = self.client_hints_platform.and_then(Platform::of_hint);
        let platform = match (agent, hint) {
            (Some(Platform::Linux), Some(Platform::Android)) => false,
            (Some(agent), Some(hint)) => agent != hint,
            _ => false,
        };
        let form = match self.client_hints_mobile {
            Some("?1") => agent.is_some_and(Platform::is_desktop),
            Some("?0") => self.user_agent.contains(" Mobile "),
            _ => false,
        };
        platform || form
    }

    /// Hints that the claimed browser does not have.
    pub(super) fn has_foreign_hints(&self) -> bool {
        let any = self.client_hints_ua.or(self.client_hints_platform);
        any.is_some() && has_no_hints(self.user_agent)
    }
}
