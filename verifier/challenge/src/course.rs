use crate::{
    Difficulty, Language,
    question::{Question, Seed},
};

/// How far a visitor has come in a challenge, and the answer to the question that is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    difficulty: Difficulty,
    is_solvable: bool,
    /// Questions asked, the open one included.
    asked: u8,
    /// Questions answered rightly.
    right: u8,
    /// Questions answered wrongly.
    wrong: u8,
    /// Questions passed over.
    skipped: u8,
    /// The right options of the open question, bit `n` for option `n`.
    answer: u8,
}

/// What follows from an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The challenge is passed.
    Passed,
    /// It is failed for good.
    Failed,
    /// Another question is to be asked: the next round.
    Next,
    /// Another question is to be asked: the last answer was wrong.
    Retry,
}

/// Bytes that are no course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a challenge of a known format")]
pub struct CourseError;

impl Course {
    /// A challenge in which nothing is asked yet.
    pub const fn new(difficulty: Difficulty) -> Self {
        Self {
            difficulty,
            is_solvable: true,
            asked: 0,
            right: 0,
            wrong: 0,
            skipped: 0,
            answer: 0,
        }
    }

    /// A challenge that no answer passes, for sites that test what they do then. It looks like any other.
    pub const fn unsolvable(difficulty: Difficulty) -> Self {
        Self {
            is_solvable: false,
            ..Self::new(difficulty)
        }
    }

    /// Asks a question, in place of the one that is open.
    pub fn ask(&mut self, language: &'static Language, seed: Seed) -> Question {
        let (question, answer) = Question::draw(self.difficulty, language, seed);
        self.answer = answer;
        self.asked = self.asked.saturating_add(1);
        question
    }

    /// Judges an answer to the open question: the places of the options picked, in any order. Places that the question does not
    /// have are wrong ones.
    pub fn judge(&mut self, picked: &[u8]) -> Verdict {
        let options = self.difficulty.options();
        let set = picked.iter().try_fold(0u8, |set, place| {
            let place = usize::from(*place);
            (place < options).then(|| set | 1 << place)
        });
        if self.is_solvable && set == Some(self.answer) {
            self.right = self.right.saturating_add(1);
            match self.right >= self.difficulty.rounds() {
                true => Verdict::Passed,
                false => Verdict::Next,
            }
        } else {
            self.wrong()
        }
    }

    /// Counts a wrong answer.
    pub fn wrong(&mut self) -> Verdict {
        self.wrong = self.wrong.saturating_add(1);
        match self.wrong >= MOST_WRONG {
            true => Verdict::Failed,
            false => Verdict::Retry,
        }
    }

    /// Counts a question passed over.
    pub fn skip(&mut self) -> Verdict {
        self.skipped = self.skipped.saturating_add(1);
        match self.skipped > MOST_SKIPS {
            true => Verdict::Failed,
            false => Verdict::Next,
        }
    }

    /// How many questions were asked, the open one included; at most 255 are told apart.
    pub const fn asked(&self) -> u8 {
        self.asked
    }

    /// The round that the open question belongs to, from 1.
    pub fn round(&self) -> u8 {
        self.rounds().min(self.right.saturating_add(1))
    }

    /// How many rounds there are.
    pub const fn rounds(&self) -> u8 {
        self.difficulty.rounds()
    }

    /// As the page carries it, sealed. It holds the answer.
    pub const fn to_bytes(&self) -> [u8; Self::BYTES] {
        [
            FORMAT,
            self.difficulty.byte(),
            self.is_solvable as u8,
            self.asked,
            self.right,
            self.wrong,
            self.skipped,
            self.answer,
        ]
    }

    /// Reads what [`Course::to_bytes`] wrote.
    ///
    /// # Errors
    /// Another release wrote it, in a format that this one does not read.
    pub fn from_bytes(bytes: [u8; Self::BYTES]) -> Result<Self, CourseError> {
        let [
            FORMAT,
            difficulty,
            is_solvable @ (0 | 1),
            asked,
            right,
            wrong,
            skipped,
            answer,
        ] = bytes
        else {
            return Err(CourseError);
        };
        Ok(Self {
            difficulty: Difficulty::from_byte(difficulty).ok_or(CourseError)?,
            is_solvable: is_solvable == 1,
            asked,
            right,
            wrong,
            skipped,
            answer,
        })
    }

    /// Length of its encoded form.
    pub const BYTES: usize = 8;
}

