use clap::ValueEnum;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use touchstone_protocol::Payment;
use touchstone_token::Millis;

/// When reports cost work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PowMode {
    /// Never.
    Off,
    /// When more comes than usual.
    #[default]
    Auto,
    /// Always, at the lowest price or what the traffic makes of it.
    Always,
}

impl PowMode {
    /// The price of a report, in hashes, where `ratio` times as much comes as usual: 0, or 8,192 to 16,384; a quarter of it for
    /// whoever takes 150 ms, as slow devices do and anybody may. A price on volume
    /// and a clock, and no part of the score: native solvers are many times as fast as a browser, so it cannot tell one from
    /// the other. It makes a flood dear.
    pub fn price(self, ratio: f32) -> u32 {
        let of_traffic = if ratio < RAISED {
            0
        } else {
            ((ratio / RAISED * LEAST as f32) as u32).min(MOST)
        };
        match self {
            Self::Off => 0,
            Self::Auto => of_traffic,
            Self::Always => of_traffic.max(LEAST),
        }
    }
}

/// Whether a report that came `elapsed_ms` after its challenge has paid `price`, both by the verifier's own reckoning.
///
/// Slow devices get a discount: a quarter of the rounds will do, if there was time to be slow in. It falls no further, since
/// whoever says that a device is slow cannot be believed.
pub fn is_paid(price: u32, payment: Option<&Payment<'_>>, elapsed_ms: Millis) -> bool {
    if price == 0 {
        return true;
    }
    let solved = payment.map_or(0, |payment| rounds_solved(payment, price));
    solved == Payment::ROUNDS || solved >= LEAST_ROUNDS && elapsed_ms >= SLOW_MS
}

/// How many rounds hold, counted up to the first that does not.
fn rounds_solved(payment: &Payment<'_>, price: u32) -> usize {
    let envelope = Sha256::digest(payment.envelope);
    let bound = (1u64 << 32) * Payment::ROUNDS as u64 / u64::from(price.max(1));
    let holds = |(round, answer): (u32, &u32)| {
        let mut hash = Sha256::new();
        hash.update(envelope);
        hash.update(round.to_be_bytes());
        hash.update(answer.to_be_bytes());
        let [a, b, c, d, ..] = hash.finalize().0;
        u64::from(u32::from_be_bytes([a, b, c, d])) < bound
    };
    (0u32..)
        .zip(&payment.answers)
        .take_while(|it| holds(*it))
        .count()
}

/// Three times the usual: shops have peaks of two to three times their mean.
const RAISED: f32 = 3.0;
/// A few milliseconds of a desktop.
const LEAST: u32 = 8_192;
/// The most that a page is asked for: a quarter of it is what a processor twenty times as slow as a desktop's does in the time
/// that the agent spends on it.
const MOST: u32 = 16_384;
/// Rounds that a slow device must solve.
const LEAST_ROUNDS: usize = Payment::ROUNDS / 4;
/// The agent stops at less than all rounds after 160 ms; ten are for clocks that differ.
const SLOW_MS: Millis = 150;

#[cfg(test)]
mod tests {
    use super::*;

    const PRICE: u32 = 320;
    const ENVELOPE: &[u8] = b"an envelope";

    fn solve(envelope: &[u8], price: u32, rounds: usize) -> Vec<u32> {
        let mut answers = Vec::new();
        for round in 0..rounds {
            let solved = |answer: &u32| {
                let mut answers = answers.clone();
                answers.push(*answer);
                rounds_solved(&Payment { answers, envelope }, price) == round + 1
            };
            let answer = (0..).find(solved).unwrap();
            answers.push(answer);
        }
        answers
    }

    fn paid(answers: Vec<u32>, envelope: &[u8], price: u32, elapsed_ms: Millis) -> bool {
        is_paid(price, Some(&Payment { answers, envelope }), elapsed_ms)
    }

    #[test]
    fn a_full_proof_pays_its_own_envelope_at_its_own_price_alone() {
        let answers = solve(ENVELOPE, PRICE, Payment::ROUNDS);
        assert!(paid(answers.clone(), ENVELOPE, PRICE, 0));
        assert!(
            paid(answers.clone(), ENVELOPE, PRICE / 2, 0),
            "a lower price"
        );
        assert!(!paid(answers.clone(), b"another envelope", PRICE, 10_000));
        assert!(!paid(answers.clone(), ENVELOPE, PRICE * 100, 10_000));
        let mut swapped = answers;
        swapped.swap(0, 1);
        assert!(!paid(swapped, ENVELOPE, PRICE, 10_000));
        assert!(!is_paid(PRICE, None, 10_000));
        assert!(is_paid(0, None, 0));
    }

    #[test]
    fn a_slow_device_pays_a_quarter_and_no_less_and_only_if_time_has_passed() {
        let all = solve(ENVELOPE, PRICE, Payment::ROUNDS);
        for (rounds, elapsed_ms, expected) in [
            (8, SLOW_MS, true),
            (8, SLOW_MS - 1, false),
            (7, 10_000, false),
            (31, 0, false),
        ] {
            assert_eq!(
                paid(all[..rounds].to_vec(), ENVELOPE, PRICE, elapsed_ms),
                expected,
                "{rounds} rounds in {elapsed_ms} ms"
            );
        }
    }

    /// Any other implementation of the proof can check itself against this one.
    #[test]
    fn the_arithmetic_is_the_documented_one() {
        let answers = solve(b"touchstone", 1_024, 4);
        assert_eq!(answers, KNOWN);
    }
    const KNOWN: [u32; 4] = [11, 5, 9, 12];

    #[test]
    fn the_price_follows_the_traffic_within_bounds() {
        for (mode, ratio, expected) in [
            (PowMode::Off, 100.0, 0),
            (PowMode::Auto, 1.0, 0),
            (PowMode::Auto, 2.9, 0),
            (PowMode::Auto, 3.0, LEAST),
            (PowMode::Auto, 6.0, 2 * LEAST),
            (PowMode::Auto, f32::INFINITY, MOST),
            (PowMode::Auto, f32::NAN, 0),
            (PowMode::Always, 0.0, LEAST),
            (PowMode::Always, 1e9, MOST),
        ] {
            assert_eq!(mode.price(ratio), expected, "{mode:?} at {ratio}");
        }
    }
}
