//! Groups of accounts that are likely to be of one owner.

use touchstone_api::{ApiError, names::RelatedAccountGroupName, v1};
use touchstone_store::{GroupId, Member, ProjectId, RelatedAccountId};

use super::{Listing, Page, StepError, check_project, named, pages::cut};
use crate::{
    Verifier,
    accounts::{AccountName, KeptName},
};

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
    let listing = listing("groups", project);
    let page = listing.page(&verifier.vault, request.page_size, &request.page_token)?;
    let after: Option<GroupId> = page.after.as_deref().and_then(|id| id.parse().ok());
    let groups = verifier
        .store
        .related_groups(project, after, one_more(&page));
    let (groups, more) = cut(groups.await?, page.size);
    let last = groups.last().filter(|_| more);
    let token = last.map(|last| listing.token(&verifier.vault, &last.to_string()));
    let groups = groups.into_iter().map(|group| v1::RelatedAccountGroup {
        name: format!("projects/{project}/relatedaccountgroups/{group}"),
    });
    Ok(v1::ListRelatedAccountGroupsResponse {
        related_account_groups: groups.collect(),
        next_page_token: token.unwrap_or_default(),
    })
}

/// A page of the members of a group.
///
/// # Errors
/// INVALID_ARGUMENT for a page that does not exist, NOT_FOUND when the project has no such group (any more).
pub async fn list_related_account_group_memberships(
    verifier: &Verifier,
    project: &ProjectId,
    request: v1::ListRelatedAccountGroupMembershipsRequest,
) -> Result<v1::ListRelatedAccountGroupMembershipsResponse, StepError> {
    let name: RelatedAccountGroupName = named(&request.parent, "parent")?;
    let listing = listing(&format!("members\0{}", name.group()), project);
    let page = listing.page(&verifier.vault, request.page_size, &request.page_token)?;
    let is_own = name.project().as_str() == project.as_str();
    let memberships = match name.group().parse().ok().filter(|_| is_own) {
        Some(group) => memberships(verifier, project, group, &listing, &page).await?,
        None => None,
    };
    let (memberships, token) = memberships.ok_or_else(|| ApiError::not_found(&name.to_string()))?;
    Ok(v1::ListRelatedAccountGroupMembershipsResponse {
        related_account_group_memberships: memberships,
        next_page_token: token,
    })
}

/// A page of the memberships of all accounts that are related to one, its own included. None for an account that is related to
/// nobody, or was never heard of.
///
/// # Errors
/// INVALID_ARGUMENT without an account or with two, and for a page that does not exist.
pub async fn search_related_account_group_memberships(
    verifier: &Verifier,
    project: &ProjectId,
    request: v1::SearchRelatedAccountGroupMembershipsRequest,
) -> Result<v1::SearchRelatedAccountGroupMembershipsResponse, StepError> {
    check_project(project, &request.project, "project")?;
    #[allow(deprecated, reason = "older clients name accounts by their hash")]
    let name = searched(&request.account_id, &request.hashed_account_id)?;
    let account = RelatedAccountId::from(&name.hash(&verifier.vault, project));
    let listing = listing(&format!("search\0{account}"), project);
    let page = listing.page(&verifier.vault, request.page_size, &request.page_token)?;
    let memberships = match verifier.store.group_of(project, account).await? {
        Some(group) => memberships(verifier, project, group, &listing, &page).await?,
        None => None,
    };
    let (memberships, token) = memberships.unwrap_or_default();
    Ok(v1::SearchRelatedAccountGroupMembershipsResponse {
        related_account_group_memberships: memberships,
        next_page_token: token,
    })
}

/// The account that a search names.
fn searched<'a>(id: &'a str, hash: &'a [u8]) -> Result<AccountName<'a>, ApiError> {
    if !id.is_empty() && !hash.is_empty() {
        let what = "The account is named by accountId already: leave out either.";
        return Err(ApiError::invalid_field("hashedAccountId", what));
    }
    let missing = || ApiError::invalid_field("accountId", "It is missing: name the account.");
    AccountName::of(id, hash).ok_or_else(missing)
}

/// A page of a group's memberships with the token of the next page, if there is one; none when there is no such group.
async fn memberships(
    verifier: &Verifier,
    project: &ProjectId,
    group: GroupId,
    listing: &Listing,
    page: &Page,
) -> Result<Option<(Vec<v1::RelatedAccountGroupMembership>, String)>, StepError> {
    let store = &verifier.store;
    let after: Option<RelatedAccountId> = page.after.as_deref().and_then(|id| id.parse().ok());
    let members = store.group_members(project, group, after, one_more(page));
    let Some(members) = members.await? else {
        return Ok(None);
    };
    let (members, more) = cut(members, page.size);
    let last = members.last().filter(|_| more);
    let token = last.map(|last| listing.token(&verifier.vault, &last.account.to_string()));
    let members = members
        .iter()
        .map(|member| membership(verifier, project, group, member));
    Ok(Some((members.collect(), token.unwrap_or_default())))
}

/// A membership, with its account as the site named it; without a name if that was sealed by another vault.
#[allow(deprecated, reason = "older clients name accounts by their hash")]
fn membership(
    verifier: &Verifier,
    project: &ProjectId,
    group: GroupId,
    member: &Member,
) -> v1::RelatedAccountGroupMembership {
    let mut membership = v1::RelatedAccountGroupMembership {
        name: format!(
            "projects/{project}/relatedaccountgroups/{group}/memberships/{}",
            member.account
        ),
        ..v1::RelatedAccountGroupMembership::default()
    };
    match KeptName::open(&verifier.vault, &member.name) {
        Some(KeptName::Id(id)) => membership.account_id = id,
        Some(KeptName::Hashed(hash)) => membership.hashed_account_id = hash,
        None => {}
    }
    membership
}

fn listing(of: &str, project: &ProjectId) -> Listing {
    Listing {
        of: format!("relatedaccounts\0{of}\0{project}"),
        usual: 50,
        most: 1_000,
    }
}

/// As many entries as tell whether there are more behind the page.
fn one_more(page: &Page) -> u32 {
    u32::try_from(page.size)
        .unwrap_or(u32::MAX)
        .saturating_add(1)
}
