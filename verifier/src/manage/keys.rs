//! Site keys.

use touchstone_api::{ApiError, mask, names::KeyName, v1};
use touchstone_store::{ProjectId, SiteKey, SiteKeyId, StoreError};

use super::{Listing, Page, StepError, check_project, key_rules, named, pages::cut, stored_key};
use crate::{
    Verifier,
    keys::{KnownKey, new_site_key},
};

/// Makes a site key, and with it the secret that the classic verification takes.
///
/// # Errors
/// INVALID_ARGUMENT for settings that do not hold.
pub async fn create_key(
    verifier: &Verifier,
    project: &ProjectId,
    request: v1::CreateKeyRequest,
) -> Result<v1::Key, StepError> {
    check_project(project, &request.parent, "parent")?;
    let settings = key_rules::checked(request.key)?;
    let mut minted = new_site_key(
        &verifier.vault,
        project.clone(),
        String::new(),
        touchstone_store::Integration::Score,
        Vec::new(),
        false,
        verifier.stored_now(),
    )?;
    KnownKey::write(&mut minted.record, settings);
    verifier
        .store
        .create_site_key(minted.record.clone())
        .await?;
    answer(minted.record)
}

/// A page of a project's site keys.
///
/// # Errors
/// INVALID_ARGUMENT for a page that does not exist.
pub async fn list_keys(
    verifier: &Verifier,
    project: &ProjectId,
    request: v1::ListKeysRequest,
) -> Result<v1::ListKeysResponse, StepError> {
    check_project(project, &request.parent, "parent")?;
    let listing = Listing {
        of: format!("keys\0{project}"),
        usual: 10,
        most: 1_000,
    };
    let vault = &verifier.vault;
    let Page { size, after } = listing.page(vault, request.page_size, &request.page_token)?;
    let after: Option<SiteKeyId> = after.and_then(|id| id.parse().ok());
    let limit = size as u32 + 1;
    let keys = verifier
        .store
        .site_keys(Some(project), after.as_ref(), limit)
        .await?;
    let (keys, more) = cut(keys, size);
    let last = keys.last().filter(|_| more);
    Ok(v1::ListKeysResponse {
        next_page_token: last.map_or_else(String::new, |key| listing.token(vault, key.id.as_str())),
        keys: keys.into_iter().map(answer).collect::<Result<_, _>>()?,
    })
}

/// One site key.
///
/// # Errors
/// NOT_FOUND when the project has no such key.
pub async fn get_key(
    verifier: &Verifier,
    project: &ProjectId,
    request: v1::GetKeyRequest,
) -> Result<v1::Key, StepError> {
    let name: KeyName = named(&request.name, "name")?;
    answer(stored_key(verifier, project, &name).await?)
}

/// Changes the fields that the mask names, or all. The key stays what it is: of its platform and of its integration type,
/// which may be left out.
///
/// # Errors
/// NOT_FOUND when the project has no such key; INVALID_ARGUMENT for settings that do not hold; ABORTED when others keep
/// changing the key.
pub async fn update_key(
    verifier: &Verifier,
    project: &ProjectId,
    request: v1::UpdateKeyRequest,
) -> Result<v1::Key, StepError> {
    let update = request.key.unwrap_or_default();
    let name: KeyName = named(&update.name, "key.name")?;
    for _ in 0..TRIES {
        let mut record = stored_key(verifier, project, &name).await?;
        let current = KnownKey::read(record.clone())?.message().clone();
        let mut changed = current.clone();
        mask::apply(&mut changed, &update, request.update_mask.as_ref())?;
        key_rules::keep_integration(&current, &mut changed);
        let settings = key_rules::checked(Some(changed))?;
        key_rules::check_kept(&current, &settings)?;
        KnownKey::write(&mut record, settings);
        if verifier.store.update_site_key(record.clone()).await? {
            verifier.site_keys.forget(&record);
            return answer(record);
        }
    }
    Err(changed_meanwhile())
}

/// Deletes a site key. Pages that use it get no more tokens, and tokens they have are worth nothing.
///
/// # Errors
/// NOT_FOUND when the project has no such key.
pub async fn delete_key(
    verifier: &Verifier,
    project: &ProjectId,
    request: v1::DeleteKeyRequest,
) -> Result<(), StepError> {
    let name: KeyName = named(&request.name, "name")?;
    let record = stored_key(verifier, project, &name).await?;
    if !verifier.store.delete_site_key(project, &record.id).await? {
        return Err(ApiError::not_found(&request.name).into());
    }
    verifier.site_keys.forget(&record);
    Ok(())
}

/// Moves a classic key into a project. Keys of this verifier are in one from the start, so there is nothing to do.
///
/// # Errors
/// NOT_FOUND when the project has no such key.
pub async fn migrate_key(
    verifier: &Verifier,
    project: &ProjectId,
    request: v1::MigrateKeyRequest,
) -> Result<v1::Key, StepError> {
    let name: KeyName = named(&request.name, "name")?;
    answer(stored_key(verifier, project, &name).await?)
}

/// The secret that the classic verification takes for this key.
///
/// # Errors
/// NOT_FOUND when the project has no such key.
pub async fn retrieve_legacy_secret_key(
    verifier: &Verifier,
    project: &ProjectId,
    request: v1::RetrieveLegacySecretKeyRequest,
) -> Result<v1::RetrieveLegacySecretKeyResponse, StepError> {
    let name: KeyName = named(&request.key, "key")?;
    let record = stored_key(verifier, project, &name).await?;
    let secret = verifier.vault.open(&record.sealed_secret);
    let corrupt = |_| StoreError::Corrupt(format!("the secret of site key {}", record.id));
    Ok(v1::RetrieveLegacySecretKeyResponse {
        legacy_secret_key: secret.map_err(corrupt)?,
    })
}

/// The refusal of a change that never found the resource as it had read it.
pub(super) fn changed_meanwhile() -> StepError {
    let what = "Others changed the resource at the same time. Read it again and repeat the change.";
    ApiError::new(touchstone_api::Code::Aborted, what).into()
}

fn answer(record: SiteKey) -> Result<v1::Key, StepError> {
    Ok(KnownKey::read(record)?.message().clone())
}

/// How often a change is tried on the newest reading before the caller is told.
pub(super) const TRIES: u32 = 5;
