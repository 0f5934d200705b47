//! Conditions and paths of policies: text that an operator wrote, checked once, then asked many times.
//!
//! - A firewall policy applies where its [`FirewallPath`] matches (paths in their [`normal_path`] form) and its [`Condition<Firewall>`](Condition) holds.
//! - A challenge rule applies where its [`Condition<Challenge>`](Condition) holds.
//! - A protected endpoint is a [`ProtectedPath`].
//! - To judge a policy before it is kept: [`check_firewall_policy`], [`check_challenge_condition`],
//!   [`check_protected_path`].
//!
//! A condition is an expression of the [Common Expression Language](https://cel.dev). The library `cel` reads it; what it
//! read is then checked against the vocabulary and becomes a small tree of typed terms. So a condition that was accepted
//! cannot fail: every name is known, every comparison is between like things, regular expressions are compiled. Nothing in
//! it repeats (macros such as `all` and `map` are refused), so asking takes time in proportion to its length alone.
//!
//! A crate without clock, store or anything of ours: what is asked comes in as [`FirewallFacts`] or [`ChallengeFacts`].

mod check;
mod condition;
mod firewall_path;
mod normal_path;
mod policy;
mod protected_path;
mod term;
mod vocabulary;

pub use condition::{Condition, ConditionError, MAX_CONDITION_CHARS};
pub use firewall_path::{FirewallPath, PathError};
pub use normal_path::normal_path;
pub use policy::{
    FirewallPolicyError, check_challenge_condition, check_firewall_policy, check_protected_path,
};
pub use protected_path::{ProtectedPath, ProtectedPathError};
pub use vocabulary::{
    AssessmentType, Challenge, ChallengeFacts, Firewall, FirewallFacts, Kind, Value, Vocabulary,
};

/// Paths have at most this many characters, as globs.
pub const MAX_PATH_CHARS: usize = 200;
