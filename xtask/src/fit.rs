//! From examples to a part of the model.

use std::collections::{BTreeMap, HashMap};

use forust_ml::{GradientBooster, Matrix, constraints::Constraint, sampler::SampleMethod};
use touchstone_score::model::{Model, Node, Part, PartModel, Scale, Scales, Split, Tree};

use crate::{example::Example, hands::FAMILIES, typists::TYPISTS};

/// What cannot be learnt.
#[derive(Debug, thiserror::Error)]
pub enum FitError {
    /// The booster says why.
    #[error("the trees cannot be fitted: {0}")]
    Booster(String),
    /// No person or no script with enough of what a part looks at.
    #[error("{0}: no examples of people, or none of scripts")]
    Empty(&'static str),
}

/// A part learnt from the carried examples, with its borders from the people among them: each judged by trees that have
/// seen half of the people, and not them.
pub fn fit(part: Part, examples: &[&Example]) -> Result<PartModel, FitError> {
    let rows: Vec<&Example> = examples
        .iter()
        .copied()
        .filter(|example| example.carried && part.amount(&example.facts) == Some(1.0))
        .collect();
    let mut sums = Vec::new();
    for half in [0, 1] {
        let (seen, unseen): (Vec<&Example>, Vec<&Example>) = rows
            .iter()
            .copied()
            .partition(|row| !row.human || hash(&row.person) % 2 == half);
        let model = Model::new(vec![PartModel {
            part,
            scales: UNSCALED,
            trees: trees(part, &seen)?,
        }]);
        let explained = unseen
            .iter()
            .filter_map(|row| Some((part.seen(&row.facts), model.explain(part, &row.facts)?)));
        sums.extend(
            explained
                .filter(|it| it.1.enough)
                .map(|it| (it.0, it.1.raw)),
        );
    }
    Ok(PartModel {
        part,
        scales: scales(part, sums),
        trees: trees(part, &rows)?,
    })
}

/// Of a person's name, to split people by.
pub fn hash(person: &str) -> u32 {
    person.bytes().fold(2_166_136_261, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(16_777_619)
    })
}

/// Borders by how much was seen: lines through what holds for the half of people of whom less was seen, and for the other.
fn scales(part: Part, mut sums: Vec<(u16, f32)>) -> Scales {
    let (few, many) = match part {
        Part::Movement => (3, 9),
        Part::Typing => (27, 100),
    };
    sums.sort_by_key(|(seen, _)| *seen);
    let median = sums.get(sums.len() / 2).map_or(few, |(seen, _)| *seen);
    let (less, more): (Vec<_>, Vec<_>) = sums.iter().partition(|(seen, _)| *seen <= median);
    // Of keys, how many there are has little say.
    let (less, more) = match part == Part::Typing || more.is_empty() {
        true => (Half::of(&sums), Half::of(&sums)),
        false => (Half::of(&less), Half::of(&more)),
    };
    let line = |of: fn(&Half) -> f32, seen: u16| {
        let slope = (of(&less) - of(&more)) / (less.root - more.root).max(1e-3);
        of(&more) + slope * (root(seen) - more.root)
    };
    let (middle, low) = (
        |seen| line(|half| half.middle, seen),
        |seen| line(|half| half.low, seen),
    );
    // How rare a sum is, in units of what lies between the two: comparable whatever was seen.
    let mut off: Vec<f32> = sums
        .iter()
        .map(|(seen, sum)| (sum - middle(*seen)) / (middle(*seen) - low(*seen)).max(0.1))
        .collect();
    let rare = share_of(&mut off, 0.005);
    let margins = match part {
        Part::Movement => MOVEMENT_MARGINS,
        Part::Typing => TYPING_MARGINS,
    };
    let scale = |seen| {
        let (middle, low) = (middle(seen), low(seen));
        let unit = (middle - low).max(0.1);
        let rare = middle + (rare - margins.0) * unit;
        let low = low - margins.1 * unit;
        Scale {
            rare: rare.min(low - 0.1),
            low,
            middle: middle.max(low + 0.1),
        }
    };
    Scales {
        few: (few, scale(few)),
        many: (many, scale(many)),
    }
}

/// People of whom about as much was seen.
struct Half {
    root: f32,
    low: f32,
    middle: f32,
}

impl Half {
    fn of(sums: &[(u16, f32)]) -> Self {
        let mut values: Vec<f32> = sums.iter().map(|(_, sum)| *sum).collect();
        let roots: f32 = sums.iter().map(|(seen, _)| root(*seen)).sum();
        Self {
            root: roots / sums.len().max(1) as f32,
            low: share_of(&mut values, 0.03),
            middle: share_of(&mut values, 0.5),
        }
    }
}

/// Errors of means fall with it.
fn root(seen: u16) -> f32 {
    1.0 / f32::from(seen.max(1)).sqrt()
}

