//! Everything in Redis or Valkey, one server or a cluster, for many verifiers at once.
//!
//! ```text
//! operation ──▶ link (attempt, retry, WAIT) ──▶ slot of the record ──▶ script: all or nothing
//! ```
//!
//! # A token opens once, here too
//!
//! - **Atomic**: the mark of a token, its assessment, what is counted with it and its sketch lie in one slot, and one script
//!   writes them. An assessment is one command, so there is one round trip and nothing to wait for in between.
//! - **Beside it**: the profile of an account lies in another slot. It is written while the token is spent, by a command of its
//!   own that a round trip does not wait for; what comes of it changes no outcome. So the visit of a token that turns out to be
//!   spent, and that of a command that is sent twice while another visit comes in between, may count twice.
//! - **Sent twice, done once**: a command whose answer is lost is sent again. The mark holds the attempt that made it; an
//!   attempt that finds its own has spent the token, whichever sending did it. Other writes keep their answer for a minute.
//! - **Not forgotten**: a Redis whose `maxmemory-policy` may evict is refused. A part of a cluster that comes back empty accepts
//!   no token from before.
//!
//! # What an answered write survives
//!
//! What Redis was told to: with `appendfsync always` a crash of its machine, with `everysec` all but the last second, with
//! snapshots alone all but what came after the last one. Replication is asynchronous, so a replica that takes over may lack
//! the last writes, and a token spent in them can be spent again; `wait=N` in the URL answers a write only once N replicas have
//! it, which leaves that window to the loss of them all together. A write without enough replicas is unavailable, not
//! done: for a token that means "perhaps spent".

mod api_keys;
mod assessments;
mod counts;
mod examine;
mod factors;
mod firewall_policies;
mod first_answers;
mod forms;
mod ip_overrides;
mod link;
mod marks;
mod messages;
mod names;
mod notes;
mod open;
mod options;
mod pointers;
mod profiles;
mod prune;
mod relations;
mod scripts;
mod site_keys;
mod sketches;
mod taken;
mod wrapped_keys;

#[cfg(feature = "fuzzing")]
pub mod fuzzing;
#[cfg(test)]
mod tests;

use async_trait::async_trait;

pub use examine::{RedisServer, RedisState};
pub use notes::NoteWriter;
pub use open::RedisOpenError;
pub use options::{RedisOptions, RedisUrlError};
pub use wrapped_keys::WrappedKeys;

use crate::{
    AccountHash, Annotation, ApiKey, ApiKeyHash, ApiKeyId, Assessment, AssessmentId,
    ChallengeCounts, CodeKept, Counts, Day, FactorId, FactorState, FirewallPolicy,
    FirewallPolicyId, FirstAnswer, Forgotten, GroupId, GroupStanding, Guess, IdempotencyKey,
    IpOverride, KeptProfile, KeptSketch, Member, Millis, NewAssessment, NewCode, NewProfile,
    NewRelation, Outcome, ProjectId, Proved, Pruned, Quota, RelatedAccountId, SecretHash, SiteKey,
    SiteKeyId, Store, StoreError, WaitingMessage,
};
use link::{Call, Link};
use names::{Bucket, Names, PROBE};

/// A [`Store`] in Redis or Valkey; made by [`RedisStore::open`].
pub struct RedisStore {
    link: Link,
    names: Names,
    keeps_a_log: bool,
    enlisted: relations::Enlisted,
}

impl RedisStore {
    /// Whether every server had an append-only file when the store was opened. Without, a server that ends forgets what it
    /// answered since its last snapshot.
    #[must_use]
    pub fn keeps_a_log(&self) -> bool {
        self.keeps_a_log
    }

    /// Whether the store has an owner.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Overloaded`].
    pub async fn has_owner(&self) -> Result<bool, StoreError> {
        let read = Call::read("EXISTS").key(self.names.owner());
        let there: u8 = self.link.call(read).await?;
        Ok(there == 1)
    }

    /// Whether the store is that of this owner; it becomes the owner's if it has none. For the vault key, under which records
    /// are hashed and sealed: hand in a hash of it. It lies apart from the wrapped keys, so that keys which are lost are not
    /// taken for keys that were never there.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Overloaded`].
    pub async fn belongs_to(&self, owner: [u8; 32]) -> Result<bool, StoreError> {
        let claim = Call::write("SETNX").key(self.names.owner()).arg(owner);
        let _: u8 = self.link.call(claim).await?;
        let read = Call::read("GET").key(self.names.owner());
        let there: Option<Vec<u8>> = self.link.call(read).await?;
        Ok(there.as_deref() == Some(&owner))
    }
}

#[async_trait]
impl Store for RedisStore {
    async fn create_site_key(&self, key: SiteKey) -> Result<(), StoreError> {
        site_keys::create(self, &key).await
    }

    async fn site_key(&self, id: &SiteKeyId) -> Result<Option<SiteKey>, StoreError> {
        site_keys::by_id(self, id).await
    }

