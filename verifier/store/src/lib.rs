//! What Touchstone remembers, behind typed operations: site keys with their overrides, policies and counts, API keys, spent
//! tokens, assessments with their annotations, and the first answers of idempotent requests.
//!
//! - [`Store`] is the one trait that the rest of the verifier knows. No SQL, no Redis command leaves this crate.
//! - [`sqlite::SqliteStore`] keeps everything in one file. Use it for one machine; it is the default.
//! - [`redis::RedisStore`] keeps everything in Redis or Valkey. Use it for many machines.
//! - `conformance` (feature of the same name) is the suite that every backend passes.
//!
//! There is no clock in here and no randomness: the time comes in as [`Millis`], ids come from the caller.
//!
//! # A token opens once
//!
//! The promise that everything else leans on: of all calls of [`Store::assess`] that spend one [`TokenId`], exactly one
//! is answered [`Outcome::First`], whatever runs at the same time, crashes, or is pruned. Three things carry it:
//!
//! 1. The spent mark is inserted if absent, in the same transaction as the record, and is on the disk before the
//!    caller hears of it.
//! 2. A mark is kept for [`SPENT_MARK_LIFE_MS`], counted from the time inside the token id, longer than any token with
//!    that id can be valid.
//! 3. Whenever marks are removed, the persisted low-water mark rises past them in the same transaction; an id older
//!    than the low-water mark counts as spent. A new store starts with its creation time as the mark, so that an
//!    emptied disk does not revive tokens.

mod error;
mod ids;
mod operations;
mod records;
pub mod redis;
pub mod sqlite;
mod time;

#[cfg(any(test, feature = "conformance"))]
pub mod conformance;

use async_trait::async_trait;

pub use error::StoreError;
pub use ids::{
    AccountHash, ApiKeyHash, ApiKeyId, AssessmentId, FirewallPolicyId, GroupId, IdempotencyKey,
    InvalidId, ProjectId, RelatedAccountId, RequestHash, SecretHash, SiteKeyId, TokenId,
};
pub use records::{
    AccountMark, Annotation, ApiKey, Assessment, AssessmentRecord, ChallengeCounts,
    ChallengeOutcome, CodeKept, Counts, FactorId, FactorState, FirewallPolicy, FirstAnswer,
    Forgotten, GroupStanding, Guess, Idempotency, Integration, IpOverride, KeptProfile, KeptSketch,
    LATELY_MS, MAX_ANNOTATIONS, MAX_COUNTED_ACTIONS, MAX_FIREWALL_POLICIES, MAX_GROUP_MEMBERS,
    MAX_IDENTIFIERS, MAX_IP_OVERRIDES, MAX_MESSAGE_BYTES, MAX_PROFILE_BYTES, MAX_PROVED,
    MAX_RELATED_NAME_BYTES, MAX_SKETCH_BYTES, MAX_VISIT_BYTES, MAX_WAITING_MESSAGES, Member,
    NewAssessment, NewCode, NewProfile, NewRelation, Outcome, PROVED_LIFE_MS, Proved, Pruned,
    Quota, Revision, ScoreCount, SharedIdentifier, SiteKey, Spend, Verdict, WaitingMessage,
};
pub use time::{
    COUNT_LIFE_DAYS, Day, FIRST_ANSWER_LIFE_MS, Millis, SPENT_MARK_LIFE_MS, TAKEN_LIFE_MS,
};

