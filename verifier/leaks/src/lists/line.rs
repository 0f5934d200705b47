use std::borrow::Cow;

/// A user name and a password, as they leaked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials<'a> {
    /// The user name or e-mail address, without spaces around it.
    pub user: Cow<'a, str>,
    /// The password, exactly.
    pub password: Cow<'a, str>,
}

/// Why a line holds no credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// Nothing is on it.
    Blank,
    /// It is longer than [`MAX_LINE_BYTES`].
    TooLong,
    /// It has a NUL, as files have that are no text.
    NotText,
    /// Nothing parts a user name from a password.
    NoDelimiter,
    /// Nothing is in front of the delimiter, or nothing but what clients take away: dots, and all from `@`.
    NoUser,
    /// Nothing is behind the delimiter.
    NoPassword,
    /// It is no hash with a count.
    NoHash,
}

/// Reads a line `user:password`, without its end. The first delimiter parts the two, so that a password may have more of them; with
/// none given, the first of `:`, `;`, `,` and tab. Bytes that are not UTF-8 are Latin-1.
///
/// # Errors
/// See [`Broken`].
pub fn parse(line: &[u8], delimiter: Option<u8>) -> Result<Credentials<'_>, Broken> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
    if line.iter().all(u8::is_ascii_whitespace) {
        return Err(Broken::Blank);
    }
    if line.contains(&0) {
        return Err(Broken::NotText);
    }
    let parts = |byte: &u8| delimiter.map_or(DELIMITERS.contains(byte), |one| one == *byte);
    let at = line.iter().position(parts).ok_or(Broken::NoDelimiter)?;
    let (user, password) = (&line[..at], &line[at + 1..]);
    let user = trimmed(text(user));
    if crate::names(&user).is_empty() {
        return Err(Broken::NoUser);
    }
    if password.is_empty() {
        return Err(Broken::NoPassword);
    }
    Ok(Credentials {
        user,
        password: text(password),
    })
}

fn text(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        // Each byte of Latin-1 is the character of that number.
        Err(_) => Cow::Owned(bytes.iter().copied().map(char::from).collect()),
    }
}

fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

/// Longest line that is read. An e-mail address has at most 254 bytes; what is longer than this is no password.
pub const MAX_LINE_BYTES: usize = 2_048;
/// What parts names from passwords in lists that are found.
const DELIMITERS: &[u8] = b":;,\t";
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(line: &[u8], delimiter: Option<u8>) -> Result<(String, String), Broken> {
        let pair = |pair: Credentials<'_>| (pair.user.into_owned(), pair.password.into_owned());
        parse(line, delimiter).map(pair)
    }

    #[test]
    fn lines_are_read_as_they_are_found() {
        for (line, delimiter, user, password) in [
            (&b"a@x.example:secret"[..], None, "a@x.example", "secret"),
            (b"a;secret", None, "a", "secret"),
            (b"a,secret", None, "a", "secret"),
            (b"a\tsecret", None, "a", "secret"),
            (b"a:se:cr;et", None, "a", "se:cr;et"),
            (b"a;b:secret", Some(b':'), "a;b", "secret"),
            (b"a|secret", Some(b'|'), "a", "secret"),
            (b" a :  secret ", None, "a", "  secret "),
            (b"a:secret\r", None, "a", "secret"),
            (b"\xef\xbb\xbfa:secret", None, "a", "secret"),
            ("ä:ö".as_bytes(), None, "ä", "ö"),
            (b"\xe4:\xf6", None, "ä", "ö"),
        ] {
            let expected = Ok((user.to_owned(), password.to_owned()));
            assert_eq!(read(line, delimiter), expected, "{line:?}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_line_is_told() {
        for (line, broken) in [
            (&b""[..], Broken::Blank),
            (b" \t\r", Broken::Blank),
            (b"PK\0\x03:x", Broken::NotText),
            (b"no delimiter", Broken::NoDelimiter),
            (b":secret", Broken::NoUser),
            (b"@x.example:secret", Broken::NoUser),
            (b"...@x.example:secret", Broken::NoUser),
            (b"a:", Broken::NoPassword),
        ] {
            assert_eq!(read(line, None), Err(broken), "{line:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_credentials_or_broken(line: Vec<u8>, delimiter: Option<u8>) {
            if let Ok(pair) = parse(&line, delimiter) {
                prop_assert!(!pair.user.is_empty() && !pair.password.is_empty());
            }
        }

        #[test]
        fn a_pair_that_was_written_is_read_again(
            user in "[^:;,\t\0\r\n\u{feff}. @]{1,20}",
            password in "[^\0\r\n]{1,20}",
        ) {
            prop_assume!(user.trim() == user);
            let line = format!("{user}:{password}");
            prop_assert_eq!(read(line.as_bytes(), None), Ok((user, password)));
        }
    }
}
