//! Groups of accounts that are likely to be of one owner. This verifier relates no accounts yet, so there are none.

use touchstone_api::{ApiError, names::RelatedAccountGroupName, v1};
use touchstone_store::ProjectId;

use super::{Listing, StepError, check_project, named};
use crate::Verifier;

/// A page of a project's groups.
///
/// # Errors
/// INVALID_ARGUMENT for a page that does not exist.
pub async fn list_related_account_groups(
    verifier: &Verifier,
    project: &ProjectId,
    request: v1::ListRelatedAccountGroupsRequest,
) -> Result<v1::ListRelatedAccountGroupsResponse, StepError> {
    check_project(project, &request.parent, "parent")?;
    listing("groups", project).page(&verifier.vault, request.page_size, &request.page_token)?;
    Ok(v1::ListRelatedAccountGroupsResponse::default())
}

/// A page of the members of a group.
///
/// # Errors
/// INVALID_ARGUMENT for a page that does not exist, else NOT_FOUND, since there is no group.
pub async fn list_related_account_group_memberships(
    verifier: &Verifier,
    project: &ProjectId,
    request: v1::ListRelatedAccountGroupMembershipsRequest,
) -> Result<v1::ListRelatedAccountGroupMembershipsResponse, StepError> {
    let name: RelatedAccountGroupName = named(&request.parent, "parent")?;
    listing("members", project).page(&verifier.vault, request.page_size, &request.page_token)?;
    Err(ApiError::not_found(&name.to_string()).into())
}

/// A page of the memberships of an account.
///
/// # Errors
/// INVALID_ARGUMENT without an account, and for a page that does not exist.
pub async fn search_related_account_group_memberships(
    verifier: &Verifier,
    project: &ProjectId,
    request: v1::SearchRelatedAccountGroupMembershipsRequest,
) -> Result<v1::SearchRelatedAccountGroupMembershipsResponse, StepError> {
    check_project(project, &request.project, "project")?;
    #[allow(deprecated, reason = "older clients name accounts by their hash")]
    let hashed = &request.hashed_account_id;
    if request.account_id.is_empty() && hashed.is_empty() {
        let what = "It is missing: name the account.";
        return Err(ApiError::invalid_field("accountId", what).into());
    }
    listing("search", project).page(&verifier.vault, request.page_size, &request.page_token)?;
    Ok(v1::SearchRelatedAccountGroupMembershipsResponse::default())
}

fn listing(of: &str, project: &ProjectId) -> Listing {
    Listing {
        of: format!("relatedaccounts\0{of}\0{project}"),
        usual: 50,
        most: 1_000,
    }
}