/// The typed operations of a backend.
///
/// Every write that was answered with `Ok` is durable: it survives a crash of the process, and of the machine as far
/// as the backend was told to (see the options of each). A future that is dropped before it resolves leaves it open
/// whether its write happened.
///
/// All operations may fail with [`StoreError::Overloaded`] or [`StoreError::Unavailable`]; only further errors are
/// named below.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Keeps a new site key.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] when its id or its secret hash is taken.
    async fn create_site_key(&self, key: SiteKey) -> Result<(), StoreError>;

    /// The site key with this id, of whichever project. Keys made by another process are found.
    async fn site_key(&self, id: &SiteKeyId) -> Result<Option<SiteKey>, StoreError>;

    /// The site key whose legacy `siteverify` secret has this keyed hash.
    async fn site_key_by_secret(&self, hash: &SecretHash) -> Result<Option<SiteKey>, StoreError>;

    /// Up to `limit` site keys in the order of their ids, of one project or of all, beginning behind `after`.
    async fn site_keys(
        &self,
        project: Option<&ProjectId>,
        after: Option<&SiteKeyId>,
        limit: u32,
    ) -> Result<Vec<SiteKey>, StoreError>;

    /// Writes the settings of a site key: everything but id, project, secret and time of making. `false` when the project has no
    /// such key, or when its revision is not the given one any more: another change came in between. The stored revision
    /// becomes the next.
    async fn update_site_key(&self, key: SiteKey) -> Result<bool, StoreError>;

    /// Deletes a site key with its overrides and counts; `false` when this project has no such key. Its assessments stay
    /// until they are pruned.
    async fn delete_site_key(
        &self,
        project: &ProjectId,
        id: &SiteKeyId,
    ) -> Result<bool, StoreError>;

    /// Adds an override; `false` when there is no such site key.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] when it shares an address with another override of the key; [`StoreError::Full`] when
    /// the key has [`MAX_IP_OVERRIDES`].
    async fn add_ip_override(&self, key: &SiteKeyId, new: IpOverride) -> Result<bool, StoreError>;

    /// Removes an override; `false` when the key has none that is equal.
    async fn remove_ip_override(
        &self,
        key: &SiteKeyId,
        old: IpOverride,
    ) -> Result<bool, StoreError>;

    /// All overrides of a site key by address, those of IPv4 where IPv6 maps them.
    async fn ip_overrides(&self, key: &SiteKeyId) -> Result<Vec<IpOverride>, StoreError>;

    /// Keeps a new firewall policy, to be tried behind those that the project has.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] when its id is taken; [`StoreError::Full`] when the project has
    /// [`MAX_FIREWALL_POLICIES`].
    async fn create_firewall_policy(
        &self,
        project: &ProjectId,
        id: &FirewallPolicyId,
        policy: Vec<u8>,
    ) -> Result<(), StoreError>;

    /// All firewall policies of a project in the order in which they are tried.
    async fn firewall_policies(
        &self,
        project: &ProjectId,
    ) -> Result<Vec<FirewallPolicy>, StoreError>;

    /// Writes what a firewall policy says. `false` when the project has no such policy, or when its revision is not the given
    /// one any more. The stored revision becomes the next; the position stays.
    async fn update_firewall_policy(&self, changed: FirewallPolicy) -> Result<bool, StoreError>;

    /// Deletes a firewall policy; `false` when this project has no such policy.
    async fn delete_firewall_policy(
        &self,
        project: &ProjectId,
        id: &FirewallPolicyId,
    ) -> Result<bool, StoreError>;

    /// Sets the order in which the project's firewall policies are tried; `false`, and no change, unless `order` names each of
    /// them exactly once.
    async fn reorder_firewall_policies(
        &self,
        project: &ProjectId,
        order: Vec<FirewallPolicyId>,
    ) -> Result<bool, StoreError>;

    /// Adds to the counts of challenges of a site key's day.
    async fn count_challenges(
        &self,
        key: &SiteKeyId,
        day: Day,
        more: ChallengeCounts,
    ) -> Result<(), StoreError>;

    /// What was counted of a site key on the days that are remembered.
    async fn counts(&self, key: &SiteKeyId) -> Result<Counts, StoreError>;

    /// Keeps a new API key.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] when its id or its hash is taken.
    async fn create_api_key(&self, key: ApiKey) -> Result<(), StoreError>;

    /// The API key with this keyed hash, unless it is unknown or revoked: a caller that forgets to look at
    /// `revoked_at` must not let a revoked key in.
    async fn api_key_by_hash(&self, hash: &ApiKeyHash) -> Result<Option<ApiKey>, StoreError>;

    /// All API keys of a project in the order of their ids, the revoked ones too.
    async fn api_keys(&self, project: &ProjectId) -> Result<Vec<ApiKey>, StoreError>;

    /// Revokes an API key; `false` when it is unknown or was revoked before (the first time stays).
    async fn revoke_api_key(&self, id: &ApiKeyId, now: Millis) -> Result<bool, StoreError>;

    /// Spends the token, records and counts the assessment, and keeps the sketch and the answer for a repeated request: all or
    /// nothing. The sketch of a token that was spent before is not kept. For the profile of the account see
    /// [`NewAssessment::profile`].
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] when an assessment has the record's id; nothing is spent then.
    /// [`StoreError::Rejected`] when the record breaks a bound, such as a score outside 0.0 to 1.0, or the sketch is larger
    /// than [`MAX_SKETCH_BYTES`], the profile than [`MAX_PROFILE_BYTES`], or a visit than [`MAX_VISIT_BYTES`].
    async fn assess(&self, new: NewAssessment) -> Result<Outcome, StoreError>;

    /// The answer kept for this idempotency key, while it is younger than [`FIRST_ANSWER_LIFE_MS`].
    ///
    /// Lets a caller answer a repeated request without scoring it again. It does not replace the check inside
    /// [`Store::assess`], which alone sees two requests that arrive together.
    async fn first_answer(
        &self,
        key: &IdempotencyKey,
        now: Millis,
    ) -> Result<Option<FirstAnswer>, StoreError>;

    /// Adds an annotation; `false` when this project has no such assessment. The newest [`MAX_ANNOTATIONS`] are kept.
    async fn annotate(
        &self,
        project: &ProjectId,
        id: &AssessmentId,
        annotation: Annotation,
    ) -> Result<bool, StoreError>;

    /// An assessment of this project with its annotations.
    async fn assessment(
        &self,
        project: &ProjectId,
        id: &AssessmentId,
    ) -> Result<Option<Assessment>, StoreError>;

    /// An account's profile.
    async fn profile(&self, account: &AccountHash) -> Result<Option<KeptProfile>, StoreError>;

    /// Writes a profile over the one that it was made from; `false`, and no change, when the account has another by now, or
    /// none any more: read it again. Its revision is [`Revision::next`].
    ///
    /// # Errors
    /// [`StoreError::Rejected`] when it is larger than [`MAX_PROFILE_BYTES`].
    async fn write_profile(&self, new: NewProfile, now: Millis) -> Result<bool, StoreError>;

    /// Removes the profiles that were written last before `before`. Answers how many. Works in bounded steps, as
    /// [`Store::prune`] does.
    async fn prune_profiles(&self, before: Millis) -> Result<u64, StoreError>;

    /// Erases an account: its profile, and its hash and visits from all assessments and annotations. Looks through all of them,
    /// in bounded steps between which other calls pass, so it may take minutes in a large store. What is assessed at the same
    /// time may keep the account: to be called again, or once the account is no longer in use.
    async fn forget_account(&self, account: &AccountHash) -> Result<Forgotten, StoreError>;

    /// Up to `limit` sketches in the order in which they were kept, of those kept since `since`, beginning behind number
    /// `after` (0 for the first).
    async fn sketches(
        &self,
        after: u64,
        since: Millis,
        limit: u32,
    ) -> Result<Vec<KeptSketch>, StoreError>;

    /// Removes the sketches kept before `before`, and of the others all but the newest `most`. Answers how many. Works in
    /// bounded steps, as [`Store::prune`] does.
    async fn prune_sketches(&self, before: Millis, most: u64) -> Result<u64, StoreError>;

    /// Relates an account to those that share an identifier with it, and answers how its group stands; none for an account that
    /// is related to nobody.
    ///
    /// A group is a connected component of accounts and identifiers, whatever the order in which they came, within
    /// [`MAX_GROUP_MEMBERS`] and [`MAX_IDENTIFIERS`]. When groups become one, the older one's id stays, and the other ids are
    /// gone. An identifier that more accounts have than it may link is common: it links nobody any more, and the group
    /// that it held together falls into the parts that are left, of which the largest keeps the id. The work is bounded by the
    /// sizes of a group and of an identifier, and there is none to write for what was told before.
    ///
    /// # Errors
    /// [`StoreError::Rejected`] for a name larger than [`MAX_RELATED_NAME_BYTES`].
    async fn relate(&self, new: NewRelation) -> Result<Option<GroupStanding>, StoreError>;

    /// Up to `limit` of a project's groups in the order of their ids, beginning behind `after`.
    async fn related_groups(
        &self,
        project: &ProjectId,
        after: Option<GroupId>,
        limit: u32,
    ) -> Result<Vec<GroupId>, StoreError>;

    /// Up to `limit` members of a group in the order of their ids, beginning behind `after`; none when this project has no such
    /// group.
    async fn group_members(
        &self,
        project: &ProjectId,
        group: GroupId,
        after: Option<RelatedAccountId>,
        limit: u32,
    ) -> Result<Option<Vec<Member>>, StoreError>;

    /// The group of an account, if it is related to others.
    async fn group_of(
        &self,
        project: &ProjectId,
        account: RelatedAccountId,
    ) -> Result<Option<GroupId>, StoreError>;

    /// Forgets an account's name, identifiers and membership; `false` when nothing was known of it. A group that only this
    /// account held together falls apart, as in [`Store::relate`]; `fresh` is a random id for the parts.
    async fn forget_relations(
        &self,
        project: &ProjectId,
        account: RelatedAccountId,
        fresh: GroupId,
    ) -> Result<bool, StoreError>;

    /// Forgets some of the accounts, and of the common identifiers, that were last seen before `before`, as
    /// [`Store::forget_relations`] does. Answers how many: call it again, with another `fresh`, until there are none. "Seen" is
    /// written once a day, so `before` should be some days ago.
    async fn prune_relations(&self, before: Millis, fresh: GroupId) -> Result<u64, StoreError>;

    /// Takes an id that may be taken once: `true` for the first caller, whatever runs at the same time.
    ///
    /// It is remembered for [`TAKEN_LIFE_MS`] from `now`. What an id stands for must be refused by its own time before that: unlike
    /// spent tokens, ids have no low-water mark.
    async fn take_once(&self, id: [u8; 16], now: Millis) -> Result<bool, StoreError>;

    /// Keeps the code that is about to be sent for a challenge of the second factor, which begins with the first one. The code before
    /// it is void from then on; guesses that were used stay used.
    async fn keep_code(&self, new: NewCode, now: Millis) -> Result<CodeKept, StoreError>;

    /// The challenge's code could not be sent: the next one may be at once. Guesses that were used stay used.
    async fn unsend_code(&self, id: &FactorId) -> Result<(), StoreError>;

    /// A challenge that has a code and guesses left, and was not met.
    async fn factor(&self, id: &FactorId, now: Millis) -> Result<Option<FactorState>, StoreError>;

    /// Uses up a guess, and tells what to compare it with. Of guesses at once, none comes free: each is counted before anything is
    /// told.
    async fn guess_code(&self, id: &FactorId, now: Millis) -> Result<Guess, StoreError>;

    /// Notes that the right code was typed: the challenge is met, and the address proved for its account. `true` for the first call
    /// alone, and while the challenge is not over. `by` names who typed it, so that who lost the answer may be told again.
    async fn prove(
        &self,
        id: &FactorId,
        address: [u8; 32],
        by: [u8; 16],
        now: Millis,
    ) -> Result<bool, StoreError>;

    /// The addresses proved for an account within [`PROVED_LIFE_MS`], the newest first, at most [`MAX_PROVED`].
    async fn proved(&self, account: &[u8; 32], now: Millis) -> Result<Vec<Proved>, StoreError>;

    /// Forgets all that is known of an account's second factor; `false` where there is nothing. Quotas, which are counted under hashes
    /// of their own, end by themselves within a day.
    async fn forget_factors(&self, account: &[u8; 32]) -> Result<bool, StoreError>;

    /// Counts that something happens, in each of its quotas. Where one is used up, answers its place, the first there is; then it must
    /// not happen, though quotas before that one may have counted it.
    async fn use_quotas(
        &self,
        quotas: Vec<Quota>,
        now: Millis,
    ) -> Result<Option<usize>, StoreError>;

    /// Keeps a message that is to be sent from `due_at` on, in place of one with its id.
    ///
    /// # Errors
    /// [`StoreError::Full`] when [`MAX_WAITING_MESSAGES`] wait; [`StoreError::Rejected`] when it is larger than [`MAX_MESSAGE_BYTES`].
    async fn queue_message(
        &self,
        message: WaitingMessage,
        due_at: Millis,
    ) -> Result<(), StoreError>;

    /// Up to `limit` messages that are due, for the caller alone to send: nobody else gets them for `lease_ms`. Those that are dead are
    /// removed.
    async fn claim_messages(
        &self,
        now: Millis,
        lease_ms: u64,
        limit: u32,
    ) -> Result<Vec<WaitingMessage>, StoreError>;

    /// Sets when a message is due again; `false` when it is gone.
    async fn postpone_message(&self, id: [u8; 16], due_at: Millis) -> Result<bool, StoreError>;

    /// Removes a message; `false` when it is gone.
    async fn drop_message(&self, id: [u8; 16]) -> Result<bool, StoreError>;

    /// The time before which no token is valid; see [the crate's front page](crate#a-token-opens-once).
    async fn low_water_mark(&self) -> Result<Millis, StoreError>;

    /// Raises the low-water mark to `to`; never lowers it, except from [`Millis::NEVER`]. For a restore from a backup, which has forgotten the tokens
    /// spent since: call it with the time of the restore.
    async fn raise_low_water_mark(&self, to: Millis) -> Result<(), StoreError>;

    /// Removes what is over: spent marks after [`SPENT_MARK_LIFE_MS`], first answers after [`FIRST_ANSWER_LIFE_MS`],
    /// taken ids after [`TAKEN_LIFE_MS`], what the second factor leaves behind,
    /// assessments created more than `retention_ms` before `now`, with their annotations; counts after [`COUNT_LIFE_DAYS`].
    ///
    /// Works in bounded steps, between which other writes pass. A failure in the middle leaves the finished steps.
    async fn prune(&self, now: Millis, retention_ms: u64) -> Result<Pruned, StoreError>;

    /// Proves that a write the size of an assessment reaches the disk now. For a readiness probe: it costs one commit.
    async fn health(&self) -> Result<(), StoreError>;

    /// Finishes the writes already accepted, then lets go of the files. Later operations are
    /// [`StoreError::Unavailable`]. Dropping the store does the same, blocking the thread that drops it.
    async fn close(&self);
}
