//! Pointer and keys are of one hand: what both say is judged by its sum.

use std::borrow::Cow;

use super::{Behaviour, Explanation, Part, scale::BORDER_OF_BOTS};
use crate::Facts;

impl Behaviour<'_> {
    /// What the parts' sum lacks for what is rare among people, and words for it; none where nothing is lacking.
    ///
    /// A script that does one of the two well would otherwise be excused for the other. Where one part had too little to
    /// judge, what speaks for a person makes up for a third of what speaks against one.
    pub(crate) fn find_fusion(&self, facts: &Facts) -> Option<(f32, Cow<'static, str>)> {
        let movement = self.explain(Part::Movement, facts)?;
        let typing = self.explain(Part::Typing, facts)?;
        let weight = lacking(&movement, &typing);
        (weight < 0.0).then(|| {
            let (movement, typing) = (movement.weight, typing.weight);
            let words = format!("pointer {movement:+.1}, keys {typing:+.1}: rare together");
            (weight, words.into())
        })
    }
}

/// 0 or less, in log-odds.
fn lacking(one: &Explanation, other: &Explanation) -> f32 {
    let sum = one.weight + other.weight;
    if one.enough && other.enough {
        let rarity = ((USUAL - sum) / (USUAL - RARE)).clamp(0.0, 1.0);
        return -rarity * (RARE - BORDER_OF_BOTS);
    }
    let against = -(one.weight.min(0.0) + other.weight.min(0.0));
    let excused = (sum + against).min(against / 3.0);
    match against > 0.0 {
        true => excused - (sum + against),
        false => 0.0,
    }
}

/// Sums of both weights. Above the first, nothing lacks; at the second, enough for the score 0.3. Of people left out who did
/// both, none as recorded and 0.2 % through drawn channels score 0.3 or less; of pointers of three other sources paired at
/// random with keys of a fourth, 0.3 to 0.4 %. Between them what lacks grows evenly.
const USUAL: f32 = 2.1;
const RARE: f32 = 0.9;

#[cfg(test)]
mod tests {
    use super::*;

    fn said(weight: f32, enough: bool) -> Explanation {
        Explanation {
            base: 0.0,
            contributions: Vec::new(),
            raw: 0.0,
            log_odds: weight,
            weight,
            enough,
        }
    }

    fn total(movement: (f32, bool), typing: (f32, bool)) -> f32 {
        let (one, other) = (said(movement.0, movement.1), said(typing.0, typing.1));
        movement.0 + typing.0 + lacking(&one, &other)
    }

    #[test]
    fn of_one_who_is_like_people_in_both_nothing_lacks() {
        for (movement, typing) in [(1.6, 1.6), (1.6, 0.5), (0.9, 1.2)] {
            let sum = total((movement, true), (typing, true));
            assert!((sum - movement - typing).abs() < 1e-6);
        }
    }

    #[test]
    fn a_half_like_people_does_not_excuse_one_like_scripts() {
        for weights in [(1.6, -1.2), (-2.2, 1.6), (0.2, 0.2)] {
            assert!(total((weights.0, true), (weights.1, true)) <= BORDER_OF_BOTS);
        }
        assert!(total((-1.0, true), (1.6, false)) <= BORDER_OF_BOTS);
    }

    #[test]
    fn little_of_one_never_lowers_what_the_other_says_for_a_person() {
        for weight in [0.0, 0.1, 1.6] {
            assert!(total((1.0, true), (weight, false)) >= 1.0);
        }
    }

    #[test]
    fn more_that_speaks_for_a_person_never_lowers_the_total() {
        for enough in [true, false] {
            let totals: Vec<f32> = (-22..=16)
                .map(|tenths| total((tenths as f32 / 10.0, true), (0.8, enough)))
                .collect();
            assert!(totals.is_sorted(), "{totals:?}");
        }
    }
}
