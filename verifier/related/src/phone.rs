/// A phone number with its country: digits as E.164 has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone(String);

impl Phone {
    /// Reads a number that begins with `+` or `00`; `None` for others: without a country, equal digits are different phones.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > MOST_BYTES {
            return None;
        }
        let text = text.trim();
        let number = text.strip_prefix('+').or_else(|| text.strip_prefix("00"))?;
        let is_known =
            |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '.' | '(' | ')' | '/');
        if !number.chars().all(is_known) {
            return None;
        }
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        let is_number = (LEAST_DIGITS..=MOST_DIGITS).contains(&digits.len());
        (is_number && !digits.starts_with('0')).then_some(Self(digits))
    }

    /// Its digits, country first.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }
}

/// Shorter ones are services, not phones.
const LEAST_DIGITS: usize = 7;
/// Of E.164.
const MOST_DIGITS: usize = 15;
const MOST_BYTES: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_same_however_it_is_written() {
        for text in [
            "+442079460123",
            "00442079460123",
            "+44 (20) 7946-0123",
            " +44.20.7946.0123 ",
        ] {
            assert_eq!(
                Phone::parse(text).unwrap().digits(),
                "442079460123",
                "{text}"
            );
        }
    }

    #[test]
    fn what_has_no_country_or_is_no_number_is_not_read() {
        let long = format!("+44{}", " ".repeat(MOST_BYTES));
        for text in [
            "",
            "+",
            "02079460123",
            "+44",
            "+1234567890123456",
            "+0442079460123",
            "+44 ext 12345",
            "+४४२०७९४६",
            &long,
        ] {
            assert_eq!(Phone::parse(text), None, "{text}");
        }
    }
}
