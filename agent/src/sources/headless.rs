use touchstone_protocol::{Environment, Probe, State, fnv1a64};

use crate::page::Page;

/// The user agent: whether it says that it is headless, and a hash of it to compare with other realms and the request.
pub fn read(page: &Page, environment: &mut Environment) {
    let Some(agent) = page.navigator.string("userAgent") else {
        return environment.set_probe(Probe::HeadlessAgent, State::Failed);
    };
    environment.set_probe(Probe::HeadlessAgent, is_headless(&agent).into());
    environment.user_agent_hash = fnv1a64(agent.as_bytes());
}

/// Chromium's old headless mode, and the new one where the user agent was not overridden.
pub fn is_headless(agent: &str) -> bool {
    contains(agent.as_bytes(), b"HeadlessChrome")
}

/// `str::contains` is built for long texts, and many times the code.
pub fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}
