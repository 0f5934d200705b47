use fastrand::Rng;
use touchstone_accounts::{Findings, Kind};

use crate::{
    Annotates, Attack,
    attacks::SALE,
    crowd::{CountedBy, Velocity},
    people::Person,
    random::chance,
    site::Site,
    town::Town,
    visit::{By, Visit},
};

/// How much is simulated.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// People with an account at the start.
    pub people: usize,
    /// Days before anything is measured.
    pub warm_up: u64,
}

/// What a seed may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Setting constants.
    Calibration,
    /// Reporting, and nothing else.
    Report,
    /// The plain tests.
    Test,
}

/// What was found, of people and of each attack.
#[derive(Debug, Clone, Default)]
pub struct Trial {
    /// Visits of people to their accounts on days without an attack.
    pub calm: Vec<Seen>,
    /// Registrations of people on such days.
    pub newcomers: Vec<Seen>,
    /// Visits of people to their accounts while an attack is under way, and of the attack.
    pub attacks: Vec<(Attack, Vec<Seen>, Vec<Seen>)>,
    /// The largest profile in bytes.
    pub largest: usize,
    /// The mean of all profiles in bytes.
    pub mean: f64,
}

/// What is kept of findings.
#[derive(Debug, Clone, Copy)]
pub struct Seen {
    /// The sum of log-odds.
    pub sum: f32,
    /// The risk.
    pub risk: f32,
    /// Whether it had PROFILE_MATCH.
    pub is_match: bool,
}

impl Family {
    /// The number of its seeds' world: no two families share one.
    fn seed(self, number: u64) -> u64 {
        number
            + match self {
                Self::Calibration => 1_000,
                Self::Report => 2_000,
                Self::Test => 3_000,
            }
    }
}

impl Trial {
    /// Runs one seed of a family.
    pub fn run(
        family: Family,
        number: u64,
        annotates: Annotates,
        by: CountedBy,
        size: Size,
    ) -> Self {
        let new = || World::new(family.seed(number), annotates, by, size);
        let mut world = new();
        let mut trial = Self::default();
        for day in 0..size.warm_up {
            world.day(None, 0, &mut |visit, findings| {
                if visit.kind == Kind::Registration && day >= ORDINARY {
                    trial.newcomers.push(Seen::of(findings));
                }
            });
        }
        let mut calm = world.clone();
        for _ in 0..CALM {
            calm.day(None, 0, &mut |visit, findings| {
                let of = match visit.kind {
                    Kind::Registration => &mut trial.newcomers,
                    _ => &mut trial.calm,
                };
                of.push(Seen::of(findings));
            });
        }
        let sizes: Vec<usize> = calm.site.sizes().collect();
        trial.largest = sizes.iter().copied().max().unwrap_or_default();
        trial.mean = sizes.iter().sum::<usize>() as f64 / sizes.len().max(1) as f64;
        for attack in Attack::ALL {
            let copy = match by {
                CountedBy::Simulation => world.clone(),
                // A verifier's counts cannot be copied: the same days once more.
                CountedBy::Verifier => {
                    let mut again = new();
                    for _ in 0..size.warm_up {
                        again.day(None, 0, &mut |_, _| {});
                    }
                    again
                }
            };
            trial.attacks.push(copy.under(attack));
        }
        trial
    }
}

impl Seen {
    fn of(findings: &Findings) -> Self {
        Self {
            sum: findings.sum(),
            risk: findings.risk,
            is_match: findings.labels.profile_match,
        }
    }
}

/// Everything at one moment. A copy goes on from there as the original would.
#[derive(Debug, Clone)]
struct World {
    town: Town,
    people: Vec<Person>,
    /// Those who were there at the start: whom attackers know of.
    first: usize,
    site: Site,
    day: u64,
    lives: Rng,
    outcomes: Rng,
    plots: Rng,
}

impl World {
    fn new(seed: u64, annotates: Annotates, by: CountedBy, size: Size) -> Self {
        let mut rng = Rng::with_seed(seed);
        let town = Town::new(
            &mut rng,
            size.people.div_ceil(100),
            size.people.div_ceil(400),
        );
        let people = (0..size.people)
            .map(|account| Person::new(&mut rng, &town, account))
            .collect();
        Self {
            town,
            people,
            first: size.people,
            site: Site::new(annotates, Velocity::new(by, START)),
            day: START,
            outcomes: rng.fork(),
            plots: rng.fork(),
            lives: rng,
        }
    }

    fn under(mut self, attack: Attack) -> (Attack, Vec<Seen>, Vec<Seen>) {
        let (mut people, mut attackers) = (Vec::new(), Vec::new());
        for nth in 0..DAYS {
            self.day(Some(attack), nth, &mut |visit, findings| {
                let is_creation = visit.kind == Kind::Registration;
                let seen = Seen::of(findings);
                match visit.by {
                    By::Owner if !is_creation => people.push(seen),
                    By::Attacker if is_creation == attack.is_creation() => attackers.push(seen),
                    _ => {}
                }
            });
        }
        (attack, people, attackers)
    }

    fn day(&mut self, attack: Option<Attack>, nth: usize, tell: &mut dyn FnMut(&Visit, &Findings)) {
        let mut visits = self.lives();
        if let Some(attack) = attack {
            let people = &self.people[..self.first];
            visits.extend(attack.day(&self.town, people, self.day, nth, &mut self.plots));
        }
        if attack == Some(Attack::Scalping) && nth == DAYS - 1 {
            for person in &self.people {
                let at_ms = self.day * 86_400_000 + SALE + self.plots.u64(..1_200_000);
                if chance(&mut self.plots, 0.2) {
                    person.log_in(&mut self.plots, &self.town, at_ms, &mut visits);
                }
            }
        }
        visits.sort_by_key(|visit| (visit.at_ms, visit.account));
        for visit in &visits {
            let findings = self.site.assess(visit, &mut self.outcomes);
            tell(visit, &findings);
        }
        self.site.end_day();
        self.day += 1;
    }

    /// What people do in a day. One in two hundred joins, and now and then a campus enrols.
    fn lives(&mut self) -> Vec<Visit> {
        let Self {
            town,
            people,
            lives: rng,
            day,
            first,
            ..
        } = self;
        let mut out = Vec::new();
        for person in people.iter_mut() {
            out.extend(person.live(rng, town, *day));
        }
        for _ in 0..*first / 200 {
            let mut person = Person::new(rng, town, people.len());
            out.push(person.register(rng, town, *day));
            people.push(person);
        }
        if chance(rng, 1.0 / 15.0) {
            let campus = rng.usize(..town.campuses.len());
            for _ in 0..20 {
                let mut person = Person::new(rng, town, people.len());
                out.push(person.enrol(rng, town, campus, *day));
                people.push(person);
            }
        }
        out
    }
}

/// The day on which a site begins, since the epoch.
const START: u64 = 20_000;
/// Days after which it is known what is ordinary, and registrations are measured.
const ORDINARY: u64 = 20;
/// Days without an attack that are measured, after the warm-up.
const CALM: usize = 10;
/// Days of an attack, after the warm-up.
const DAYS: usize = 3;
