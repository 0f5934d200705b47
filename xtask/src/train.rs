//! The shipped model from data and seeds, bit for bit.

use std::path::Path;

use touchstone_score::model::{Model, Part};
use touchstone_traces::TraceError;

use crate::{
    bots,
    dice::Dice,
    example::Example,
    fit::{FitError, fit},
    people,
};

/// Why there is no model.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// The data cannot be read.
    #[error(transparent)]
    Trace(#[from] TraceError),
    /// There is too little of it.
    #[error(transparent)]
    Fit(#[from] FitError),
}

/// All examples to learn from: people of `train/`, and scripts.
pub fn examples(data: &Path) -> Result<Vec<Example>, TraceError> {
    let mut dice = Dice::new(SEED);
    let mut examples = people::to_learn(data, &mut dice)?;
    let forms = people::forms(data)?;
    examples.extend(bots::all(data, &forms, &mut dice)?);
    Ok(examples)
}

/// The model learnt from all examples.
pub fn train(examples: &[Example]) -> Result<Model, FitError> {
    let all: Vec<&Example> = examples.iter().collect();
    let parts = Part::ALL.iter().map(|part| fit(*part, &all));
    Ok(Model::new(parts.collect::<Result<_, _>>()?))
}

const SEED: u64 = 1;

#[cfg(test)]
mod tests {
    use touchstone_traces::{Class, Device, Key, Kind, Label, Pointer, Trace};

    use super::*;
    use crate::{
        example::facts,
        hands::FAMILIES,
        script::{Task, perform},
        typists::{RecordedKeys, TYPISTS},
    };

    /// Someone who moves and types as no script here does, for want of people.
    fn someone(seed: u64) -> Example {
        let mut dice = Dice::new(seed);
        let (mut t, mut x, mut y) = (0.0, 500.0, 400.0);
        let (mut pointer, mut keys) = (Vec::new(), Vec::new());
        for _ in 0..8 {
            let (steps, vx, vy) = (
                dice.whole(12, 60),
                dice.normal(0.0, 9.0),
                dice.normal(0.0, 9.0),
            );
            for i in 0..steps {
                let share = i as f64 / steps as f64;
                t += 10.0;
                x += vx * (share * 3.0 * dice.within(0.8, 1.2)).sin();
                y += vy * (share * 3.3).sin() + dice.normal(0.0, 0.5);
                pointer.push(Pointer {
                    t,
                    x,
                    y,
                    kind: Kind::Move,
                });
            }
            for _ in 0..8 {
                t += dice.lognormal(180.0, 0.6);
                keys.push(Key {
                    down: t,
                    up: t + dice.lognormal(90.0, 0.3),
                    class: Class::Letter,
                    field: 0,
                });
            }
            t += dice.within(300.0, 900.0);
        }
        let trace = Trace {
            src: "someone".into(),
            user: seed.to_string(),
            session: String::new(),
            device: Device::Mouse,
            label: Some(Label::Human),
            bot: None,
            pointer,
            keys,
        };
        Example {
            source: "someone".into(),
            typist: String::new(),
            person: seed.to_string(),
            human: true,
            carried: true,
            facts: facts(&[trace]),
        }
    }

    fn script(seed: u64) -> Example {
        let mut dice = Dice::new(seed);
        let mut hand = (FAMILIES[0].draw)(&mut dice, &[]);
        let mut typist = (TYPISTS[0].draw)(&mut dice, &RecordedKeys::default());
        let task = Task {
            strokes: 8,
            keys: 8,
        };
        let trace = perform(&mut *hand, &mut *typist, &task, &mut dice);
        Example {
            source: FAMILIES[0].name.into(),
            typist: TYPISTS[0].name.into(),
            person: String::new(),
            human: false,
            carried: true,
            facts: facts(&[trace]),
        }
    }

    #[test]
    fn training_twice_gives_the_same_bytes_and_they_read_back() {
        let examples = || {
            (0..150)
                .flat_map(|seed| [someone(seed), script(seed)])
                .collect::<Vec<_>>()
        };
        let model = train(&examples()).unwrap();
        let bytes = model.encode();
        assert_eq!(bytes, train(&examples()).unwrap().encode());
        assert_eq!(Model::parse(&bytes), Ok(model));
    }

    #[test]
    fn without_people_or_without_scripts_nothing_is_learnt() {
        let people: Vec<Example> = (0..20).map(someone).collect();
        assert!(matches!(train(&people), Err(FitError::Empty(_))));
    }
}
