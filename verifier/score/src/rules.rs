//! What findings may do to the sum. Each rule is one function; [`apply`] is their order.

use crate::{Cause, Evidence, Reason, Tier};

/// Sets the effective weights, so that `prior` plus their sum is what the tiers allow.
pub(crate) fn apply(prior: f32, evidence: &mut [Evidence]) {
    a_price_is_no_evidence(evidence);
    a_challenge_waits(evidence);
    strongest_of_a_cause(evidence);
    context_supports_only(evidence);
    context_is_capped(evidence);
    persons_are_capped(evidence);
    tiers_have_a_floor(prior, evidence);
    a_challenge_lifts_to_likely(prior, evidence);
    a_price_caps_at_even(prior, evidence);
}

/// What was not paid supports nothing, and takes nothing of the weight that context may have.
fn a_price_is_no_evidence(evidence: &mut [Evidence]) {
    scale(evidence, |finding| finding.cause == Cause::Price, 0.0);
}

/// What a challenge is worth is settled when everything else is: it makes up for nothing that a tier forbids.
fn a_challenge_waits(evidence: &mut [Evidence]) {
    scale(evidence, |finding| finding.cause == Cause::Challenge, 0.0);
}

/// Of one cause, only the strongest finding against the visitor counts: they are not independent. A better tier is
/// stronger, whatever the weights.
fn strongest_of_a_cause(evidence: &mut [Evidence]) {
    for i in 0..evidence.len() {
        let beaten = evidence[i].weight < 0.0
            && evidence.iter().enumerate().any(|(j, other)| {
                let same = j != i && other.cause == evidence[i].cause && other.weight < 0.0;
                let rank = |e: &Evidence| (u8::MAX - rank(e.tier), -e.raw_weight);
                let (mine, theirs) = (rank(&evidence[i]), rank(other));
                same && (theirs > mine || (theirs == mine && j < i))
            });
        if beaten {
            evidence[i].weight = 0.0;
        }
    }
}

/// Context counts only next to a finding of another tier against the visitor.
fn context_supports_only(evidence: &mut [Evidence]) {
    if !evidence
        .iter()
        .any(|finding| finding.tier != Tier::C && finding.weight < 0.0)
    {
        scale(
            evidence,
            |finding| finding.tier == Tier::C && finding.weight < 0.0,
            0.0,
        );
    }
}

/// All context together weighs at most [`MOST_CONTEXT`].
fn context_is_capped(evidence: &mut [Evidence]) {
    cap(
        evidence,
        |finding| finding.tier == Tier::C && finding.weight < 0.0,
        MOST_CONTEXT,
    );
}

/// Evidence of a person weighs at most [`MOST_PERSON`]: less than any finding of tier A by more than the way to 0.1.
fn persons_are_capped(evidence: &mut [Evidence]) {
    cap(evidence, |finding| finding.weight > 0.0, MOST_PERSON);
}

/// The lowest sum that the findings' tiers allow: with an A, or with two B of different causes, none; with the behaviour
/// model 0.3; with one B 0.5.
fn tiers_have_a_floor(prior: f32, evidence: &mut [Evidence]) {
    let count = |tier| {
        evidence
            .iter()
            .filter(|e| e.tier == tier && e.weight < 0.0)
            .count()
    };
    let floor = match (count(Tier::A), count(Tier::B), count(Tier::M)) {
        (0, 0, 0) => return,
        (0, 0 | 1, 1..) => FLOOR_OF_MODEL,
        (0, 1, 0) => FLOOR_OF_ONE_B,
        _ => return,
    };
    let total = |sign: fn(f32) -> bool| -> f32 {
        evidence
            .iter()
            .map(|e| e.weight)
            .filter(|weight| sign(*weight))
            .sum()
    };
    let allowed = prior + total(|weight| weight > 0.0) - floor;
    cap(evidence, |finding| finding.weight < 0.0, allowed);
}

/// A passed challenge speaks for the visitor by its weight, as far as [`LIKELY`], unless a finding of tier A accuses. One that
/// only says that nothing is known accuses nobody: whose browser runs no agent can pass a challenge all the same.
fn a_challenge_lifts_to_likely(prior: f32, evidence: &mut [Evidence]) {
    let accuses = |finding: &Evidence| {
        finding.tier == Tier::A
            && finding.raw_weight < 0.0
            && finding.reason != Some(Reason::LowConfidenceScore)
    };
    if evidence.iter().any(accuses) {
        return;
    }
    let sum = evidence
        .iter()
        .fold(prior, |sum, finding| sum + finding.weight);
    let left = (LIKELY - sum).max(0.0);
    let passed = |finding: &&mut Evidence| finding.cause == Cause::Challenge;
    for finding in evidence.iter_mut().filter(passed) {
        finding.weight = finding.raw_weight.min(left);
    }
}

