use oxilangtag::LanguageTag;

use crate::words::{WORDS, Words};

/// Why a text names no language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is not a language tag of BCP 47")]
pub struct LanguageError;

/// The tag of the language that messages are written in, for a tag of BCP 47 (RFC 5646): the first subtag decides, and English stands
/// in for languages that there are no words in. An empty tag asks for none.
///
/// # Errors
/// The text is no tag.
pub fn read_language(tag: &str) -> Result<&'static str, LanguageError> {
    if tag.is_empty() {
        return Ok(WORDS[0].tag);
    }
    if tag.len() > MAX_TAG_BYTES {
        return Err(LanguageError);
    }
    let tag = LanguageTag::parse(tag).map_err(|_| LanguageError)?;
    Ok(words(tag.primary_language()).tag)
}

/// The words of a language, or of English.
pub(crate) fn words(tag: &str) -> &'static Words {
    WORDS
        .iter()
        .find(|words| words.tag.eq_ignore_ascii_case(tag))
        .unwrap_or(&WORDS[0])
}

/// Longer than any tag in use: RFC 5646, section 4.4.1, asks for room for 35.
const MAX_TAG_BYTES: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_one_of_bcp_47_and_english_stands_in() {
        for (tag, language) in [
            ("", Ok("en")),
            ("de", Ok("de")),
            ("pt-BR", Ok("pt")),
            ("AR-eg", Ok("ar")),
            ("zh-Hant-TW", Ok("en")),
            ("sr-Latn", Ok("en")),
            ("en_US", Err(LanguageError)),
            ("english language", Err(LanguageError)),
            ("1", Err(LanguageError)),
            ("de-", Err(LanguageError)),
        ] {
            assert_eq!(read_language(tag), language, "{tag:?}");
        }
        assert_eq!(read_language(&"x-a".repeat(60)), Err(LanguageError));
    }
}
