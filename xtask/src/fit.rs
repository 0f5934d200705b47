//! From examples to a part of the model.

use touchstone_score::model::{Model, Part, PartModel, Scale, Scales, Tree};

use crate::{example::Example, trees};

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

/// What tells people from scripts, and for the pointer what tells them from whatever else there could be. Of keys, whose
/// scripts here are as wide as what can be told of them, the latter found no more.
fn trees(part: Part, rows: &[&Example]) -> Result<Vec<Tree>, FitError> {
    let mut all = trees::against_scripts(part, rows)?;
    if part == Part::Movement {
        all.extend(trees::against_outliers(part, rows)?);
    }
    Ok(all)
}

/// How far below the people learnt from the borders for 0.3 and 0.7 lie, in units of what lies between their median and their
/// lowest 3 %: room for people of other recorders, chosen on `validate/`.
const MOVEMENT_MARGINS: (f32, f32) = (0.2, 0.6);
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