/// A price that was not paid takes away what speaks for a person, down to even, and is no evidence against anyone.
fn a_price_caps_at_even(prior: f32, evidence: &mut [Evidence]) {
    let is_price = |finding: &Evidence| finding.cause == Cause::Price;
    let others = evidence.iter().filter(|finding| !is_price(finding));
    let sum = others.fold(prior, |sum, finding| sum + finding.weight);
    let mut left = sum.max(0.0);
    for finding in evidence.iter_mut().filter(|finding| is_price(finding)) {
        finding.weight = -core::mem::take(&mut left);
    }
}

/// Scales the chosen weights down so that they amount to at most `most`.
fn cap(evidence: &mut [Evidence], chosen: fn(&Evidence) -> bool, most: f32) {
    let total: f32 = evidence
        .iter()
        .filter(|e| chosen(e))
        .map(|e| e.weight.abs())
        .sum();
    if total > most {
        scale(evidence, chosen, (most / total).max(0.0));
    }
}

fn scale(evidence: &mut [Evidence], chosen: fn(&Evidence) -> bool, factor: f32) {
    for finding in evidence.iter_mut().filter(|finding| chosen(finding)) {
        finding.weight *= factor;
    }
}

/// Place in the order of tiers, strongest first.
fn rank(tier: Tier) -> u8 {
    match tier {
        Tier::A => 0,
        Tier::B => 1,
        Tier::M => 2,
        Tier::C => 3,
    }
}

