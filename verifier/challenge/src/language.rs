use std::fmt;

use crate::words::LANGUAGES;

/// A language that questions are asked in.
pub struct Language {
    pub(crate) tag: &'static str,
    pub(crate) direction: Direction,
    /// "Choose {n}."
    pub(crate) choose: &'static str,
    pub(crate) page: Page,
    pub(crate) categories: &'static [Words],
}

/// What the pages of our own say: the one for browsers without script, and the one that an edge shows. Free of markup
/// characters.
#[derive(Debug, PartialEq, Eq)]
pub struct Page {
    /// The title of the page that asks.
    pub heading: &'static str,
    /// On the button that answers.
    pub answer: &'static str,
    /// On the button that asks for another question.
    pub another: &'static str,
    /// Above a question that follows a wrong answer.
    pub wrong: &'static str,
    /// Above the token.
    pub copy: &'static str,
    /// In place of a question that cannot be answered any more.
    pub over: &'static str,
    /// The link that follows.
    pub again: &'static str,
    /// While nothing is asked yet.
    pub wait: &'static str,
    /// In place of a page that needs a script.
    pub script: &'static str,
}

/// A category in a language.
pub(crate) struct Words {
    /// The question with one right answer.
    pub one: &'static str,
    /// The question with several.
    pub many: &'static str,
    /// A word a thing.
    pub words: &'static [&'static str],
}

/// Where its lines begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// At the left.
    Ltr,
    /// At the right.
    Rtl,
}

impl Language {
    /// The language of a BCP 47 tag (RFC 5646), by its first subtag: `pt-BR` is asked in Portuguese. None if there is none.
    pub fn of_tag(tag: &str) -> Option<&'static Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        LANGUAGES
            .iter()
            .find(|language| language.tag.eq_ignore_ascii_case(primary))
    }

    /// The first language of an `Accept-Language` header (RFC 9110, section 12.5.4) that there is. Browsers send them in order
    /// of preference; weights are not read.
    pub fn of_header(accepted: &str) -> Option<&'static Self> {
        let ranges = accepted.split(',').take(MOST_RANGES);
        ranges
            .filter_map(|range| range.split(';').next())
            .find_map(Self::of_tag)
    }

    /// English, for those who ask for none that there is.
    pub fn fallback() -> &'static Self {
        &LANGUAGES[0]
    }

    /// All of them.
    pub fn all() -> &'static [Self] {
        LANGUAGES
    }

    /// Its tag, such as `de`.
    pub const fn tag(&self) -> &'static str {
        self.tag
    }

    /// What the pages of our own say.
    pub const fn page(&self) -> &Page {
        &self.page
    }

    /// Its direction.
    pub const fn direction(&self) -> Direction {
        self.direction
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Language({})", self.tag)
    }
}

impl PartialEq for Language {
    fn eq(&self, other: &Self) -> bool {
        self.tag == other.tag
    }
}

impl Eq for Language {}

impl Direction {
    /// As in HTML's attribute `dir`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ltr => "ltr",
            Self::Rtl => "rtl",
        }
    }
}

/// More than any browser sends.
const MOST_RANGES: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_finds_its_language_whatever_its_region_and_case() {
        for (tag, found) in [
            ("de", Some("de")),
            ("pt-BR", Some("pt")),
            ("EN_us", Some("en")),
            (" ar", Some("ar")),
            ("zh-CN", None),
            ("deu", None),
            ("", None),
        ] {
            assert_eq!(Language::of_tag(tag).map(Language::tag), found, "{tag}");
        }
    }

    #[test]
    fn a_header_finds_the_first_language_that_there_is() {
        for (header, found) in [
            ("de-CH, de;q=0.9, en;q=0.8", Some("de")),
            ("zh-CN,zh;q=0.9,ja;q=0.8", Some("ja")),
            ("*", None),
            (";;,,", None),
        ] {
            assert_eq!(
                Language::of_header(header).map(Language::tag),
                found,
                "{header}"
            );
        }
    }

    #[test]
    fn arabic_runs_from_the_right_and_the_fallback_is_english() {
        assert_eq!(
            Language::of_tag("ar").map(Language::direction),
            Some(Direction::Rtl)
        );
        assert_eq!(Language::fallback().tag(), "en");
    }
}
