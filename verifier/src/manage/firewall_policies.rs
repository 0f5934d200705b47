//! What an edge does with requests, by path and condition.

use prost::Message;
use touchstone_api::{ApiError, Code, mask, names::FirewallPolicyName, v1};
use touchstone_store::{FirewallPolicy, FirewallPolicyId, ProjectId, StoreError};

use super::{
    Faults, Listing, Page, StepError, check_project,
    firewall_rules::checked,
    keys::{TRIES, changed_meanwhile},
    named,
    pages::cut,
};
use crate::{Verifier, blocking::blocking, environment::fresh, keys::FirewallPolicies};

/// Makes a firewall policy, to be tried behind those that the project has.
///
/// # Errors
/// INVALID_ARGUMENT for a policy that does not hold; FAILED_PRECONDITION when the project has no room for more.
pub async fn create_firewall_policy(
    verifier: &Verifier,
    project: &ProjectId,
    request: v1::CreateFirewallPolicyRequest,
) -> Result<v1::FirewallPolicy, StepError> {
    check_project(project, &request.parent, "parent")?;
    let policy = blocking(|| checked(request.firewall_policy)).await??;
    let id = loop {
        // 16 hex digits always are an id; the loop runs once.
        if let Ok(id) = data_encoding::HEXLOWER.encode(&fresh::<8>()?).parse() {
            break id;
        }
    };
    let encoded = policy.encode_to_vec();
    match verifier
        .store
        .create_firewall_policy(project, &id, encoded)
        .await
    {
        Ok(()) => {}
        Err(StoreError::Full { most }) => {
            let what = format!(
                "The project has {most} firewall policies, the most there may be. Delete one."
            );
            return Err(ApiError::new(Code::FailedPrecondition, what).into());
        }
        Err(error) => return Err(error.into()),
    }
    verifier.firewall_policies.forget(project);
    Ok(v1::FirewallPolicy {
        name: format!("projects/{project}/firewallpolicies/{id}"),
        ..policy
    })
}

/// A page of a project's firewall policies, in the order in which they are tried.
///
/// # Errors
/// INVALID_ARGUMENT for a page that does not exist.
pub async fn list_firewall_policies(
    verifier: &Verifier,
    project: &ProjectId,
    request: v1::ListFirewallPoliciesRequest,
) -> Result<v1::ListFirewallPoliciesResponse, StepError> {
    check_project(project, &request.parent, "parent")?;
    let listing = Listing {
        of: format!("firewallpolicies\0{project}"),
        usual: 10,
        most: 1_000,
    };
    let vault = &verifier.vault;
    let Page { size, after } = listing.page(vault, request.page_size, &request.page_token)?;
    let after: Option<u32> = after.and_then(|position| position.parse().ok());
    let mut policies = verifier.store.firewall_policies(project).await?;
    policies.retain(|policy| after.is_none_or(|after| policy.position > after));
    let (policies, more) = cut(policies, size);
    let last = policies.last().filter(|_| more);
    let token = |last: &FirewallPolicy| listing.token(vault, &last.position.to_string());
    Ok(v1::ListFirewallPoliciesResponse {
        next_page_token: last.map(token).unwrap_or_default(),
        firewall_policies: policies
            .iter()
            .map(FirewallPolicies::read)
            .collect::<Result<_, _>>()?,
    })
}

/// One firewall policy.
///
/// # Errors
/// NOT_FOUND when the project has no such policy.
pub async fn get_firewall_policy(
    verifier: &Verifier,
    project: &ProjectId,
    request: v1::GetFirewallPolicyRequest,
) -> Result<v1::FirewallPolicy, StepError> {
    let name = named(&request.name, "name")?;
    let found = stored(verifier, project, &name).await?;
    Ok(FirewallPolicies::read(&found)?)
}