/// In log-odds.
const MOST_CONTEXT: f32 = 0.6;
/// 0.9 by itself.
const MOST_PERSON: f32 = 2.2;
/// Just above the border of 0.5, so that rounding cannot cross it.
const FLOOR_OF_ONE_B: f32 = -0.2;
/// The middle of 0.7.
const LIKELY: f32 = 0.847;
/// Just above the border of 0.3.
const FLOOR_OF_MODEL: f32 = -1.09;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Cause, Score};

    fn finding(cause: Cause, tier: Tier, weight: f32) -> Evidence {
        Evidence {
            name: "test",
            cause,
            tier,
            weight,
            raw_weight: weight,
            reason: None,
            detail: "".into(),
        }
    }

    fn level(mut evidence: Vec<Evidence>) -> u8 {
        apply(0.0, &mut evidence);
        Score::from_sum(evidence.iter().map(|finding| finding.weight).sum()).level()
    }

    #[test]
    fn of_one_cause_only_the_strongest_counts() {
        let mut evidence = vec![
            finding(Cause::InputPipeline, Tier::C, -5.0),
            finding(Cause::InputPipeline, Tier::B, -1.0),
            finding(Cause::InputPipeline, Tier::B, -1.0),
            finding(Cause::Geometry, Tier::B, -1.5),
        ];
        strongest_of_a_cause(&mut evidence);
        let weights: Vec<f32> = evidence.iter().map(|e| e.weight).collect();
        assert_eq!(weights, [0.0, -1.0, 0.0, -1.5]);
    }

    #[test]
    fn context_alone_changes_nothing() {
        let evidence = vec![
            finding(Cause::Timing, Tier::C, -3.0),
            finding(Cause::Geometry, Tier::C, -3.0),
        ];
        assert_eq!(level(evidence), 5);
    }

    #[test]
    fn all_context_together_is_capped() {
        let mut evidence = vec![
            finding(Cause::Identity, Tier::A, -8.0),
            finding(Cause::Timing, Tier::C, -0.5),
            finding(Cause::Geometry, Tier::C, -0.7),
        ];
        context_is_capped(&mut evidence);
        assert!((evidence[1].weight + evidence[2].weight + MOST_CONTEXT).abs() < 1e-6);
        assert_eq!(evidence[0].weight, -8.0);
    }

    #[test]
    fn each_tier_reaches_as_low_as_it_may() {
        use Cause::*;
        let b = |cause| finding(cause, Tier::B, -1.6);
        let m = || finding(Movement, Tier::M, -1.0);
        let c = || finding(Timing, Tier::C, -0.3);
        let person = |weight| finding(Typing, Tier::M, weight);
        let price = || finding(Price, Tier::C, -0.3);
        let cases = [
            ("one B", vec![b(Geometry)], 5..=5),
            ("one B of two kinds", vec![b(Geometry), b(Geometry)], 5..=5),
            ("one B with context", vec![b(Geometry), c()], 5..=5),
            ("one B and a person", vec![b(Geometry), person(1.5)], 5..=5),
            ("two B", vec![b(Geometry), b(Identity)], 0..=1),
            (
                "two B and a person",
                vec![b(Geometry), b(Identity), person(9.0)],
                0..=3,
            ),
            ("the model", vec![m()], 3..=3),
            (
                "the model, however sure",
                vec![finding(Movement, Tier::M, -9.0), c()],
                3..=3,
            ),
            ("the model and one B", vec![m(), b(Geometry)], 3..=3),
            ("A", vec![finding(Driver, Tier::A, -8.0)], 0..=1),
            (
                "A and a person",
                vec![finding(Driver, Tier::A, -8.0), person(9.0)],
                0..=1,
            ),
            ("a person", vec![person(9.0)], 9..=9),
            (
                "a person who did not pay",
                vec![person(9.0), price()],
                5..=5,
            ),
            ("nobody who did not pay", vec![price()], 5..=5),
            ("a B that did not pay", vec![b(Geometry), price()], 5..=5),
            ("the model that did not pay", vec![m(), price()], 3..=3),
        ];
        for (name, evidence, expected) in cases {
            let level = level(evidence);
            assert!(expected.contains(&level), "{name}: {level}");
        }
    }

    #[test]
    fn a_passed_challenge_lifts_to_likely_at_most_and_never_over_an_a() {
        use Cause::*;
        let passed = || finding(Challenge, Tier::C, 2.0);
        let b = |cause| finding(cause, Tier::B, -1.6);
        let a = |reason| Evidence {
            reason: Some(reason),
            ..finding(Report, Tier::A, -2.197)
        };
        let price = || finding(Price, Tier::C, -0.3);
        for (name, mut evidence, before, after) in [
            ("nothing known", vec![], 5, 7),
            ("a person", vec![finding(Typing, Tier::M, 1.2)], 8, 8),
            ("the model", vec![finding(Movement, Tier::M, -1.2)], 3, 7),
            ("one B", vec![b(Geometry)], 5, 7),
            ("two B", vec![b(Geometry), b(Identity)], 0, 2),
            ("an accusing A", vec![a(Reason::Automation)], 1, 1),
            ("no agent", vec![a(Reason::LowConfidenceScore)], 1, 5),
            (
                "no agent and an accusing A",
                vec![a(Reason::LowConfidenceScore), a(Reason::Automation)],
                1,
                1,
            ),
            ("a price that was not paid", vec![price()], 5, 5),
        ] {
            assert_eq!(level(evidence.clone()), before, "{name}");
            evidence.push(passed());
            assert_eq!(level(evidence), after, "{name}, and a challenge passed");
        }
    }

    /// Findings as detectors make them: each tier with its own range of weights, the model with a cause of its own.
    fn any_finding() -> impl Strategy<Value = Evidence> {
        let kinds = [
            (Tier::A, 8.0f32),
            (Tier::B, 1.6),
            (Tier::C, 0.3),
            (Tier::M, 1.6),
        ];
        let causes = [Cause::Driver, Cause::Geometry, Cause::Timing, Cause::Price];
        (0..kinds.len(), 0..causes.len(), 0.6f32..=1.0).prop_map(move |(kind, cause, share)| {
            let (tier, weight) = match causes[cause] {
                Cause::Price => kinds[2],
                _ => kinds[kind],
            };
            let cause = if tier == Tier::M {
                Cause::Movement
            } else {
                causes[cause]
            };
            finding(cause, tier, -weight * share)
        })
    }

    proptest! {
        #[test]
        fn another_finding_never_raises_a_score(
            before in proptest::collection::vec(any_finding(), 0..6),
            more in any_finding(),
            person in 0.0f32..3.0,
        ) {
            let mut evidence = before;
            evidence.push(finding(Cause::Typing, Tier::M, person));
            let score = level(evidence.clone());
            evidence.push(more);
            prop_assert!(level(evidence) <= score);
        }
    }
}
