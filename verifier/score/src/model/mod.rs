//! The behaviour model: how like people, and how unlike scripts, a pointer moves and keys are struck.
//!
//! One additive model for each way of acting ([`Part`]): boosted trees of depth two at most, read from `behaviour.model`,
//! which `cargo xtask train` makes from recorded people and scripts. What they rest on, how well they do and what they
//! cannot tell is in `docs/model-card.md`. There is no touch and no pen in it: both are neutral by construction.
//!
//! Trees give a sum in log-odds ([`Explanation::raw`]) that adds up feature by feature. A person unlike those it was
//! learnt from moves that sum, so it is not taken at its word: [`Scale`] puts the sums that all but 0.5 % and 3 % of people
//! exceed at the borders of the scores 0.3 and 0.7. Of little, these sums lie lower ([`Scales`]).

mod file;
mod fusion;
mod inputs;
mod said;
mod scale;
mod tree;

use std::sync::LazyLock;

pub use file::ModelError;
pub use inputs::Part;
pub use said::Behaviour;
pub use scale::{Scale, Scales};
pub use tree::{Node, Split, Tree};

use crate::Facts;

/// The trees of all parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    parts: Vec<PartModel>,
}

/// The trees of one part.
#[derive(Debug, Clone, PartialEq)]
pub struct PartModel {
    /// What it judges.
    pub part: Part,
    /// Its borders, by how much was seen.
    pub scales: Scales,
    /// Summed up.
    pub trees: Vec<Tree>,
}

/// What a part says of some facts, term by term.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// What is said of no feature: the trees' roots.
    pub base: f32,
    /// For each of [`Part::inputs`], in log-odds of a person. With `base` they add up to `raw`.
    pub contributions: Vec<f32>,
    /// The trees' sum.
    pub raw: f32,
    /// What the sum says by the part's [`Scale`], in log-odds of a person.
    pub log_odds: f32,
    /// The finding's weight: the same, but less for a person of whom little was seen, and nothing against one.
    pub weight: f32,
    /// Whether there is enough to speak against a visitor.
    pub enough: bool,
}

impl Model {
    /// The one that this build ships.
    ///
    /// If its file were damaged, there would be none, and behaviour would say nothing; a test reads it.
    pub fn shipped() -> &'static Self {
        static SHIPPED: LazyLock<Model> =
            LazyLock::new(|| Model::parse(FILE).unwrap_or(Model { parts: Vec::new() }));
        &SHIPPED
    }

    /// Of these parts; each at most once.
    pub fn new(parts: Vec<PartModel>) -> Self {
        Self { parts }
    }

    /// The parts.
    pub fn parts(&self) -> &[PartModel] {
        &self.parts
    }

    /// What a part says of facts; none if there is too little to say anything.
    pub fn explain(&self, part: Part, facts: &Facts) -> Option<Explanation> {
        let model = self.parts.iter().find(|model| model.part == part)?;
        let amount = part.amount(facts)?;
        let inputs = part.values(facts);
        let mut contributions = vec![0.0; inputs.len()];
        let base = model
            .trees
            .iter()
            .map(|tree| tree.add_to(&inputs, &mut contributions))
            .sum();
        let raw = contributions.iter().fold(base, |sum, term| sum + term);
        let enough = part.is_enough(facts);
        let log_odds = model.scales.at(part.seen(facts)).weight(raw);
        Some(Explanation {
            base,
            contributions,
            raw,
            log_odds,
            weight: match log_odds > 0.0 {
                true => log_odds * amount,
                false if enough => log_odds,
                false => 0.0,
            },
            enough,
        })
    }

    /// Every part that has something to say.
    pub fn explain_all(&self, facts: &Facts) -> Vec<(Part, Explanation)> {
        let explain = |part: &Part| Some((*part, self.explain(*part, facts)?));
        Part::ALL.iter().filter_map(explain).collect()
    }
}

impl Explanation {
    /// How much there was, and the three features that say most in the direction of the whole.
    fn in_words(&self, part: Part, facts: &Facts) -> String {
        let mut terms: Vec<(f32, usize)> = self
            .contributions
            .iter()
            .enumerate()
            .map(|(i, term)| (*term, i))
            .filter(|(term, _)| *term * self.weight > 0.0)
            .collect();
        terms.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
        let mut out = part.amount_in_words(facts);
        let inputs = part.inputs();
        for (i, (term, of)) in terms.iter().take(3).enumerate() {
            out.push_str(if i == 0 { ": " } else { ", " });
            out.push_str(&format!("{} ({term:+.1})", inputs[*of].words));
        }
        out
    }
}

static FILE: &[u8] = include_bytes!("behaviour.model");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::quiet;

    #[test]
    fn contributions_and_base_add_up_to_the_sum() {
        let mut facts = quiet();
        facts.keys.held = 40;
        facts.keys.intervals = 40;
        let explained = Model::shipped().explain_all(&facts);
        assert_eq!(explained.len(), Part::ALL.len());
        for (part, it) in explained {
            assert_eq!(it.contributions.len(), part.inputs().len());
            let sum: f32 = it.contributions.iter().sum();
            assert!((it.base + sum - it.raw).abs() < 1e-4);
        }
    }

    #[test]
    fn inputs_are_columns_of_the_facts() {
        let facts = quiet();
        let columns = facts.columns();
        for part in Part::ALL {
            for (input, value) in part.inputs().iter().zip(part.values(&facts)) {
                let column = columns
                    .iter()
                    .find(|(name, _)| name.eq_ignore_ascii_case(input.name));
                assert_eq!(
                    column.map(|(_, value)| *value),
                    Some(value),
                    "{}",
                    input.name
                );
            }
        }
    }

    #[test]
    fn too_little_never_speaks_against_a_visitor() {
        let cases: [fn(&mut Facts); 3] = [
            |facts| facts.timing.active_ms = 9_999,
            |facts| {
                facts.motion.strokes = 2;
                facts.keys.count = 29;
            },
            |facts| {
                facts.motion.strokes = 0;
                facts.keys.count = 0;
                facts.keys.held = 0;
            },
        ];
        for change in cases {
            let mut facts = quiet();
            facts.timing.active_ms = 60_000;
            change(&mut facts);
            for (_, it) in Model::shipped().explain_all(&facts) {
                assert!(it.weight >= 0.0 && !it.enough);
            }
        }
    }
}
