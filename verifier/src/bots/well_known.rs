use super::{Bot, BotKind};

/// A crawler whose operator documents under which names its addresses are found.
#[derive(Debug, PartialEq, Eq)]
pub struct Crawler {
    /// Its name, in kebab-case.
    pub name: &'static str,
    /// What its user agents contain, in lower case.
    mark: &'static str,
    /// The domains below which its hosts have their names, in lower case.
    domains: &'static [&'static str],
}

impl Crawler {
    /// Those that a user agent claims to be: none for nearly all visitors.
    pub fn claimed(user_agent: &str) -> Vec<&'static Self> {
        let lower = user_agent.to_ascii_lowercase();
        let claimed = CRAWLERS
            .iter()
            .filter(|crawler| lower.contains(crawler.mark));
        claimed.collect()
    }

    /// Whether a host's name lies below one of the crawler's domains; a dot at its end says nothing.
    pub fn owns(&self, host: &str) -> bool {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let below = |domain: &&str| {
            let rest = host.strip_suffix(*domain);
            rest.is_some_and(|rest| rest.ends_with('.'))
        };
        self.domains.iter().any(below)
    }

    /// The crawler as answers name it.
    pub fn bot(&self) -> Bot {
        Bot {
            name: self.name.to_owned(),
            kind: BotKind::SearchIndexer,
        }
    }
}

/// Each with the page on which its operator says how to verify it. Only those are here that document reverse DNS (not lists of
/// addresses, as DuckDuckBot's does), and no domain below which customers of a cloud get names, too (such as
/// googleusercontent.com).
const CRAWLERS: &[Crawler] = &[
    // https://developers.google.com/search/docs/crawling-indexing/verifying-googlebot
    Crawler {
        name: "googlebot",
        mark: "googlebot",
        domains: &["googlebot.com", "google.com"],
    },
    // https://blogs.bing.com/webmaster/August-2012/How-to-Verify-that-Bingbot-is-Bingbot
    Crawler {
        name: "bingbot",
        mark: "bingbot",
        domains: &["search.msn.com"],
    },
    // https://support.apple.com/en-us/119829
    Crawler {
        name: "applebot",
        mark: "applebot",
        domains: &["applebot.apple.com"],
    },
    // https://yandex.com/support/webmaster/robot-workings/check-yandex-robots.html: all of its robots name that address.
    Crawler {
        name: "yandexbot",
        mark: "yandex.com/bots",
        domains: &["yandex.ru", "yandex.net", "yandex.com"],
    },
    // https://www.baidu.com/search/spider_english.html
    Crawler {
        name: "baiduspider",
        mark: "baiduspider",
        domains: &["baidu.com", "baidu.jp"],
    },
    // https://napoveda.seznam.cz/en/seznambot-crawler
    Crawler {
        name: "seznambot",
        mark: "seznambot",
        domains: &["seznam.cz"],
    },
    // https://developer.amazon.com/en-US/amazonbot
    Crawler {
        name: "amazonbot",
        mark: "amazonbot",
        domains: &["crawl.amazonbot.amazon"],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_agent_claims_what_it_names_and_a_browser_nothing() {
        for (agent, expected) in [
            (
                "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1; +http://www.google.com/bot.html) Chrome/141.0.0.0 Safari/537.36",
                &["googlebot"][..],
            ),
            (
                "Mozilla/5.0 (compatible; YandexRenderResourcesBot/1.0; +http://yandex.com/bots) AppleWebKit/537.36",
                &["yandexbot"],
            ),
            ("bingbot and GOOGLEBOT", &["googlebot", "bingbot"]),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 YaBrowser/25.10 Safari/537.36",
                &[],
            ),
            ("", &[]),
        ] {
            let claimed = Crawler::claimed(agent);
            let names: Vec<&str> = claimed.iter().map(|crawler| crawler.name).collect();
            assert_eq!(names, expected, "{agent}");
        }
    }

    #[test]
    fn a_host_belongs_to_a_crawler_below_its_domains_only() {
        let claimed = Crawler::claimed("Googlebot");
        for (host, expected) in [
            ("crawl-66-249-66-1.googlebot.com.", true),
            ("Crawl-66-249-66-1.GoogleBot.com", true),
            ("rate-limited-proxy-66-249-90-77.google.com", true),
            ("googlebot.com", false),
            ("crawl.googlebot.com.example.net", false),
            ("fakegooglebot.com", false),
            ("1.2.3.4.bc.googleusercontent.com", false),
        ] {
            assert_eq!(claimed[0].owns(host), expected, "{host}");
        }
    }
}
