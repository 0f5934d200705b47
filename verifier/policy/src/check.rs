use std::cell::Cell;

use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, SourceInfo, operators};
use regex::{Regex, RegexBuilder};

use crate::{
    ConditionError, Kind, Vocabulary,
    term::{Comparison, Search, Term},
};

/// Turns what the parser read into a term of kind bool, and counts its regular expressions.
pub(crate) fn check<V: Vocabulary>(
    expression: &IdedExpr,
    source: &SourceInfo,
) -> Result<(Term<V>, usize), ConditionError> {
    let checker = Checker {
        source,
        patterns: Cell::new(0),
    };
    let term = checker.expect(expression, Kind::Bool)?;
    Ok((term, checker.patterns.get()))
}

struct Checker<'a> {
    source: &'a SourceInfo,
    /// How many regular expressions were met.
    patterns: Cell<usize>,
}

/// A term and its kind.
type Checked<V> = Result<(Term<V>, Kind), ConditionError>;

type Pair<V> = Box<(Term<V>, Term<V>)>;

impl Checker<'_> {
    /// A term that must be of a kind.
    fn expect<V: Vocabulary>(
        &self,
        expression: &IdedExpr,
        wanted: Kind,
    ) -> Result<Term<V>, ConditionError> {
        let (term, found) = self.term(expression)?;
        self.same(expression, wanted, found)?;
        Ok(term)
    }

    fn term<V: Vocabulary>(&self, expression: &IdedExpr) -> Checked<V> {
        match &expression.expr {
            Expr::Literal(literal) => self.literal(expression, literal),
            Expr::Ident(_) | Expr::Select(_) => self.name(expression),
            Expr::Call(call) => self.call(expression, call),
            Expr::List(_) => Err(self.refuse(
                expression,
                "a list may only stand to the right of \"in\"",
                "Write for example http.ip in [\"192.0.2.1\", \"192.0.2.2\"]",
            )),
            Expr::Comprehension(_) => Err(self.refuse(
                expression,
                "macros such as all, exists, filter and map are not supported",
                "Combine comparisons with && and ||",
            )),
            Expr::Map(_) | Expr::Struct(_) | Expr::Unspecified => Err(self.refuse(
                expression,
                "maps and messages are not supported",
                "Compare variables with numbers, text, true or false",
            )),
        }
    }

    fn literal<V: Vocabulary>(&self, expression: &IdedExpr, literal: &LiteralValue) -> Checked<V> {
        match literal {
            LiteralValue::Boolean(value) => Ok((Term::Bool(*value.inner()), Kind::Bool)),
            LiteralValue::Int(value) => Ok((Term::Number(*value.inner() as f64), Kind::Number)),
            LiteralValue::UInt(value) => Ok((Term::Number(*value.inner() as f64), Kind::Number)),
            LiteralValue::Double(value) => Ok((Term::Number(*value.inner()), Kind::Number)),
            LiteralValue::String(value) => Ok((Term::Text(value.inner().into()), Kind::Text)),
            LiteralValue::Bytes(_) | LiteralValue::Null => Err(self.refuse(
                expression,
                "null and bytes are not supported",
                "Every variable has a value: compare with \"\", 0 or false",
            )),
        }
    }

    fn name<V: Vocabulary>(&self, expression: &IdedExpr) -> Checked<V> {
        let name = qualified(&expression.expr).ok_or_else(|| {
            self.refuse(
                expression,
                "a field can only be taken of a variable, and has() is not supported",
                "Every variable has a value: compare it",
            )
        })?;
        let variable = V::VARIABLES.iter().find(|(known, ..)| *known == name);
        if let Some((_, kind, variable)) = variable {
            return Ok((Term::Variable(*variable), *kind));
        }
        let constant = V::CONSTANTS.iter().find(|(known, _)| *known == name);
        if let Some((_, value)) = constant {
            return Ok((Term::AssessmentType(*value), Kind::AssessmentType));
        }
        let variables = V::VARIABLES.iter().map(|(known, ..)| *known);
        let constants = V::CONSTANTS.iter().map(|(known, _)| *known);
        Err(ConditionError::Unknown {
            at: self.first_of(expression),
            name,
            known: variables.chain(constants).collect::<Vec<_>>().join(", "),
        })
    }

    fn call<V: Vocabulary>(&self, expression: &IdedExpr, call: &CallExpr) -> Checked<V> {
        let operands: Vec<&IdedExpr> = call
            .target
            .as_deref()
            .into_iter()
            .chain(&call.args)
            .collect();
        let is_method = call.target.is_some();
        let term = match (call.func_name.as_str(), &operands[..]) {
            (operators::LOGICAL_NOT, [operand]) => {
                Term::Not(Box::new(self.expect(operand, Kind::Bool)?))
            }
            (operators::LOGICAL_AND, [left, right]) => Term::And(self.both(left, right)?),
            (operators::LOGICAL_OR, [left, right]) => Term::Or(self.both(left, right)?),
            (operators::CONDITIONAL, [condition, yes, no]) => {
                let condition = self.expect(condition, Kind::Bool)?;
                let (yes, kind) = self.term(yes)?;
                let no = self.expect(no, kind)?;
                return Ok((Term::If(Box::new((condition, yes, no))), kind));
            }
            (operators::IN, [item, list]) => self.among(item, list)?,
            ("contains", [text, part]) if is_method => self.search(Search::Contains, text, part)?,
            ("startsWith", [text, part]) if is_method => {
                self.search(Search::StartsWith, text, part)?
            }
            ("endsWith", [text, part]) if is_method => self.search(Search::EndsWith, text, part)?,
            ("matches", [text, pattern]) => {
                let text = self.expect(text, Kind::Text)?;
                Term::Matches(Box::new(text), self.pattern(pattern)?)
            }
            ("size", [text]) => {
                let text = self.expect(text, Kind::Text)?;
                return Ok((Term::Size(Box::new(text)), Kind::Number));
            }
            (operator, [left, right]) => match comparison(operator) {
                Some(comparison) => self.compare(comparison, left, right)?,
                None => return Err(self.unsupported(expression, operator)),
            },
            (operator, _) => return Err(self.unsupported(expression, operator)),
        };
        Ok((term, Kind::Bool))
    }

    fn both<V: Vocabulary>(
        &self,
        left: &IdedExpr,
        right: &IdedExpr,
    ) -> Result<Pair<V>, ConditionError> {
        let left = self.expect(left, Kind::Bool)?;
        Ok(Box::new((left, self.expect(right, Kind::Bool)?)))
    }

    fn compare<V: Vocabulary>(
        &self,
        comparison: Comparison,
        left: &IdedExpr,
        right: &IdedExpr,
    ) -> Result<Term<V>, ConditionError> {
        let (first, kind) = self.term(left)?;
        let second = self.expect(right, kind)?;
        let has_order = matches!(kind, Kind::Number | Kind::Text);
        if !has_order && !matches!(comparison, Comparison::Equal | Comparison::NotEqual) {
            return Err(self.refuse(
                left,
                &format!("{} cannot be more or less than another", kind.name()),
                "Compare with == or !=",
            ));
        }
        Ok(Term::Compare(comparison, Box::new((first, second))))
    }

    fn among<V: Vocabulary>(
        &self,
        item: &IdedExpr,
        list: &IdedExpr,
    ) -> Result<Term<V>, ConditionError> {
        let Expr::List(items) = &list.expr else {
            return Err(self.refuse(
                list,
                "to the right of \"in\" must stand a list",
                "Write a list in brackets, or compare with ==",
            ));
        };
        let (item, kind) = self.term(item)?;
        let list = items.elements.iter().map(|item| self.expect(item, kind));
        Ok(Term::Among(Box::new(item), list.collect::<Result<_, _>>()?))
    }

    fn search<V: Vocabulary>(
        &self,
        search: Search,
        text: &IdedExpr,
        part: &IdedExpr,
    ) -> Result<Term<V>, ConditionError> {
        let text = self.expect(text, Kind::Text)?;
        let part = self.expect(part, Kind::Text)?;
        Ok(Term::Search(search, Box::new((text, part))))
    }

    /// Patterns are compiled here, once, and bounded: a pattern that came from a variable could be neither.
    fn pattern(&self, pattern: &IdedExpr) -> Result<Regex, ConditionError> {
        let Expr::Literal(LiteralValue::String(text)) = &pattern.expr else {
            return Err(self.refuse(
                pattern,
                "the pattern of matches must be text in quotes",
                "Write the regular expression itself",
            ));
        };
        self.patterns.set(self.patterns.get() + 1);
        if self.patterns.get() > MAX_PATTERNS {
            return Err(self.refuse(
                pattern,
                &format!("a condition has at most {MAX_PATTERNS} regular expressions"),
                "Join them as alternatives, or use contains, startsWith and endsWith",
            ));
        }
        RegexBuilder::new(text.inner())
            .size_limit(MAX_PATTERN_BYTES)
            .dfa_size_limit(MAX_PATTERN_BYTES)
            .build()
            .map_err(|error| ConditionError::Pattern {
                at: self.at(pattern),
                message: pattern_error(&error),
            })
    }

    fn same(&self, expression: &IdedExpr, wanted: Kind, found: Kind) -> Result<(), ConditionError> {
        if wanted == found {
            return Ok(());
        }
        Err(ConditionError::WrongKind {
            at: self.at(expression),
            wanted: wanted.name(),
            found: found.name(),
        })
    }

    fn unsupported(&self, expression: &IdedExpr, operator: &str) -> ConditionError {
        let name = operator.trim_matches('_').trim_start_matches('@');
        self.refuse(
            expression,
            &format!("{name} is not supported with these operands"),
            "Use ==, !=, <, <=, >, >=, &&, ||, !, in, ?:, contains, startsWith, endsWith, matches, size",
        )
    }

    fn refuse(&self, expression: &IdedExpr, what: &str, fix: &'static str) -> ConditionError {
        ConditionError::NotAllowed {
            at: self.at(expression),
            what: what.to_owned(),
            fix,
        }
    }

    /// The first character of a name: the parser marks a field by its dot.
    fn first_of(&self, expression: &IdedExpr) -> usize {
        match &expression.expr {
            Expr::Select(select) => self.first_of(&select.operand),
            _ => self.at(expression),
        }
    }

    /// The character that the parser marked, from 1.
    fn at(&self, expression: &IdedExpr) -> usize {
        let start = self.source.offset_for(expression.id);
        let before = start.and_then(|(start, _)| self.source.source.get(..start as usize));
        before.map_or(1, |before| before.chars().count() + 1)
    }
}

