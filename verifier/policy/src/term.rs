use regex::Regex;

use crate::{Value, Vocabulary, vocabulary::AssessmentType};

/// A checked part of a condition. The checker has seen to it that values are of the kinds that each term expects.
#[derive(Debug)]
pub(crate) enum Term<V: Vocabulary> {
    Bool(bool),
    Number(f64),
    Text(Box<str>),
    AssessmentType(AssessmentType),
    Variable(V::Variable),
    Not(Box<Self>),
    And(Box<(Self, Self)>),
    Or(Box<(Self, Self)>),
    /// Condition, then, else.
    If(Box<(Self, Self, Self)>),
    Compare(Comparison, Box<(Self, Self)>),
    Among(Box<Self>, Vec<Self>),
    Search(Search, Box<(Self, Self)>),
    Matches(Box<Self>, Regex),
    /// How many characters a text has.
    Size(Box<Self>),
}

/// How two values compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// Where a text is looked for in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Search {
    Contains,
    StartsWith,
    EndsWith,
}

impl<V: Vocabulary> Term<V> {
    /// Whether a term of kind bool is true.
    pub fn is_true(&self, facts: &V::Facts<'_>) -> bool {
        self.value(facts) == Value::Bool(true)
    }

    fn value<'a>(&'a self, facts: &'a V::Facts<'_>) -> Value<'a> {
        match self {
            Self::Bool(value) => Value::Bool(*value),
            Self::Number(value) => Value::Number(*value),
            Self::Text(value) => Value::Text(value),
            Self::AssessmentType(value) => Value::AssessmentType(*value),
            Self::Variable(variable) => V::value(facts, *variable),
            Self::Not(term) => Value::Bool(!term.is_true(facts)),
            Self::And(terms) => Value::Bool(terms.0.is_true(facts) && terms.1.is_true(facts)),
            Self::Or(terms) => Value::Bool(terms.0.is_true(facts) || terms.1.is_true(facts)),
            Self::If(terms) if terms.0.is_true(facts) => terms.1.value(facts),
            Self::If(terms) => terms.2.value(facts),
            Self::Compare(comparison, terms) => {
                Value::Bool(comparison.holds(terms.0.value(facts), terms.1.value(facts)))
            }
            Self::Among(term, list) => {
                let value = term.value(facts);
                Value::Bool(list.iter().any(|item| item.value(facts) == value))
            }
            Self::Search(search, terms) => {
                Value::Bool(search.finds(terms.0.text(facts), terms.1.text(facts)))
            }
            Self::Matches(term, regex) => Value::Bool(regex.is_match(term.text(facts))),
            Self::Size(term) => Value::Number(term.text(facts).chars().count() as f64),
        }
    }

    fn text<'a>(&'a self, facts: &'a V::Facts<'_>) -> &'a str {
        match self.value(facts) {
            Value::Text(text) => text,
            _ => "",
        }
    }
}

impl Comparison {
    fn holds(self, left: Value<'_>, right: Value<'_>) -> bool {
        let order = match (left, right) {
            (Value::Number(left), Value::Number(right)) => left.partial_cmp(&right),
            (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
            _ => None,
        };
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::Less => order.is_some_and(|order| order.is_lt()),
            Self::LessOrEqual => order.is_some_and(|order| order.is_le()),
            Self::Greater => order.is_some_and(|order| order.is_gt()),
            Self::GreaterOrEqual => order.is_some_and(|order| order.is_ge()),
        }
    }
}

impl Search {
    fn finds(self, text: &str, part: &str) -> bool {
        match self {
            Self::Contains => text.contains(part),
            Self::StartsWith => text.starts_with(part),
            Self::EndsWith => text.ends_with(part),
        }
    }
}
