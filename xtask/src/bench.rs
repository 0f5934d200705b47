//! How well the engine does on people and scripts that it has not learnt from: each source and each kin of generators left
//! out in turn.

use std::{collections::BTreeMap, path::Path};

use serde::Serialize;
use touchstone_score::{
    Context, evaluate,
    model::{Behaviour, Model, Part},
};

use crate::{
    bots::{self, KIN},
    dice::Dice,
    example::Example,
    fit::{FitError, fit, hash},
    hands::FAMILIES,
    people,
    roc::Curve,
    statistics::{interval, upper_bound},
    train::{self, TrainError},
};

/// What was measured.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    pub rows: Vec<Row>,
    /// How well the sum of both parts tells people from scripts, by modality.
    pub curves: Vec<Curve>,
}

/// Interactions of one source or generator.
#[derive(Debug, Serialize)]
pub struct Row {
    pub source: String,
    pub human: bool,
    /// What the judging model had not learnt from: the source alone, or all its kin.
    pub left_out: &'static str,
    /// What was there to judge: pointer, keys or both.
    pub modality: &'static str,
    /// As recorded, or through channels.
    pub carried: bool,
    pub interactions: usize,
    pub people: usize,
    /// Interactions by level, 0.0 to 1.0.
    pub levels: [usize; 11],
    /// People with an interaction at 0.3 or below.
    pub people_low: usize,
    /// One-sided 95 % upper bound of their share.
    pub people_low_bound: f64,
}

impl Row {
    /// Interactions at or below a level, as a share.
    pub fn at_most(&self, level: usize) -> f64 {
        let below: usize = self.levels[..=level].iter().sum();
        below as f64 / self.interactions.max(1) as f64
    }

    /// The two-sided 95 % interval of the same.
    pub fn interval(&self, level: usize) -> (f64, f64) {
        interval(self.levels[..=level].iter().sum(), self.interactions.max(1))
    }
}

/// Measures everything. Takes some minutes.
pub fn bench(data: &Path, generators: Option<&Path>) -> Result<Report, TrainError> {
    let examples = train::examples(data)?;
    let mut strangers = people::to_measure(data, &mut Dice::new(SEED))?;
    if let Some(folder) = generators {
        strangers.extend(bots::strangers(folder, &mut Dice::new(SEED))?);
    }
    let mut judged = Vec::new();
    let model = train::train(&examples)?;
    judged.extend(levels(&model, SOURCE, strangers.iter()));
    people_left_out(&examples, &mut judged)?;
    scripts_left_out(&examples, &mut judged)?;
    Ok(Report {
        rows: rows(&judged),
        curves: curves(&judged),
    })
}

/// An interaction, and how a model that has not learnt from its like judged it.
struct Judged<'a> {
    example: &'a Example,
    left_out: &'static str,
    level: u8,
    /// Sum of both parts, in log-odds: what `touchstone score` prints as `behaviour`, before the logistic function.
    sum: f32,
}

fn levels<'a>(
    model: &Model,
    left_out: &'static str,
    examples: impl Iterator<Item = &'a Example>,
) -> Vec<Judged<'a>> {
    let context = Context {
        behaviour: Behaviour::by(model),
        ..Context::default()
    };
    let judge = |example: &'a Example| Judged {
        example,
        left_out,
        level: evaluate(&example.facts, &context).score.level(),
        sum: model
            .explain_all(&example.facts)
            .iter()
            .map(|(_, explanation)| explanation.log_odds)
            .sum(),
    };
    examples.map(judge).collect()
}

/// Halves of the people of the large source, and the small sources, each by a model of the others.
fn people_left_out<'a>(
    examples: &'a [Example],
    judged: &mut Vec<Judged<'a>>,
) -> Result<(), FitError> {
    let half =
        |example: &Example| (example.source == LARGEST).then(|| hash(&example.person) / 2 % 2);
    let mut folds: Vec<(String, Option<u32>)> =
        vec![(LARGEST.into(), Some(0)), (LARGEST.into(), Some(1))];
    for example in examples.iter().filter(|e| e.human && e.source != LARGEST) {
        let fold = (example.source.clone(), None);
        if !folds.contains(&fold) {
            folds.push(fold);
        }
    }
    for (source, part) in folds {
        let out = |e: &Example| e.human && e.source == source && half(e) == part;
        let rest: Vec<&Example> = examples.iter().filter(|e| !out(e)).collect();
        let parts = Part::ALL.iter().map(|part| fit(*part, &rest));
        let model = Model::new(parts.collect::<Result<_, _>>()?);
        judged.extend(levels(&model, SOURCE, examples.iter().filter(|e| out(e))));
    }
    Ok(())
}

