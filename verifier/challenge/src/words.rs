//! The tables that `build.rs` makes of `words/*.toml`. Categories, and the words of each, stand in one order in all of them.

use crate::language::{Direction, Language, Page, Words};

/// A kind of things.
pub(crate) struct Category {
    /// Categories, by their place, whose things never stand beside its own.
    pub apart: &'static [usize],
    /// A picture a thing.
    pub pictures: &'static [&'static str],
}

include!(concat!(env!("OUT_DIR"), "/words.rs"));

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// `build.rs` made sure that each language has a word for every thing.
    #[test]
    fn no_word_of_a_language_names_two_things() {
        for language in LANGUAGES {
            let mut seen = BTreeMap::new();
            for (category, words) in language.categories.iter().enumerate() {
                for word in words.words {
                    let before = seen.insert(word.to_lowercase(), category);
                    assert_eq!(before, None, "{}: {word}", language.tag);
                }
            }
        }
    }

    #[test]
    fn no_picture_shows_two_things() {
        let mut pictures: Vec<_> = CATEGORIES
            .iter()
            .flat_map(|category| category.pictures)
            .collect();
        let all = pictures.len();
        pictures.sort_unstable();
        pictures.dedup();
        assert_eq!(pictures.len(), all);
    }

    #[test]
    fn texts_are_short_and_tidy() {
        let is_tidy = |text: &str, most| {
            text.trim() == text
                && (1..=most).contains(&text.chars().count())
                && !text.contains(|c: char| c.is_control() || matches!(c, '<' | '>' | '&' | '"'))
        };
        for language in LANGUAGES {
            assert!(is_tidy(language.choose, 32), "{}", language.choose);
            let Page {
                heading,
                answer,
                another,
                wrong,
                copy,
                over,
                again,
                wait,
                script,
            } = language.page;
            for text in [
                heading, answer, another, wrong, copy, over, again, wait, script,
            ] {
                assert!(is_tidy(text, 80), "{text}");
            }
            for words in language.categories {
                assert!(is_tidy(words.one, 64), "{}", words.one);
                assert!(is_tidy(words.many, 64), "{}", words.many);
                for word in words.words {
                    assert!(is_tidy(word, 20), "{word}");
                }
            }
        }
    }

    #[test]
    fn every_category_has_enough_right_ones_and_leaves_enough_others() {
        for (place, category) in CATEGORIES.iter().enumerate() {
            assert!(category.pictures.len() >= 5);
            assert!(category.apart.len() <= 3 && !category.apart.contains(&place));
        }
    }
}
