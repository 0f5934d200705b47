//! Seeds with a few changes at random: what a fuzzer does, without its sense of direction. It needs no other toolchain, and
//! repeats itself.

use std::{env, fs, ops::Range};

use fastrand::Rng;
use touchstone_laws::LAWS;

use super::{files, fuzz};

/// `TOUCHSTONE_FUZZ_LAW` picks one law, `TOUCHSTONE_FUZZ_CHANGES` sets how many inputs each law gets.
#[test]
fn every_seed_keeps_the_law_when_it_is_changed() {
    let chosen = env::var("TOUCHSTONE_FUZZ_LAW").ok();
    for (name, law) in LAWS {
        if chosen.as_ref().is_some_and(|chosen| chosen != name) {
            continue;
        }
        let seeds = files(&fuzz().join("seeds").join(name));
        let seeds: Vec<Vec<u8>> = seeds.iter().map(|seed| fs::read(seed).unwrap()).collect();
        let mut random = Rng::with_seed(7);
        for number in 0..changes() {
            let input = changed(&seeds, &mut random);
            let shown = String::from_utf8_lossy(&input);
            println!("{name}, input {number}: {shown:?}");
            law(&input);
        }
    }
}

fn changed(seeds: &[Vec<u8>], random: &mut Rng) -> Vec<u8> {
    let seed = random.choice(seeds).cloned();
    let mut input = seed.unwrap_or_default();
    for _ in 0..random.usize(1..=6) {
        let place = part(&input, random);
        match random.u8(..7) {
            0 => input.splice(place, []).for_each(drop),
            1 => {
                let twice = input[place.clone()].to_vec();
                input.splice(place.end..place.end, twice).for_each(drop);
            }
            2 => {
                let other = random.choice(seeds).map_or(&[][..], |seed| seed);
                let other = other[part(other, random)].to_vec();
                input.splice(place, other).for_each(drop);
            }
            3 => {
                let text = random.choice(TEXTS).copied().unwrap_or_default();
                let text = text.as_bytes().iter().copied();
                input.splice(place.start..place.start, text).for_each(drop);
            }
            4 => input[place]
                .iter_mut()
                .for_each(|byte| *byte = random.u8(..)),
            _ => {
                if let Some(byte) = input.get_mut(place.start) {
                    *byte ^= 1 << random.u8(..8);
                }
            }
        }
    }
    input
}

/// Mostly short, anywhere.
fn part(bytes: &[u8], random: &mut Rng) -> Range<usize> {
    let start = random.usize(..=bytes.len());
    let most = if random.u8(..4) == 0 { 64 } else { 4 };
    start..bytes.len().min(start + random.usize(..=most))
}

fn changes() -> usize {
    let asked = env::var("TOUCHSTONE_FUZZ_CHANGES").ok();
    asked.map_or(64, |number| number.parse().unwrap())
}

/// What parsers commonly stumble over.
const TEXTS: &[&str] = &[
    "",
    "\0",
    "\u{ff}",
    "%",
    "%00",
    "%ff",
    "%2F",
    "\\u0000",
    "\"",
    "{}",
    "[]",
    "null",
    "-1",
    "1e999",
    "-0",
    "18446744073709551616",
    "9223372036854775808",
    "4294967296",
    "NaN",
    "İ",
    "\u{1f600}",
    "..",
    "//",
    ":",
    ",",
    "\r\n",
    "\n",
];
