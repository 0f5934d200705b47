//! Trees from examples, by gradient boosting.

use std::collections::{BTreeMap, HashMap};

use forust_ml::{GradientBooster, Matrix, constraints::Constraint, sampler::SampleMethod};
use touchstone_score::model::{Node, Part, Split, Tree};

use crate::{
    dice::Dice, example::Example, fit::FitError, hands::FAMILIES, outliers::outliers,
    typists::TYPISTS,
};

/// Trees that tell people from scripts.
pub fn against_scripts(part: Part, rows: &[&Example]) -> Result<Vec<Tree>, FitError> {
    let table = Table {
        values: rows.iter().map(|row| part.values(&row.facts)).collect(),
        labels: rows.iter().map(|row| row.human).collect(),
        weights: weights(rows),
    };
    let iterations = match part {
        Part::Movement => MOVEMENT_TREES,
        Part::Typing => TYPING_TREES,
    };
    table.grow(part, iterations, 0.05)
}

/// Trees that tell people from those in whom a few numbers are drawn from far around what people have: of scripts unlike all
/// that were learnt from, the trees above know nothing, and would take what no person does for what no script does.
pub fn against_outliers(part: Part, rows: &[&Example]) -> Result<Vec<Tree>, FitError> {
    let people = rows.iter().filter(|row| row.human);
    let people: Vec<Vec<f32>> = people.map(|row| part.values(&row.facts)).collect();
    let others = outliers(&people, &mut Dice::new(SEED));
    let n = people.len();
    let table = Table {
        labels: (0..2 * n).map(|i| i < n).collect(),
        weights: vec![1.0; 2 * n],
        values: people.into_iter().chain(others).collect(),
    };
    let mut trees = table.grow(part, OUTLIER_TREES, 0.1)?;
    let nodes = trees.iter_mut().flat_map(|tree| &mut tree.nodes);
    nodes.for_each(|node| node.value *= OUTLIERS_SAY);
    Ok(trees)
}

/// What a booster learns from, row by row.
struct Table {
    values: Vec<Vec<f32>>,
    /// Whether a person.
    labels: Vec<bool>,
    weights: Vec<f64>,
}

impl Table {
    fn grow(&self, part: Part, iterations: usize, rate: f32) -> Result<Vec<Tree>, FitError> {
        if !self.labels.contains(&true) || !self.labels.contains(&false) {
            return Err(FitError::Empty(part.name()));
        }
        let inputs = part.inputs().len();
        let columns: Vec<f64> = (0..inputs)
            .flat_map(|input| self.values.iter().map(move |row| f64::from(row[input])))
            .collect();
        let labels = self.labels.iter().map(|human| f64::from(u8::from(*human)));
        let labels: Vec<f64> = labels.collect();
        let mut booster = booster(part)
            .set_iterations(iterations)
            .set_learning_rate(rate);
        booster
            .fit(
                &Matrix::new(&columns, self.values.len(), inputs),
                &labels,
                &self.weights,
                None,
            )
            .map_err(|error| FitError::Booster(error.to_string()))?;
        Ok(booster.trees.iter().map(convert).collect())
    }
}

fn booster(part: Part) -> GradientBooster {
    let rises = part
        .inputs()
        .iter()
        .enumerate()
        .filter(|(_, input)| input.rises);
    let constraints: HashMap<usize, Constraint> =
        rises.map(|(i, _)| (i, Constraint::Positive)).collect();
    GradientBooster::default()
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
        .set_parallel(false)
}

/// Children in pairs behind their parents, as the model's format asks.
fn convert(grown: &forust_ml::tree::Tree) -> Tree {
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
    Tree { nodes }
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
const OUTLIER_TREES: usize = 240;
/// Factor on what the trees against outliers say, chosen on scripts left out with all their kin and on `validate/`.
const OUTLIERS_SAY: f32 = 2.0;
const SEED: u64 = 20_261_122;
