//! The policy of a Universal key: where it may be used, and when it challenges.

use touchstone_api::{ApiError, Code, mask, names::PolicyName, v1};
use touchstone_store::{Integration, ProjectId, SiteKey};

use super::{
    StepError,
    keys::{TRIES, changed_meanwhile},
    named,
    policy_rules::checked,
    stored_key,
};
use crate::{Verifier, blocking::blocking, keys::KnownKey};

/// The policy of a key; without rules and domains as long as nobody has set it.
///
/// # Errors
/// NOT_FOUND when the project has no such key; FAILED_PRECONDITION when it is no Universal key.
pub async fn get_policy(
    verifier: &Verifier,
    project: &ProjectId,
    request: v1::GetPolicyRequest,
) -> Result<v1::Policy, StepError> {
    let name = named(&request.name, "name")?;
    let record = universal(verifier, project, &name).await?;
    Ok(KnownKey::read(record)?.policy().clone())
}

/// Changes the fields that the mask names, or all.
///
/// # Errors
/// Those of [`get_policy`]; INVALID_ARGUMENT for a policy that does not hold; ABORTED when others keep changing the key.
pub async fn update_policy(
    verifier: &Verifier,
    project: &ProjectId,
    request: v1::UpdatePolicyRequest,
) -> Result<v1::Policy, StepError> {
    let update = request.policy.unwrap_or_default();
    let name = named(&update.name, "policy.name")?;
    for _ in 0..TRIES {
        let mut record = universal(verifier, project, &name).await?;
        let mut changed = KnownKey::read(record.clone())?.policy().clone();
        mask::apply(&mut changed, &update, request.update_mask.as_ref())?;
        KnownKey::write_policy(&mut record, blocking(|| checked(changed)).await??);
        if verifier.store.update_site_key(record.clone()).await? {
            verifier.site_keys.forget(&record);
            return Ok(KnownKey::read(record)?.policy().clone());
        }
    }
    Err(changed_meanwhile())
}

async fn universal(
    verifier: &Verifier,
    project: &ProjectId,
    name: &PolicyName,
) -> Result<SiteKey, StepError> {
    let record = stored_key(verifier, project, name).await?;
    match record.integration {
        Integration::Universal => Ok(record),
        _ => {
            let what = "Only Universal keys have a policy. Create a key with universalSettings.";
            Err(ApiError::new(Code::FailedPrecondition, what).into())
        }
    }
}
