//! What a backend says about who an account's owner is.

use touchstone_related::{IdentifierKey, MOST_IDENTIFIERS, Mailbox, Phone, Registration, Sighting};

/// A mailbox and a phone are their own canonical form, and no event has more identifiers than are kept.
pub(crate) fn related(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let (mailbox, phone) = (Mailbox::parse(text), Phone::parse(text));
    if let Some(mailbox) = &mailbox {
        let address = format!("{}@{}", mailbox.local(), mailbox.domain());
        assert_eq!(Mailbox::parse(&address).as_ref(), Some(mailbox));
    }
    if let Some(phone) = &phone {
        let number = format!("+{}", phone.digits());
        assert_eq!(Phone::parse(&number).as_ref(), Some(phone));
    }
    let sighting = Sighting {
        mailboxes: mailbox.into_iter().cycle().take(9).collect(),
        phones: phone.into_iter().cycle().take(9).collect(),
        registration: Some(Registration {
            at_ms: 0,
            browser: text.to_owned(),
            address: text.parse().ok(),
            page: Some([0; 16]),
            recordings: vec![[0; 16]],
        }),
    };
    assert!(sighting.identifiers(&IdentifierKey([0; 32])).len() <= MOST_IDENTIFIERS);
}
