use std::{collections::HashSet, sync::LazyLock};

/// Whether mail to this address goes to a mailbox that anyone opens and nobody keeps. Also by a parent domain; what is not
/// an address is not disposable.
///
/// Services that hand mail on to a real mailbox are not: whoever hides an address that way has one.
pub fn has_disposable_domain(email: &str) -> bool {
    let Some((_, domain)) = email.rsplit_once('@') else {
        return false;
    };
    let domain = domain.trim().trim_end_matches('.');
    if domain.len() > MAX_DOMAIN {
        return false;
    }
    let domain = domain.to_ascii_lowercase();
    let is_in = |list: &[&str]| parents(&domain).any(|domain| list.contains(&domain));
    !is_in(KEPT) && parents(&domain).any(|domain| DISPOSABLE.contains(domain))
}

/// The domain and its parents, down to two labels.
fn parents(domain: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(domain), |domain| Some(domain.split_once('.')?.1))
        .filter(|domain| domain.contains('.'))
}

/// See data/README.md.
static DISPOSABLE: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("../data/disposable-domains.txt")
        .lines()
        .collect()
});

/// The longest domain name (RFC 1035, section 2.3.4).
const MAX_DOMAIN: usize = 253;

/// Names of the list that people have mailboxes at: providers of countries, and services that forward.
const KEPT: &[&str] = &["21cn.com", "e4ward.com", "mail.by", "opayq.com", "sify.com"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn throw_away_mailboxes_are_known() {
        for email in [
            "a@mailinator.com",
            "a@MailInator.com.",
            "a@sub.yopmail.com",
            "\"odd@name\"@guerrillamail.com",
        ] {
            assert!(has_disposable_domain(email), "{email}");
        }
    }

    #[test]
    fn ordinary_mailboxes_relays_and_what_is_no_address_are_not() {
        for email in [
            "a@gmail.com",
            "a@web.de",
            "a@onet.pl",
            "a@privaterelay.appleid.com",
            "a@me.mozmail.com",
            "a@duck.com",
            "a@mail.example.co.uk",
            "mailinator.com",
            "a@",
            "@",
            "",
            "a@.",
            "a@com",
        ] {
            assert!(!has_disposable_domain(email), "{email}");
        }
        assert!(!has_disposable_domain(&format!("a@{}", "a.".repeat(500))));
    }

    #[test]
    fn the_list_is_one_of_domains_and_large_providers_are_not_in_it() {
        assert!(DISPOSABLE.len() > 5_000);
        let is_domain = |name: &&str| {
            let known = |letter: u8| matches!(letter, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.');
            name.contains('.') && name.bytes().all(known)
        };
        assert!(DISPOSABLE.iter().all(is_domain));
        for domain in [
            "aol.com",
            "btinternet.com",
            "comcast.net",
            "dr.com",
            "fastmail.com",
            "freemail.hu",
            "gmx.de",
            "hush.com",
            "icloud.com",
            "libero.it",
            "mail.ru",
            "naver.com",
            "o2.pl",
            "op.pl",
            "orange.fr",
            "outlook.com",
            "posteo.de",
            "proton.me",
            "qq.com",
            "rediffmail.com",
            "seznam.cz",
            "simplelogin.com",
            "sohu.com",
            "t-online.de",
            "tuta.com",
            "uol.com.br",
            "wp.pl",
            "yahoo.co.jp",
            "yandex.ru",
        ] {
            assert!(!DISPOSABLE.contains(domain), "{domain}");
        }
    }
}