    async fn site_key_by_secret(&self, hash: &SecretHash) -> Result<Option<SiteKey>, StoreError> {
        site_keys::by_secret(self, hash).await
    }

    async fn site_keys(
        &self,
        project: Option<&ProjectId>,
        after: Option<&SiteKeyId>,
        limit: u32,
    ) -> Result<Vec<SiteKey>, StoreError> {
        site_keys::list(self, project, after, limit).await
    }

    async fn update_site_key(&self, key: SiteKey) -> Result<bool, StoreError> {
        site_keys::update(self, &key).await
    }

    async fn delete_site_key(
        &self,
        project: &ProjectId,
        id: &SiteKeyId,
    ) -> Result<bool, StoreError> {
        site_keys::delete(self, project, id).await
    }

    async fn add_ip_override(&self, key: &SiteKeyId, new: IpOverride) -> Result<bool, StoreError> {
        ip_overrides::add(self, key, &new).await
    }

    async fn remove_ip_override(
        &self,
        key: &SiteKeyId,
        old: IpOverride,
    ) -> Result<bool, StoreError> {
        ip_overrides::remove(self, key, &old).await
    }

    async fn ip_overrides(&self, key: &SiteKeyId) -> Result<Vec<IpOverride>, StoreError> {
        ip_overrides::list(self, key).await
    }

    async fn create_firewall_policy(
        &self,
        project: &ProjectId,
        id: &FirewallPolicyId,
        policy: Vec<u8>,
    ) -> Result<(), StoreError> {
        firewall_policies::create(self, project, id, policy).await
    }

    async fn firewall_policies(
        &self,
        project: &ProjectId,
    ) -> Result<Vec<FirewallPolicy>, StoreError> {
        firewall_policies::list(self, project).await
    }

    async fn update_firewall_policy(&self, changed: FirewallPolicy) -> Result<bool, StoreError> {
        firewall_policies::update(self, &changed).await
    }

    async fn delete_firewall_policy(
        &self,
        project: &ProjectId,
        id: &FirewallPolicyId,
    ) -> Result<bool, StoreError> {
        firewall_policies::delete(self, project, id).await
    }

    async fn reorder_firewall_policies(
        &self,
        project: &ProjectId,
        order: Vec<FirewallPolicyId>,
    ) -> Result<bool, StoreError> {
        firewall_policies::reorder(self, project, &order).await
    }

    async fn count_challenges(
        &self,
        key: &SiteKeyId,
        day: Day,
        more: ChallengeCounts,
    ) -> Result<(), StoreError> {
        counts::count_challenges(self, key, day, more).await
    }

    async fn counts(&self, key: &SiteKeyId) -> Result<Counts, StoreError> {
        counts::get(self, key).await
    }

    async fn create_api_key(&self, key: ApiKey) -> Result<(), StoreError> {
        api_keys::create(self, &key).await
    }

    async fn api_key_by_hash(&self, hash: &ApiKeyHash) -> Result<Option<ApiKey>, StoreError> {
        api_keys::by_hash(self, hash).await
    }

    async fn api_keys(&self, project: &ProjectId) -> Result<Vec<ApiKey>, StoreError> {
        api_keys::list(self, project).await
    }

    async fn revoke_api_key(&self, id: &ApiKeyId, now: Millis) -> Result<bool, StoreError> {
        api_keys::revoke(self, id, now).await
    }

    async fn assess(&self, new: NewAssessment) -> Result<Outcome, StoreError> {
        assessments::assess(self, &new).await
    }

    async fn first_answer(
        &self,
        key: &IdempotencyKey,
        now: Millis,
    ) -> Result<Option<FirstAnswer>, StoreError> {
        first_answers::get(self, key, now).await
    }

    async fn annotate(
        &self,
        project: &ProjectId,
        id: &AssessmentId,
        annotation: Annotation,
    ) -> Result<bool, StoreError> {
        assessments::annotate(self, project, id, &annotation).await
    }

    async fn assessment(
        &self,
        project: &ProjectId,
        id: &AssessmentId,
    ) -> Result<Option<Assessment>, StoreError> {
        assessments::get(self, project, id).await
    }

    async fn profile(&self, account: &AccountHash) -> Result<Option<KeptProfile>, StoreError> {
        profiles::get(self, account).await
    }

    async fn write_profile(&self, new: NewProfile, now: Millis) -> Result<bool, StoreError> {
        profiles::write(self, &new, now).await
    }

    async fn prune_profiles(&self, before: Millis) -> Result<u64, StoreError> {
        prune::profiles(self, before).await
    }

    async fn forget_account(&self, account: &AccountHash) -> Result<Forgotten, StoreError> {
        profiles::forget(self, account, PRUNE_STEP).await
    }

    async fn sketches(
        &self,
        after: u64,
        since: Millis,
        limit: u32,
    ) -> Result<Vec<KeptSketch>, StoreError> {
        sketches::list(self, after, since, limit).await
    }

