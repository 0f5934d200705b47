use std::sync::Arc;

use tokio::task::JoinSet;

use super::samples::project;
use crate::{FirewallPolicy, FirewallPolicyId, MAX_FIREWALL_POLICIES, Store, StoreError};

pub(super) async fn policies_read_back_in_the_order_they_were_made(store: Arc<dyn Store>) {
    for n in [3, 1, 2] {
        store.create_firewall_policy(&project("p"), &id(n), vec![n as u8]).await.unwrap();
    }
    store.create_firewall_policy(&project("q"), &id(1), vec![9]).await.unwrap();
    let listed = store.firewall_policies(&project("p")).await.unwrap();
    let policies: Vec<_> = listed.iter().map(|policy| (&policy.id, &policy.policy[..])).collect();
    assert_eq!(policies, [(&id(3), &[3][..]), (&id(1), &[1]), (&id(2), &[2])]);
    assert!(listed.is_sorted_by_key(|policy| policy.position));
    assert!(listed.iter().all(|policy| policy.project == project("p") && policy.revision == 0));
    assert_eq!(ids(&store, "q").await, [id(1)]);
    let taken = store.create_firewall_policy(&project("p"), &id(1), vec![]).await;
    assert_eq!(taken, Err(StoreError::AlreadyExists));
}

pub(super) async fn a_policy_is_changed_once_for_each_reading(store: Arc<dyn Store>) {
    store.create_firewall_policy(&project("p"), &id(1), vec![1]).await.unwrap();
    let read = store.firewall_policies(&project("p")).await.unwrap().remove(0);
    let changed = FirewallPolicy { policy: vec![2], ..read.clone() };
    let foreign = FirewallPolicy { project: project("q"), ..changed.clone() };
    assert_eq!(store.update_firewall_policy(foreign).await, Ok(false));
    assert_eq!(store.update_firewall_policy(changed.clone()).await, Ok(true));
    assert_eq!(store.update_firewall_policy(read).await, Ok(false), "that reading is out of date");
    let expected = FirewallPolicy { revision: 1, ..changed };
    assert_eq!(store.firewall_policies(&project("p")).await, Ok(vec![expected]));
}

pub(super) async fn an_order_names_every_policy_once(store: Arc<dyn Store>) {
    for n in [1, 2, 3] {
        store.create_firewall_policy(&project("p"), &id(n), vec![]).await.unwrap();
    }
    for wrong in [&[1, 2][..], &[1, 2, 3, 4], &[1, 2, 2], &[1, 2, 3, 3], &[1, 2, 4], &[]] {
        let order = wrong.iter().map(|n| id(*n)).collect();
        assert_eq!(store.reorder_firewall_policies(&project("p"), order).await, Ok(false), "{wrong:?}");
        assert_eq!(ids(&store, "p").await, [id(1), id(2), id(3)]);
    }
    let order = vec![id(3), id(1), id(2)];
    assert_eq!(store.reorder_firewall_policies(&project("p"), order.clone()).await, Ok(true));
    assert_eq!(ids(&store, "p").await, order);
    store.create_firewall_policy(&project("p"), &id(0), vec![]).await.unwrap();
    assert_eq!(ids(&store, "p").await.last(), Some(&id(0)), "a new one comes last");
}

pub(super) async fn a_project_has_room_for_a_thousand_policies(store: Arc<dyn Store>) {
    let mut callers = JoinSet::new();
    for n in 0..MAX_FIREWALL_POLICIES {
        let store = Arc::clone(&store);
        callers.spawn(async move { store.create_firewall_policy(&project("p"), &id(n), vec![]).await });
    }
    assert!(callers.join_all().await.iter().all(Result::is_ok));
    let more = id(MAX_FIREWALL_POLICIES);
    let full = Err(StoreError::Full { most: MAX_FIREWALL_POLICIES });
    assert_eq!(store.create_firewall_policy(&project("p"), &more, vec![]).await, full);
    assert_eq!(store.create_firewall_policy(&project("q"), &more, vec![]).await, Ok(()));
    store.delete_firewall_policy(&project("p"), &id(5)).await.unwrap();
    assert_eq!(store.create_firewall_policy(&project("p"), &more, vec![]).await, Ok(()));
}

pub(super) async fn only_its_project_deletes_a_policy(store: Arc<dyn Store>) {
    for n in [1, 2] {
        store.create_firewall_policy(&project("p"), &id(n), vec![]).await.unwrap();
    }
    assert_eq!(store.delete_firewall_policy(&project("q"), &id(1)).await, Ok(false));
    assert_eq!(store.delete_firewall_policy(&project("p"), &id(1)).await, Ok(true));
    assert_eq!(store.delete_firewall_policy(&project("p"), &id(1)).await, Ok(false));
    assert_eq!(ids(&store, "p").await, [id(2)]);
}

async fn ids(store: &Arc<dyn Store>, of: &str) -> Vec<FirewallPolicyId> {
    let policies = store.firewall_policies(&project(of)).await.unwrap();
    policies.into_iter().map(|policy| policy.id).collect()
}

fn id(n: u32) -> FirewallPolicyId {
    format!("policy-{n}").parse().unwrap()
}