/// With so many wrong answers a challenge is failed.
pub const MOST_WRONG: u8 = 3;
/// So many questions may be passed over.
pub const MOST_SKIPS: u8 = 3;
const FORMAT: u8 = 1;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::question::MOST_OPTIONS;

    fn right_places(course: &Course) -> Vec<u8> {
        (0..MOST_OPTIONS as u8)
            .filter(|place| course.answer & 1 << place != 0)
            .collect()
    }

    fn asked(difficulty: Difficulty, seed: u8) -> Course {
        let mut course = Course::new(difficulty);
        course.ask(Language::fallback(), [seed; 32]);
        course
    }

    #[test]
    fn as_many_right_answers_as_there_are_rounds_pass() {
        for difficulty in [
            Difficulty::Usability,
            Difficulty::Balance,
            Difficulty::Security,
        ] {
            let mut course = Course::new(difficulty);
            for round in 1..=difficulty.rounds() {
                course.ask(Language::fallback(), [round; 32]);
                assert_eq!((course.round(), course.asked()), (round, round));
                let mut picked = right_places(&course);
                picked.reverse();
                let expected = match round == difficulty.rounds() {
                    true => Verdict::Passed,
                    false => Verdict::Next,
                };
                assert_eq!(course.judge(&picked), expected);
            }
        }
    }

    #[test]
    fn the_third_wrong_answer_fails() {
        let mut course = asked(Difficulty::Usability, 1);
        let wrong = [(right_places(&course)[0] + 1) % 4];
        let verdicts = [0; 3].map(|_| course.judge(&wrong));
        assert_eq!(verdicts, [Verdict::Retry, Verdict::Retry, Verdict::Failed]);
    }

    #[test]
    fn three_questions_may_be_passed_over() {
        let mut course = asked(Difficulty::Usability, 1);
        let verdicts = [0; 4].map(|_| course.skip());
        assert_eq!(verdicts[..3], [Verdict::Next; 3]);
        assert_eq!(verdicts[3], Verdict::Failed);
        assert_eq!(course.round(), 1, "nothing was won by it");
    }

    #[test]
    fn nothing_everything_and_places_that_are_not_there_are_wrong() {
        for picked in [&[][..], &[0, 1, 2, 3, 4, 5], &[8], &[255, 0]] {
            let mut course = asked(Difficulty::Security, 9);
            assert_eq!(course.judge(picked), Verdict::Retry, "{picked:?}");
        }
    }

    #[test]
    fn no_answer_passes_an_unsolvable_challenge() {
        let mut course = Course::unsolvable(Difficulty::Usability);
        course.ask(Language::fallback(), [1; 32]);
        let right = right_places(&course);
        let verdicts = [0; 3].map(|_| course.judge(&right));
        assert_eq!(verdicts, [Verdict::Retry, Verdict::Retry, Verdict::Failed]);
    }

    #[test]
    fn whoever_guesses_passes_as_often_as_the_documentation_says() {
        for (difficulty, share) in [
            (Difficulty::Usability, 0.578),
            (Difficulty::Balance, 0.181),
            (Difficulty::Security, 0.007),
        ] {
            let passed = (0..4_000u32).filter(|n| guesses(difficulty, *n)).count();
            let measured = passed as f64 / 4_000.0;
            // Four standard deviations of 4,000 draws at most: 0.032.
            assert!(
                (measured - share).abs() < 0.032,
                "{difficulty:?}: {measured}"
            );
        }
    }

    /// Guesses as many options as are to be picked, until the challenge is over.
    fn guesses(difficulty: Difficulty, number: u32) -> bool {
        let mut course = Course::new(difficulty);
        loop {
            let mut seed = [course.asked(); 32];
            seed[..4].copy_from_slice(&number.to_le_bytes());
            let question = course.ask(Language::fallback(), seed);
            let picked: Vec<u8> = (0..question.pick).collect();
            match course.judge(&picked) {
                Verdict::Passed => return true,
                Verdict::Failed => return false,
                Verdict::Next | Verdict::Retry => {}
            }
        }
    }

    proptest! {
        #[test]
        fn a_course_comes_back_as_it_was(bytes: [u8; Course::BYTES]) {
            if let Ok(course) = Course::from_bytes(bytes) {
                prop_assert_eq!(course.to_bytes(), bytes);
            }
        }

        #[test]
        fn any_answers_end_in_a_verdict_and_never_in_a_panic(
            bytes: [u8; Course::BYTES],
            picked: Vec<u8>,
        ) {
            let format = [FORMAT, bytes[1] % 3 + 1, 1];
            let mut whole = bytes;
            whole[..3].copy_from_slice(&format);
            let mut course = Course::from_bytes(whole).unwrap();
            course.judge(&picked);
            course.skip();
            prop_assert!(course.round() <= course.rounds());
        }
    }
}
