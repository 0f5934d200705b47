//! The operations of a store: which of them writes, and which reads.

use async_trait::async_trait;

use super::{
    SqliteStore, api_keys, assessments, counts, factors, firewall_policies, first_answers,
    ip_overrides, marks, messages, probe, profiles, prune, relations, site_keys, sketches, taken,
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
impl Store for SqliteStore {
    async fn create_site_key(&self, key: SiteKey) -> Result<(), StoreError> {
        self.write(move |c| site_keys::create(c, &key)).await
    }

    async fn site_key(&self, id: &SiteKeyId) -> Result<Option<SiteKey>, StoreError> {
        let id = id.clone();
        self.read(move |c| site_keys::by_id(c, &id)).await
    }

    async fn site_key_by_secret(&self, hash: &SecretHash) -> Result<Option<SiteKey>, StoreError> {
        let hash = *hash;
        self.read(move |c| site_keys::by_secret(c, &hash)).await
    }

    async fn site_keys(
        &self,
        project: Option<&ProjectId>,
        after: Option<&SiteKeyId>,
        limit: u32,
    ) -> Result<Vec<SiteKey>, StoreError> {
        let (project, after) = (project.cloned(), after.cloned());
        self.read(move |c| site_keys::list(c, project.as_ref(), after.as_ref(), limit))
            .await
    }

    async fn update_site_key(&self, key: SiteKey) -> Result<bool, StoreError> {
        self.write(move |c| site_keys::update(c, &key)).await
    }

    async fn delete_site_key(
        &self,
        project: &ProjectId,
        id: &SiteKeyId,
    ) -> Result<bool, StoreError> {
        let (project, id) = (project.clone(), id.clone());
        self.write(move |c| site_keys::delete(c, &project, &id))
            .await
    }

    async fn add_ip_override(&self, key: &SiteKeyId, new: IpOverride) -> Result<bool, StoreError> {
        let key = key.clone();
        self.write(move |c| ip_overrides::add(c, &key, &new)).await
    }

    async fn remove_ip_override(
        &self,
        key: &SiteKeyId,
        old: IpOverride,
    ) -> Result<bool, StoreError> {
        let key = key.clone();
        self.write(move |c| ip_overrides::remove(c, &key, &old))
            .await
    }

    async fn ip_overrides(&self, key: &SiteKeyId) -> Result<Vec<IpOverride>, StoreError> {
        let key = key.clone();
        self.read(move |c| ip_overrides::list(c, &key)).await
    }

    async fn create_firewall_policy(
        &self,
        project: &ProjectId,
        id: &FirewallPolicyId,
        policy: Vec<u8>,
    ) -> Result<(), StoreError> {
        let (project, id) = (project.clone(), id.clone());
        self.write(move |c| firewall_policies::create(c, &project, &id, &policy))
            .await
    }

    async fn firewall_policies(
        &self,
        project: &ProjectId,
    ) -> Result<Vec<FirewallPolicy>, StoreError> {
        let project = project.clone();
        self.read(move |c| firewall_policies::list(c, &project))
            .await
    }

    async fn update_firewall_policy(&self, changed: FirewallPolicy) -> Result<bool, StoreError> {
        self.write(move |c| firewall_policies::update(c, &changed))
            .await
    }

    async fn delete_firewall_policy(
        &self,
        project: &ProjectId,
        id: &FirewallPolicyId,
    ) -> Result<bool, StoreError> {
        let (project, id) = (project.clone(), id.clone());
        self.write(move |c| firewall_policies::delete(c, &project, &id))
            .await
    }

    async fn reorder_firewall_policies(
        &self,
        project: &ProjectId,
        order: Vec<FirewallPolicyId>,
    ) -> Result<bool, StoreError> {
        let project = project.clone();
        self.write(move |c| firewall_policies::reorder(c, &project, &order))
            .await
    }

    async fn count_challenges(
        &self,
        key: &SiteKeyId,
        day: Day,
        more: ChallengeCounts,
    ) -> Result<(), StoreError> {
        let key = key.clone();
        self.write(move |c| counts::count_challenges(c, &key, day, more))
            .await
    }

    async fn counts(&self, key: &SiteKeyId) -> Result<Counts, StoreError> {
        let key = key.clone();
        self.read(move |c| counts::get(c, &key)).await
    }

    async fn create_api_key(&self, key: ApiKey) -> Result<(), StoreError> {
        self.write(move |c| api_keys::create(c, &key)).await
    }

    async fn api_key_by_hash(&self, hash: &ApiKeyHash) -> Result<Option<ApiKey>, StoreError> {
        let hash = *hash;
        self.read(move |c| api_keys::by_hash(c, &hash)).await
    }

    async fn api_keys(&self, project: &ProjectId) -> Result<Vec<ApiKey>, StoreError> {
        let project = project.clone();
        self.read(move |c| api_keys::list(c, &project)).await
    }

    async fn revoke_api_key(&self, id: &ApiKeyId, now: Millis) -> Result<bool, StoreError> {
        let id = id.clone();
        self.write(move |c| api_keys::revoke(c, &id, now)).await
    }

    async fn assess(&self, new: NewAssessment) -> Result<Outcome, StoreError> {
        self.write(move |c| assessments::assess(c, &new)).await
    }

    async fn first_answer(
        &self,
        key: &IdempotencyKey,
        now: Millis,
    ) -> Result<Option<FirstAnswer>, StoreError> {
        let key = *key;
        self.read(move |c| first_answers::get(c, &key, now)).await
    }

    async fn annotate(
        &self,
        project: &ProjectId,
        id: &AssessmentId,
        annotation: Annotation,
    ) -> Result<bool, StoreError> {
        let (project, id) = (project.clone(), *id);
        self.write(move |c| assessments::annotate(c, &project, &id, &annotation))
            .await
    }

    async fn assessment(
        &self,
        project: &ProjectId,
        id: &AssessmentId,
    ) -> Result<Option<Assessment>, StoreError> {
        let (project, id) = (project.clone(), *id);
        self.read(move |c| assessments::get(c, &project, &id)).await
    }

    async fn profile(&self, account: &AccountHash) -> Result<Option<KeptProfile>, StoreError> {
        let account = *account;
        self.read(move |c| profiles::get(c, &account)).await
    }

    async fn write_profile(&self, new: NewProfile, now: Millis) -> Result<bool, StoreError> {
        self.write(move |c| profiles::write(c, &new, now)).await
    }

    async fn prune_profiles(&self, before: Millis) -> Result<u64, StoreError> {
        prune::in_steps(self, move |c, step| profiles::prune(c, before, step)).await
    }

    async fn forget_account(&self, account: &AccountHash) -> Result<Forgotten, StoreError> {
        profiles::forget(self, *account, prune::PRUNE_STEP).await
    }

    async fn sketches(
        &self,
        after: u64,
        since: Millis,
        limit: u32,
    ) -> Result<Vec<KeptSketch>, StoreError> {
        self.read(move |c| sketches::list(c, after, since, limit))
            .await
    }

    async fn prune_sketches(&self, before: Millis, most: u64) -> Result<u64, StoreError> {
        prune::in_steps(self, move |c, step| sketches::prune(c, before, most, step)).await
    }

    async fn relate(&self, new: NewRelation) -> Result<Option<GroupStanding>, StoreError> {
        let told = new.clone();
        if let Some(standing) = self.read(move |c| relations::known(c, &told)).await? {
            return Ok(standing);
        }
        self.write(move |c| relations::relate(c, &new)).await
    }

    async fn related_groups(
        &self,
        project: &ProjectId,
        after: Option<GroupId>,
        limit: u32,
    ) -> Result<Vec<GroupId>, StoreError> {
        let project = project.clone();
        self.read(move |c| relations::groups(c, &project, after, limit))
            .await
    }

    async fn group_members(
        &self,
        project: &ProjectId,
        group: GroupId,
        after: Option<RelatedAccountId>,
        limit: u32,
    ) -> Result<Option<Vec<Member>>, StoreError> {
        let project = project.clone();
        self.read(move |c| relations::members(c, &project, group, after, limit))
            .await
    }

    async fn group_of(
        &self,
        project: &ProjectId,
        account: RelatedAccountId,
    ) -> Result<Option<GroupId>, StoreError> {
        let project = project.clone();
        self.read(move |c| relations::group_of(c, &project, account))
            .await
    }

    async fn forget_relations(
        &self,
        project: &ProjectId,
        account: RelatedAccountId,
        fresh: GroupId,
    ) -> Result<bool, StoreError> {
        let project = project.clone();
        self.write(move |c| relations::forget(c, &project, account, fresh))
            .await
    }

    async fn prune_relations(&self, before: Millis, fresh: GroupId) -> Result<u64, StoreError> {
        self.write(move |c| relations::prune(c, before, fresh))
            .await
    }

    async fn take_once(&self, id: [u8; 16], now: Millis) -> Result<bool, StoreError> {
        self.write(move |c| taken::take(c, &id, now)).await
    }

    async fn keep_code(&self, new: NewCode, now: Millis) -> Result<CodeKept, StoreError> {
        self.write(move |c| factors::keep_code(c, &new, now)).await
    }

    async fn unsend_code(&self, id: &FactorId) -> Result<(), StoreError> {
        let id = *id;
        self.write(move |c| factors::unsend_code(c, &id)).await
    }

    async fn factor(&self, id: &FactorId, now: Millis) -> Result<Option<FactorState>, StoreError> {
        let id = *id;
        self.read(move |c| factors::state(c, &id, now)).await
    }

    async fn guess_code(&self, id: &FactorId, now: Millis) -> Result<Guess, StoreError> {
        let id = *id;
        self.write(move |c| factors::guess(c, &id, now)).await
    }

    async fn prove(
        &self,
        id: &FactorId,
        address: [u8; 32],
        by: [u8; 16],
        now: Millis,
    ) -> Result<bool, StoreError> {
        let id = *id;
        self.write(move |c| factors::prove(c, &id, &address, &by, now))
            .await
    }

    async fn proved(&self, account: &[u8; 32], now: Millis) -> Result<Vec<Proved>, StoreError> {
        let account = *account;
        self.read(move |c| factors::proved(c, &account, now)).await
    }

    async fn forget_factors(&self, account: &[u8; 32]) -> Result<bool, StoreError> {
        let account = *account;
        self.write(move |c| factors::forget(c, &account)).await
    }

    async fn use_quotas(
        &self,
        quotas: Vec<Quota>,
        now: Millis,
    ) -> Result<Option<usize>, StoreError> {
        self.write(move |c| factors::use_quotas(c, &quotas, now))
            .await
    }

    async fn queue_message(
        &self,
        message: WaitingMessage,
        due_at: Millis,
    ) -> Result<(), StoreError> {
        self.write(move |c| messages::queue(c, &message, due_at))
            .await
    }

    async fn claim_messages(
        &self,
        now: Millis,
        lease_ms: u64,
        limit: u32,
    ) -> Result<Vec<WaitingMessage>, StoreError> {
        self.write(move |c| messages::claim(c, now, lease_ms, limit))
            .await
    }

    async fn postpone_message(&self, id: [u8; 16], due_at: Millis) -> Result<bool, StoreError> {
        self.write(move |c| messages::postpone(c, &id, due_at))
            .await
    }

    async fn drop_message(&self, id: [u8; 16]) -> Result<bool, StoreError> {
        self.write(move |c| messages::drop_one(c, &id)).await
    }

    async fn low_water_mark(&self) -> Result<Millis, StoreError> {
        self.read(marks::low_water_mark).await
    }

    async fn raise_low_water_mark(&self, to: Millis) -> Result<(), StoreError> {
        self.write(move |c| marks::raise_low_water_mark(c, to))
            .await
    }

    async fn prune(&self, now: Millis, retention_ms: u64) -> Result<Pruned, StoreError> {
        prune::prune(self, now, retention_ms).await
    }

    async fn health(&self) -> Result<(), StoreError> {
        self.write(probe::write).await
    }

    async fn close(&self) {
        self.writer.close().await;
        self.readers.close().await;
    }
}
