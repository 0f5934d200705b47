use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Finding, Level};

/// All findings, in the order of the checks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report(Vec<(&'static str, Finding)>);

impl Report {
    pub(super) fn add(&mut self, check: &'static str, findings: Vec<Finding>) {
        self.0
            .extend(findings.into_iter().map(|finding| (check, finding)));
    }

    /// Whether nothing keeps the verifier from serving everybody.
    pub fn is_well(&self) -> bool {
        self.count(Level::Problem) == 0
    }

    /// For a program: `{"well", "findings": [{"check", "level", "what", "advice"?}]}`.
    pub fn json(&self) -> Value {
        let finding = |(check, finding): &(&str, Finding)| {
            let mut value = json!({
                "check": check,
                "level": finding.level.name(),
                "what": finding.what,
            });
            if let Some(advice) = &finding.advice {
                value["advice"] = advice.as_str().into();
            }
            value
        };
        let findings: Vec<Value> = self.0.iter().map(finding).collect();
        json!({"well": self.is_well(), "findings": findings})
    }

    /// For a person; `colours` for a terminal.
    pub fn text(&self, colours: bool) -> String {
        let width = self.0.iter().map(|(check, _)| check.len()).max();
        let width = width.unwrap_or_default();
        let mut text = String::new();
        let mut last = "";
        for (check, finding) in &self.0 {
            let name = if *check == last { "" } else { check };
            last = check;
            let (on, off) = finding.level.colour(colours);
            let sign = finding.level.sign();
            // Writing to a string does not fail.
            let _ = writeln!(text, "{on}{sign}{off} {name:width$}  {}", finding.what);
            if let Some(advice) = &finding.advice {
                let _ = writeln!(text, "  {:width$}  → {advice}", "");
            }
        }
        let (problems, warnings) = (self.count(Level::Problem), self.count(Level::Warning));
        let _ = match (problems, warnings) {
            (0, 0) => writeln!(text, "\nall is well"),
            _ => writeln!(
                text,
                "\n{problems} {}, {warnings} {}",
                plural(problems, "problem"),
                plural(warnings, "warning")
            ),
        };
        text
    }

    fn count(&self, level: Level) -> usize {
        self.0
            .iter()
            .filter(|(_, found)| found.level == level)
            .count()
    }
}

impl Level {
    fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Problem => "problem",
        }
    }

    fn sign(self) -> char {
        match self {
            Self::Ok => '✓',
            Self::Warning => '!',
            Self::Problem => '✗',
        }
    }

    fn colour(self, colours: bool) -> (&'static str, &'static str) {
        match (colours, self) {
            (false, _) => ("", ""),
            (true, Self::Ok) => ("\x1b[32m", "\x1b[0m"),
            (true, Self::Warning) => ("\x1b[33;1m", "\x1b[0m"),
            (true, Self::Problem) => ("\x1b[31;1m", "\x1b[0m"),
        }
    }
}

fn plural(count: usize, word: &str) -> String {
    match count {
        1 => word.to_owned(),
        _ => format!("{word}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_found_is_told_to_people_and_programs() {
        let mut report = Report::default();
        report.add("disk", vec![Finding::ok("9 GB free")]);
        let findings = vec![
            Finding::warning("old", "renew it"),
            Finding::problem("gone", "find it"),
        ];
        report.add("ring", findings);
        let text = "✓ disk  9 GB free\n! ring  old\n        → renew it\n✗       gone\n        → find it\n\n1 problem, 1 warning\n";
        assert_eq!(report.text(false), text);
        assert!(report.text(true).contains("\x1b[31;1m✗\x1b[0m"));
        assert!(!report.is_well());
        let json = report.json();
        assert_eq!(json["findings"][2]["level"], "problem");
        assert_eq!(json["findings"][0].get("advice"), None);
    }
}
