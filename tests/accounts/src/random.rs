use fastrand::Rng;

/// True so often, of 1.
pub fn chance(rng: &mut Rng, share: f64) -> bool {
    rng.f64() < share
}

/// How many of what happens so often on average (Knuth's method; means here are small).
pub fn poisson(rng: &mut Rng, mean: f64) -> usize {
    let limit = (-mean.min(50.0)).exp();
    let (mut count, mut product) = (0, rng.f64());
    while product > limit {
        count += 1;
        product *= rng.f64();
    }
    count
}

/// Around 0, with a standard deviation of 1 (Irwin–Hall).
pub fn normal(rng: &mut Rng) -> f64 {
    (0..12).map(|_| rng.f64()).sum::<f64>() - 6.0
}

/// One of many, each as often as its share of the sum.
pub fn weighted<'a, T>(rng: &mut Rng, choices: &'a [(f64, T)]) -> &'a T {
    let sum: f64 = choices.iter().map(|(share, _)| share).sum();
    let mut left = rng.f64() * sum;
    let found = choices.iter().find(|(share, _)| {
        left -= share;
        left < 0.0
    });
    let (_, choice) = found.unwrap_or(&choices[choices.len() - 1]);
    choice
}
