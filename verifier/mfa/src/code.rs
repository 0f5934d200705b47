use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A code of [`CODE_DIGITS`] digits. Not printed, wiped when dropped.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Code([u8; CODE_DIGITS]);

impl Code {
    /// A code from random bytes, each of the million equally likely. None for one of 4,440 values of the bytes, which would make some
    /// codes likelier than others: take fresh ones then.
    pub fn of_random(fresh: [u8; 4]) -> Option<Self> {
        let number = u32::from_be_bytes(fresh);
        if number >= u32::MAX / CODES * CODES {
            return None;
        }
        let mut rest = number % CODES;
        let mut digits = [b'0'; CODE_DIGITS];
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        Some(Self(digits))
    }

    /// A code as a person types it: spaces and hyphens between the digits do not count, and digits may be of any of the scripts of
    /// our languages. None for anything else.
    pub fn read(typed: &str) -> Option<Self> {
        let mut digits = [0; CODE_DIGITS];
        let mut length = 0;
        for character in typed.chars().take(MOST_TYPED) {
            if character.is_whitespace() || character == '-' {
                continue;
            }
            *digits.get_mut(length)? = digit(character)?;
            length += 1;
        }
        let is_whole = length == CODE_DIGITS && typed.chars().nth(MOST_TYPED).is_none();
        is_whole.then_some(Self(digits))
    }

    /// Its digits in ASCII.
    pub fn as_str(&self) -> &str {
        // Digits are all that is ever put in; an empty text would match no stored code.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}

/// Whether two keyed hashes of codes are the same, in a time that does not depend on where they differ.
pub fn is_same(one: &[u8; 32], other: &[u8; 32]) -> bool {
    one.ct_eq(other).into()
}

/// The ASCII digit for one of ASCII, Arabic-Indic, extended Arabic-Indic, or of full width (Japanese keyboards).
fn digit(character: char) -> Option<u8> {
    let zeros = ['0', '\u{660}', '\u{6f0}', '\u{ff10}'];
    let value = zeros.iter().find_map(|zero| {
        let value = u32::from(character).checked_sub(u32::from(*zero))?;
        (value < 10).then_some(value as u8)
    })?;
    Some(b'0' + value)
}

/// Digits of a code.
pub const CODE_DIGITS: usize = 6;
const CODES: u32 = 1_000_000;
/// Characters that are looked at.
const MOST_TYPED: usize = 32;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_code_is_equally_likely() {
        let of = |number: u32| Code::of_random(number.to_be_bytes());
        assert_eq!(of(0).unwrap().as_str(), "000000");
        assert_eq!(of(1_000_007).unwrap().as_str(), "000007");
        assert_eq!(of(4_293_999_999).unwrap().as_str(), "999999");
        assert_eq!(
            of(4_294_000_000),
            None,
            "the rest would favour the lower codes"
        );
        assert_eq!(of(u32::MAX), None);
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        for typed in [
            "123456",
            " 123 456 ",
            "123-456",
            "١٢٣٤٥٦",
            "۱۲۳۴۵۶",
            "１２３４５６",
        ] {
            assert_eq!(
                Code::read(typed).as_ref().map(Code::as_str),
                Some("123456"),
                "{typed}"
            );
        }
        for typed in ["", "12345", "1234567", "12345a", "12345６7", "+12345"] {
            assert_eq!(Code::read(typed), None, "{typed}");
        }
        assert_eq!(Code::read(&" ".repeat(1_000_000)), None);
    }

    #[test]
    fn a_code_is_not_printed() {
        let code = Code::read("123456").unwrap();
        assert!(!format!("{code:?}").contains('1'));
    }

    #[test]
    fn hashes_are_compared_whole() {
        let mut other = [7; 32];
        assert!(is_same(&[7; 32], &other));
        other[31] = 8;
        assert!(!is_same(&[7; 32], &other));
    }

    proptest! {
        #[test]
        fn what_is_made_is_read_again(fresh: [u8; 4]) {
            if let Some(code) = Code::of_random(fresh) {
                prop_assert_eq!(Code::read(code.as_str()), Some(code));
            }
        }

        #[test]
        fn any_text_is_a_code_or_none(typed in "\\PC{0,40}") {
            if let Some(code) = Code::read(&typed) {
                prop_assert!(code.as_str().len() == CODE_DIGITS);
            }
        }
    }
}
