//! The table of all methods: what each asks of its caller, and who answers it.

use std::{future::Future, pin::Pin, sync::LazyLock};

use prost::Message as _;
use touchstone_api::{ApiError, Operation, names, v1};

use super::{Call, Reply, assessments};
use crate::{
    keys::Scope,
    manage::{firewall_policies, ip_overrides, keys, metrics, policies, related_accounts},
    steps::StepError,
};

/// A method of the service.
pub(in crate::doors) struct Method {
    /// Its name, such as `CreateKey`.
    pub rpc: &'static str,
    /// Its REST form.
    pub operation: &'static Operation,
    /// What the caller's API key must be good for.
    pub scope: Scope,
    pub(super) run: Run,
}

/// Reads the request, finds its project, and answers.
pub(super) type Run = for<'a> fn(&'a Call<'a>, &'a [u8]) -> Answering<'a>;
type Answering<'a> = Pin<Box<dyn Future<Output = Result<Reply, StepError>> + Send + 'a>>;

impl Method {
    /// The method of this name.
    pub fn named(rpc: &str) -> Option<&'static Self> {
        METHODS.iter().find(|method| method.rpc == rpc)
    }

    fn new(rpc: &'static str, scope: Scope, run: Run) -> Option<Self> {
        let operation = Operation::named(rpc)?;
        Some(Self {
            rpc,
            operation,
            scope,
            run,
        })
    }
}

/// Of a message that was checked by its description, which is read less strictly in maps than our types read it.
fn unread(name: &str, error: &prost::DecodeError) -> ApiError {
    ApiError::invalid_argument(format!("The request is not a {name}: {error}."))
}

/// One row a method: its name, its request with the field that names the resource and the kind of that name, its scope,
/// and what answers it. That is a function of the call (`of_call`) where headers matter, else of the request.
macro_rules! methods {
    ($($rpc:ident($request:ident: $($field:ident).+ is $name:ident) needs $scope:ident => { $($run:tt)+ })*) => {
        static METHODS: LazyLock<Vec<Method>> = LazyLock::new(|| {
            let rows = [$(
                Method::new(stringify!($rpc), Scope::$scope, |call, request| Box::pin(async move {
                    let request = v1::$request::decode(request).map_err(|error| unread(stringify!($request), &error))?;
                    // Moved from step to step, and large: the future has no room for it.
                    let request = Box::new(request);
                    let project = call.project::<names::$name>(methods!(@name request, $($field).+))?;
                    methods!(@run call, project, request, $($run)+)
                })),
            )*];
            rows.into_iter().flatten().collect()
        });
    };
    (@name $request:ident, $field:ident) => { &$request.$field };
    (@name $request:ident, $outer:ident.$field:ident) => {
        $request.$outer.as_ref().map_or("", |inner| &inner.$field)
    };
    (@run $call:ident, $project:ident, $request:ident, of_call $run:path) => {
        $run($call, $project, $request).await
    };
    (@run $call:ident, $project:ident, $request:ident, $run:path) => {
        $call.write(&$run($call.verifier, &$project, *$request).await?)
    };
}

methods! {
    CreateAssessment(CreateAssessmentRequest: parent is ProjectName) needs Create
        => { of_call assessments::create }
    AnnotateAssessment(AnnotateAssessmentRequest: name is AssessmentName) needs Annotate
        => { of_call assessments::annotate }

    CreateKey(CreateKeyRequest: parent is ProjectName) needs KeysWrite
        => { keys::create_key }
    ListKeys(ListKeysRequest: parent is ProjectName) needs KeysRead
        => { keys::list_keys }
    GetKey(GetKeyRequest: name is KeyName) needs KeysRead
        => { keys::get_key }
    UpdateKey(UpdateKeyRequest: key.name is KeyName) needs KeysWrite
        => { keys::update_key }
    DeleteKey(DeleteKeyRequest: name is KeyName) needs KeysWrite
        => { keys::delete_key }
    MigrateKey(MigrateKeyRequest: name is KeyName) needs KeysWrite
        => { keys::migrate_key }
    RetrieveLegacySecretKey(RetrieveLegacySecretKeyRequest: key is KeyName) needs LegacySecretsRead
        => { keys::retrieve_legacy_secret_key }

    AddIpOverride(AddIpOverrideRequest: name is KeyName) needs KeysWrite
        => { ip_overrides::add_ip_override }
    RemoveIpOverride(RemoveIpOverrideRequest: name is KeyName) needs KeysWrite
        => { ip_overrides::remove_ip_override }
    ListIpOverrides(ListIpOverridesRequest: parent is KeyName) needs KeysRead
        => { ip_overrides::list_ip_overrides }

    GetMetrics(GetMetricsRequest: name is MetricsName) needs MetricsRead
        => { metrics::get_metrics }

    GetPolicy(GetPolicyRequest: name is PolicyName) needs PoliciesRead
        => { policies::get_policy }
    UpdatePolicy(UpdatePolicyRequest: policy.name is PolicyName) needs PoliciesWrite
        => { policies::update_policy }

    CreateFirewallPolicy(CreateFirewallPolicyRequest: parent is ProjectName) needs FirewallPoliciesWrite
        => { firewall_policies::create_firewall_policy }
    ListFirewallPolicies(ListFirewallPoliciesRequest: parent is ProjectName) needs FirewallPoliciesRead
        => { firewall_policies::list_firewall_policies }
    GetFirewallPolicy(GetFirewallPolicyRequest: name is FirewallPolicyName) needs FirewallPoliciesRead
        => { firewall_policies::get_firewall_policy }
    UpdateFirewallPolicy(UpdateFirewallPolicyRequest: firewall_policy.name is FirewallPolicyName) needs FirewallPoliciesWrite
        => { firewall_policies::update_firewall_policy }
    DeleteFirewallPolicy(DeleteFirewallPolicyRequest: name is FirewallPolicyName) needs FirewallPoliciesWrite
        => { firewall_policies::delete_firewall_policy }
    ReorderFirewallPolicies(ReorderFirewallPoliciesRequest: parent is ProjectName) needs FirewallPoliciesWrite
        => { firewall_policies::reorder_firewall_policies }

    ListRelatedAccountGroups(ListRelatedAccountGroupsRequest: parent is ProjectName) needs RelatedAccountGroupsRead
        => { related_accounts::list_related_account_groups }
    ListRelatedAccountGroupMemberships(
        ListRelatedAccountGroupMembershipsRequest: parent is RelatedAccountGroupName
    ) needs RelatedAccountGroupsRead
        => { related_accounts::list_related_account_group_memberships }
    SearchRelatedAccountGroupMemberships(
        SearchRelatedAccountGroupMembershipsRequest: project is ProjectName
    ) needs RelatedAccountGroupsRead
        => { related_accounts::search_related_account_group_memberships }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_of_the_service_has_its_row() {
        for operation in Operation::all() {
            assert!(
                Method::named(operation.rpc()).is_some(),
                "{}",
                operation.rpc()
            );
        }
        assert_eq!(METHODS.len(), Operation::all().len());
    }
}
