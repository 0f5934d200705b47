use rand::{
    RngExt, SeedableRng,
    rngs::StdRng,
    seq::{IndexedRandom, SliceRandom},
};

use crate::{Difficulty, Language, words::CATEGORIES};

/// A question as it is shown. Nothing in it tells which options are right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The question, and how many to choose if more than one.
    pub text: String,
    /// What to choose from, in random order.
    pub options: Vec<Opt>,
    /// How many are right.
    pub pick: u8,
    /// The language it is in.
    pub language: &'static Language,
}

/// One of the things to choose from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opt {
    /// The word.
    pub text: &'static str,
    /// A picture of the thing, one emoji: decoration, to be hidden from screen readers.
    pub picture: &'static str,
}

/// Fresh random bytes that a question is drawn by. Whoever knows them knows the answer.
pub type Seed = [u8; 32];

impl Question {
    /// Draws a question. Answers it with the set of right options: bit `n` for option `n`.
    ///
    /// One seed gives one question, as long as the words and the generator of the build stay the same; nothing is kept that
    /// would rely on it.
    pub(crate) fn draw(
        difficulty: Difficulty,
        language: &'static Language,
        seed: Seed,
    ) -> (Self, u8) {
        let mut rng = StdRng::from_seed(seed);
        let pick = rng.random_range(1..=difficulty.most_right());
        let category = rng.random_range(0..CATEGORIES.len());
        let mut things: Vec<Thing> = of_category(category).collect();
        things.shuffle(&mut rng);
        things.truncate(pick);
        // Any words but those that somebody could take for right ones.
        let others: Vec<Thing> = (0..CATEGORIES.len())
            .filter(|other| *other != category && !CATEGORIES[category].apart.contains(other))
            .flat_map(of_category)
            .collect();
        things.extend(others.sample(&mut rng, difficulty.options() - pick));
        things.shuffle(&mut rng);

        let bits = things.iter().enumerate();
        let right = bits.fold(0, |set, (place, thing)| {
            set | u8::from(thing.category == category) << place
        });
        let words = &language.categories[category];
        let text = match pick {
            1 => words.one.to_owned(),
            _ => {
                let choose = language.choose.replace("{n}", &pick.to_string());
                format!("{} {choose}", words.many)
            }
        };
        let options = things.iter().map(|thing| thing.option(language)).collect();
        let question = Self {
            text,
            options,
            pick: pick as u8,
            language,
        };
        (question, right)
    }
}

/// A thing by its place in the tables.
#[derive(Clone, Copy)]
struct Thing {
    category: usize,
    place: usize,
}

impl Thing {
    fn option(self, language: &'static Language) -> Opt {
        Opt {
            text: language.categories[self.category].words[self.place],
            picture: CATEGORIES[self.category].pictures[self.place],
        }
    }
}

fn of_category(category: usize) -> impl Iterator<Item = Thing> {
    (0..CATEGORIES[category].pictures.len()).map(move |place| Thing { category, place })
}

/// Most options of a question: a set of them is a byte.
pub const MOST_OPTIONS: usize = 8;

const _: () = assert!(Difficulty::Security.options() <= MOST_OPTIONS);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: [Difficulty; 3] = [
        Difficulty::Usability,
        Difficulty::Balance,
        Difficulty::Security,
    ];

    proptest! {
        #[test]
        fn a_question_has_as_many_different_options_and_right_ones_as_it_says(
            seed: Seed,
            difficulty in 0..ALL.len(),
            language in 0..Language::all().len(),
        ) {
            let difficulty = ALL[difficulty];
            let (question, right) = Question::draw(difficulty, &Language::all()[language], seed);
            prop_assert_eq!(question.options.len(), difficulty.options());
            prop_assert_eq!(right.count_ones(), u32::from(question.pick));
            prop_assert!(usize::from(question.pick) <= difficulty.most_right());
            prop_assert!(usize::from(right) < 1 << question.options.len());
            for (place, option) in question.options.iter().enumerate() {
                prop_assert!(!question.options[..place].iter().any(|other| other.text == option.text));
            }
        }

        #[test]
        fn one_seed_gives_one_question_in_every_language(seed: Seed) {
            let drawn = |language| Question::draw(Difficulty::Security, language, seed);
            let (english, right) = drawn(Language::fallback());
            for language in Language::all() {
                let (question, same) = drawn(language);
                prop_assert_eq!(same, right);
                let pictures = |question: &Question| -> Vec<_> {
                    question.options.iter().map(|option| option.picture).collect()
                };
                prop_assert_eq!(pictures(&question), pictures(&english));
            }
        }
    }

    #[test]
    fn every_place_is_right_equally_often() {
        let mut counts = [0u32; 4];
        for n in 0..4_000u32 {
            let mut seed = [0; 32];
            seed[..4].copy_from_slice(&n.to_le_bytes());
            let (_, right) = Question::draw(Difficulty::Usability, Language::fallback(), seed);
            counts[right.trailing_zeros() as usize] += 1;
        }
        // Four standard deviations of a fair draw: sqrt(4000 / 4 * 3 / 4) = 27.
        assert!(
            counts.iter().all(|count| count.abs_diff(1_000) < 110),
            "{counts:?}"
        );
    }

    #[test]
    fn a_question_with_several_answers_says_how_many() {
        let question = (0..=255)
            .map(|byte| Question::draw(Difficulty::Security, Language::fallback(), [byte; 32]).0)
            .find(|question| question.pick == 2)
            .unwrap();
        assert!(
            question.text.starts_with("Which of these are "),
            "{}",
            question.text
        );
        assert!(question.text.ends_with(" Choose 2."), "{}", question.text);
    }
}
