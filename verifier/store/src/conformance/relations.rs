use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use tokio::task::JoinSet;

use super::samples::{MINUTE, START, project};
use crate::{
    GroupId, GroupStanding, MAX_GROUP_MEMBERS, MAX_IDENTIFIERS, MAX_RELATED_NAME_BYTES, Millis,
    NewRelation, RelatedAccountId, SharedIdentifier, Store, StoreError,
};

pub(super) async fn who_shares_an_identifier_is_related(store: Arc<dyn Store>) {
    assert_eq!(relate(&store, 1, &[10]).await, None);
    assert_eq!(relate(&store, 2, &[20]).await, None);
    assert_eq!(groups(&store).await, []);
    let standing = relate(&store, 3, &[10]).await.unwrap();
    assert_eq!((standing.members, standing.lately), (2, 2));
    assert_eq!(groups(&store).await, [standing.group]);
    assert_eq!(members(&store, standing.group).await, [1, 3]);
    assert_eq!(relate(&store, 1, &[]).await, Some(standing), "asking changes nothing");
    assert_eq!(relate(&store, 2, &[]).await, None);
    assert_eq!(relate(&store, 4, &[]).await, None);
    assert_eq!(store.group_of(&project("p"), account(3)).await, Ok(Some(standing.group)));
    for nobody in [2, 4] {
        assert_eq!(store.group_of(&project("p"), account(nobody)).await, Ok(None));
    }
    let named = store.group_members(&project("p"), standing.group, None, 9).await.unwrap().unwrap();
    assert_eq!(named[0].name, b"account 1");
}

pub(super) async fn groups_of_one_project_are_not_anothers(store: Arc<dyn Store>) {
    relate(&store, 1, &[10]).await;
    let foreign = NewRelation { project: project("q"), ..new(2, &[10]) };
    assert_eq!(store.relate(foreign).await, Ok(None));
    let group = relate(&store, 3, &[10]).await.unwrap().group;
    assert_eq!(store.related_groups(&project("q"), None, 9).await, Ok(vec![]));
    assert_eq!(store.group_members(&project("q"), group, None, 9).await, Ok(None));
    assert_eq!(store.group_of(&project("q"), account(3)).await, Ok(None));
    assert_eq!(store.forget_relations(&project("q"), account(3), fresh(9)).await, Ok(false));
    assert_eq!(members(&store, group).await, [1, 3]);
}

pub(super) async fn the_older_group_keeps_its_id_when_two_become_one(store: Arc<dyn Store>) {
    let at = |n, identifiers: &[u8], minutes| NewRelation {
        now: START.after(minutes * MINUTE),
        ..new(n, identifiers)
    };
    store.relate(at(1, &[10], 0)).await.unwrap();
    store.relate(at(2, &[20], 0)).await.unwrap();
    let young = store.relate(at(3, &[10], 9)).await.unwrap().unwrap().group;
    let old = store.relate(at(4, &[20], 5)).await.unwrap().unwrap().group;
    let both = store.relate(at(5, &[10, 20], 12)).await.unwrap().unwrap();
    assert_eq!((both.group, both.members), (old, 5));
    assert_eq!(groups(&store).await, [old]);
    assert_eq!(store.group_members(&project("p"), young, None, 9).await, Ok(None));
    assert_eq!(members(&store, old).await, [1, 2, 3, 4, 5]);
}

pub(super) async fn an_identifier_that_too_many_have_links_nobody(store: Arc<dyn Store>) {
    // Three may share identifier 10, and 1 and 2 share another one.
    relate(&store, 1, &[10, 20]).await;
    relate(&store, 2, &[10, 20]).await;
    let group = relate(&store, 3, &[10]).await.unwrap().group;
    assert_eq!(members(&store, group).await, [1, 2, 3]);
    assert_eq!(relate(&store, 4, &[10]).await, None, "the fourth has nothing in common with them");
    assert_eq!(members(&store, group).await, [1, 2], "nor has the third");
    assert_eq!(relate(&store, 5, &[10]).await, None);
    assert_eq!(relate(&store, 3, &[20]).await.map(|standing| standing.members), Some(3));
    assert_eq!(relate(&store, 4, &[30]).await, None);
    assert_eq!(relate(&store, 5, &[30]).await.map(|standing| standing.members), Some(2));
}

pub(super) async fn a_group_falls_apart_with_what_held_it_together(store: Arc<dyn Store>) {
    for (n, identifiers) in [(1, &[10, 20][..]), (2, &[20]), (3, &[20]), (4, &[10, 30]), (5, &[30])] {
        relate(&store, n, identifiers).await;
    }
    let whole = groups(&store).await;
    assert_eq!(members(&store, whole[0]).await, [1, 2, 3, 4, 5]);
    for n in [6, 7] {
        relate(&store, n, &[10]).await;
    }
    assert_eq!(members(&store, whole[0]).await, [1, 2, 3], "the largest part keeps the id");
    let (left, parts) = (relate(&store, 5, &[]).await.unwrap().group, groups(&store).await);
    assert_eq!(members(&store, left).await, [4, 5]);
    assert_eq!(parts.len(), 2);
}

