//! Pages of listings.

use std::ops::RangeInclusive;

use data_encoding::BASE64URL_NOPAD;
use touchstone_api::ApiError;
use touchstone_token::Vault;

/// A listing: what it shows, and how many entries a page has.
#[derive(Debug, Clone)]
pub(super) struct Listing {
    /// Of what, down to the parent: a page token of another listing is not accepted.
    pub of: String,
    /// Entries of a page that does not ask for a number.
    pub usual: u32,
    /// Entries of a page at most; who asks for more gets as many.
    pub most: u32,
}

/// Which page is wanted.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Page {
    /// How many entries, at least one.
    pub size: usize,
    /// Behind which entry it begins; `None` for the first page.
    pub after: Option<String>,
}

impl Listing {
    /// What a request asks for.
    ///
    /// # Errors
    /// A negative size, or a token that this listing did not give out.
    pub fn page(&self, vault: &Vault, size: i32, token: &str) -> Result<Page, ApiError> {
        let size = match u32::try_from(size) {
            Ok(0) => self.usual,
            Ok(size) => size.min(self.most),
            Err(_) => {
                let what = format!(
                    "A page has 1 to {} entries; leave it out for {}.",
                    self.most, self.usual
                );
                return Err(ApiError::invalid_field("pageSize", what));
            }
        };
        let after = match token {
            "" => None,
            token => Some(self.open(vault, token).ok_or_else(unknown_token)?),
        };
        Ok(Page {
            size: size as usize,
            after,
        })
    }

    /// The token of the page behind an entry.
    pub fn token(&self, vault: &Vault, last: &str) -> String {
        let mut bytes = self.mark(vault, last).to_vec();
        bytes.extend_from_slice(last.as_bytes());
        BASE64URL_NOPAD.encode(&bytes)
    }

    fn open(&self, vault: &Vault, token: &str) -> Option<String> {
        if !LENGTHS.contains(&token.len()) {
            return None;
        }
        let bytes = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?;
        let (mark, last) = bytes.split_first_chunk::<MARK>()?;
        let last = std::str::from_utf8(last).ok()?;
        // No secret hangs on these bytes: whoever guesses them gets a page that is theirs to read. They keep clients from making
        // tokens of their own.
        (self.mark(vault, last) == *mark).then(|| last.to_owned())
    }

    fn mark(&self, vault: &Vault, last: &str) -> [u8; MARK] {
        let hash = vault.hash(&format!("page\0{}\0{last}", self.of));
        let mut mark = [0; MARK];
        mark.copy_from_slice(&hash[..MARK]);
        mark
    }
}

/// The entries of a page, and the last of them if there are more behind it.
pub(super) fn cut<T>(mut entries: Vec<T>, size: usize) -> (Vec<T>, bool) {
    let more = entries.len() > size;
    entries.truncate(size);
    (entries, more)
}

fn unknown_token() -> ApiError {
    ApiError::invalid_field(
        "pageToken",
        "This is no nextPageToken of this listing. Leave it out to begin anew.",
    )
}

/// Bytes of the keyed hash in a token.
const MARK: usize = 12;
/// Of a token's text, before it is decoded.
const LENGTHS: RangeInclusive<usize> = 16..=200;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use touchstone_token::VaultKey;

    use super::*;

    fn listing(of: &str) -> Listing {
        Listing {
            of: of.to_owned(),
            usual: 10,
            most: 1_000,
        }
    }

    #[test]
    fn sizes_are_held_within_their_bounds() {
        let vault = Vault::new(&VaultKey([1; 32]));
        for (asked, expected) in [
            (0, Some(10)),
            (1, Some(1)),
            (1_000, Some(1_000)),
            (i32::MAX, Some(1_000)),
            (-1, None),
            (i32::MIN, None),
        ] {
            let page = listing("keys\0p").page(&vault, asked, "");
            assert_eq!(page.ok().map(|page| page.size), expected, "{asked}");
        }
    }

    proptest! {
        #[test]
        fn a_token_comes_back_as_it_was_given_out(last in "[ -~]{0,100}") {
            let vault = Vault::new(&VaultKey([1; 32]));
            let token = listing("keys").token(&vault, &last);
            prop_assert!(token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-'));
            let page = listing("keys").page(&vault, 5, &token);
            prop_assert_eq!(page, Ok(Page { size: 5, after: Some(last) }));
        }

        #[test]
        fn what_was_not_given_out_opens_nothing(token in ".{1,300}") {
            let vault = Vault::new(&VaultKey([1; 32]));
            prop_assert!(listing("keys").page(&vault, 5, &token).is_err());
        }
    }

    #[test]
    fn a_token_opens_in_its_own_listing_alone() {
        let vault = Vault::new(&VaultKey([1; 32]));
        let other = Vault::new(&VaultKey([2; 32]));
        let token = listing("keys\0p").token(&vault, "6Lkey");
        let page = listing("keys\0p").page(&vault, 0, &token).unwrap();
        assert_eq!(page.after.as_deref(), Some("6Lkey"));
        assert!(listing("keys\0q").page(&vault, 0, &token).is_err());
        assert!(listing("keys\0p").page(&other, 0, &token).is_err());
        let changed = token.replacen(|c| c != 'A', "A", 1);
        for wrong in [
            &token[1..],
            &changed,
            "x",
            "%%%",
            &"A".repeat(1_000),
            &"A".repeat(40),
        ] {
            let error = listing("keys\0p").page(&vault, 0, wrong).unwrap_err();
            assert!(error.message().starts_with("pageToken: "), "{error}");
        }
    }
}
