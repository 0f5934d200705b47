//! What was measured, as Markdown.

use crate::bench::{Report, Row};

/// Shares at or below 0.3 and 0.5, and at 0.7 and above, by source and generator.
pub fn sources(report: &Report) -> String {
    let mut out = String::from(
        "| source or generator | left out with it | what | channel | interactions | people | ≤ 0.3 | ≤ 0.5 | ≥ 0.7 | people ever ≤ 0.3 (95 % bound) |\n|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for row in &report.rows {
        let channel = if row.carried { "drawn" } else { "as recorded" };
        let (people, ever) = match row.human {
            true => (
                row.people.to_string(),
                format!("{} ({:.1} %)", row.people_low, 100.0 * row.people_low_bound),
            ),
            false => ("script".into(), "-".into()),
        };
        out.push_str(&format!(
            "| {} | {} | {} | {channel} | {} | {people} | {:.1} % | {:.1} % | {:.1} % | {ever} |\n",
            row.source,
            if row.left_out == "kin" {
                "its kin"
            } else {
                "-"
            },
            row.modality,
            row.interactions,
            100.0 * row.at_most(3),
            100.0 * row.at_most(5),
            100.0 * (1.0 - row.at_most(6)),
        ));
    }
    out
}

/// Scripts below the sums that given shares of people are below, by modality.
pub fn operating_points(report: &Report) -> String {
    let mut out = String::from(
        "| what | people | scripts | area under the curve | scripts found at 0.1 % of people | 0.5 % | 1 % | 5 % |\n|---|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    for curve in &report.curves {
        let found = |share: f64| {
            let below = curve.points.iter().filter(|(people, _)| *people <= share);
            100.0 * below.map(|(_, scripts)| *scripts).fold(0.0, f64::max)
        };
        out.push_str(&format!(
            "| {} | {} | {} | {:.3} | {:.1} % | {:.1} % | {:.1} % | {:.1} % |\n",
            curve.modality,
            curve.people,
            curve.scripts,
            curve.area,
            found(0.001),
            found(0.005),
            found(0.01),
            found(0.05),
        ));
    }
    out
}

/// docs/levels.md.
pub fn levels_document(report: &Report) -> String {
    let mut out = String::from(HEAD);
    let modalities = [
        ("pointer", "Pointer alone"),
        ("keys", "Keys alone"),
        ("both", "Pointer and keys"),
    ];
    for (modality, title) in modalities {
        out.push_str(&format!("\n## {title}\n\n"));
        let of = |human: bool| {
            let rows = report.rows.iter().filter(move |row| {
                row.human == human
                    && row.modality == modality
                    && row.carried != human
                    && (human || row.left_out == "kin")
                    && !row.source.starts_with("keys:")
            });
            rows.collect::<Vec<&Row>>()
        };
        out.push_str(&levels(&of(true), &of(false)));
    }
    out.push_str("\n## Any threshold\n\nThe sum of both parts, people as recorded against scripts with all their kin left out ([curves](roc.svg)):\n\n");
    out.push_str(&operating_points(report));
    out.push_str("\n## By source and generator\n\n");
    out.push_str(&sources(report));
    out
}

/// For each level, how many people and scripts score at most so much.
fn levels(people: &[&Row], scripts: &[&Row]) -> String {
    let sum = |rows: &[&Row]| {
        let mut levels = [0usize; 11];
        for row in rows {
            levels
                .iter_mut()
                .zip(row.levels)
                .for_each(|(sum, n)| *sum += n);
        }
        levels
    };
    let row = |rows: &[&Row]| Row {
        source: String::new(),
        human: true,
        left_out: "",
        modality: "",
        carried: false,
        interactions: rows.iter().map(|row| row.interactions).sum(),
        people: rows.iter().map(|row| row.people).sum(),
        levels: sum(rows),
        people_low: 0,
        people_low_bound: 0.0,
    };
    let (people, scripts) = (row(people), row(scripts));
    let mut out = format!(
        "{} interactions of {} people, {} of scripts.\n\n| score at most | people | 95 % | scripts | 95 % | scripts among them if half of all are |\n|---|---|---|---|---|---|\n",
        people.interactions, people.people, scripts.interactions
    );
    for level in 0..=10 {
        let (p, s) = (people.at_most(level), scripts.at_most(level));
        let (pl, ph) = people.interval(level);
        let (sl, sh) = scripts.interval(level);
        let among = if p + s > 0.0 {
            format!("{:.1} %", 100.0 * s / (p + s))
        } else {
            "-".into()
        };
        out.push_str(&format!(
            "| {}.{} | {:.1} % | {:.1}-{:.1} | {:.1} % | {:.1}-{:.1} | {among} |\n",
            level / 10,
            level % 10,
            100.0 * p,
            100.0 * pl,
            100.0 * ph,
            100.0 * s,
            100.0 * sl,
            100.0 * sh,
        ));
    }
    out
}

const HEAD: &str = "# Score levels

Made by `cargo xtask bench --data DIR --strangers DIR --docs`: what all detectors make of pointer and keys, in a browser of which nothing else is known: people and
scripts that the judging model had not learnt from (each source, half of the large one, or each kin of generators left out).
Only interactions with enough to judge: 3 strokes or 30 keys, and 10 s of activity. People as recorded, scripts through a
channel drawn for each. Intervals are Clopper-Pearson over interactions; those of one person are not independent, so the
intervals are too narrow by that much. The last column assumes as many scripts as people: with another mix, other shares.
Strokes of packages that nothing was learnt from (`tests/redteam/strangers.py`) are among the generators below.
";
