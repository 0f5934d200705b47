use touchstone_protocol::{BoxSize, Measure, OtherKind, PointerKind, Probe, Report, State};

/// What the page was asked to prove, and what the verifier knows of the answers.
#[derive(Debug, Clone, Copy, Default)]
pub struct Proofs<'a> {
    /// The sizes that a layout engine finds for the told boxes of the page's fragment; empty if there was no fragment.
    pub layout: &'a [BoxSize],
    /// Milliseconds since the page got the fragment, by the server's clock.
    pub layout_age_ms: u32,
    /// A proof of work was asked for, asked for again, and not given.
    pub is_unpaid: bool,
}

/// What the proofs show, one bit each.
pub(crate) mod sign {
    /// The sizes of the fragment's boxes are not those of a layout engine.
    pub(crate) const LAYOUT_WRONG: u8 = 1;
    /// The sizes are missing where they must be there.
    pub(crate) const LAYOUT_ABSENT: u8 = 1 << 1;
    /// The proof of work was not given.
    pub(crate) const UNPAID: u8 = 1 << 2;
}

impl Proofs<'_> {
    /// The signs of [`sign`] that follow from report and proofs.
    pub(crate) fn signs(&self, report: &Report) -> u8 {
        let mut signs = 0;
        if self.is_unpaid {
            signs |= sign::UNPAID;
        }
        let told = BOXES.map(|measure| report.environment.measure(measure));
        if self.layout.is_empty() {
            return signs;
        }
        if told.iter().all(Option::is_none) {
            if self.should_be_there(report) {
                signs |= sign::LAYOUT_ABSENT;
            }
        } else if !told.iter().zip(self.layout).all(|(told, expected)| {
            told.is_some_and(|told| BoxSize::of_measure(told).is_near(*expected))
        }) {
            signs |= sign::LAYOUT_WRONG;
        }
        signs
    }

    /// Whether the page must have had a layout by now. It need not in a hidden tab, in a frame (frames out of sight are not
    /// drawn), or in the first moments; and where events were dropped, whether it was hidden is not known.
    fn should_be_there(&self, report: &Report) -> bool {
        match report.environment.probe(Probe::LayoutMissing) {
            State::Failed => return true,
            State::No => return false,
            State::Yes => {}
            State::Unmeasured | State::Unsupported => {
                if self.layout_age_ms < LONG_ENOUGH_MS || !self.was_used(report) {
                    return false;
                }
            }
        }
        let was_hidden = report
            .other
            .iter()
            .any(|sample| matches!(sample.kind, OtherKind::Hidden | OtherKind::Visible));
        report.environment.probe(Probe::Framed) == State::No
            && !was_hidden
            && report.counters.other_dropped == 0
    }

    /// Whether somebody moved a pointer or typed since the page has the fragment: then it was in sight.
    fn was_used(&self, report: &Report) -> bool {
        let since = report
            .sealed_at
            .saturating_sub(self.layout_age_ms.saturating_mul(10));
        let moves = report
            .pointer
            .iter()
            .filter(|sample| sample.kind == PointerKind::Move && sample.at >= since);
        let keys = report.keys.iter().filter(|sample| sample.at >= since);
        moves.count() + keys.count() >= USES
    }
}

const BOXES: [Measure; 4] = [Measure::Box0, Measure::Box1, Measure::Box2, Measure::Box3];
/// A layout takes a frame; slow machines and busy pages get three hundred.
const LONG_ENOUGH_MS: u32 = 5_000;
const USES: usize = 5;

#[cfg(test)]
mod tests {
    use touchstone_protocol::{Counters, Environment, KeyClass, KeyFlags, KeySample, OtherSample};

    use super::*;

    const EXPECTED: [BoxSize; 4] = [
        BoxSize::new(100, 40),
        BoxSize::new(231, 18),
        BoxSize::new(64, 64),
        BoxSize::new(12, 300),
    ];

