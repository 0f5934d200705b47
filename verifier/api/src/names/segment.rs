//! The parts of a name, and what is wrong with them.

use crate::{ApiError, error::excerpt};

/// Why a text is not a resource name: the pattern it should follow, and the part that does not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("The name does not follow the pattern {pattern}: {fault}.")]
pub struct NameError {
    pattern: &'static str,
    fault: Fault,
}

impl From<NameError> for ApiError {
    fn from(error: NameError) -> Self {
        Self::invalid_argument(error.to_string())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum Fault {
    #[error("'{found}' stands where '{word}' should")]
    Word { word: &'static str, found: String },
    #[error("it ends before '{0}'")]
    Short(&'static str),
    #[error("nothing may follow, but '{0}' does")]
    Long(String),
    #[error("the {part} '{value}' is not {rule}")]
    Part {
        part: &'static str,
        value: String,
        rule: Rule,
    },
}

/// The characters that a part may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Rule {
    #[error("1 to 63 characters of a-z, 0-9 and '-', the first not '-'")]
    Project,
    #[error("1 to 64 hexadecimal digits in lower case")]
    Hex,
    #[error("1 to 128 characters of A-Z, a-z, 0-9, '_' and '-'")]
    Word,
}

impl Rule {
    fn allows(self, text: &str) -> bool {
        let (limit, allowed): (usize, fn(u8) -> bool) = match self {
            Self::Project => (63, |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-')),
            Self::Hex => (64, |byte| matches!(byte, b'a'..=b'f' | b'0'..=b'9')),
            Self::Word => (128, |byte| {
                byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
            }),
        };
        (1..=limit).contains(&text.len())
            && text.bytes().all(allowed)
            && !(self == Self::Project && text.starts_with('-'))
    }
}

/// What is left of a name while it is parsed.
pub(super) struct Segments<'a> {
    pattern: &'static str,
    rest: Option<&'a str>,
}

impl<'a> Segments<'a> {
    pub(super) fn new(pattern: &'static str, text: &'a str) -> Self {
        Self {
            pattern,
            rest: Some(text),
        }
    }

    /// Takes `word/value`.
    pub(super) fn pair(
        &mut self,
        word: &'static str,
        name: &'static str,
        rule: Rule,
    ) -> Result<String, NameError> {
        self.word(word)?;
        let value = self.next(name)?;
        part(self.pattern, name, value, rule)
    }

    /// Takes a fixed word.
    pub(super) fn word(&mut self, word: &'static str) -> Result<(), NameError> {
        let found = self.next(word)?;
        if found == word {
            Ok(())
        } else {
            Err(self.error(Fault::Word {
                word,
                found: shown(found),
            }))
        }
    }

    pub(super) fn end(&self) -> Result<(), NameError> {
        self.rest
            .map_or(Ok(()), |rest| Err(self.error(Fault::Long(shown(rest)))))
    }

    fn next(&mut self, expected: &'static str) -> Result<&'a str, NameError> {
        let rest = self
            .rest
            .ok_or_else(|| self.error(Fault::Short(expected)))?;
        let (segment, rest) = rest
            .split_once('/')
            .map_or((rest, None), |(segment, rest)| (segment, Some(rest)));
        self.rest = rest;
        Ok(segment)
    }

    fn error(&self, fault: Fault) -> NameError {
        NameError {
            pattern: self.pattern,
            fault,
        }
    }
}

/// The value, if the rule allows it.
pub(super) fn part(
    pattern: &'static str,
    part: &'static str,
    value: &str,
    rule: Rule,
) -> Result<String, NameError> {
    if rule.allows(value) {
        Ok(value.to_owned())
    } else {
        Err(NameError {
            pattern,
            fault: Fault::Part {
                part,
                value: shown(value),
                rule,
            },
        })
    }
}

fn shown(text: &str) -> String {
    excerpt(text, 64)
}
