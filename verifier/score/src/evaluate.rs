use crate::{
    DETECTORS, Evaluation, Evidence, Facts, Reason, Score, Traffic, model::Behaviour, rules,
};

/// What is known only when a token is assessed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    /// The visitor's user agent as the site's backend gives it with the assessment; none if it gives none.
    pub backend_user_agent: Option<&'a str>,
    /// The name of the bot that proved who it is: by a signature under a known key, or by the name of its address.
    pub verified_bot: Option<&'a str>,
    /// The name of the crawler that the user agent claims to be, if the address is none of that crawler's.
    pub refuted_bot: Option<&'a str>,
    /// The backend saw another TLS client than the verifier did.
    pub tls_differs: bool,
    /// How much came from where; all 0 if nothing was counted.
    pub traffic: Traffic,
    /// The visitor passed a challenge.
    pub is_challenge_passed: bool,
    /// An earlier visit with the same pointer path.
    pub replay: Option<Replay>,
    /// The behaviour model to judge by.
    pub behaviour: Behaviour<'a>,
}

/// How a visit repeats an earlier one, of another page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replay {
    /// Strokes that agree.
    pub agreeing: u8,
    /// Strokes compared.
    pub of: u8,
    /// How long ago the earlier visit was assessed, in milliseconds.
    pub age_ms: u64,
}

/// Judges facts: asks every detector, applies the rules, adds up. Always all detectors: asking a sample of them would let
/// a bot retry until it is lucky.
pub fn evaluate(facts: &Facts, context: &Context<'_>) -> Evaluation {
    let said = context.behaviour.ask(facts);
    let context = &Context {
        behaviour: context.behaviour.heard(&said),
        ..*context
    };
    let mut evidence = Vec::with_capacity(8);
    for detector in DETECTORS {
        let Some(finding) = (detector.judge)(facts, context) else {
            continue;
        };
        evidence.push(Evidence {
            name: detector.name,
            cause: detector.cause,
            tier: detector.tier,
            weight: finding.weight,
            raw_weight: finding.weight,
            reason: finding.speaks_against().then_some(detector.reason),
            detail: finding.detail,
        });
    }
    rules::apply(PRIOR, &mut evidence);
    evidence.sort_by(|a, b| {
        let strength = |e: &Evidence| (e.weight.abs(), e.raw_weight.abs());
        strength(b)
            .0
            .total_cmp(&strength(a).0)
            .then(strength(b).1.total_cmp(&strength(a).1))
    });
    let sum = evidence
        .iter()
        .fold(PRIOR, |sum, finding| sum + finding.weight);
    Evaluation {
        prior: PRIOR,
        sum,
        score: Score::from_sum(sum),
        reasons: reasons(&evidence),
        evidence,
    }
}

/// Reasons of what counted against the visitor, strongest first, each once. Little evidence is a reason without weight.
fn reasons(evidence: &[Evidence]) -> Vec<Reason> {
    let mut reasons = Vec::with_capacity(2);
    for finding in evidence {
        let Some(reason) = finding.reason else {
            continue;
        };
        let counts = finding.weight < 0.0 || reason == Reason::LowConfidenceScore;
        if counts && !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    reasons
}

/// Log-odds of a person before anything is known: even, so that a visitor of whom nothing can be said scores 0.5.
const PRIOR: f32 = 0.0;
