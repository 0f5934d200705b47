//! The operations of a store: where each of them is done.

use async_trait::async_trait;

use super::{
    PROBE_BYTES, PRUNE_STEP, RedisStore, api_keys, assessments, counts, factors, firewall_policies,
    first_answers, ip_overrides,
    link::Call,
    marks, messages,
    names::{Bucket, PROBE},
    profiles, prune, relations, site_keys, sketches, taken,
};
use crate::{
    AccountHash, Annotation, ApiKey, ApiKeyHash, ApiKeyId, Assessment, AssessmentId,
    ChallengeCounts, CodeKept, Counts, Day, FactorId, FactorState, FirewallPolicy,
    FirewallPolicyId, FirstAnswer, Forgotten, GroupId, GroupStanding, Guess, IdempotencyKey,
    IpOverride, KeptProfile, KeptSketch, Member, Millis, NewAssessment, NewCode, NewProfile,
    NewRelation, Outcome, ProjectId, Proved, Pruned, Quota, RelatedAccountId, SecretHash, SiteKey,
    SiteKeyId, Store, StoreError, WaitingMessage,
};

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
