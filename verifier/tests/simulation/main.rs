//! Random lives of a verifier with two replicas, held against a model that is simple enough to be believed.
//!
//! A sequence of operations (`operations.rs`) is done to real verifiers on a real store (`world.rs`), and each answer is held
//! against the model's (`model.rs`). Clocks stand still until they are moved, and the replicas' differ by up to 30 seconds.
//!
//! Failures are: a token that is valid twice; a token that is refused though nobody spent it, neither replica's clock lets it be
//! over, and its project asks; an acknowledged assessment or annotation that is missing; another answer than the first to a
//! request that is repeated within two minutes; an error where the store did its part. None are: an error while the store
//! fails, and, where an answer was lost by a crash, either of the two answers afterwards.
//!
//! A failing sequence is shrunk and printed with its seed: `TOUCHSTONE_SIMULATION_SEED=N` repeats it alone.
//! `TOUCHSTONE_SIMULATION_SEQUENCES=N` asks for as many as one likes. What threads make of operations at the same time is not
//! repeated by a seed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod faulty;
#[path = "../kit/mod.rs"]
mod kit;
mod model;
mod operations;
mod world;

use std::{cell::Cell, env};

use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use world::World;

#[test]
fn every_life_of_a_verifier_is_one_that_the_model_allows() {
    let (first, sequences) = match number("TOUCHSTONE_SIMULATION_SEED") {
        Some(seed) => (seed, 1),
        None => (fastrand::u64(..1 << 48), sequences()),
    };
    println!("{sequences} sequences from seed {first}");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let told = Cell::new(model::Told::default());
    for seed in first..first + sequences {
        let config = Config {
            cases: 1,
            failure_persistence: None,
            max_shrink_iters: 2_000,
            ..Config::default()
        };
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let random = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let ran = TestRunner::new_with_rng(config, random).run(&operations::life(), |life| {
            told.set(told.get() + runtime.block_on(World::live(&life)));
            Ok(())
        });
        if let Err(error) = ran {
            panic!("TOUCHSTONE_SIMULATION_SEED={seed}: {error}");
        }
    }
    println!("{}", told.get());
}

/// A replica that has just looked at the ring, because of a token that nobody sealed, does not look again for a second. The
/// key of a token that comes meanwhile must not be news to it, however far the clocks are apart.
#[tokio::test]
async fn a_rotation_refuses_no_token_while_clocks_differ() {
    use operations::Operation::*;
    let another_key = 4;
    World::live(&operations::Life {
        skews: [30_000, -30_000],
        operations: vec![
            Issue {
                replica: 0,
                page: 0,
            },
            AssessGarbled {
                replica: 1,
                token: 0,
                at: another_key,
            },
            Rotate,
            Look { replica: 0 },
            Issue {
                replica: 0,
                page: 0,
            },
            Assess {
                replica: 1,
                token: 0,
            },
        ],
    })
    .await;
}

fn sequences() -> u64 {
    let asked = number("TOUCHSTONE_SIMULATION_SEQUENCES");
    asked.unwrap_or(match env::var_os("TOUCHSTONE_TEST_THOROUGH") {
        Some(_) => 10_000,
        None => 500,
    })
}

fn number(name: &str) -> Option<u64> {
    let text = env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is a number")),
    )
}
