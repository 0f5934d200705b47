//! What a `User-Agent` claims.

/// The platforms that both a user agent and `Sec-CH-UA-Platform` name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Platform {
    Windows,
    MacOs,
    ChromeOs,
    Android,
    Linux,
}

impl Platform {
    /// Of a user agent; none if it names none of these.
    pub(super) fn of_agent(agent: &str) -> Option<Self> {
        [
            ("Windows NT", Self::Windows),
            ("Macintosh", Self::MacOs),
            ("CrOS", Self::ChromeOs),
            ("Android", Self::Android),
            ("Linux", Self::Linux),
        ]
        .into_iter()
        .find(|(mark, _)| agent.contains(mark))
        .map(|(_, platform)| platform)
    }

    /// Of a client hint; none if it names none of these.
    pub(super) fn of_hint(hint: &str) -> Option<Self> {
        Some(match hint.trim_matches('"') {
            "Windows" => Self::Windows,
            "macOS" => Self::MacOs,
            "Chrome OS" | "Chromium OS" => Self::ChromeOs,
            "Android" => Self::Android,
            "Linux" => Self::Linux,
            _ => return None,
        })
    }

    pub(super) fn is_desktop(self) -> bool {
        matches!(self, Self::Windows | Self::MacOs | Self::ChromeOs)
    }
}

/// Whether an agent claims to be a browser, as all do that run WebAssembly.
pub(super) fn is_browser(agent: &str) -> bool {
    agent.starts_with("Mozilla/5.0 ")
}

/// Whether an agent is the name of an HTTP library or of a script-only DOM, as they give it of themselves.
pub(super) fn is_library(agent: &str) -> bool {
    let lower = agent.to_ascii_lowercase();
    LIBRARIES.iter().any(|name| lower.starts_with(name))
        || DOMS.iter().any(|name| lower.contains(name))
}

/// Whether an agent claims a browser that sends `Sec-Fetch-*` with every request to a trustworthy origin.
pub(super) fn sends_fetch_metadata(agent: &str) -> bool {
    major(agent, "Chrome/").is_some_and(|version| version >= 80)
        || major(agent, "Firefox/").is_some_and(|version| version >= 90)
}

/// Whether an agent claims a Chromium that sends `Sec-CH-UA` with every request to a trustworthy origin. Chromium does from
/// 89 on; web views and other builds of it were years later.
pub(super) fn sends_hints(agent: &str) -> bool {
    major(agent, "Chrome/").is_some_and(|version| version >= 110) && !agent.contains("; wv)")
}

/// Whether an agent claims a browser that has no client hints: Firefox, or Safari.
pub(super) fn has_no_hints(agent: &str) -> bool {
    let is_safari = agent.contains("Version/") && agent.contains("Safari/");
    !agent.contains("Chrome/") && (agent.contains("Firefox/") || is_safari)
}

/// Whether an agent names X11; ChromeOS says so, too, and reads its devices itself.
pub(super) fn is_x11(agent: &str) -> bool {
    agent.contains("(X11;") && !agent.contains("CrOS")
}

/// The number right behind `mark`.
pub(super) fn major(text: &str, mark: &str) -> Option<u32> {
    let (_, rest) = text.split_once(mark)?;
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    rest.get(..end)?.parse().ok()
}

/// Beginnings, in lower case.
const LIBRARIES: [&str; 23] = [
    "aiohttp/",
    "apache-httpclient/",
    "axios/",
    "curl/",
    "dart/",
    "go-http-client/",
    "got (",
    "guzzlehttp/",
    "httpie/",
    "insomnia/",
    "java-http-client/",
    "java/",
    "libwww-perl/",
    "node",
    "okhttp/",
    "postmanruntime/",
    "python-httpx/",
    "python-requests/",
    "python-urllib/",
    "reqwest/",
    "scrapy/",
    "undici",
    "wget/",
];
/// Names inside, in lower case.
const DOMS: [&str; 2] = ["happydom/", "jsdom/"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn x11_is_what_an_agent_names_but_for_chromeos() {
        for (agent, expected) in [
            ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36", true),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101",
                true,
            ),
            (
                "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36",
                false,
            ),
            ("Mozilla/5.0 (Windows NT 10.0; Win64; x64)", false),
        ] {
            assert_eq!(is_x11(agent), expected, "{agent}");
        }
    }

    #[test]
    fn libraries_are_known_by_the_name_that_they_give_themselves() {
        for agent in [
            "curl/8.14.1",
            "node",
            "python-requests/2.32.3",
            "Go-http-client/2.0",
            "Mozilla/5.0 (linux) AppleWebKit/537.36 (KHTML, like Gecko) jsdom/26.1.0",
        ] {
            assert!(is_library(agent), "{agent}");
        }
        for agent in [
            "",
            "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0",
            "My own browser",
        ] {
            assert!(!is_library(agent), "{agent}");
        }
    }

    #[test]
    fn an_agent_names_its_platform() {
        for (agent, platform) in [
            ("(Windows NT 10.0; Win64; x64)", Some(Platform::Windows)),
            ("(Linux; Android 10; K)", Some(Platform::Android)),
            ("(X11; Linux x86_64)", Some(Platform::Linux)),
            ("(X11; CrOS x86_64 14541.0.0)", Some(Platform::ChromeOs)),
            ("(iPhone; CPU iPhone OS 18_0)", None),
        ] {
            assert_eq!(Platform::of_agent(agent), platform, "{agent}");
        }
    }
}
