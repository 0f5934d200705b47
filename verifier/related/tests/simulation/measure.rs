use std::{collections::BTreeMap, fmt::Write as _, sync::Arc};

use tokio::task::JoinSet;
use touchstone_related::{IdentifierKey, Sighting, is_high};
use touchstone_store::{
    GroupId, Millis, NewRelation, ProjectId, RelatedAccountId, SharedIdentifier, Store,
    sqlite::{Durability, SqliteOptions, SqliteStore},
};

use super::{
    population::{Account, Community},
    random::Random,
};

/// The groups of a population: for each the numbers of its accounts. All events go to the store in a random order, many at once.
pub async fn group(population: &[Account], seed: u64) -> Vec<Vec<usize>> {
    let folder = tempfile::tempdir().unwrap();
    let options = SqliteOptions {
        durability: Durability::Off,
        ..SqliteOptions::default()
    };
    let store = SqliteStore::open(&folder.path().join("db"), &options, Millis(0)).unwrap();
    let store: Arc<dyn Store> = Arc::new(store);
    let mut random = Random(seed ^ 0xace);
    let registrations = population
        .iter()
        .enumerate()
        .map(|(n, account)| (n, account.registered()));
    let logins = population
        .iter()
        .enumerate()
        .map(|(n, account)| (n, account.logged_in()));
    let mut events: Vec<_> = registrations.chain(logins).collect();
    for n in (1..events.len()).rev() {
        events.swap(n, random.below(n as u64 + 1) as usize);
    }
    for wave in events.chunks(256) {
        let mut callers = JoinSet::new();
        for (number, sighting) in wave {
            let (store, new) = (Arc::clone(&store), event(*number, sighting, &mut random));
            callers.spawn(async move { store.relate(new).await });
        }
        assert!(callers.join_all().await.iter().all(Result::is_ok));
    }
    let mut groups = Vec::new();
    for id in store
        .related_groups(&project(), None, u32::MAX)
        .await
        .unwrap()
    {
        let members = store
            .group_members(&project(), id, None, u32::MAX)
            .await
            .unwrap()
            .unwrap();
        let numbers = members.iter().map(|member| {
            let (_, number) = member.account.0.split_last_chunk().unwrap();
            u64::from_be_bytes(*number) as usize
        });
        groups.push(numbers.collect());
    }
    groups
}

/// How a community fared.
#[derive(Debug, Clone, Copy)]
pub struct Outcome {
    pub community: Community,
    accounts: usize,
    /// Pairs with one owner, those of them that are grouped, and grouped pairs of two owners.
    pairs: usize,
    found: usize,
    wrong: usize,
    largest: usize,
    /// The largest group with two owners.
    pub largest_wrong: usize,
    /// Accounts that are said to have many relations.
    labelled: usize,
    /// Those of them whose group is mostly of others.
    pub labelled_wrong: usize,
}

impl Outcome {
    fn of(community: Community) -> Self {
        Self {
            community,
            accounts: 0,
            pairs: 0,
            found: 0,
            wrong: 0,
            largest: 0,
            largest_wrong: 0,
            labelled: 0,
            labelled_wrong: 0,
        }
    }

    pub fn sum<'a>(outcomes: impl Iterator<Item = &'a Self>) -> Self {
        outcomes.copied().reduce(Self::and).unwrap()
    }

    /// Of the pairs that belong together, those that are in one group; none when there are no pairs.
    pub fn found_share(&self) -> Option<f64> {
        (self.pairs > 0).then(|| self.found as f64 / self.pairs as f64)
    }

    /// Pairs in one group that do not belong together, for each thousand accounts.
    pub fn wrong_per_thousand(&self) -> f64 {
        1_000.0 * self.wrong as f64 / self.accounts as f64
    }

    fn and(self, other: Self) -> Self {
        Self {
            community: self.community,
            accounts: self.accounts + other.accounts,
            pairs: self.pairs + other.pairs,
            found: self.found + other.found,
            wrong: self.wrong + other.wrong,
            largest: self.largest.max(other.largest),
            largest_wrong: self.largest_wrong.max(other.largest_wrong),
            labelled: self.labelled + other.labelled,
            labelled_wrong: self.labelled_wrong + other.labelled_wrong,
        }
    }
}