/// Changes the fields that the mask names, or all; the policy keeps its place in the order.
///
/// # Errors
/// NOT_FOUND when the project has no such policy; INVALID_ARGUMENT for a policy that does not hold; ABORTED when others keep
/// changing it.
pub async fn update_firewall_policy(
    verifier: &Verifier,
    project: &ProjectId,
    request: v1::UpdateFirewallPolicyRequest,
) -> Result<v1::FirewallPolicy, StepError> {
    let update = request.firewall_policy.unwrap_or_default();
    let name = named(&update.name, "firewallPolicy.name")?;
    for _ in 0..TRIES {
        let mut found = stored(verifier, project, &name).await?;
        let mut changed = FirewallPolicies::read(&found)?;
        mask::apply(&mut changed, &update, request.update_mask.as_ref())?;
        found.policy = blocking(|| checked(Some(changed))).await??.encode_to_vec();
        if verifier.store.update_firewall_policy(found.clone()).await? {
            verifier.firewall_policies.forget(project);
            return Ok(FirewallPolicies::read(&found)?);
        }
    }
    Err(changed_meanwhile())
}

/// Deletes a firewall policy.
///
/// # Errors
/// NOT_FOUND when the project has no such policy.
pub async fn delete_firewall_policy(
    verifier: &Verifier,
    project: &ProjectId,
    request: v1::DeleteFirewallPolicyRequest,
) -> Result<(), StepError> {
    let name: FirewallPolicyName = named(&request.name, "name")?;
    let id = policy_id(project, &name)?;
    if !verifier.store.delete_firewall_policy(project, &id).await? {
        return Err(ApiError::not_found(&request.name).into());
    }
    verifier.firewall_policies.forget(project);
    Ok(())
}

/// Sets the order in which the firewall policies of a project are tried.
///
/// # Errors
/// NOT_FOUND for a name of no policy of the project; INVALID_ARGUMENT unless every policy is named exactly once.
pub async fn reorder_firewall_policies(
    verifier: &Verifier,
    project: &ProjectId,
    request: v1::ReorderFirewallPoliciesRequest,
) -> Result<v1::ReorderFirewallPoliciesResponse, StepError> {
    check_project(project, &request.parent, "parent")?;
    let mut faults = Faults::default();
    let most = touchstone_store::MAX_FIREWALL_POLICIES as usize;
    faults.at_most_entries(request.names.len(), most, "names");
    faults.refuse()?;
    let mut order = Vec::new();
    for (index, name) in request.names.iter().enumerate() {
        let name = named(name, &format!("names[{index}]"))?;
        order.push(policy_id(project, &name)?);
    }
    let policies = verifier.store.firewall_policies(project).await?;
    if let Some(unknown) = order
        .iter()
        .position(|id| policies.iter().all(|policy| policy.id != *id))
    {
        return Err(ApiError::not_found(&request.names[unknown]).into());
    }
    if !verifier
        .store
        .reorder_firewall_policies(project, order)
        .await?
    {
        let what = format!(
            "Name each of the project's {} firewall policies exactly once.",
            policies.len()
        );
        return Err(ApiError::invalid_field("names", what).into());
    }
    verifier.firewall_policies.forget(project);
    Ok(v1::ReorderFirewallPoliciesResponse {})
}

async fn stored(
    verifier: &Verifier,
    project: &ProjectId,
    name: &FirewallPolicyName,
) -> Result<FirewallPolicy, StepError> {
    let id = policy_id(project, name)?;
    let policies = verifier.store.firewall_policies(project).await?;
    let found = policies.into_iter().find(|policy| policy.id == id);
    found.ok_or_else(|| ApiError::not_found(&name.to_string()).into())
}

/// What is of another project does not exist for the caller.
fn policy_id(project: &ProjectId, name: &FirewallPolicyName) -> Result<FirewallPolicyId, ApiError> {
    let id = name.policy().parse().ok();
    id.filter(|_| name.project().as_str() == project.as_str())
        .ok_or_else(|| ApiError::not_found(&name.to_string()))
}