    fn proofs() -> Proofs<'static> {
        Proofs {
            layout: &EXPECTED,
            layout_age_ms: 20_000,
            is_unpaid: false,
        }
    }

    /// A top page in which somebody typed.
    fn report(missing: State, sizes: &[BoxSize]) -> Report {
        let mut environment = Environment::default();
        environment.set_probe(Probe::Framed, State::No);
        environment.set_probe(Probe::LayoutMissing, missing);
        for (measure, size) in BOXES.iter().zip(sizes) {
            environment.set_measure(*measure, size.measure());
        }
        let key = |at| KeySample {
            at,
            hold: None,
            class: KeyClass::Letter,
            flags: KeyFlags(0),
        };
        Report {
            sealed_at: 300_000,
            environment,
            keys: (0..6).map(|i| key(200_000 + i)).collect(),
            ..Report::default()
        }
    }

    #[test]
    fn sizes_are_right_to_a_pixel() {
        let mut sizes = EXPECTED;
        assert_eq!(proofs().signs(&report(State::No, &sizes)), 0);
        sizes[1].width += 1;
        sizes[3].height -= 1;
        assert_eq!(proofs().signs(&report(State::No, &sizes)), 0);
        sizes[1].width += 1;
        assert_eq!(
            proofs().signs(&report(State::No, &sizes)),
            sign::LAYOUT_WRONG
        );
        let wrong = report(State::No, &EXPECTED[..3]);
        assert_eq!(
            proofs().signs(&wrong),
            sign::LAYOUT_WRONG,
            "a part of the answer"
        );
        let zero = report(State::No, &[BoxSize::default(); 4]);
        assert_eq!(
            proofs().signs(&zero),
            sign::LAYOUT_WRONG,
            "boxes of nothing"
        );
    }

    #[test]
    fn what_was_not_asked_for_is_neither_missing_nor_wrong() {
        for report in [report(State::Yes, &[]), report(State::No, &EXPECTED)] {
            assert_eq!(Proofs::default().signs(&report), 0);
        }
    }

    #[test]
    fn a_missing_answer_counts_where_it_must_be_there() {
        let absent = |missing, age, change: fn(&mut Report)| {
            let mut report = report(missing, &[]);
            change(&mut report);
            let proofs = Proofs {
                layout_age_ms: age,
                ..proofs()
            };
            proofs.signs(&report) == sign::LAYOUT_ABSENT
        };
        let hidden: fn(&mut Report) = |report| {
            report.other.push(OtherSample {
                at: 1,
                kind: OtherKind::Visible,
                a: 0,
                b: 0,
            });
        };
        let framed: fn(&mut Report) =
            |report| report.environment.set_probe(Probe::Framed, State::Yes);
        let dropped: fn(&mut Report) = |report| {
            report.counters = Counters {
                other_dropped: 1,
                ..Counters::default()
            }
        };
        let unused: fn(&mut Report) = |report| report.keys.clear();
        let used_before: fn(&mut Report) = |report| report.sealed_at = 900_000;
        let as_is: fn(&mut Report) = |_| {};
        for (what, missing, age, change, expected) in [
            ("the agent looked", State::Yes, 3_000, as_is, true),
            ("hidden", State::Yes, 9_000, hidden, false),
            ("framed", State::Yes, 9_000, framed, false),
            ("dropped", State::Yes, 9_000, dropped, false),
            ("cannot observe", State::Failed, 100, framed, true),
            ("silent, used", State::Unsupported, 20_000, as_is, true),
            (
                "silent, used, not asked",
                State::Unmeasured,
                20_000,
                as_is,
                true,
            ),
            ("silent, too early", State::Unsupported, 4_000, as_is, false),
            ("removed by the page", State::No, 20_000, as_is, false),
            ("silent, unused", State::Unsupported, 20_000, unused, false),
            (
                "silent, used before",
                State::Unsupported,
                20_000,
                used_before,
                false,
            ),
            ("silent, hidden", State::Unsupported, 20_000, hidden, false),
        ] {
            assert_eq!(absent(missing, age, change), expected, "{what}");
        }
    }

    #[test]
    fn a_price_that_was_not_paid_is_a_sign_of_its_own() {
        let proofs = Proofs {
            is_unpaid: true,
            ..proofs()
        };
        assert_eq!(proofs.signs(&report(State::No, &EXPECTED)), sign::UNPAID);
    }
}