pub(super) async fn groups_do_not_depend_on_the_order_of_events(store: Arc<dyn Store>) {
    for seed in 0..12 {
        let mut random = Random(seed);
        let mut links: Vec<(u8, u8)> = (0..60).map(|_| (random.below(24), random.below(16))).collect();
        let expected = components(&links);
        for turn in 0..3 {
            let of = format!("p{seed}-{turn}");
            for (n, identifier) in &links {
                let event = NewRelation { project: project(&of), ..new(*n, &[*identifier]) };
                store.relate(event).await.unwrap();
            }
            assert_eq!(partition(&store, &of).await, expected, "{seed} {turn}");
            for n in (1..links.len()).rev() {
                links.swap(n, usize::from(random.below(u8::try_from(n).unwrap())));
            }
        }
    }
}

pub(super) async fn groups_are_the_same_when_all_events_come_at_once(store: Arc<dyn Store>) {
    let mut random = Random(77);
    let links: Vec<(u8, u8)> = (0..60).map(|_| (random.below(24), random.below(16))).collect();
    let mut callers = JoinSet::new();
    for (n, identifier) in links.clone() {
        let store = Arc::clone(&store);
        callers.spawn(async move { store.relate(new(n, &[identifier])).await });
    }
    assert!(callers.join_all().await.iter().all(Result::is_ok));
    assert_eq!(partition(&store, "p").await, components(&links));
}

pub(super) async fn groups_and_members_are_listed_in_pages(store: Arc<dyn Store>) {
    for n in 0..12 {
        relate(&store, n, &[n / 3]).await;
    }
    let all = groups(&store).await;
    assert_eq!(all.len(), 4);
    assert!(all.is_sorted());
    let page = store.related_groups(&project("p"), Some(all[0]), 2).await.unwrap();
    assert_eq!(page, all[1..3]);
    assert_eq!(store.related_groups(&project("p"), Some(all[3]), 2).await, Ok(vec![]));
    let group = relate(&store, 4, &[]).await.unwrap().group;
    let page = async |after| store.group_members(&project("p"), group, after, 2).await.unwrap().unwrap();
    let first: Vec<_> = page(None).await.iter().map(|member| member.account).collect();
    assert_eq!(first, [account(3), account(4)]);
    let second: Vec<_> = page(Some(first[1])).await.iter().map(|member| member.account).collect();
    assert_eq!(second, [account(5)]);
    assert_eq!(page(Some(second[0])).await, []);
    assert_eq!(store.group_members(&project("p"), fresh(99), None, 2).await, Ok(None));
}

pub(super) async fn a_forgotten_account_leaves_nothing(store: Arc<dyn Store>) {
    for (n, identifiers) in [(1, &[10][..]), (2, &[10, 20]), (3, &[20]), (4, &[20])] {
        relate(&store, n, identifiers).await;
    }
    let group = groups(&store).await[0];
    let forget = async |n| store.forget_relations(&project("p"), account(n), fresh(50 + n)).await;
    assert_eq!(forget(2).await, Ok(true));
    assert_eq!(forget(2).await, Ok(false));
    assert_eq!(forget(9).await, Ok(false));
    assert_eq!(members(&store, group).await, [3, 4]);
    assert_eq!(relate(&store, 1, &[]).await, None, "only the forgotten one had related it");
    assert_eq!(forget(3).await, Ok(true));
    assert_eq!(groups(&store).await, [], "nobody is a group by himself");
    assert_eq!(relate(&store, 2, &[]).await, None);
}

pub(super) async fn accounts_and_common_identifiers_that_are_not_seen_any_more_are_pruned(store: Arc<dyn Store>) {
    let day = 24 * 60 * MINUTE;
    let at = |n, identifiers: &[u8], days: u64| NewRelation { now: START.after(days * day), ..new(n, identifiers) };
    for n in 1..=4 {
        store.relate(at(n, &[10], 0)).await.unwrap();
    }
    for n in [5, 6, 7] {
        store.relate(at(n, &[20], 0)).await.unwrap();
    }
    for n in [6, 7] {
        store.relate(at(n, &[], 30)).await.unwrap();
    }
    let prune = async |before: Millis| {
        let mut removed = 0;
        for n in 60.. {
            match store.prune_relations(before, fresh(n)).await.unwrap() {
                0 => break,
                more => removed += more,
            }
        }
        removed
    };
    assert_eq!(prune(START).await, 0);
    assert_eq!(prune(START.after(20 * day)).await, 5, "four accounts and the common identifier");
    let standing = store.relate(at(7, &[], 31)).await.unwrap().unwrap();
    assert_eq!((standing.members, standing.lately), (2, 0));
    assert_eq!(members(&store, standing.group).await, [6, 7]);
    store.relate(at(8, &[10], 31)).await.unwrap();
    let again = store.relate(at(9, &[10], 31)).await.unwrap();
    assert_eq!(again.map(|standing| standing.members), Some(2), "it is not common any more");
}

