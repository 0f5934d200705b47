/// Borders by how much was seen: a person's sum scatters the more, the less there is to judge, a script's hardly does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scales {
    /// For so many strokes or keys, and fewer.
    pub few: (u16, Scale),
    /// For so many, and more.
    pub many: (u16, Scale),
}

/// Where sums become weights: straight lines between these, steady beyond.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// The sum that all but 0.5 % of people exceed: `BORDER_OF_BOTS`.
    pub rare: f32,
    /// The sum that all but 3 % of people exceed: `BORDER_OF_PEOPLE`.
    pub low: f32,
    /// The median of people: `MOST_FOR_A_PERSON`.
    pub middle: f32,
}

impl Scales {
    /// Between the two even in one over the root of the amount, as errors of means are.
    pub fn at(&self, seen: u16) -> Scale {
        let root = |n: u16| 1.0 / f32::from(n.max(1)).sqrt();
        let (few, many) = (root(self.few.0), root(self.many.0));
        let share = ((few - root(seen)) / (few - many).max(1e-6)).clamp(0.0, 1.0);
        let between = |of: fn(&Scale) -> f32| {
            let (few, many) = (of(&self.few.1), of(&self.many.1));
            few + (many - few) * share
        };
        Scale {
            rare: between(|scale| scale.rare),
            low: between(|scale| scale.low),
            middle: between(|scale| scale.middle),
        }
    }
}

impl Scale {
    /// Log-odds for a sum.
    pub fn weight(&self, raw: f32) -> f32 {
        let Self { rare, low, middle } = *self;
        let between = |from: (f32, f32), to: (f32, f32)| {
            let share = ((raw - from.0) / (to.0 - from.0).max(1e-3)).clamp(0.0, 1.0);
            from.1 + (to.1 - from.1) * share
        };
        if raw < rare {
            between(
                (rare - SURELY_A_BOT, MOST_FOR_A_BOT),
                (rare, BORDER_OF_BOTS),
            )
        } else if raw < low {
            between((rare, BORDER_OF_BOTS), (low, BORDER_OF_PEOPLE))
        } else {
            between((low, BORDER_OF_PEOPLE), (middle, MOST_FOR_A_PERSON))
        }
    }
}

/// Weights in log-odds. 0.3 and below; 0.7 and above; the most a part may say either way.
pub(super) const BORDER_OF_BOTS: f32 = -0.65;
const BORDER_OF_PEOPLE: f32 = 0.65;
const MOST_FOR_A_BOT: f32 = -2.2;
const MOST_FOR_A_PERSON: f32 = 1.6;
/// How far below the border a sum says the most.
const SURELY_A_BOT: f32 = 2.0;

#[cfg(test)]
mod tests {
    use super::super::Model;
    use super::*;

    #[test]
    fn weights_follow_the_sum_and_keep_their_bounds() {
        for model in Model::shipped().parts() {
            for seen in [3, 7, 40, 1_000] {
                let scale = model.scales.at(seen);
                let weights: Vec<f32> = (-1_000..1_000)
                    .map(|raw| scale.weight(raw as f32 / 10.0))
                    .collect();
                assert!(weights.is_sorted());
                assert_eq!(
                    (weights[0], weights[1_999]),
                    (MOST_FOR_A_BOT, MOST_FOR_A_PERSON)
                );
                assert!((scale.weight(scale.rare) - BORDER_OF_BOTS).abs() < 1e-5);
                assert!((scale.weight(scale.low) - BORDER_OF_PEOPLE).abs() < 1e-5);
            }
        }
    }

    #[test]
    fn the_more_there_is_the_nearer_the_borders_come() {
        for model in Model::shipped().parts() {
            let borders: Vec<f32> = (3..40).map(|seen| model.scales.at(seen).rare).collect();
            assert!(borders.is_sorted(), "{borders:?}");
        }
    }
}
