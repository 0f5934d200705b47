//! What must be found in a small town, and whom it may cost. The full table is in docs/accounts.md.

use touchstone_simulation::{Annotates, Attack, CountedBy, Family, Size, Trial};

#[test]
fn attacks_are_found_and_people_are_left_alone() {
    for annotates in [Annotates::Nothing, Annotates::All] {
        let size = Size {
            people: 300,
            warm_up: 20,
        };
        let trial = Trial::run(Family::Test, 0, annotates, CountedBy::Simulation, size);
        let calm = share(&trial.calm, 0.9);
        assert!(calm < 0.01, "{annotates:?}: {calm}");
        assert!(trial.largest < 1_000);
        for (attack, people, attackers) in &trial.attacks {
            let (refused, found) = (share(people, 0.9), share(attackers, 0.7));
            println!("{annotates:?} {attack:?}: {found:.2} found, {refused:.4} refused");
            assert!(refused < 0.03, "{annotates:?} {attack:?}: {refused}");
            let floor = floor(*attack);
            assert!(found >= floor, "{annotates:?} {attack:?}: {found}");
            assert!(attackers.iter().all(|seen| !seen.is_match), "{attack:?}");
        }
    }
}

/// What so small a town still shows, with a margin; nothing of what history cannot tell.
fn floor(attack: Attack) -> f64 {
    match attack {
        Attack::Cracking => 0.9,
        Attack::Creation | Attack::Spraying | Attack::CrackingByProxies => 0.6,
        Attack::Stuffing | Attack::StuffingByProxies | Attack::StuffingDisguised => 0.45,
        Attack::Enumeration => 0.4,
        _ => 0.0,
    }
}

fn share(seen: &[touchstone_simulation::Seen], risk: f32) -> f64 {
    let above = seen.iter().filter(|seen| seen.risk >= risk).count();
    above as f64 / seen.len().max(1) as f64
}