    async fn prune_sketches(&self, before: Millis, most: u64) -> Result<u64, StoreError> {
        sketches::prune(self, before, most, PRUNE_STEP).await
    }

    async fn relate(&self, new: NewRelation) -> Result<Option<GroupStanding>, StoreError> {
        relations::relate(self, &new).await
    }

    async fn related_groups(
        &self,
        project: &ProjectId,
        after: Option<GroupId>,
        limit: u32,
    ) -> Result<Vec<GroupId>, StoreError> {
        relations::groups(self, project, after, limit).await
    }

    async fn group_members(
        &self,
        project: &ProjectId,
        group: GroupId,
        after: Option<RelatedAccountId>,
        limit: u32,
    ) -> Result<Option<Vec<Member>>, StoreError> {
        relations::members(self, project, group, after, limit).await
    }

    async fn group_of(
        &self,
        project: &ProjectId,
        account: RelatedAccountId,
    ) -> Result<Option<GroupId>, StoreError> {
        relations::group_of(self, project, account).await
    }

    async fn forget_relations(
        &self,
        project: &ProjectId,
        account: RelatedAccountId,
        fresh: GroupId,
    ) -> Result<bool, StoreError> {
        relations::forget(self, project, account, fresh).await
    }

    async fn prune_relations(&self, before: Millis, fresh: GroupId) -> Result<u64, StoreError> {
        relations::prune(self, before, fresh).await
    }

    async fn take_once(&self, id: [u8; 16], now: Millis) -> Result<bool, StoreError> {
        taken::take(self, &id, now).await
    }

    async fn keep_code(&self, new: NewCode, now: Millis) -> Result<CodeKept, StoreError> {
        factors::keep_code(self, &new, now).await
    }

    async fn unsend_code(&self, id: &FactorId) -> Result<(), StoreError> {
        factors::unsend_code(self, id).await
    }

    async fn factor(&self, id: &FactorId, now: Millis) -> Result<Option<FactorState>, StoreError> {
        factors::state(self, id, now).await
    }

    async fn guess_code(&self, id: &FactorId, now: Millis) -> Result<Guess, StoreError> {
        factors::guess(self, id, now).await
    }

    async fn prove(
        &self,
        id: &FactorId,
        address: [u8; 32],
        by: [u8; 16],
        now: Millis,
    ) -> Result<bool, StoreError> {
        factors::prove(self, id, &address, &by, now).await
    }

    async fn proved(&self, account: &[u8; 32], now: Millis) -> Result<Vec<Proved>, StoreError> {
        factors::proved(self, account, now).await
    }

    async fn forget_factors(&self, account: &[u8; 32]) -> Result<bool, StoreError> {
        factors::forget(self, account).await
    }

    async fn use_quotas(
        &self,
        quotas: Vec<Quota>,
        now: Millis,
    ) -> Result<Option<usize>, StoreError> {
        factors::use_quotas(self, &quotas, now).await
    }

    async fn queue_message(
        &self,
        message: WaitingMessage,
        due_at: Millis,
    ) -> Result<(), StoreError> {
        messages::queue(self, &message, due_at).await
    }

    async fn claim_messages(
        &self,
        now: Millis,
        lease_ms: u64,
        limit: u32,
    ) -> Result<Vec<WaitingMessage>, StoreError> {
        messages::claim(self, now, lease_ms, limit).await
    }

    async fn postpone_message(&self, id: [u8; 16], due_at: Millis) -> Result<bool, StoreError> {
        messages::postpone(self, &id, due_at).await
    }

    async fn drop_message(&self, id: [u8; 16]) -> Result<bool, StoreError> {
        messages::drop_one(self, &id).await
    }

    async fn low_water_mark(&self) -> Result<Millis, StoreError> {
        marks::low_water_mark(self).await
    }

    async fn raise_low_water_mark(&self, to: Millis) -> Result<(), StoreError> {
        marks::raise(self, to).await
    }

    async fn prune(&self, now: Millis, retention_ms: u64) -> Result<Pruned, StoreError> {
        prune::prune(self, now, retention_ms).await
    }

    async fn health(&self) -> Result<(), StoreError> {
        // One in each bucket, so that every part of a cluster has to write.
        let calls = Bucket::all().map(|bucket| {
            Call::write("SET")
                .key(self.names.part(bucket, PROBE))
                .arg([0; PROBE_BYTES])
        });
        let _: Vec<String> = self.link.wave(calls).await?;
        Ok(())
    }

    async fn close(&self) {
        self.link.close();
    }
}

/// A time as a number that scripts and sorted sets hold exactly.
fn whole(time: Millis) -> u64 {
    time.0.min((1 << 53) - 1)
}

fn is_yes(answer: String) -> bool {
    answer == "yes"
}

/// Records that one script removes: some milliseconds of its server's time.
const PRUNE_STEP: u64 = 1_000;
/// About what an assessment writes.
const PROBE_BYTES: usize = 1_024;
