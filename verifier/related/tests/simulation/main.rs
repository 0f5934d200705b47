//! A made-up population and farms, grouped by the real identifiers and a real store, against what is true of them. Seeded: equal
//! on every machine. `cargo test -p touchstone-related --test simulation -- --nocapture` prints the table of
//! docs/related-accounts.md; TOUCHSTONE_TEST_THOROUGH=1 makes it ten populations.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod measure;
mod names;
mod population;
mod random;

use std::env;

use measure::{Outcome, group, outcomes};
use population::Community;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn farms_become_groups_and_campus_office_and_carrier_do_not() {
    let thorough = env::var_os("TOUCHSTONE_TEST_THOROUGH").is_some();
    let seeds = if thorough { 21..=30 } else { 1..=1 };
    let mut all = Vec::new();
    for seed in seeds {
        let population = population::of(seed);
        let groups = group(&population, seed).await;
        all.extend(outcomes(&population, &groups));
    }
    let table = measure::table(&all);
    println!("{table}");
    for community in Community::ALL {
        let outcome = Outcome::sum(all.iter().filter(|outcome| outcome.community == community));
        let found = outcome.found_share().unwrap_or(1.0);
        assert!(
            found >= least_found(community),
            "{community:?}: {outcome:?}"
        );
        assert!(
            outcome.wrong_per_thousand() <= 8.0,
            "{community:?}: {outcome:?}"
        );
        assert!(outcome.largest_wrong <= 3, "{community:?}: {outcome:?}");
        assert_eq!(outcome.labelled_wrong, 0, "{community:?}: {outcome:?}");
    }
}

/// Of the pairs that belong together, how many are in one group.
fn least_found(community: Community) -> f64 {
    match community {
        // Three phones make three groups.
        Community::PhoneFarm => 0.3,
        Community::StrangerFarm => 0.0,
        _ => 0.99,
    }
}
