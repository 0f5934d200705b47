use crate::{FirewallPolicyId, ProjectId};

/// A firewall policy of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirewallPolicy {
    /// Its id within the project.
    pub id: FirewallPolicyId,
    /// The project that it belongs to.
    pub project: ProjectId,
    /// Its place in the order in which policies are tried: lower ones first, with gaps.
    pub position: u32,
    /// What it says, in the caller's encoding.
    pub policy: Vec<u8>,
    /// How often it was changed; see [`SiteKey::revision`](crate::SiteKey::revision).
    pub revision: u32,
}

/// Firewall policies of one project at most.
pub const MAX_FIREWALL_POLICIES: u32 = 1_000;
