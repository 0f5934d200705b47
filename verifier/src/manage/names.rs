//! Resource names in requests.

use std::{fmt::Display, str::FromStr};

use touchstone_api::{
    ApiError,
    names::{KeyName, MetricsName, NameError, PolicyName, ProjectName},
};
use touchstone_store::{ProjectId, SiteKey};

use super::StepError;
use crate::Verifier;

/// A name of its kind, else a refusal that says which field does not hold one.
pub(super) fn named<N: FromStr<Err = NameError>>(text: &str, field: &str) -> Result<N, ApiError> {
    text.parse()
        .map_err(|error: NameError| ApiError::invalid_field(field, error.to_string()))
}

/// The name of a project that must be the caller's.
pub(super) fn check_project(project: &ProjectId, name: &str, field: &str) -> Result<(), ApiError> {
    let parent: ProjectName = named(name, field)?;
    match parent.project().as_str() == project.as_str() {
        true => Ok(()),
        false => Err(ApiError::not_found(name)),
    }
}

/// A site key of the caller's project, as it is stored now, by the name of the key or of a resource below it. What is of another
/// project does not exist for the caller, and neither does what cannot be a site key.
pub(super) async fn stored_key(
    verifier: &Verifier,
    project: &ProjectId,
    name: &impl OfKey,
) -> Result<SiteKey, StepError> {
    let id = name.key().parse().ok();
    let found = match id.filter(|_| name.project() == project.as_str()) {
        Some(id) => verifier.store.site_key(&id).await?,
        None => None,
    };
    let own = found.filter(|key| key.project == *project);
    own.ok_or_else(|| ApiError::not_found(&name.to_string()).into())
}

/// The name of a site key, or of what belongs to it.
pub(super) trait OfKey: Display {
    /// The project in it.
    fn project(&self) -> &str;
    /// The site key in it.
    fn key(&self) -> &str;
}

macro_rules! of_key {
    ($($name:ident),*) => {$(
        impl OfKey for $name {
            fn project(&self) -> &str {
                $name::project(self).as_str()
            }

            fn key(&self) -> &str {
                $name::key(self)
            }
        }
    )*};
}
of_key!(KeyName, MetricsName, PolicyName);