/// `a.b.c`, if the expression spells a name.
fn qualified(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Ident(name) => Some(name.clone()),
        Expr::Select(select) if !select.test => {
            let operand = qualified(&select.operand.expr)?;
            Some(format!("{operand}.{}", select.field))
        }
        _ => None,
    }
}

fn pattern_error(error: &regex::Error) -> String {
    if let regex::Error::CompiledTooBig(most) = error {
        let kib = most / 1024;
        return format!(
            "it takes more than {kib} KiB. Shorten it; [A-Za-z0-9_] takes much less than \\w, [0-9] than \\d."
        );
    }
    // The library draws the pattern over several lines; the last says what is wrong.
    let message = error.to_string();
    let last = message.lines().last().unwrap_or_default().trim();
    last.trim_start_matches("error: ").to_owned()
}

fn comparison(operator: &str) -> Option<Comparison> {
    Some(match operator {
        operators::EQUALS => Comparison::Equal,
        operators::NOT_EQUALS => Comparison::NotEqual,
        operators::LESS => Comparison::Less,
        operators::LESS_EQUALS => Comparison::LessOrEqual,
        operators::GREATER => Comparison::Greater,
        operators::GREATER_EQUALS => Comparison::GreaterOrEqual,
        _ => return None,
    })
}

/// What a compiled pattern may take up: two `\w`, or dozens of names in capitals and small letters. A policy has many.
const MAX_PATTERN_BYTES: usize = 64 * 1024;

/// Regular expressions in one condition.
const MAX_PATTERNS: usize = 4;
