use touchstone::manage::related_accounts::*;
use touchstone_api::v1::{
    ListRelatedAccountGroupMembershipsRequest, ListRelatedAccountGroupsRequest,
    SearchRelatedAccountGroupMembershipsRequest,
};

use super::{kit::Kit, *};

#[tokio::test]
async fn a_project_without_related_accounts_has_no_groups() {
    let kit = Kit::start().await;
    let list = async |page_size, page_token: &str| {
        let request = ListRelatedAccountGroupsRequest {
            parent: "projects/shop".to_owned(),
            page_size,
            page_token: page_token.to_owned(),
        };
        list_related_account_groups(&kit.verifier, &project("shop"), request).await
    };
    assert_eq!(list(0, "").await.unwrap(), Default::default());
    assert_eq!(list(5_000, "").await.unwrap(), Default::default());
    assert_eq!(faulty(list(-1, "").await), ["pageSize"]);
    assert_eq!(faulty(list(0, "x").await), ["pageToken"]);
}

#[tokio::test]
async fn a_group_that_is_not_there_has_no_members() {
    let kit = Kit::start().await;
    let list = async |parent: &str| {
        let request = ListRelatedAccountGroupMembershipsRequest {
            parent: parent.to_owned(),
            ..Default::default()
        };
        list_related_account_group_memberships(&kit.verifier, &project("shop"), request).await
    };
    assert_eq!(
        code(list("projects/shop/relatedaccountgroups/g").await),
        Code::NotFound
    );
    let unknown = format!("projects/shop/relatedaccountgroups/{:032x}", 7);
    assert_eq!(code(list(&unknown).await), Code::NotFound);
    assert_eq!(faulty(list("projects/shop").await), ["parent"]);
}

#[tokio::test]
async fn a_search_names_an_account_and_finds_nothing() {
    let kit = Kit::start().await;
    let search = async |account_id: &str, page_token: &str| {
        let request = SearchRelatedAccountGroupMembershipsRequest {
            project: "projects/shop".to_owned(),
            account_id: account_id.to_owned(),
            page_token: page_token.to_owned(),
            ..Default::default()
        };
        search_related_account_group_memberships(&kit.verifier, &project("shop"), request).await
    };
    assert_eq!(search("user", "").await.unwrap(), Default::default());
    assert_eq!(faulty(search("", "").await), ["accountId"]);
    assert_eq!(faulty(search("user", "x").await), ["pageToken"]);
    #[allow(deprecated, reason = "older clients name accounts by their hash")]
    let twice = SearchRelatedAccountGroupMembershipsRequest {
        project: "projects/shop".to_owned(),
        account_id: "user".to_owned(),
        hashed_account_id: vec![1],
        ..Default::default()
    };
    let found =
        search_related_account_group_memberships(&kit.verifier, &project("shop"), twice).await;
    assert_eq!(faulty(found), ["hashedAccountId"]);
}
