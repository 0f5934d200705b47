use ipnet::IpNet;

/// Addresses of visitors whose valid tokens get a verdict that was given beforehand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IpOverride {
    /// The addresses; a single one is a net of full length. Bits behind the prefix are zero.
    pub net: IpNet,
    /// The verdict.
    pub verdict: Verdict,
}

/// What is answered for an overridden address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// As for a person.
    Allow,
}

/// Overrides of one site key at most.
pub const MAX_IP_OVERRIDES: u32 = 1_000;