pub(super) async fn groups_and_accounts_have_their_bounds(store: Arc<dyn Store>) {
    let most = u16::try_from(MAX_GROUP_MEMBERS).unwrap() + 3;
    for n in 0..most {
        let mut id = [0; 16];
        id[..2].copy_from_slice(&n.to_be_bytes());
        let event = NewRelation {
            account: RelatedAccountId(id),
            identifiers: vec![SharedIdentifier { id: [1; 16], most }],
            fresh: GroupId(id),
            ..new(0, &[])
        };
        store.relate(event).await.unwrap();
    }
    let mut sizes = Vec::new();
    for group in groups(&store).await {
        let members = store.group_members(&project("p"), group, None, u32::MAX).await;
        sizes.push(members.unwrap().unwrap().len());
    }
    sizes.sort_unstable();
    assert_eq!(sizes, [3, MAX_GROUP_MEMBERS as usize]);

    let many: Vec<u8> = (100..).take(MAX_IDENTIFIERS as usize + 1).collect();
    relate(&store, 200, &many).await;
    assert_eq!(relate(&store, 201, &many[MAX_IDENTIFIERS as usize..]).await, None);
    assert!(relate(&store, 202, &many[..1]).await.is_some());

    let large = NewRelation { name: vec![0; MAX_RELATED_NAME_BYTES + 1], ..new(210, &[1]) };
    assert!(matches!(store.relate(large).await, Err(StoreError::Rejected(_))));
}

/// The groups that a set of links makes, by their definition.
fn components(links: &[(u8, u8)]) -> BTreeSet<BTreeSet<u8>> {
    let mut holders = BTreeMap::<u8, BTreeSet<u8>>::new();
    for (account, identifier) in links {
        holders.entry(*identifier).or_default().insert(*account);
    }
    let mut parts = Vec::<BTreeSet<u8>>::new();
    for holders in holders.into_values().filter(|holders| holders.len() <= usize::from(MOST)) {
        let (touched, apart): (Vec<_>, Vec<_>) = parts.into_iter().partition(|part| !part.is_disjoint(&holders));
        parts = apart;
        parts.push(touched.into_iter().fold(holders, |all, part| &all | &part));
    }
    parts.into_iter().filter(|part| part.len() > 1).collect()
}

async fn partition(store: &Arc<dyn Store>, of: &str) -> BTreeSet<BTreeSet<u8>> {
    let mut parts = BTreeSet::new();
    for group in store.related_groups(&project(of), None, 1_000).await.unwrap() {
        let members = store.group_members(&project(of), group, None, 1_000).await.unwrap().unwrap();
        parts.insert(members.iter().map(|member| member.account.0[15]).collect());
    }
    parts
}

async fn relate(store: &Arc<dyn Store>, n: u8, identifiers: &[u8]) -> Option<GroupStanding> {
    store.relate(new(n, identifiers)).await.unwrap()
}

async fn groups(store: &Arc<dyn Store>) -> Vec<GroupId> {
    store.related_groups(&project("p"), None, 1_000).await.unwrap()
}

async fn members(store: &Arc<dyn Store>, group: GroupId) -> Vec<u8> {
    let members = store.group_members(&project("p"), group, None, 1_000).await.unwrap().unwrap();
    members.iter().map(|member| member.account.0[15]).collect()
}

fn new(n: u8, identifiers: &[u8]) -> NewRelation {
    NewRelation {
        project: project("p"),
        account: account(n),
        name: format!("account {n}").into(),
        identifiers: identifiers
            .iter()
            .map(|n| SharedIdentifier { id: [*n; 16], most: MOST })
            .collect(),
        fresh: fresh_by(n, identifiers),
        now: START,
    }
}

fn account(n: u8) -> RelatedAccountId {
    let mut id = [0; 16];
    id[15] = n;
    RelatedAccountId(id)
}

fn fresh(n: u8) -> GroupId {
    GroupId([n; 16])
}

/// Another one for each event that these tests have.
fn fresh_by(n: u8, identifiers: &[u8]) -> GroupId {
    let mut id = [n; 16];
    for (at, identifier) in (1..14).zip(identifiers) {
        id[at] = identifier.wrapping_add(128);
    }
    GroupId(id)
}

/// Linear congruential: equal on every machine (Knuth's constants).
struct Random(u64);

impl Random {
    fn below(&mut self, n: u8) -> u8 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as u8 % n.max(1)
    }
}

/// How many accounts an identifier of these tests links.
const MOST: u16 = 3;
