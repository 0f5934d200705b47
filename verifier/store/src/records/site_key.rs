use crate::{Millis, ProjectId, SecretHash, SiteKeyId};

/// A site key with its settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteKey {
    /// The key as it stands in the page.
    pub id: SiteKeyId,
    /// The project that it belongs to.
    pub project: ProjectId,
    /// What the operator called it.
    pub display_name: String,
    /// How pages use it.
    pub integration: Integration,
    /// Whether every hostname is accepted; `domains` is then without effect.
    pub allow_all_domains: bool,
    /// Hostnames on which the key works.
    pub domains: Vec<String>,
    /// The legacy `siteverify` secret, sealed: it can be shown again, but not from the store alone.
    pub sealed_secret: Vec<u8>,
    /// The keyed hash by which the key is found when `siteverify` presents its secret.
    pub secret_hash: SecretHash,
    /// When it was made.
    pub created_at: Millis,
}

/// How a page uses a site key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Integration {
    /// Scores, without anything to see.
    Score,
    /// A checkbox in the page.
    Checkbox,
    /// A challenge without a checkbox, bound to a button or to a call.
    Invisible,
    /// A challenge when the score is below the threshold of the action.
    Policy,
}
