/// A browser as coarsely as it stays the same for months: no versions, no window sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Environment<'a> {
    /// The `User-Agent` header; only family and platform are read from it.
    pub user_agent: &'a str,
    /// `Accept-Language`, or the browser's languages; only the first one's first part is read. Empty if not known.
    pub language: &'a str,
    /// Device pixels of a pixel in thousandths; read where there is a touch screen only, because desktops zoom. 0 if not known.
    pub pixel_ratio: u16,
    /// Touch points that the device can tell apart, if known.
    pub touch_points: Option<u8>,
    /// The JA4 of its TLS handshake, or empty. Only protocol, version and hash of the ciphers are read: extensions change.
    pub ja4: &'a str,
}

impl Environment<'_> {
    /// What many people share: for counting how many accounts are asked for by environments of one kind. No hash: count it
    /// under a key.
    pub fn class(&self) -> String {
        format!("{}\0{}", self.device(), self.detail().unwrap_or_default())
    }

    /// Family of the browser and platform. Always known.
    pub(crate) fn device(&self) -> String {
        let family = named(self.user_agent, FAMILIES);
        let platform = named(self.user_agent, PLATFORMS);
        format!("{family}/{platform}")
    }

    /// Language, screen and handshake; none if nothing of them is known.
    pub(crate) fn detail(&self) -> Option<String> {
        let language: String = self
            .language
            .trim_start()
            .chars()
            .take_while(char::is_ascii_alphabetic)
            .take(8)
            .map(|letter| letter.to_ascii_lowercase())
            .collect();
        let touch = match self.touch_points {
            None => "",
            Some(0) => "none",
            Some(_) => "touch",
        };
        let halves = match self.touch_points {
            Some(1..) => (u32::from(self.pixel_ratio) + 250) / 500,
            _ => 0,
        };
        let handshake = ja4_core(self.ja4);
        let nothing = language.is_empty() && touch.is_empty() && handshake.is_none();
        let (start, ciphers) = handshake.unwrap_or_default();
        (!nothing).then(|| format!("{language}/{touch}/{halves}/{start}/{ciphers}"))
    }
}

/// Transport, TLS version and hash of the ciphers of `t13d1516h2_8daaf6152771_b186095e22b6`.
fn ja4_core(ja4: &str) -> Option<(&str, &str)> {
    let mut parts = ja4.split('_');
    let start = parts.next()?.get(..3)?;
    let ciphers = parts.next().filter(|part| part.len() == 12)?;
    Some((start, ciphers))
}

fn named(user_agent: &str, names: &'static [(&'static str, &'static str)]) -> &'static str {
    names
        .iter()
        .find(|(mark, _)| user_agent.contains(mark))
        .map_or("other", |(_, name)| name)
}

/// In this order: most browsers also name those that they descend from.
const FAMILIES: &[(&str, &str)] = &[
    ("Edg", "edge"),
    ("OPR/", "opera"),
    ("SamsungBrowser/", "samsung"),
    ("YaBrowser/", "yandex"),
    ("Vivaldi/", "vivaldi"),
    ("FxiOS/", "firefox"),
    ("Firefox/", "firefox"),
    ("CriOS/", "chrome"),
    ("Chrome/", "chrome"),
    ("Safari/", "safari"),
    ("AppleWebKit/", "webview"),
];

/// In this order: Android names Linux, and iPads may name the Mac.
const PLATFORMS: &[(&str, &str)] = &[
    ("Windows", "windows"),
    ("Android", "android"),
    ("iPhone", "ios"),
    ("iPad", "ios"),
    ("Macintosh", "mac"),
    ("CrOS", "chromeos"),
    ("Linux", "linux"),
];

#[cfg(test)]
mod tests {
    use super::*;

    const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36";

    #[test]
    fn families_and_platforms_are_read_from_the_user_agent() {
        for (user_agent, device) in [
            (CHROME, "chrome/windows"),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
                "safari/ios",
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Mobile Safari/537.36 EdgA/148.0.0.0",
                "edge/android",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "firefox/linux",
            ),
            ("curl/8.14.1", "other/other"),
            ("", "other/other"),
        ] {
            let environment = Environment {
                user_agent,
                ..Environment::default()
            };
            assert_eq!(environment.device(), device);
        }
    }

    #[test]
    fn an_update_a_zoomed_page_and_other_extensions_change_nothing() {
        let before = Environment {
            user_agent: CHROME,
            language: "de-DE,de;q=0.9",
            pixel_ratio: 1000,
            touch_points: Some(0),
            ja4: "t13d1516h2_8daaf6152771_b186095e22b6",
        };
        let updated = CHROME.replace("148", "149");
        let after = Environment {
            user_agent: &updated,
            language: "DE",
            pixel_ratio: 1250,
            ja4: "t13d1517h2_8daaf6152771_02713d6af862",
            ..before
        };
        assert_eq!(before.class(), after.class());
        let other = Environment {
            language: "fr",
            ..before
        };
        assert_ne!(before.class(), other.class());
    }

    #[test]
    fn without_facts_there_is_no_detail() {
        let bare = Environment {
            user_agent: CHROME,
            ..Environment::default()
        };
        assert_eq!(bare.detail(), None);
    }

    #[test]
    fn whatever_is_sent_is_read_without_a_panic() {
        for ja4 in ["", "_", "é_é", "t1", "t13", "t13_", "__________"] {
            let environment = Environment {
                ja4,
                ..Environment::default()
            };
            assert_eq!(environment.detail(), None, "{ja4}");
        }
    }
}
