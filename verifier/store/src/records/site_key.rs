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
    /// The other settings, in the caller's encoding; empty for none.
    pub settings: Vec<u8>,
    /// The policy of a [`Integration::Universal`] key without its domains, in the caller's encoding; empty for none.
    pub policy: Vec<u8>,
    /// The legacy `siteverify` secret, sealed: it can be shown again, but not from the store alone.
    pub sealed_secret: Vec<u8>,
    /// The keyed hash by which the key is found when `siteverify` presents its secret.
    pub secret_hash: SecretHash,
    /// When it was made.
    pub created_at: Millis,
    /// How often it was changed: two changes made from the same reading must not undo each other.
    pub revision: u32,
}

/// How a site key is used.
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
    /// In back ends, without a token.
    Express,
    /// Everywhere, steered by the key's policy.
    Universal,
    /// In Android applications.
    Android,
    /// In iOS applications.
    Ios,
}
