use statrs::distribution::{Beta, ContinuousCDF};

/// The two-sided 95 % interval of a share, `hits` seen of `n` (Clopper and Pearson 1934).
pub fn interval(hits: usize, n: usize) -> (f64, f64) {
    let quantile = |a: usize, b: usize, share: f64| {
        Beta::new(a as f64, b as f64).map_or(f64::NAN, |beta| beta.inverse_cdf(share))
    };
    let low = if hits == 0 {
        0.0
    } else {
        quantile(hits, n - hits + 1, 0.025)
    };
    let high = if hits == n {
        1.0
    } else {
        quantile(hits + 1, n - hits, 0.975)
    };
    (low, high)
}

/// The one-sided 95 % upper end of the same.
pub fn upper_bound(hits: usize, n: usize) -> f64 {
    if hits >= n {
        return 1.0;
    }
    let beta = Beta::new((hits + 1) as f64, (n - hits) as f64);
    beta.map_or(f64::NAN, |beta| beta.inverse_cdf(0.95))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_those_of_the_tables() {
        assert!((upper_bound(0, 600) - 0.00498).abs() < 1e-4);
        assert!((upper_bound(3, 100) - 0.0757).abs() < 1e-3);
        let (low, high) = interval(5, 100);
        assert!((low - 0.0164).abs() < 1e-3 && (high - 0.1128).abs() < 1e-3);
        assert_eq!((interval(0, 10).0, interval(10, 10).1), (0.0, 1.0));
    }
}