/// The value that a share of them do not exceed; 0 of nothing.
fn share_of(values: &mut [f32], share: f32) -> f32 {
    values.sort_by(f32::total_cmp);
    let place = (values.len().max(1) - 1) as f32 * share;
    values.get(place as usize).copied().unwrap_or(0.0)
}

fn trees(part: Part, rows: &[&Example]) -> Result<Vec<Tree>, FitError> {
    let inputs = part.inputs().len();
    let values: Vec<Vec<f32>> = rows.iter().map(|row| part.values(&row.facts)).collect();
    let columns: Vec<f64> = (0..inputs)
        .flat_map(|input| values.iter().map(move |row| f64::from(row[input])))
        .collect();
    let human = |row: &&&Example| row.human;
    if rows.iter().filter(human).count() == 0 || rows.iter().all(|row| row.human) {
        return Err(FitError::Empty(part.name()));
    }
    let labels: Vec<f64> = rows
        .iter()
        .map(|row| f64::from(u8::from(row.human)))
        .collect();
    let rises = part
        .inputs()
        .iter()
        .enumerate()
        .filter(|(_, input)| input.rises);
    let constraints: HashMap<usize, Constraint> =
        rises.map(|(i, _)| (i, Constraint::Positive)).collect();
    let mut booster = GradientBooster::default()
        .set_iterations(match part {
            Part::Movement => MOVEMENT_TREES,
            Part::Typing => TYPING_TREES,
        })
        .set_learning_rate(0.05)
        .set_max_depth(2)
        .set_max_leaves(4)
        .set_l2(5.0)
        .set_min_leaf_weight(8.0)
        .set_subsample(0.7)
        .set_sample_method(SampleMethod::Random)
        .set_colsample_bytree(0.5)
        .set_allow_missing_splits(false)
        .set_monotone_constraints(Some(constraints))
        .set_base_score(0.0)
        .set_initialize_base_score(false)
        .set_seed(SEED)
        .set_parallel(false);
    booster
        .fit(
            &Matrix::new(&columns, rows.len(), inputs),
            &labels,
            &weights(rows),
            None,
        )
        .map_err(|error| FitError::Booster(error.to_string()))?;
    let tree = |nodes: Vec<Node>| Tree { nodes };
    Ok(booster
        .trees
        .iter()
        .map(|grown| {
            // Children in pairs behind their parents, as the format asks.
            let mut order = vec![0usize];
            let mut nodes = Vec::new();
            let mut next = 0;
            while next < order.len() {
                let node = &grown.nodes[order[next]];
                let split = (!node.is_leaf).then(|| {
                    let left = order.len() as u8;
                    order.extend([node.left_child, node.right_child]);
                    Split {
                        input: node.split_feature as u8,
                        threshold: node.split_value as f32,
                        left,
                    }
                });
                nodes.push(Node {
                    value: node.weight_value,
                    split,
                });
                next += 1;
            }
            tree(nodes)
        })
        .collect())
}

/// People and scripts weigh the same; among scripts each generator does, whatever there is of it, but for those that
/// people themselves could not be told from.
fn weights(rows: &[&Example]) -> Vec<f64> {
    let group = |row: &Example| match row.human {
        true => (true, String::new(), String::new()),
        false => (false, row.source.clone(), row.typist.clone()),
    };
    let mut counts: BTreeMap<_, f64> = BTreeMap::new();
    for row in rows {
        *counts.entry(group(row)).or_default() += 1.0;
    }
    let doubt = |row: &Example| match row.source.as_str() {
        "warped" => 0.3,
        _ if row.typist == "keys:resampled" => 0.3,
        // Each of this crate's families comes with as many typists.
        source if FAMILIES.iter().all(|family| family.name != source) => TYPISTS.len() as f64,
        _ => 1.0,
    };
    let raw: Vec<f64> = rows
        .iter()
        .map(|row| doubt(row) / counts[&group(row)])
        .collect();
    let total = |human| -> f64 {
        let of = rows.iter().zip(&raw).filter(|(row, _)| row.human == human);
        of.map(|(_, weight)| weight).sum()
    };
    let (people, scripts) = (total(true), total(false));
    let half = rows.len() as f64 / 2.0;
    let weigh =
        |(row, weight): (&&Example, &f64)| weight * half / if row.human { people } else { scripts };
    rows.iter().zip(&raw).map(weigh).collect()
}

const MOVEMENT_TREES: usize = 800;
const TYPING_TREES: usize = 300;
const SEED: u64 = 20_261_122;
/// How far below the people learnt from the borders for 0.3 and 0.7 lie, in units of what lies between their median and their
/// lowest 3 %: room for people of other recorders, chosen on `validate/`.
const MOVEMENT_MARGINS: (f32, f32) = (0.4, 0.6);
const TYPING_MARGINS: (f32, f32) = (0.3, 0.25);
/// Until the borders are known.
const UNSCALED: Scales = Scales {
    few: (1, UNKNOWN),
    many: (2, UNKNOWN),
};
const UNKNOWN: Scale = Scale {
    rare: -1.0,
    low: 0.0,
    middle: 1.0,
};
