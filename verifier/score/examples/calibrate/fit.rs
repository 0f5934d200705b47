//! Histogram log-likelihood ratios of single features, people against bots.

use std::collections::BTreeMap;

/// Values of one feature by source (people) or generator (bots). Every group weighs the same, however many it has.
#[derive(Default)]
pub struct Samples {
    pub humans: BTreeMap<String, Vec<f32>>,
    pub bots: BTreeMap<String, Vec<f32>>,
}

/// A step function: value below `edges[i]` and not below the edge before gives `steps[i]`.
pub struct Curve {
    pub edges: Vec<f32>,
    pub steps: Vec<f32>,
}

impl Samples {
    /// Edges at the quantiles of people and bots together; logarithms of the ratio of smoothed shares, clamped.
    pub fn fit(&self, bins: usize) -> Curve {
        let mut all: Vec<f32> = Vec::new();
        for group in self.humans.values().chain(self.bots.values()) {
            // Equally many of each group.
            let wanted = 400;
            all.extend((0..wanted).map(|i| group[i * group.len() / wanted]));
        }
        all.sort_by(f32::total_cmp);
        let mut edges: Vec<f32> = (1..bins).map(|i| all[i * all.len() / bins]).collect();
        edges.dedup();
        let steps = (0..=edges.len()).map(|bin| {
            let share = |groups: &BTreeMap<String, Vec<f32>>| {
                let sum: f32 = groups
                    .values()
                    .map(|values| share_in(values, &edges, bin))
                    .sum();
                sum / groups.len() as f32
            };
            let smooth = |share: f32| share * 0.96 + 0.04 / (edges.len() + 1) as f32;
            (smooth(share(&self.humans)) / smooth(share(&self.bots)))
                .ln()
                .clamp(-1.5, 1.5)
        });
        Curve {
            steps: steps.collect(),
            edges: edges.clone(),
        }
    }
}

impl Curve {
    pub fn at(&self, value: f32) -> f32 {
        self.steps[bin_of(value, &self.edges)]
    }
}

fn bin_of(value: f32, edges: &[f32]) -> usize {
    edges.iter().filter(|edge| value >= **edge).count()
}

fn share_in(values: &[f32], edges: &[f32], bin: usize) -> f32 {
    let inside = values
        .iter()
        .filter(|value| bin_of(**value, edges) == bin)
        .count();
    inside as f32 / values.len() as f32
}

/// The quantiles of a list, which it sorts.
pub fn quantiles(values: &mut [f32], shares: &[f32]) -> Vec<f32> {
    values.sort_by(f32::total_cmp);
    let at = |share: &f32| values[((values.len() - 1) as f32 * share) as usize];
    shares.iter().map(at).collect()
}

/// The upper end of the one-sided 95 % interval of a share, `hits` seen of `n` (Clopper and Pearson 1934).
pub fn upper_bound(hits: usize, n: usize) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let p = (low + high) / 2.0;
        if at_most(hits, n, p) > 0.05 {
            low = p
        } else {
            high = p
        }
    }
    high
}

/// Probability of at most `hits` of `n` where each has probability `p`.
fn at_most(hits: usize, n: usize, p: f64) -> f64 {
    let mut log_term = n as f64 * (1.0 - p).ln();
    let mut sum = log_term.exp();
    for k in 1..=hits {
        log_term += ((n - k + 1) as f64 / k as f64).ln() + (p / (1.0 - p)).ln();
        sum += log_term.exp();
    }
    sum
}
