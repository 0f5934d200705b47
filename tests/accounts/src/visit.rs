use std::net::IpAddr;

use touchstone_accounts::{Environment, Kind, Millis};

/// One visit to an account, with what nobody can see of it: who it is.
#[derive(Debug, Clone, Copy)]
pub struct Visit {
    /// When.
    pub at_ms: Millis,
    /// Whose account.
    pub account: usize,
    /// What is done.
    pub kind: Kind,
    /// With what.
    pub browser: Browser,
    /// From where.
    pub network: IpAddr,
    /// The bot score.
    pub score: f32,
    /// Whether the password was right; none if none was asked for.
    pub password: Option<bool>,
    /// Whether the account's address is a throw-away one.
    pub is_disposable: bool,
    /// Who it is.
    pub by: By,
}

/// Who visits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The account's owner.
    Owner,
    /// Somebody else, or a person who is none.
    Attacker,
}

/// A browser as it tells of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Browser {
    /// `User-Agent`.
    pub user_agent: &'static str,
    /// `Accept-Language`.
    pub language: &'static str,
    /// In thousandths.
    pub pixel_ratio: u16,
    /// 0 for a mouse alone.
    pub touch_points: u8,
}

impl Browser {
    /// What the account defender sees of it.
    pub fn environment(&self) -> Environment<'static> {
        Environment {
            user_agent: self.user_agent,
            language: self.language,
            pixel_ratio: self.pixel_ratio,
            touch_points: Some(self.touch_points),
            ja4: "",
        }
    }
}

/// FNV-1a, 64 bits: of what nobody chooses against it.
pub fn fnv(bytes: &[u8]) -> u64 {
    let add = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, add)
}
