//! Recorded people: those that may be learnt from, and those that only measure.

use std::{collections::BTreeMap, path::Path};

use touchstone_traces::{Label, Trace, TraceError, read};

use crate::{
    carrier,
    dice::Dice,
    example::{Example, facts},
};

/// A file of recorded people and how its segments make up interactions.
struct Source {
    file: &'static str,
    /// Segments of a session to an interaction.
    chain: usize,
    /// Whether the recorder's sessions hold one segment each, so that a person's are strung together.
    across_sessions: bool,
}

/// People from `train/`, as recorded and through channels. Whole forms are cut into parts of 8 to 60 s, because pages are
/// left at any moment; half of them are pointing or typing alone.
pub fn to_learn(data: &Path, dice: &mut Dice) -> Result<Vec<Example>, TraceError> {
    let mut out = Vec::new();
    for form in forms(data)? {
        out.push(example(&form, std::slice::from_ref(&form), false));
        for _ in 0..PARTS_OF_A_FORM {
            let long = dice.within(8_000.0, 60_000.0);
            let from = dice.within(0.0, (form.end() - long).max(0.0));
            let mut part = cut(&form, from, from + long);
            match dice.whole(0, 3) {
                0 => part.keys.clear(),
                1 => part.pointer.clear(),
                _ => {}
            }
            let carried = carrier::carry(&part, dice);
            out.push(example(&form, &[carried], true));
        }
    }
    for source in &LEARNT {
        out.extend(chains(data, source, dice)?);
    }
    Ok(out)
}

/// People from `validate/`: never learnt from.
pub fn to_measure(data: &Path, dice: &mut Dice) -> Result<Vec<Example>, TraceError> {
    let mut out = Vec::new();
    for source in &MEASURED {
        out.extend(chains(data, source, dice)?);
    }
    Ok(out)
}

/// Whole form fillings, pointer and keys.
pub fn forms(data: &Path) -> Result<Vec<Trace>, TraceError> {
    read(&data.join("train/kmt_forms.jsonl.gz"))?.collect()
}

fn chains(data: &Path, source: &Source, dice: &mut Dice) -> Result<Vec<Example>, TraceError> {
    let mut sessions: BTreeMap<(String, String), Vec<Trace>> = BTreeMap::new();
    for trace in read(&data.join(source.file))? {
        let trace = trace?;
        if trace.label == Some(Label::Human) {
            let session = match source.across_sessions {
                true => String::new(),
                false => trace.session.clone(),
            };
            let key = (trace.user.clone(), session);
            sessions.entry(key).or_default().push(trace);
        }
    }
    let mut out = Vec::new();
    for segments in sessions.values() {
        for chain in segments.chunks(source.chain) {
            out.push(example(&chain[0], chain, false));
            let carried: Vec<Trace> = chain
                .iter()
                .map(|part| carrier::carry(part, dice))
                .collect();
            out.push(example(&chain[0], &carried, true));
        }
    }
    Ok(out)
}

fn example(of: &Trace, traces: &[Trace], carried: bool) -> Example {
    Example {
        source: of.group(),
        typist: String::new(),
        person: of.user.clone(),
        human: true,
        carried,
        facts: facts(traces),
    }
}

fn cut(trace: &Trace, from: f64, to: f64) -> Trace {
    let mut part = trace.clone();
    part.pointer.retain(|event| (from..to).contains(&event.t));
    part.keys.retain(|key| key.down >= from && key.up < to);
    part.pointer.iter_mut().for_each(|event| event.t -= from);
    for key in &mut part.keys {
        key.down -= from;
        key.up -= from;
    }
    part
}

const PARTS_OF_A_FORM: usize = 6;
const LEARNT: [Source; 2] = [
    Source {
        file: "train/delbot.jsonl.gz",
        chain: 8,
        across_sessions: true,
    },
    Source {
        file: "train/adserp_sample.jsonl.gz",
        chain: 1,
        across_sessions: false,
    },
];
const MEASURED: [Source; 4] = [
    Source {
        file: "validate/sapimouse.jsonl.gz",
        chain: 3,
        across_sessions: false,
    },
    Source {
        file: "validate/balabit.jsonl.gz",
        chain: 3,
        across_sessions: false,
    },
    Source {
        file: "validate/kh2017.jsonl.gz",
        chain: 6,
        across_sessions: false,
    },
    Source {
        file: "validate/aalto_keys.jsonl.gz",
        chain: 2,
        across_sessions: true,
    },
];
