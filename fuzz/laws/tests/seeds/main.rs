//! Every seed keeps the law of its target; every law has seeds and a target.
//!
//! After a deliberate change of a form: `UPDATE_SEEDS=1 cargo test -p touchstone-laws --test seeds` writes those seeds anew that
//! our code makes.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod changed;
mod made;

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
};

use touchstone_laws::LAWS;

#[test]
fn every_seed_keeps_the_law_of_its_target() {
    for (name, law) in LAWS {
        let seeds = files(&fuzz().join("seeds").join(name));
        assert!(!seeds.is_empty(), "{name} has no seeds");
        for seed in seeds {
            println!("{}", seed.display());
            law(&fs::read(seed).unwrap());
        }
    }
}

#[test]
fn the_seeds_that_our_code_makes_are_those_it_makes_now() {
    for (target, name, bytes) in made::all() {
        let path = fuzz().join("seeds").join(target).join(name);
        if env::var_os("UPDATE_SEEDS").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &bytes).unwrap();
        }
        let found = fs::read(&path).unwrap_or_default();
        assert!(found == bytes, "{target}/{name} is of another form");
    }
}

#[test]
fn every_law_has_its_target_and_no_seed_is_without() {
    let laws: BTreeSet<String> = LAWS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let stem = |path: &PathBuf| path.file_stem().unwrap().to_string_lossy().into_owned();
    let targets = files(&fuzz().join("fuzz_targets"));
    let seeds = files(&fuzz().join("seeds"));
    assert_eq!(targets.iter().map(stem).collect::<BTreeSet<_>>(), laws);
    assert_eq!(seeds.iter().map(stem).collect::<BTreeSet<_>>(), laws);
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn fuzz() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}
