//! Derives the constants of the behaviour model from recorded traces, and measures the engine on them.
//!
//! ```text
//! cargo run --release --example calibrate -- DIRECTORY
//! ```
//!
//! The directory holds `train/` (people to learn from), `validate/` (people only to measure errors on) and `bots/`, each
//! with `.jsonl.gz` files. Printed: quantiles of every feature by source, the fitted curves as Rust constants, and a
//! table of scores by source and generator.

mod fit;
mod trace;
mod typists;

use std::{collections::BTreeMap, error::Error, path::Path};

use fit::Samples;
use touchstone_protocol::Report;
use touchstone_score::{Context, Facts, Transport, evaluate, observe};
use trace::Trace;

type Groups = BTreeMap<String, Group>;

#[derive(Default)]
struct Group {
    human: bool,
    learn: bool,
    keys: bool,
    /// Facts, and whose they are.
    facts: Vec<(String, Facts)>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let directory = std::env::args()
        .nth(1)
        .ok_or("usage: calibrate DIRECTORY")?;
    let mut groups = Groups::new();
    for (folder, learn) in [("train", true), ("bots", true), ("validate", false)] {
        let mut files: Vec<_> =
            std::fs::read_dir(Path::new(&directory).join(folder))?.collect::<Result<_, _>>()?;
        files.sort_by_key(std::fs::DirEntry::path);
        for file in files
            .iter()
            .filter(|file| file.path().extension().is_some_and(|e| e == "gz"))
        {
            add(&mut groups, trace::read(&file.path())?, learn);
        }
    }
    add_typists(&mut groups);
    quantiles(&groups);
    curves(
        "MOVEMENT",
        MOVEMENT,
        &groups,
        |group| !group.keys,
        |facts| value(facts, "Motion.strokes") >= 3.0,
    );
    curves(
        "TYPING",
        TYPING,
        &groups,
        |group| group.keys,
        |facts| value(facts, "Keys.count") >= 30.0,
    );
    scores(&groups);
    Ok(())
}

/// Chains segments of one person and session (of one generator) to interactions of a length that can be judged.
fn add(groups: &mut Groups, traces: Vec<Trace>, learn: bool) {
    let mut chain: Vec<Trace> = Vec::new();
    let mut finish = |chain: &mut Vec<Trace>| {
        let Some(first) = chain.first() else { return };
        let group = groups.entry(first.group()).or_default();
        group.human = first.is_human();
        group.learn = learn;
        group.keys = first.device == "key" || first.src == "kmt_forms";
        group
            .facts
            .push((first.user.clone(), facts(&trace::report(chain))));
        chain.clear();
    };
    for trace in traces {
        let fits = chain.first().is_none_or(|first| {
            let same = first.group() == trace.group() && first.user == trace.user;
            let same_session = first.session == trace.session
                || !matches!(trace.src.as_str(), "kmt_mouse" | "kmt_keys");
            same && same_session && first.src != "kmt_forms" && chain.len() < CHAIN
        });
        if !fits {
            finish(&mut chain);
        }
        chain.push(trace);
    }
    finish(&mut chain);
}

fn add_typists(groups: &mut Groups) {
    for typist in typists::TYPISTS {
        let mut report = trace::report(&[]);
        let typed = |seed| {
            typists::type_keys(&mut report, typist, seed);
            ("bot".to_owned(), facts(&report))
        };
        let facts = (0..400).map(typed).collect();
        groups.insert(
            typist.0.into(),
            Group {
                human: false,
                learn: true,
                keys: true,
                facts,
            },
        );
    }
}

fn facts(report: &Report) -> Facts {
    observe(
        report,
        &Transport {
            elapsed_ms: report.sealed_at / 10,
            ..Transport::default()
        },
    )
}

fn value(facts: &Facts, name: &str) -> f32 {
    let columns = facts.columns();
    columns
        .iter()
        .find(|(column, _)| *column == name)
        .map_or(0.0, |(_, value)| *value)
}

fn quantiles(groups: &Groups) {
    for name in MOVEMENT.iter().chain(TYPING).chain(ALSO) {
        println!("\n{name}: quantiles 1, 5, 25, 50, 75, 95, 99 %");
        for (source, group) in groups {
            let enough = |facts: &Facts| {
                if name.starts_with("Keys") {
                    value(facts, "Keys.count") >= 30.0
                } else {
                    value(facts, "Motion.strokes") >= 3.0
                }
            };
            let mut values: Vec<f32> = group
                .facts
                .iter()
                .filter(|(_, facts)| enough(facts))
                .map(|(_, facts)| value(facts, name))
                .collect();
            if values.len() < 5 {
                continue;
            }
            let quantiles = fit::quantiles(&mut values, &[0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]);
            let row: Vec<String> = quantiles
                .iter()
                .map(|value| format!("{value:7.3}"))
                .collect();
            let kind = if group.human { "person" } else { "bot" };
            println!(
                "  {kind:6} {source:26} {:5}  {}",
                values.len(),
                row.join(" ")
            );
        }
    }
}

type Enough = fn(&Facts) -> bool;

