//! From examples to a part of the model.

use std::collections::{BTreeMap, HashMap};

use forust_ml::{GradientBooster, Matrix, constraints::Constraint, sampler::SampleMethod};
use touchstone_score::model::{Model, Node, Part, PartModel, Scale, Split, Tree};

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
            scale: UNSCALED,
            trees: trees(part, &seen)?,
        }]);
        let explained = unseen
            .iter()
            .filter_map(|row| model.explain(part, &row.facts));
        sums.extend(explained.filter(|it| it.enough).map(|it| it.raw));
    }
    Ok(PartModel {
        part,
        scale: scale(part, sums),
        trees: trees(part, &rows)?,
    })
}

/// Of a person's name, to split people by.
pub fn hash(person: &str) -> u32 {
    person.bytes().fold(2_166_136_261, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(16_777_619)
    })
}

fn scale(part: Part, mut sums: Vec<f32>) -> Scale {
    sums.sort_by(f32::total_cmp);
    let at = |share: f32| {
        let place = (sums.len().max(1) - 1) as f32 * share;
        sums.get(place as usize).copied().unwrap_or(0.0)
    };
    let (rare, low) = match part {
        Part::Movement => MOVEMENT_MARGINS,
        Part::Typing => TYPING_MARGINS,
    };
    let low = at(0.03) - low;
    let rare = (at(0.005) - rare).min(low - 0.1);
    Scale {
        rare,
        low,
        middle: at(0.5).max(low + 0.1),
    }
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
        .set_iterations(TREES)
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

const TREES: usize = 300;
const SEED: u64 = 20_261_122;
/// How far below the people learnt from the borders for 0.3 and 0.7 lie, in the sum's log-odds: room for people of other
/// recorders, chosen on `validate/`.
const MOVEMENT_MARGINS: (f32, f32) = (0.9, 0.6);
const TYPING_MARGINS: (f32, f32) = (0.8, 0.4);
/// Until the borders are known.
const UNSCALED: Scale = Scale {
    rare: -1.0,
    low: 0.0,
    middle: 1.0,
};
