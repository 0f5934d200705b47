use super::{Family, Hand, Recorded, Spot, Way, pace::Tremor};
use crate::dice::Dice;

/// Recorded strokes turned, stretched and warped to fit another way: the hardest to tell short of a replay.
pub const FAMILY: Family = Family {
    name: "warped",
    draw: |dice, recorded| {
        Box::new(Warped {
            tremor: Tremor::draw(dice),
            recorded: recorded.to_vec(),
            stretch: dice.within(0.0, 0.3),
            warp: dice.within(0.0, 0.25),
        })
    },
};

struct Warped {
    tremor: Tremor,
    recorded: Vec<Recorded>,
    stretch: f64,
    warp: f64,
}

impl Hand for Warped {
    fn stroke(&mut self, way: &Way, dice: &mut Dice) -> Vec<Spot> {
        let length = |spots: &[Spot]| match (spots.first(), spots.last()) {
            (Some(a), Some(b)) => (b.x - a.x).hypot(b.y - a.y),
            _ => 0.0,
        };
        // The nearest in length of a few.
        let few = (0..4)
            .map(|_| dice.whole(0, self.recorded.len().max(1) - 1))
            .collect::<Vec<_>>();
        let off = |i: &usize| {
            let Some(Recorded(spots)) = self.recorded.get(*i) else {
                return f64::MAX;
            };
            (length(spots).max(1.0) / way.length()).ln().abs()
        };
        let Some(Recorded(spots)) = few
            .into_iter()
            .min_by(|a, b| off(a).total_cmp(&off(b)))
            .and_then(|i| self.recorded.get(i))
        else {
            return Vec::new();
        };
        let (first, last) = (spots[0], spots[spots.len() - 1]);
        let own = (last.x - first.x, last.y - first.y);
        let square = (own.0 * own.0 + own.1 * own.1).max(1.0);
        let duration = last.t.max(1.0);
        let factor = dice.lognormal(1.0, self.stretch);
        let (depth, phase) = (dice.normal(0.0, self.warp), dice.within(0.0, 1.0));
        let wave = |t: f64| ((t + phase) * std::f64::consts::TAU).sin() / std::f64::consts::TAU;
        let widen = dice.lognormal(1.0, self.stretch);
        let mut out: Vec<Spot> = spots
            .iter()
            .map(|spot| {
                let (x, y) = (spot.x - first.x, spot.y - first.y);
                let along = (x * own.0 + y * own.1) / square;
                let aside = (y * own.0 - x * own.1) / square * way.length();
                let (x, y) = way.at(along, aside * widen);
                let passed = spot.t / duration;
                let t = duration * factor * (passed + depth * (wave(passed) - wave(0.0)));
                Spot { t, x, y }
            })
            .collect();
        self.tremor.shake(&mut out, dice);
        out
    }
}
