//! Firewall policies, in the slot of their project.

use super::{RedisStore, forms::corrupt, link::Call, scripts};
use crate::{FirewallPolicy, FirewallPolicyId, MAX_FIREWALL_POLICIES, ProjectId, StoreError};

/// See [`Store::create_firewall_policy`](crate::Store::create_firewall_policy).
pub(super) async fn create(
    store: &RedisStore,
    project: &ProjectId,
    id: &FirewallPolicyId,
    policy: Vec<u8>,
) -> Result<(), StoreError> {
    let name = store.names.policies(project);
    let call = Call::run(&scripts::CREATE_POLICY)
        .key(store.names.answer(&name, store.link.attempt()))
        .key(name)
        .key(store.names.policy_order(project))
        .arg(id.as_str())
        .arg(policy)
        .number(MAX_FIREWALL_POLICIES);
    let answer: String = store.link.call(call).await?;
    match &answer[..] {
        "made" => Ok(()),
        "exists" => Err(StoreError::AlreadyExists),
        "full" => Err(StoreError::Full {
            most: MAX_FIREWALL_POLICIES,
        }),
        other => Err(corrupt(format!("create_policy answered {other:?}"))),
    }
}

pub(super) async fn list(
    store: &RedisStore,
    project: &ProjectId,
) -> Result<Vec<FirewallPolicy>, StoreError> {
    let call = Call::ask(&scripts::POLICIES)
        .key(store.names.policies(project))
        .key(store.names.policy_order(project));
    let policies: Vec<(String, u32, u32, Vec<u8>)> = store.link.call(call).await?;
    let policies = policies
        .into_iter()
        .map(|(id, position, revision, policy)| {
            Ok(FirewallPolicy {
                id: id.parse()?,
                project: project.clone(),
                position,
                policy,
                revision,
            })
        });
    policies.collect()
}

/// See [`Store::update_firewall_policy`](crate::Store::update_firewall_policy).
pub(super) async fn update(
    store: &RedisStore,
    changed: &FirewallPolicy,
) -> Result<bool, StoreError> {
    let name = store.names.policies(&changed.project);
    let call = Call::run(&scripts::UPDATE_POLICY)
        .key(store.names.answer(&name, store.link.attempt()))
        .key(name)
        .arg(changed.id.as_str())
        .number(changed.revision)
        .arg(&changed.policy[..]);
    store.link.call(call).await.map(super::is_yes)
}

pub(super) async fn delete(
    store: &RedisStore,
    project: &ProjectId,
    id: &FirewallPolicyId,
) -> Result<bool, StoreError> {
    let name = store.names.policies(project);
    let call = Call::run(&scripts::DELETE_POLICY)
        .key(store.names.answer(&name, store.link.attempt()))
        .key(name)
        .key(store.names.policy_order(project))
        .arg(id.as_str());
    store.link.call(call).await.map(super::is_yes)
}

/// See [`Store::reorder_firewall_policies`](crate::Store::reorder_firewall_policies).
pub(super) async fn reorder(
    store: &RedisStore,
    project: &ProjectId,
    order: &[FirewallPolicyId],
) -> Result<bool, StoreError> {
    let name = store.names.policy_order(project);
    let call = Call::run(&scripts::REORDER_POLICIES)
        .key(store.names.answer(&name, store.link.attempt()))
        .key(name);
    let call = order.iter().fold(call, |call, id| call.arg(id.as_str()));
    store.link.call(call).await.map(super::is_yes)
}
