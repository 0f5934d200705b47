use std::{fmt, str::FromStr};

use email_address::{EmailAddress, Options};
use zeroize::Zeroize;

/// An address that a code is sent to. Not printed, wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    channel: Channel,
    address: String,
}

/// How a code gets to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Channel {
    /// By e-mail.
    Email,
    /// By a text message.
    Phone,
}

impl Endpoint {
    /// An e-mail address (RFC 5321, at most 254 bytes), without display name, comments or an address literal as its domain.
    ///
    /// # Errors
    /// It is none.
    pub fn email(text: &str) -> Result<Self, EndpointError> {
        let options = Options::default()
            .with_required_tld()
            .without_domain_literal()
            .without_display_text();
        if text.len() > MAX_EMAIL_BYTES {
            return Err(EndpointError::Email);
        }
        EmailAddress::parse_with_options(text, options).map_err(|_| EndpointError::Email)?;
        // Quotes would let spaces, at signs and worse into a header; no mailbox of a person needs them.
        if text
            .chars()
            .any(|c| c == '"' || c.is_whitespace() || c.is_control())
        {
            return Err(EndpointError::Email);
        }
        Ok(Self {
            channel: Channel::Email,
            address: text.to_owned(),
        })
    }

    /// A phone number in E.164 form: `+`, a country code that does not begin with 0, 7 to 15 digits in all.
    ///
    /// # Errors
    /// It is none.
    pub fn phone(text: &str) -> Result<Self, EndpointError> {
        let digits = text.strip_prefix('+').ok_or(EndpointError::Phone)?;
        let fits = PHONE_DIGITS.contains(&digits.len()) && !digits.starts_with('0');
        if !fits || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(EndpointError::Phone);
        }
        Ok(Self {
            channel: Channel::Phone,
            address: text.to_owned(),
        })
    }

    /// How a code gets there.
    pub fn channel(&self) -> Channel {
        self.channel
    }

    /// The address, to be written to; for no log.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The domain of an e-mail address, in lower case.
    pub fn domain(&self) -> Option<String> {
        let (_, domain) = self.address.rsplit_once('@')?;
        Some(domain.to_ascii_lowercase())
    }

    /// One text for all spellings of an address, which its keyed hash is made of. Mailboxes that differ in case alone count as one: no
    /// provider gives them to two people, and limits must not be had anew by another spelling.
    pub fn canonical(&self) -> String {
        format!("{}:{}", self.channel.name(), self.address.to_lowercase())
    }

    /// Enough for its owner to know it by, too little for a stranger to learn it: `a•••@e•••.com`, `+•••••••42`. Its length tells
    /// nothing of the address's.
    pub fn hint(&self) -> String {
        let first = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
        match self.address.rsplit_once('@') {
            Some((local, domain)) => {
                let (name, tld) = domain.rsplit_once('.').unwrap_or((domain, ""));
                format!("{}•••@{}•••.{tld}", first(local), first(name))
            }
            None => {
                let last = self.address.len().saturating_sub(2);
                format!("+•••••••{}", self.address.get(last..).unwrap_or_default())
            }
        }
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        self.address.zeroize();
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({})", self.channel.name())
    }
}

impl Channel {
    /// Its name, on the wire and in metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
        }
    }
}

impl FromStr for Channel {
    type Err = EndpointError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        [Self::Email, Self::Phone]
            .into_iter()
            .find(|channel| channel.name() == name)
            .ok_or(EndpointError::Channel)
    }
}

/// Why a text is no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// No e-mail address.
    #[error("it is not an e-mail address")]
    Email,
    /// No number in E.164 form.
    #[error("it is not a phone number in E.164 form")]
    Phone,
    /// Neither kind.
    #[error("it is neither e-mail nor phone")]
    Channel,
}

/// RFC 5321, section 4.5.3.1.3, without the brackets.
pub(crate) const MAX_EMAIL_BYTES: usize = 254;
/// The shortest numbers in use with a country code; the longest by ITU-T E.164.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_are_what_mail_and_phones_have() {
        let long = format!("{}@example.com", "a".repeat(300));
        for (text, holds) in [
            ("ada@example.com", true),
            ("ada.l+shop@mail.example.co.uk", true),
            ("josé@exämple.com", true),
            ("", false),
            ("ada", false),
            ("ada@", false),
            ("ada@localhost", false),
            ("ada@[127.0.0.1]", false),
            ("Ada <ada@example.com>", false),
            ("ada@example.com\r\nBcc: eve@example.com", false),
            ("\"ada l\"@example.com", false),
            (&long, false),
        ] {
            assert_eq!(Endpoint::email(text).is_ok(), holds, "{text:?}");
        }
        for (text, holds) in [
            ("+15555550123", true),
            ("+4930123456", true),
            ("+1234567", true),
            ("+123456789012345", true),
            ("15555550123", false),
            ("+05555550123", false),
            ("+123456", false),
            ("+1234567890123456", false),
            ("+1 555 555 0123", false),
            ("+١٢٣٤٥٦٧٨", false),
            ("", false),
        ] {
            assert_eq!(Endpoint::phone(text).is_ok(), holds, "{text:?}");
        }
    }

    #[test]
    fn spellings_of_one_address_are_one() {
        let canonical = |text| Endpoint::email(text).unwrap().canonical();
        assert_eq!(canonical("Ada@Example.com"), canonical("ada@example.COM"));
        assert_ne!(canonical("ada@example.com"), canonical("ida@example.com"));
    }

    #[test]
    fn a_hint_tells_its_owner_alone() {
        let hint = |text| Endpoint::email(text).unwrap().hint();
        assert_eq!(hint("ada@example.com"), "a•••@e•••.com");
        assert_eq!(hint("a@mail.example.co.uk"), "a•••@m•••.uk");
        assert_eq!(Endpoint::phone("+4930123456").unwrap().hint(), "+•••••••56");
    }

    #[test]
    fn an_address_is_not_printed() {
        let shown = format!("{:?}", Endpoint::email("ada@example.com").unwrap());
        assert_eq!(shown, "Endpoint(email)");
    }

    proptest! {
        #[test]
        fn any_text_is_an_address_or_an_error(text in "\\PC{0,60}(@\\PC{0,20}\\.\\PC{0,8})?") {
            for endpoint in [Endpoint::email(&text), Endpoint::phone(&text)].into_iter().flatten() {
                prop_assert!(!endpoint.hint().is_empty());
                prop_assert!(!endpoint.address().contains(['\r', '\n', ' ']));
            }
        }
    }
}
