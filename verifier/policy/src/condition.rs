use std::panic::{AssertUnwindSafe, catch_unwind};

use cel::parser::{ParseErrors, Parser};

use crate::{Vocabulary, check::check, term::Term};

/// When a policy applies: an expression that is true or false. An empty one always holds.
#[derive(Debug)]
pub struct Condition<V: Vocabulary> {
    term: Option<Term<V>>,
    patterns: usize,
}

impl<V: Vocabulary> Condition<V> {
    /// Reads a condition of at most [`MAX_CONDITION_CHARS`] characters and checks it against its vocabulary.
    ///
    /// # Errors
    /// What is wrong, at which character, and what to do.
    pub fn parse(text: &str) -> Result<Self, ConditionError> {
        let length = text.chars().count();
        if length > MAX_CONDITION_CHARS {
            return Err(ConditionError::TooLong(length));
        }
        if text.trim().is_empty() {
            return Ok(Self {
                term: None,
                patterns: 0,
            });
        }
        check_nesting(text)?;
        // The library promises no panics for whatever it is given; one must not take a request down.
        let parsed = catch_unwind(AssertUnwindSafe(|| {
            Parser::new()
                .max_recursion_depth(MAX_NESTING as u16)
                .error_recovery_limit(MAX_RECOVERIES)
                .parse_with_source_info(text)
        }));
        let (expression, source) = parsed
            .map_err(|_| ConditionError::Unreadable {
                example: V::EXAMPLE,
            })?
            .map_err(|errors| syntax_error(text, &errors, V::EXAMPLE))?;
        let (term, patterns) = check(&expression, &source)?;
        Ok(Self {
            term: Some(term),
            patterns,
        })
    }

    /// How many regular expressions it has. They are what costs time to read and memory to keep.
    #[must_use]
    pub fn patterns(&self) -> usize {
        self.patterns
    }

    /// Whether the condition holds for what is known.
    #[must_use]
    pub fn holds(&self, facts: &V::Facts<'_>) -> bool {
        self.term.as_ref().is_none_or(|term| term.is_true(facts))
    }
}

/// Why a condition was refused. Positions count characters from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConditionError {
    /// It has this many characters.
    #[error(
        "The condition has {0} characters, {MAX_CONDITION_CHARS} at most are allowed. Shorten it, or split it into two policies."
    )]
    TooLong(usize),
    /// Its parts lie too deep in each other.
    #[error(
        "At character {at}: more than {MAX_NESTING} levels of parentheses or operators in each other. Simplify the condition, or split it into two policies."
    )]
    TooDeep {
        /// Where the limit was passed.
        at: usize,
    },
    /// It is no expression.
    #[error(
        "At character {at}: {message}. The condition must be a CEL expression such as {example}."
    )]
    Syntax {
        /// Where reading ended.
        at: usize,
        /// What the parser says.
        message: String,
        /// A condition that may be written there.
        example: &'static str,
    },
    /// It cannot be read at all.
    #[error("The condition cannot be read. Write it as a CEL expression such as {example}.")]
    Unreadable {
        /// A condition that may be written there.
        example: &'static str,
    },
    /// It speaks of something that is not in its vocabulary.
    #[error("At character {at}: {name} is unknown here. Use one of: {known}.")]
    Unknown {
        /// Where.
        at: usize,
        /// What.
        name: String,
        /// What there is instead.
        known: String,
    },
    /// It uses a part of the language that conditions do without.
    #[error("At character {at}: {what}. {fix}.")]
    NotAllowed {
        /// Where.
        at: usize,
        /// What.
        what: String,
        /// What to write instead.
        fix: &'static str,
    },
    /// A part has the wrong kind.
    #[error("At character {at}: this must be {wanted}, but it is {found}.")]
    WrongKind {
        /// Where.
        at: usize,
        /// The kind that is needed.
        wanted: &'static str,
        /// The kind that it has.
        found: &'static str,
    },
    /// The pattern of `matches` is no regular expression, or one that would be too large.
    #[error("At character {at}: the regular expression cannot be used: {message}")]
    Pattern {
        /// Where.
        at: usize,
        /// Why not.
        message: String,
    },
}

/// Refuses what nests deeper than the parser can follow on a small stack. Brackets inside of text count, too: a condition
/// with more than these many in a string is nothing that anybody needs.
fn check_nesting(text: &str) -> Result<(), ConditionError> {
    let (mut depth, mut signs) = (0_usize, 0_usize);
    for (index, character) in text.chars().enumerate() {
        match character {
            '(' | '[' | '{' | '?' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        // Signs in a row lie in each other like brackets do.
        signs = match character {
            '!' | '-' => signs + 1,
            _ if character.is_whitespace() => signs,
            _ => 0,
        };
        if depth > MAX_NESTING || signs > MAX_NESTING {
            return Err(ConditionError::TooDeep { at: index + 1 });
        }
    }
    Ok(())
}

fn syntax_error(text: &str, errors: &ParseErrors, example: &'static str) -> ConditionError {
    let Some(error) = errors.errors.first() else {
        return ConditionError::Unreadable { example };
    };
    let (line, column) = error.pos;
    let before: usize = text
        .split_inclusive('\n')
        .take(usize::try_from(line).unwrap_or(1).saturating_sub(1))
        .map(|line| line.chars().count())
        .sum();
    let message = error.msg.trim_start_matches("Syntax error: ");
    ConditionError::Syntax {
        at: (before + usize::try_from(column).unwrap_or(1)).max(1),
        message: message.chars().take(MAX_MESSAGE_CHARS).collect(),
        example,
    }
}

/// Conditions have at most this many characters.
pub const MAX_CONDITION_CHARS: usize = 500;

/// How deep parts may lie in each other.
const MAX_NESTING: usize = 16;

/// How often the parser goes on after an error. Only the first is told.
const MAX_RECOVERIES: u32 = 4;

/// The parser lists every token that it would have liked.
const MAX_MESSAGE_CHARS: usize = 120;