/// What became of each community. A pair of two communities counts as wrong in both.
pub fn outcomes(population: &[Account], groups: &[Vec<usize>]) -> Vec<Outcome> {
    let mut outcomes: BTreeMap<_, _> = Community::ALL
        .into_iter()
        .map(|community| (community, Outcome::of(community)))
        .collect();
    let mut owners = BTreeMap::<_, usize>::new();
    for account in population {
        outcomes.get_mut(&account.community).unwrap().accounts += 1;
        *owners
            .entry((account.community, account.owner))
            .or_default() += 1;
    }
    for ((community, _), accounts) in owners {
        outcomes.get_mut(&community).unwrap().pairs += accounts * (accounts - 1) / 2;
    }
    for group in groups {
        let members: Vec<_> = group.iter().map(|number| &population[*number]).collect();
        for (n, one) in members.iter().enumerate() {
            let outcome = outcomes.get_mut(&one.community).unwrap();
            outcome.largest = outcome.largest.max(members.len());
            let others = members.iter().enumerate().filter(|(m, _)| *m != n);
            let own = others.filter(|(_, other)| other.owner == one.owner).count();
            let foreign = members.len() - 1 - own;
            // Each pair of a group is met from both sides.
            outcome.found += own;
            outcome.wrong += foreign;
            if foreign > 0 {
                outcome.largest_wrong = outcome.largest_wrong.max(members.len());
            }
            if is_high(members.len() as u32, 0) {
                outcome.labelled += 1;
                outcome.labelled_wrong += usize::from(foreign > own);
            }
        }
    }
    let both_sides = outcomes.into_values().map(|outcome| Outcome {
        found: outcome.found / 2,
        wrong: outcome.wrong.div_ceil(2),
        ..outcome
    });
    both_sides.collect()
}

/// The table of the documentation.
pub fn table(outcomes: &[Outcome]) -> String {
    let mut table = "| community | accounts | related pairs | found | wrong pairs | largest group | largest wrong | labelled |\n|---|--:|--:|--:|--:|--:|--:|--:|\n".to_owned();
    for community in Community::ALL {
        let of = outcomes
            .iter()
            .filter(|outcome| outcome.community == community);
        let Outcome {
            accounts,
            pairs,
            wrong,
            largest,
            largest_wrong,
            labelled,
            ..
        } = Outcome::sum(of.clone());
        let found = Outcome::sum(of)
            .found_share()
            .map_or("-".to_owned(), |recall| format!("{:.1} %", 100.0 * recall));
        writeln!(
            table,
            "| {community:?} | {accounts} | {pairs} | {found} | {wrong} | {largest} | {largest_wrong} | {labelled} |"
        )
        .unwrap();
    }
    table
}

fn event(number: usize, sighting: &Sighting, random: &mut Random) -> NewRelation {
    let mut account = [0; 16];
    account[8..].copy_from_slice(&(number as u64).to_be_bytes());
    let mut fresh = [0; 16];
    fresh[..8].copy_from_slice(&random.next().to_be_bytes());
    let identifiers = sighting.identifiers(&IdentifierKey([7; 32])).into_iter();
    NewRelation {
        project: project(),
        account: RelatedAccountId(account),
        name: Vec::new(),
        identifiers: identifiers
            .map(|identifier| SharedIdentifier {
                id: identifier.id,
                most: identifier.most,
            })
            .collect(),
        fresh: GroupId(fresh),
        now: Millis(1_800_000_000_000),
    }
}

fn project() -> ProjectId {
    "p".parse().unwrap()
}