fn curves(title: &str, names: &[&str], groups: &Groups, of: fn(&Group) -> bool, enough: Enough) {
    let all = fit_all(names, groups, of, enough, "");
    println!("\n{title}, as constants");
    for (name, curve) in names.iter().zip(&all) {
        println!(
            "{name}: edges: &{:.3?}, steps: &{:.2?},",
            curve.edges, curve.steps
        );
    }
    println!(
        "\n{title}, sum: quantiles 0.1, 0.5, 1, 5, 25, 50, 75, 95, 99 %; each generator left out of its own fit"
    );
    for (source, group) in groups {
        let curves = fit_all(names, groups, of, enough, source);
        let sum = |facts: &Facts| {
            names
                .iter()
                .zip(&curves)
                .map(|(name, curve)| curve.at(value(facts, name)))
                .sum::<f32>()
        };
        let judged = group.facts.iter().filter(|(_, facts)| enough(facts));
        let mut sums: Vec<f32> = judged.map(|(_, facts)| sum(facts)).collect();
        if sums.len() < 5 {
            continue;
        }
        let shares = [0.001, 0.005, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];
        let row: Vec<String> = fit::quantiles(&mut sums, &shares)
            .iter()
            .map(|value| format!("{value:6.2}"))
            .collect();
        println!(
            "  {:6} {source:26} {:5}  {}",
            kind(group),
            sums.len(),
            row.join(" ")
        );
    }
}

/// Curves of all features, learnt without the generator `left_out`.
fn fit_all(
    names: &[&str],
    groups: &Groups,
    of: fn(&Group) -> bool,
    enough: Enough,
    left_out: &str,
) -> Vec<fit::Curve> {
    let learnt = |source: &str, group: &Group| {
        let excluded = NOT_LEARNT.iter().any(|name| source.starts_with(name));
        group.learn && of(group) && !excluded && (group.human || source != left_out)
    };
    let fit = |name: &&str| {
        let mut samples = Samples::default();
        for (source, group) in groups
            .iter()
            .filter(|(source, group)| learnt(source, group))
        {
            let judged = group.facts.iter().filter(|(_, facts)| enough(facts));
            let values: Vec<f32> = judged.map(|(_, facts)| value(facts, name)).collect();
            if values.len() >= 20 {
                let side = if group.human {
                    &mut samples.humans
                } else {
                    &mut samples.bots
                };
                side.insert(source.clone(), values);
            }
        }
        samples.fit(BINS)
    };
    names.iter().map(fit).collect()
}

fn kind(group: &Group) -> &'static str {
    if group.human { "person" } else { "bot" }
}

/// Share of reports and people below 0.5 by source, and the tiers of what was found against them.
fn scores(groups: &Groups) {
    println!(
        "\n| source or generator | people | reports | below 0.5 | people ever below 0.5 (95 % bound) | median | findings |"
    );
    println!("|---|---|---|---|---|---|---|");
    for (source, group) in groups {
        let mut levels = Vec::new();
        let mut findings: BTreeMap<&str, usize> = BTreeMap::new();
        let mut people: BTreeMap<&str, bool> = BTreeMap::new();
        for (user, facts) in &group.facts {
            let evaluation = evaluate(facts, &Context::default());
            levels.push(evaluation.score);
            *people.entry(user).or_default() |= evaluation.score.level() < 5;
            for finding in evaluation
                .evidence
                .iter()
                .filter(|finding| finding.raw_weight < 0.0)
            {
                *findings.entry(finding.name).or_default() += 1;
            }
        }
        levels.sort();
        let (n, persons) = (levels.len(), people.len());
        let percent = |count: usize| 100.0 * count as f64 / n as f64;
        let low = levels.iter().filter(|score| score.level() < 5).count();
        let ever = people.values().filter(|low| **low).count();
        let found = findings
            .iter()
            .map(|(name, count)| format!("{name} {:.1} %", percent(*count)));
        let found: Vec<String> = found.collect();
        let (who, ever) = match group.human {
            true => {
                let bound = 100.0 * fit::upper_bound(ever, persons);
                (persons.to_string(), format!("{ever} ({bound:.1} %)"))
            }
            false => ("bot".into(), "-".into()),
        };
        let (low, found) = (percent(low), found.join(", "));
        println!(
            "| {source} | {who} | {n} | {low:.2} % | {ever} | {} | {found} |",
            levels[n / 2]
        );
    }
}

/// Segments to a report.
const CHAIN: usize = 5;
/// Features on which unlike recorders agree about people.
const MOVEMENT: &[&str] = &[
    "Motion.bow",
    "Motion.peak_at",
    "Motion.peak_at_spread",
    "Motion.speed_cv",
    "Motion.speed_cv_spread",
    "Motion.jerk",
    "Motion.turn",
    "Motion.ending",
];
const TYPING: &[&str] = &["Keys.hold_log", "Keys.interval_spread", "Keys.rollover"];
/// Others, shown only.
const ALSO: &[&str] = &[
    "Motion.strokes",
    "Motion.detour",
    "Motion.peaks",
    "Motion.duration_spread",
    "Keys.hold_spread",
    "Presses.dwell_log",
];
/// Whole forms have both kinds of events and are learnt from in their parts; tracing a circle is no pointing; ten people
/// are too few.
const NOT_LEARNT: &[&str] = &["kmt_forms", "adserp_sample", "delbot"];
const BINS: usize = 6;
