/// The mailbox behind an e-mail address: the same for all addresses whose mail it gets.
///
/// What follows a `+` is a tag that the owner of the mailbox chose (RFC 5233, subaddressing); Gmail ignores dots as well
/// (<https://support.google.com/mail/answer/7436150>). Both make any number of addresses out of one mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    local: String,
    domain: String,
}

impl Mailbox {
    /// The mailbox of an address; `None` for a text that is no address. Takes what mail servers take, and no more: local parts in
    /// quotes are left out, since nobody has one.
    #[must_use]
    pub fn parse(address: &str) -> Option<Self> {
        if address.len() > MOST_BYTES {
            return None;
        }
        let (local, domain) = address.trim().rsplit_once('@')?;
        let domain = domain.strip_suffix('.').unwrap_or(domain).to_lowercase();
        let local = local.to_lowercase();
        let local = local.split('+').next().unwrap_or_default();
        let is_plain = |text: &str| !text.contains(|c: char| c.is_whitespace() || c.is_control());
        let is_address = is_plain(local)
            && is_plain(&domain)
            && !local.contains(['@', '"'])
            && domain.contains('.')
            && !domain.starts_with('.');
        let (local, domain) = match domain.as_str() {
            "gmail.com" | "googlemail.com" => (local.replace('.', ""), "gmail.com".to_owned()),
            _ => (local.to_owned(), domain),
        };
        (is_address && !local.is_empty()).then_some(Self { local, domain })
    }

    /// What stands before the `@`, without tags.
    #[must_use]
    pub fn local(&self) -> &str {
        &self.local
    }

    /// What stands behind it.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The letters of the local part; `None` for fewer than eight: a first name alone is shared by many, first and last name
    /// together are not.
    #[must_use]
    pub fn whole_name(&self) -> Option<String> {
        self.letters(8)
    }

    /// The letters of a numbered name such as `katelyn4821`: five and more, with two digits and more.
    #[must_use]
    pub fn numbered_name(&self) -> Option<String> {
        let digits = self.local.chars().filter(char::is_ascii_digit).count();
        self.letters(5).filter(|_| digits >= 2)
    }

    fn letters(&self, least: usize) -> Option<String> {
        let letters: String = self.local.chars().filter(|c| c.is_alphabetic()).collect();
        (letters.chars().count() >= least).then_some(letters)
    }
}

/// As long as an address may be (RFC 5321, section 4.5.3.1), with room for a tag.
const MOST_BYTES: usize = 512;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn aliases_are_one_mailbox_and_others_are_not() {
        let parse = |text| Mailbox::parse(text);
        let mailbox = parse("kim@mail.example");
        for alias in [
            "Kim@Mail.Example",
            " kim+1@mail.example ",
            "kim+a+b@mail.example.",
        ] {
            assert_eq!(parse(alias), mailbox, "{alias}");
        }
        assert_eq!(parse("k.im@gmail.com"), parse("Kim+x@googlemail.com"));
        for other in [
            "k.im@mail.example",
            "kim@example",
            "kim2@mail.example",
            "kim@mail.test",
        ] {
            assert_ne!(parse(other), mailbox, "{other}");
        }
    }

    #[test]
    fn what_is_no_address_is_no_mailbox() {
        let long = format!("{}@mail.example", "a".repeat(MOST_BYTES));
        for text in [
            "",
            "@",
            "kim",
            "kim@",
            "@mail.example",
            "+a@mail.example",
            "...@gmail.com",
            "kim@localhost",
            "a b@mail.example",
            "\"a@b\"@mail.example",
            "a@b@mail.example",
            "kim@.example",
            &long,
        ] {
            assert_eq!(Mailbox::parse(text), None, "{text}");
        }
    }

    #[test]
    fn only_long_names_are_whole_and_only_names_with_digits_are_numbered() {
        for (local, whole, numbered) in [
            ("katelynsmith48", Some("katelynsmith"), Some("katelynsmith")),
            (
                "katelyn.smith-48",
                Some("katelynsmith"),
                Some("katelynsmith"),
            ),
            ("katelynsmith1", Some("katelynsmith"), None),
            ("katelyn4821", None, Some("katelyn")),
            ("kate4821", None, None),
            ("48214821", None, None),
        ] {
            let mailbox = Mailbox::parse(&format!("{local}@mail.example")).unwrap();
            assert_eq!(mailbox.whole_name().as_deref(), whole, "{local}");
            assert_eq!(mailbox.numbered_name().as_deref(), numbered, "{local}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_and_a_mailbox_is_its_own_address(text in "\\PC{0,80}", local in "[a-z.]{1,10}", tag in "[a-z+]{0,5}") {
            if let Some(mailbox) = Mailbox::parse(&text) {
                let address = format!("{}@{}", mailbox.local(), mailbox.domain());
                prop_assert_eq!(Mailbox::parse(&address), Some(mailbox));
            }
            let plain = Mailbox::parse(&format!("{local}@a.example"));
            prop_assert_eq!(Mailbox::parse(&format!("{local}+{tag}@a.example")), plain);
        }
    }
}
