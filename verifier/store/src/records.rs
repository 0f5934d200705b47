//! The records, one file a kind. They hold what is stored and nothing that is computed from it.

mod account;
mod api_key;
mod assessment;
mod counts;
mod factor;
mod firewall_policy;
mod ip_override;
mod relation;
mod site_key;
mod sketch;

pub use account::{
    AccountMark, Forgotten, KeptProfile, MAX_PROFILE_BYTES, MAX_VISIT_BYTES, NewProfile, Revision,
};
pub use api_key::ApiKey;
pub use assessment::{
    Annotation, Assessment, AssessmentRecord, FirstAnswer, Idempotency, MAX_ANNOTATIONS,
    NewAssessment, Outcome, Pruned, Spend,
};
pub use counts::{ChallengeCounts, ChallengeOutcome, Counts, MAX_COUNTED_ACTIONS, ScoreCount};
pub use factor::{
    CodeKept, FactorId, FactorState, Guess, MAX_MESSAGE_BYTES, MAX_PROVED, MAX_WAITING_MESSAGES,
    NewCode, PROVED_LIFE_MS, Proved, Quota, WaitingMessage,
};
pub use firewall_policy::{FirewallPolicy, MAX_FIREWALL_POLICIES};
pub use ip_override::{IpOverride, MAX_IP_OVERRIDES, Verdict};
pub use relation::{
    GroupStanding, LATELY_MS, MAX_GROUP_MEMBERS, MAX_IDENTIFIERS, MAX_RELATED_NAME_BYTES, Member,
    NewRelation, SharedIdentifier,
};
pub use site_key::{Integration, SiteKey};
pub use sketch::{KeptSketch, MAX_SKETCH_BYTES};