/// Hands by kin and typists one by one: an interaction is judged by trees that have seen neither.
fn scripts_left_out<'a>(
    examples: &'a [Example],
    judged: &mut Vec<Judged<'a>>,
) -> Result<(), FitError> {
    let mut typing = BTreeMap::new();
    let typists = examples
        .iter()
        .filter(|e| !e.human)
        .map(|e| e.typist.as_str());
    for typist in typists.collect::<std::collections::BTreeSet<_>>() {
        let rest: Vec<&Example> = examples
            .iter()
            .filter(|e| e.human || typist.is_empty() || e.typist != typist)
            .collect();
        typing.insert(typist, fit(Part::Typing, &rest)?);
    }
    for kin in KIN {
        let is_kin = |e: &Example| !e.human && kin.contains(&e.source.as_str());
        let rest: Vec<&Example> = examples.iter().filter(|e| !is_kin(e)).collect();
        let movement = fit(Part::Movement, &rest)?;
        for (typist, typing) in &typing {
            let model = Model::new(vec![movement.clone(), typing.clone()]);
            let of = examples.iter().filter(|e| is_kin(e) && e.typist == *typist);
            judged.extend(levels(&model, KIN_OF_IT, of));
        }
    }
    for name in KIN.iter().flat_map(|kin| kin.iter()) {
        if FAMILIES.iter().any(|family| family.name == *name) {
            continue;
        }
        let rest: Vec<&Example> = examples.iter().filter(|e| e.source != *name).collect();
        let model = Model::new(vec![fit(Part::Movement, &rest)?]);
        let of = examples.iter().filter(|e| e.source == *name);
        judged.extend(levels(&model, SOURCE, of));
    }
    Ok(())
}

fn rows(judged: &[Judged<'_>]) -> Vec<Row> {
    let mut groups: BTreeMap<Key, Vec<(&Example, u8)>> = BTreeMap::new();
    for Judged {
        example,
        left_out,
        level,
        ..
    } in judged
    {
        let Some(modality) = modality(example) else {
            continue;
        };
        let of = |name: &str| {
            (
                !example.human,
                name.to_owned(),
                *left_out,
                modality,
                example.carried,
            )
        };
        groups
            .entry(of(&example.source))
            .or_default()
            .push((example, *level));
        if !example.human && modality != "pointer" {
            groups
                .entry(of(&example.typist))
                .or_default()
                .push((example, *level));
        }
    }
    let row = |((bot, source, left_out, modality, carried), of): (Key, Vec<(&Example, u8)>)| {
        let mut levels = [0; 11];
        let mut people: BTreeMap<&str, bool> = BTreeMap::new();
        for (example, level) in &of {
            levels[usize::from((*level).min(10))] += 1;
            *people.entry(&example.person).or_default() |= *level <= 3;
        }
        let low = people.values().filter(|low| **low).count();
        Row {
            source,
            human: !bot,
            left_out,
            modality,
            carried,
            interactions: of.len(),
            people: people.len(),
            levels,
            people_low: low,
            people_low_bound: upper_bound(low, people.len()),
        }
    };
    groups.into_iter().map(row).collect()
}

/// People as recorded, against scripts through drawn channels with all their kin left out: the comparison of docs/levels.md.
fn curves(judged: &[Judged<'_>]) -> Vec<Curve> {
    let of = |what: &str| {
        let sums = |human: bool| {
            let chosen = judged.iter().filter(|judged| {
                judged.example.human == human
                    && judged.example.carried != human
                    && (human || judged.left_out == KIN_OF_IT)
                    && modality(judged.example) == Some(what)
            });
            chosen.map(|judged| judged.sum).collect::<Vec<f32>>()
        };
        Curve::new(what, sums(true), sums(false))
    };
    ["pointer", "keys", "both"].map(of).into()
}

/// Whether a script, name, what was left out, modality, whether carried.
type Key = (bool, String, &'static str, &'static str, bool);

/// What there is enough of to be judged; none if there is not.
fn modality(example: &Example) -> Option<&'static str> {
    let enough = |part: Part| part.is_enough(&example.facts);
    match (enough(Part::Movement), enough(Part::Typing)) {
        (true, true) => Some("both"),
        (true, false) => Some("pointer"),
        (false, true) => Some("keys"),
        (false, false) => None,
    }
}

const SOURCE: &str = "source";
const KIN_OF_IT: &str = "kin";
const LARGEST: &str = "kmt_forms";
const SEED: u64 = 2;
