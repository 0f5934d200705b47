use std::net::IpAddr;

use crate::{Identifier, IdentifierKey, Mailbox, Phone, identifier::Kind};

/// What one event tells about who is behind its account.
///
/// What the *site* says about an account (`mailboxes`, `phones`) holds whoever the visitor is. What the *visitor* brings counts at
/// a registration alone: who logs in may be anybody, and a bot that tries a thousand accounts must not relate its victims.
#[derive(Debug, Clone, Default)]
pub struct Sighting {
    /// The account's e-mail addresses; at most [`MOST_OF_EACH`] count.
    pub mailboxes: Vec<Mailbox>,
    /// Its phone numbers; at most [`MOST_OF_EACH`] count.
    pub phones: Vec<Phone>,
    /// Who registered it, if the event is its registration.
    pub registration: Option<Registration>,
}

/// The visitor who registers an account.
#[derive(Debug, Clone)]
pub struct Registration {
    /// When, in milliseconds since the Unix epoch.
    pub at_ms: u64,
    /// The browser, as coarse as it is known: its user agent.
    pub browser: String,
    /// The address.
    pub address: Option<IpAddr>,
    /// The random name of the page, if there was one.
    pub page: Option<[u8; 16]>,
    /// What names the visitor's movements to later visits, and those that they repeat; at most two count.
    pub recordings: Vec<[u8; 16]>,
}

impl Sighting {
    /// What the account can share with others, at most [`MOST_IDENTIFIERS`].
    #[must_use]
    pub fn identifiers(&self, key: &IdentifierKey) -> Vec<Identifier> {
        let mailboxes = self.mailboxes.iter().take(MOST_OF_EACH);
        let phones = self.phones.iter().take(MOST_OF_EACH);
        let stated = mailboxes
            .clone()
            .map(|mailbox| {
                let parts = [mailbox.local().as_bytes(), mailbox.domain().as_bytes()];
                key.identifier(Kind::Mailbox, &parts)
            })
            .chain(phones.map(|phone| key.identifier(Kind::Phone, &[phone.digits().as_bytes()])));
        let mut identifiers: Vec<_> = stated.collect();
        if let (Some(registration), Some(mailbox)) = (&self.registration, self.mailboxes.first()) {
            registration.together_with(mailbox, key, &mut identifiers);
        }
        if let Some(registration) = &self.registration {
            let recordings = registration.recordings.iter().take(MOST_RECORDINGS);
            identifiers
                .extend(recordings.map(|visit| key.identifier(Kind::Recording, &[&visit[..]])));
        }
        identifiers
    }
}

impl Registration {
    /// Signs that say little alone, hashed together with the name that was chosen.
    fn together_with(&self, mailbox: &Mailbox, key: &IdentifierKey, to: &mut Vec<Identifier>) {
        let browser = self.browser.as_bytes();
        let (series, whole) = (mailbox.numbered_name(), mailbox.whole_name());
        for window in self.windows() {
            let window = window.to_be_bytes();
            if let Some(name) = &series {
                let domain = mailbox.domain().as_bytes();
                let parts = [&window[..], browser, domain, name.as_bytes()];
                to.push(key.identifier(Kind::Series, &parts));
            }
            if let (Some(name), Some(address)) = (&whole, self.address) {
                let parts = [&window[..], browser, &network(address), name.as_bytes()];
                to.push(key.identifier(Kind::Burst, &parts));
            }
        }
        if let (Some(name), Some(page)) = (whole, self.page) {
            to.push(key.identifier(Kind::Page, &[&page, name.as_bytes()]));
        }
    }

    /// The two windows that it falls into. Each overlaps the next by half, so registrations that follow each other within half a
    /// window share one, and a series that goes on for hours is one group.
    fn windows(&self) -> [u64; 2] {
        let half = self.at_ms / (WINDOW_MS / 2);
        [half, half.saturating_add(1)]
    }
}

/// The network of an address: /24 of IPv4, /48 of IPv6.
fn network(address: IpAddr) -> Vec<u8> {
    match address.to_canonical() {
        IpAddr::V4(address) => address.octets()[..3].to_vec(),
        IpAddr::V6(address) => address.octets()[..6].to_vec(),
    }
}

