//! The table of all methods: what each asks of its caller, and who answers it.

use std::{future::Future, pin::Pin, sync::LazyLock};

use prost::Message as _;
use touchstone_api::{ApiError, Operation, names, v1};

use super::{Call, Reply, assessments};
use crate::{keys::Scope, steps::StepError};

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

/// One row a method: its name, its request with the field that names the resource and the kind of that name, its scope,
/// and what answers it. That is a function of the call (`of_call`) where headers matter, else of the request.
macro_rules! methods {
    ($($rpc:ident($request:ident: $($field:ident).+ is $name:ident) needs $scope:ident => { $($run:tt)+ })*) => {
        static METHODS: LazyLock<Vec<Method>> = LazyLock::new(|| {
            let rows = [$(
                Method::new(stringify!($rpc), Scope::$scope, |call, request| Box::pin(async move {
                    let request = v1::$request::decode(request).map_err(|_| ApiError::internal())?;
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
    (@run $call:ident, $project:ident, $request:ident, unimplemented) => {{
        let _ = ($project, $request);
        Err(ApiError::new(touchstone_api::Code::Unimplemented, $call.method.rpc).into())
    }};
    (@run $call:ident, $project:ident, $request:ident, $run:path) => {
        $call.write(&$run($call.verifier, &$project, $request).await?)
    };
}

methods! {
    CreateAssessment(CreateAssessmentRequest: parent is ProjectName) needs Create => { of_call assessments::create }
    AnnotateAssessment(AnnotateAssessmentRequest: name is AssessmentName) needs Annotate => { of_call assessments::annotate }

    CreateKey(CreateKeyRequest: parent is ProjectName) needs KeysWrite => { unimplemented }
    ListKeys(ListKeysRequest: parent is ProjectName) needs KeysRead => { unimplemented }
    GetKey(GetKeyRequest: name is KeyName) needs KeysRead => { unimplemented }
    UpdateKey(UpdateKeyRequest: key.name is KeyName) needs KeysWrite => { unimplemented }
    DeleteKey(DeleteKeyRequest: name is KeyName) needs KeysWrite => { unimplemented }
    MigrateKey(MigrateKeyRequest: name is KeyName) needs KeysWrite => { unimplemented }
    RetrieveLegacySecretKey(RetrieveLegacySecretKeyRequest: key is KeyName) needs LegacySecretsRead => { unimplemented }

    AddIpOverride(AddIpOverrideRequest: name is KeyName) needs KeysWrite => { unimplemented }
    RemoveIpOverride(RemoveIpOverrideRequest: name is KeyName) needs KeysWrite => { unimplemented }
    ListIpOverrides(ListIpOverridesRequest: parent is KeyName) needs KeysRead => { unimplemented }

    GetMetrics(GetMetricsRequest: name is MetricsName) needs MetricsRead => { unimplemented }

    GetPolicy(GetPolicyRequest: name is PolicyName) needs PoliciesRead => { unimplemented }
    UpdatePolicy(UpdatePolicyRequest: policy.name is PolicyName) needs PoliciesWrite => { unimplemented }

    CreateFirewallPolicy(CreateFirewallPolicyRequest: parent is ProjectName) needs FirewallPoliciesWrite => { unimplemented }
    ListFirewallPolicies(ListFirewallPoliciesRequest: parent is ProjectName) needs FirewallPoliciesRead => { unimplemented }
    GetFirewallPolicy(GetFirewallPolicyRequest: name is FirewallPolicyName) needs FirewallPoliciesRead => { unimplemented }
    UpdateFirewallPolicy(UpdateFirewallPolicyRequest: firewall_policy.name is FirewallPolicyName) needs FirewallPoliciesWrite
        => { unimplemented }
    DeleteFirewallPolicy(DeleteFirewallPolicyRequest: name is FirewallPolicyName) needs FirewallPoliciesWrite
        => { unimplemented }
    ReorderFirewallPolicies(ReorderFirewallPoliciesRequest: parent is ProjectName) needs FirewallPoliciesWrite
        => { unimplemented }

    ListRelatedAccountGroups(ListRelatedAccountGroupsRequest: parent is ProjectName) needs RelatedAccountGroupsRead
        => { unimplemented }
    ListRelatedAccountGroupMemberships(
        ListRelatedAccountGroupMembershipsRequest: parent is RelatedAccountGroupName
    ) needs RelatedAccountGroupsRead => { unimplemented }
    SearchRelatedAccountGroupMemberships(
        SearchRelatedAccountGroupMembershipsRequest: project is ProjectName
    ) needs RelatedAccountGroupsRead => { unimplemented }
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
