use crate::{ApiKeyHash, ApiKeyId, Millis, ProjectId};

/// An API key as it is stored: never the key itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// The public id.
    pub id: ApiKeyId,
    /// The one project that the key opens.
    pub project: ProjectId,
    /// What the operator called it.
    pub name: String,
    /// The keyed hash by which a presented key is found.
    pub hash: ApiKeyHash,
    /// What the key may do, such as `assessments.create`.
    pub scopes: Vec<String>,
    /// When it was made.
    pub created_at: Millis,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Millis>,
}