/// How many mailboxes of an account count, and how many phones.
pub const MOST_OF_EACH: usize = 4;
/// How many identifiers an event has at most.
pub const MOST_IDENTIFIERS: usize = 2 * MOST_OF_EACH + 5 + MOST_RECORDINGS;
/// A visit's own movements, and the earlier ones that they repeat.
const MOST_RECORDINGS: usize = 2;
/// What "within minutes" means: ten at most, and always what is less than five apart.
const WINDOW_MS: u64 = 10 * 60_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn registered(mail: &str, address: &str, at_ms: u64) -> Vec<Identifier> {
        let sighting = Sighting {
            mailboxes: vec![Mailbox::parse(mail).unwrap()],
            registration: Some(Registration {
                at_ms,
                browser: "Browser/1".to_owned(),
                address: Some(address.parse().unwrap()),
                page: None,
                recordings: vec![],
            }),
            ..Sighting::default()
        };
        sighting.identifiers(&IdentifierKey([1; 32]))
    }

    fn share(a: &[Identifier], b: &[Identifier]) -> bool {
        a.iter().any(|id| b.contains(id))
    }

    #[test]
    fn one_network_and_browser_alone_share_nothing() {
        let a = registered("katelynsmith@mail.example", "192.0.2.1", 0);
        assert!(!share(
            &a,
            &registered("robertmiller@mail.example", "192.0.2.1", 0)
        ));
    }

    #[test]
    fn equal_names_share_within_minutes_in_one_network() {
        let a = registered("katelynsmith@mail.example", "192.0.2.1", 0);
        assert!(share(
            &a,
            &registered("katelyn.smith@other.example", "192.0.2.77", WINDOW_MS - 1)
        ));
        assert!(!share(
            &a,
            &registered("katelyn.smith@other.example", "198.51.100.1", 0)
        ));
        assert!(!share(
            &a,
            &registered("katelyn.smith@other.example", "192.0.2.1", WINDOW_MS)
        ));
    }

    #[test]
    fn numbered_names_share_within_minutes_from_anywhere() {
        let a = registered("katelyn17@mail.example", "192.0.2.1", 0);
        assert!(share(
            &a,
            &registered("katelyn42@mail.example", "198.51.100.1", 1)
        ));
        assert!(!share(
            &a,
            &registered("katelyn42@other.example", "198.51.100.1", 1)
        ));
        assert!(!share(
            &a,
            &registered("katelynsmith@mail.example", "198.51.100.1", 1)
        ));
    }

    #[test]
    fn registrations_less_than_five_minutes_apart_always_share() {
        for start in (0..3 * WINDOW_MS).step_by(40_000) {
            let a = registered("katelyn17@mail.example", "192.0.2.1", start);
            let later = start + WINDOW_MS / 2 - 1;
            let b = registered("katelyn42@mail.example", "198.51.100.1", later);
            assert!(share(&a, &b), "{start}");
        }
    }

    #[test]
    fn a_login_brings_what_the_site_says_and_nothing_of_the_visitor() {
        let mailboxes: Vec<_> = (0..9)
            .filter_map(|n| Mailbox::parse(&format!("katelyn{n}{n}@mail.example")))
            .collect();
        let login = Sighting {
            mailboxes,
            ..Sighting::default()
        };
        assert_eq!(
            login.identifiers(&IdentifierKey([1; 32])).len(),
            MOST_OF_EACH
        );
    }

    #[test]
    fn an_event_has_a_bounded_number_of_identifiers() {
        let sighting = Sighting {
            mailboxes: vec![Mailbox::parse("katelynsmith17@mail.example").unwrap(); 50],
            phones: vec![Phone::parse("+442079460123").unwrap(); 50],
            registration: Some(Registration {
                at_ms: u64::MAX,
                browser: String::new(),
                address: Some("2001:db8::1".parse().unwrap()),
                page: Some([1; 16]),
                recordings: vec![[1; 16]; 50],
            }),
        };
        assert_eq!(
            sighting.identifiers(&IdentifierKey([1; 32])).len(),
            MOST_IDENTIFIERS
        );
    }
}
