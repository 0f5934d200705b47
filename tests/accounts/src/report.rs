use std::fmt::Write;

use crate::{Annotates, Attack, Trial, trial::Seen};

/// Trials of one kind of site, added up.
#[derive(Debug, Default)]
struct Total {
    calm: Vec<Seen>,
    newcomers: Vec<Seen>,
    attacks: Vec<(Attack, Vec<Seen>, Vec<Seen>)>,
    largest: usize,
    mean: f64,
}

impl Total {
    fn of(trials: &[Trial]) -> Self {
        let mut total = Self::default();
        for trial in trials {
            total.calm.extend(&trial.calm);
            total.newcomers.extend(&trial.newcomers);
            total.largest = total.largest.max(trial.largest);
            total.mean += trial.mean / trials.len() as f64;
            if total.attacks.is_empty() {
                total.attacks.clone_from(&trial.attacks);
                continue;
            }
            for (sum, one) in total.attacks.iter_mut().zip(&trial.attacks) {
                sum.1.extend(&one.1);
                sum.2.extend(&one.2);
            }
        }
        total
    }
}

/// What was found at three risks, as a table of shares in percent: of people, then of each attack.
pub fn table(arms: &[(Annotates, Vec<Trial>)]) -> String {
    let totals: Vec<Total> = arms.iter().map(|(_, trials)| Total::of(trials)).collect();
    let mut out = String::from("| |");
    for _ in arms {
        out.push_str(" 0.1 % | 0.25 % | 1 % |");
    }
    out.push_str(" visits |\n|---|");
    out.push_str(&"---|".repeat(arms.len() * RISKS.len() + 1));
    out.push('\n');
    let mut line = |name: &str, of: &dyn Fn(&Total) -> &[Seen]| {
        let _ = write!(out, "| {name} |");
        for total in &totals {
            let seen = of(total);
            for risk in RISKS {
                let _ = write!(out, " {} |", percent(seen, |seen| seen.risk >= risk));
            }
        }
        let _ = writeln!(out, " {} |", of(&totals[0]).len());
    };
    line("people's visits, calm", &|total| &total.calm);
    line("people's registrations, calm", &|total| &total.newcomers);
    for (index, attack) in Attack::ALL.into_iter().enumerate() {
        line(attack.name(), &|total| &total.attacks[index].2);
    }
    for (index, attack) in Attack::ALL.into_iter().enumerate() {
        let name = format!("people's visits during: {}", attack.name());
        line(&name, &|total| &total.attacks[index].1);
    }
    for (total, (annotates, _)) in totals.iter().zip(arms) {
        let attackers: Vec<Seen> = total
            .attacks
            .iter()
            .flat_map(|attack| attack.2.clone())
            .collect();
        let _ = writeln!(
            out,
            "{annotates:?}: PROFILE_MATCH for {} % of people's visits, {} % of attackers'; profiles of {:.0} bytes on average, {} at most",
            percent(&total.calm, |seen| seen.is_match),
            percent(&attackers, |seen| seen.is_match),
            total.mean,
            total.largest,
        );
    }
    out
}

/// The sums of the published shares of people, as `calibration.rs` has them: of visits to accounts, and of registrations.
pub fn calibration(arms: &[(Annotates, Vec<Trial>)]) -> String {
    let trials = || arms.iter().flat_map(|(_, trials)| trials);
    let visits: Vec<&Seen> = trials().flat_map(|trial| &trial.calm).collect();
    let newcomers: Vec<&Seen> = trials().flat_map(|trial| &trial.newcomers).collect();
    let mut out = String::new();
    for (name, seen) in [("LOGIN", visits), ("REGISTRATION", newcomers)] {
        let sums = SHARES.map(|share| reached_by(&seen, share));
        let _ = writeln!(out, "{name} ({} visits): {:.3?}", seen.len(), rising(sums));
    }
    out
}

/// The least sum that no more than this share reaches.
fn reached_by(seen: &[&Seen], share: f64) -> f32 {
    let mut sums: Vec<f32> = seen.iter().map(|seen| seen.sum).collect();
    sums.sort_by(f32::total_cmp);
    let allowed = (sums.len() as f64 * share) as usize;
    let first = sums.len().saturating_sub(allowed);
    // Of equal sums either all reach it or none.
    match sums.get(first.saturating_sub(1)) {
        Some(below) if first > 0 => sums.get(sums.partition_point(|sum| sum <= below)).copied(),
        _ => sums.first().copied(),
    }
    .unwrap_or_else(|| sums.last().copied().unwrap_or_default() + LEAST)
}

fn rising(mut sums: [f32; 11]) -> [f32; 11] {
    for level in 1..sums.len() {
        sums[level] = sums[level].max(sums[level - 1] + LEAST);
    }
    sums
}

fn percent(seen: &[Seen], is: impl Fn(&Seen) -> bool) -> String {
    let share = seen.iter().filter(|seen| is(seen)).count() as f64 / seen.len().max(1) as f64;
    match share * 100.0 {
        percent if percent >= 10.0 => format!("{percent:.0}"),
        percent if percent >= 1.0 => format!("{percent:.1}"),
        percent => format!("{percent:.2}"),
    }
}

/// The published shares of good logins at the risks 0.0, 0.1 … 1.0.
const SHARES: [f64; 11] = [
    1.0, 0.6, 0.3, 0.15, 0.08, 0.04, 0.02, 0.01, 0.005, 0.0025, 0.001,
];
/// 0.1 %, 0.25 % and 1 % of good logins.
const RISKS: [f32; 3] = [1.0, 0.9, 0.7];
/// Levels differ by at least this.
const LEAST: f32 = 0.01;
