//! Scripts: recorded strokes of others' generators, strung together, and interactions by the families of this crate.

use std::path::Path;

use touchstone_traces::{Class, Kind, Trace, TraceError, read};

use crate::{
    carrier,
    dice::Dice,
    example::{Example, facts},
    hands::{FAMILIES, Recorded, Spot},
    script::{Task, chain, perform, type_only},
    typists::{RecordedKeys, TYPISTS},
};

/// Generators that are related: where one is left out, all are.
pub const KIN: &[&[&str]] = &[
    &[
        "straight",
        "diy-linear-gauss",
        "playwright-steps",
        "pyautogui",
    ],
    &["minimum-jerk", "minjerk-noise", "submovements"],
    &["sigma-lognormal"],
    &[
        "bezier",
        "bezmouse",
        "diy-bezier-ease",
        "ghost-cursor",
        "ghost-cursor-timed",
        "pyclick",
        "python-ghost-cursor",
    ],
    &["wind", "windmouse"],
    &["spring"],
    &["wander"],
    &["spline"],
    &["arc"],
    &["b-spline"],
    &["waypoints"],
    &["flow"],
    &["homing"],
    &["bridge"],
    &["steering"],
    &["resampled"],
    &["warped"],
];

/// Interactions by every generator, each as made and through a channel. What the people's recorder did to them, it did to
/// the carried ones as well.
pub fn all(data: &Path, forms: &[Trace], dice: &mut Dice) -> Result<Vec<Example>, TraceError> {
    let mut out = recorded(data, dice)?;
    let people = Recordings::of(forms);
    for family in FAMILIES {
        for typist_family in TYPISTS {
            for i in 0..OF_EACH_PAIR {
                let (strokes, keys) = (people.strokes(dice), people.keys(dice));
                let mut hand = (family.draw)(dice, &strokes);
                let mut typist = (typist_family.draw)(dice, &keys);
                let trace = match i % 6 {
                    0 | 1 => {
                        let task = Task::pointing(dice);
                        perform(&mut *hand, &mut *typist, &task, dice)
                    }
                    2 => {
                        let count = dice.whole(30, 120);
                        type_only(&mut *typist, count, dice)
                    }
                    _ => {
                        let task = Task::form(dice);
                        perform(&mut *hand, &mut *typist, &task, dice)
                    }
                };
                let typist = match trace.keys.is_empty() {
                    true => "",
                    false => typist_family.name,
                };
                add(&mut out, family.name, typist, &trace, dice);
            }
        }
    }
    Ok(out)
}

fn recorded(data: &Path, dice: &mut Dice) -> Result<Vec<Example>, TraceError> {
    let mut out = Vec::new();
    for name in KIN.iter().flat_map(|kin| kin.iter()) {
        let path = data.join("bots").join(format!("{name}.jsonl.gz"));
        if !path.exists() {
            // One of this crate's families.
            continue;
        }
        chains(&mut out, name, &path, dice)?;
    }
    Ok(out)
}

/// Recorded strokes of every file of a folder, which nothing is learnt from.
pub fn strangers(folder: &Path, dice: &mut Dice) -> Result<Vec<Example>, TraceError> {
    let entries = std::fs::read_dir(folder).and_then(|all| all.collect::<Result<Vec<_>, _>>());
    let entries = entries.map_err(|source| TraceError::Io {
        path: folder.into(),
        source,
    })?;
    let mut files: Vec<_> = entries.iter().map(std::fs::DirEntry::path).collect();
    files.sort();
    let mut out = Vec::new();
    for file in files {
        let name = file.file_name().map(|name| name.to_string_lossy());
        if let Some(name) = name.as_deref().and_then(|name| name.strip_suffix(ENDING)) {
            chains(&mut out, name, &file, dice)?;
        }
    }
    Ok(out)
}

fn chains(
    out: &mut Vec<Example>,
    name: &str,
    file: &Path,
    dice: &mut Dice,
) -> Result<(), TraceError> {
    let strokes: Vec<Trace> = read(file)?.collect::<Result<_, _>>()?;
    for _ in 0..OF_EACH_RECORDED {
        let count = dice.whole(3, 12).min(strokes.len());
        let from = dice.whole(0, strokes.len() - count);
        let trace = chain(&strokes[from..from + count], dice);
        add(out, name, "", &trace, dice);
    }
    Ok(())
}

fn add(out: &mut Vec<Example>, source: &str, typist: &str, trace: &Trace, dice: &mut Dice) {
    let carried = carrier::carry(&carrier::record(trace, dice), dice);
    for (carried, trace) in [(false, trace), (true, &carried)] {
        out.push(Example {
            source: source.into(),
            typist: typist.into(),
            person: String::new(),
            human: false,
            carried,
            facts: facts(std::slice::from_ref(trace)),
        });
    }
}

/// What people did, for generators that feed on it: strokes and keys of each form.
struct Recordings {
    strokes: Vec<Vec<Recorded>>,
    keys: Vec<RecordedKeys>,
}

impl Recordings {
    fn of(forms: &[Trace]) -> Self {
        let mut strokes: Vec<_> = forms.iter().map(strokes_of).collect();
        strokes.retain(|of_one| of_one.len() >= 8);
        let mut keys: Vec<_> = forms.iter().map(keys_of).collect();
        keys.retain(|of_one| of_one.intervals.len() >= 20);
        Self { strokes, keys }
    }

    /// One person's, or those of many.
    fn strokes(&self, dice: &mut Dice) -> Vec<Recorded> {
        if self.strokes.is_empty() {
            return Vec::new();
        }
        let mut any = || self.strokes[dice.whole(0, self.strokes.len() - 1)].clone();
        let one = any();
        let many: Vec<_> = (0..30).filter_map(|_| any().pop()).collect();
        if dice.chance(0.5) { one } else { many }
    }

    fn keys(&self, dice: &mut Dice) -> RecordedKeys {
        match self.keys.is_empty() {
            true => RecordedKeys::default(),
            false => self.keys[dice.whole(0, self.keys.len() - 1)].clone(),
        }
    }
}

fn strokes_of(form: &Trace) -> Vec<Recorded> {
    let moves = form
        .pointer
        .chunk_by(|a, b| a.kind == Kind::Move && b.kind == Kind::Move && b.t - a.t <= PAUSE_MS);
    let stroke = |run: &[touchstone_traces::Pointer]| {
        let (first, last) = (run.first()?, run.last()?);
        let far = (last.x - first.x).hypot(last.y - first.y) > 60.0;
        let spots = run.iter().map(|e| Spot {
            t: e.t - first.t,
            x: e.x,
            y: e.y,
        });
        (run.len() > 8 && far).then(|| Recorded(spots.collect()))
    };
    moves.filter_map(stroke).collect()
}

fn keys_of(form: &Trace) -> RecordedKeys {
    let mut keys = RecordedKeys::default();
    let struck: Vec<_> = form
        .keys
        .iter()
        .filter(|key| key.class != Class::Modifier)
        .collect();
    keys.holds = struck.iter().map(|key| key.up - key.down).collect();
    for pair in struck.windows(2) {
        let gap = pair[1].down - pair[0].down;
        if pair[0].field == pair[1].field && gap < 2_000.0 {
            keys.intervals.push(gap);
        }
    }
    keys
}

const ENDING: &str = ".jsonl.gz";
const PAUSE_MS: f64 = 120.0;
const OF_EACH_PAIR: usize = 180;
const OF_EACH_RECORDED: usize = 400;
