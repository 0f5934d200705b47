use std::{
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use clap::Args;
use serde::Serialize;
use serde_json::{Map, Value};
use touchstone_score::{Context, Transport, evaluate, model::Model, observe};
use touchstone_traces::{Device, Label, Trace, Traces, from_reader, read, report};

use super::CliError;

/// Score recorded traces by the engine that assesses tokens
///
/// One line a segment. Behaviour alone is judged: in place of a browser there is an ordinary one. The format of the traces
/// is that of docs/model-card.md.
#[derive(Debug, Args)]
pub(super) struct ScoreOptions {
    /// A .jsonl or .jsonl.gz file; - reads lines from standard input
    #[arg(long, value_name = "FILE")]
    traces: PathBuf,
    /// Print one JSON object a segment
    #[arg(long)]
    json: bool,
}

pub(super) fn run(options: &ScoreOptions) -> Result<(), CliError> {
    let traces = match options.traces.as_os_str() == "-" {
        true => from_reader(Path::new("standard input"), io::stdin()),
        false => read(&options.traces)?,
    };
    let mut out = BufWriter::new(io::stdout().lock());
    match write(traces, options.json, &mut out).and_then(|()| Ok(out.flush()?)) {
        // Whoever reads us has seen enough.
        Err(ScoreError::Io(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => Ok(done?),
    }
}

#[derive(Debug, thiserror::Error)]
enum ScoreError {
    #[error(transparent)]
    Trace(#[from] touchstone_traces::TraceError),
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

fn write(traces: Traces, json: bool, out: &mut impl Write) -> Result<(), ScoreError> {
    if !json {
        writeln!(out, "{HEAD}")?;
    }
    for trace in traces {
        let segment = Segment::of(&trace?);
        match json {
            true => writeln!(out, "{}", serde_json::to_string(&segment)?)?,
            false => writeln!(out, "{}", segment.as_row())?,
        }
    }
    Ok(())
}

/// What is said of a segment.
#[derive(Debug, Serialize)]
struct Segment {
    src: String,
    user: String,
    session: String,
    label: Option<&'static str>,
    /// Probability of a person by behaviour alone, people and scripts being as many; 0.5 if nothing is known.
    behaviour: f64,
    /// Whether there was enough to speak against a visitor.
    enough: bool,
    /// As in an assessment.
    score: f32,
    /// What each feature adds to its part's sum, in log-odds of a person, and the part's base: together the sum.
    contributions: Map<String, Value>,
}

impl Segment {
    fn of(trace: &Trace) -> Self {
        let report = report(std::slice::from_ref(trace));
        let transport = Transport {
            elapsed_ms: report.sealed_at / 10,
            ..Transport::default()
        };
        let facts = observe(&report, &transport);
        let evaluation = evaluate(&facts, &Context::default());
        let explained = match trace.device {
            // Nothing is learnt of touch, and nothing said.
            Device::Touch => Vec::new(),
            Device::Mouse | Device::Key => Model::shipped().explain_all(&facts),
        };
        let mut contributions = Map::new();
        for (part, explanation) in &explained {
            let name = part.name();
            contributions.insert(format!("{name}.base"), rounded(explanation.base));
            for (input, term) in part.inputs().iter().zip(&explanation.contributions) {
                contributions.insert(input.name.into(), rounded(*term));
            }
        }
        let sum: f32 = explained.iter().map(|(_, it)| it.log_odds).sum();
        Self {
            src: trace.src.clone(),
            user: trace.user.clone(),
            session: trace.session.clone(),
            label: trace.label.map(|label| match label {
                Label::Human => "human",
                Label::Bot => "bot",
            }),
            behaviour: 1.0 / (1.0 + (-f64::from(sum)).exp()),
            enough: explained.iter().any(|(_, it)| it.enough),
            score: f32::from(evaluation.score.level()) / 10.0,
            contributions,
        }
    }

    fn as_row(&self) -> String {
        let mut terms: Vec<(&String, f64)> = self
            .contributions
            .iter()
            .filter_map(|(name, term)| Some((name, term.as_f64()?)))
            .filter(|(name, _)| !name.ends_with(".base"))
            .collect();
        terms.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        let strongest: Vec<String> = terms
            .iter()
            .take(3)
            .map(|(name, term)| format!("{name} {term:+.2}"))
            .collect();
        format!(
            "{:16} {:16} {:8} {:6} {:>9.3} {:6} {:>5.1}  {}",
            self.src,
            self.user,
            self.session,
            self.label.unwrap_or("-"),
            self.behaviour,
            if self.enough { "yes" } else { "no" },
            self.score,
            strongest.join(", ")
        )
    }
}

/// To what a reader can tell apart.
fn rounded(value: f32) -> Value {
    Value::from((f64::from(value) * 10_000.0).round() / 10_000.0)
}

const HEAD: &str =
    "source           user             session  label  behaviour enough score  strongest features";

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &'static str) -> Vec<Value> {
        let traces = from_reader(Path::new("test"), text.as_bytes());
        let mut out = Vec::new();
        write(traces, true, &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        out.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    #[test]
    fn every_segment_gets_a_line_and_little_is_neutral() {
        let lines = lines(concat!(
            r#"{"src":"a","user":"u","session":"1","device":"mouse","label":"human","events":[[0,1,1,"m"],[9,4,4,"c"]]}"#,
            "\n",
            r#"{"src":"b","user":"v","session":"2","device":"touch","label":"bot","x":1,"events":[[0,1,1,"d"],[9,4,4,"u"]]}"#,
            "\n",
            r#"{"src":"c","user":"w","session":"3","device":"key","events":[[0,80,"L"],[100,190,"O"]]}"#,
        ));
        assert_eq!(lines.len(), 3);
        for line in &lines {
            assert_eq!(line["behaviour"], 0.5);
            assert_eq!(line["enough"], false);
            assert_eq!(line["score"], 0.5);
        }
        assert_eq!(
            (&lines[0]["label"], &lines[2]["label"]),
            (&"human".into(), &Value::Null)
        );
    }
}
