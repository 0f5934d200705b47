//! A store between whose operations and their caller a test may step.

use std::sync::Arc;

use async_trait::async_trait;
use touchstone_store::{
    Annotation, ApiKey, ApiKeyHash, ApiKeyId, Assessment, AssessmentId, ChallengeCounts, Counts,
    Day, FirewallPolicy, FirewallPolicyId, FirstAnswer, IdempotencyKey, IpOverride, KeptSketch,
    Millis, NewAssessment, Outcome, ProjectId, Pruned, SecretHash, SiteKey, SiteKeyId, Store,
    StoreError,
};

/// Passes everything on, but for what the hook does.
pub struct Wrapped<H> {
    pub store: Arc<dyn Store>,
    pub hook: H,
}

/// What happens around each operation, told by its name.
#[async_trait]
pub trait Hook: Send + Sync + 'static {
    /// An error is the answer; the operation does not happen.
    async fn before(&self, operation: &'static str) -> Result<(), StoreError>;

    /// An error takes the place of the answer.
    fn after(&self, _operation: &'static str) -> Result<(), StoreError> {
        Ok(())
    }
}

macro_rules! pass_on {
    ($($name:ident($($given:ident: $of:ty),*) -> $answer:ty;)*) => {
        #[async_trait]
        impl<H: Hook> Store for Wrapped<H> {
            $(async fn $name(&self, $($given: $of),*) -> Result<$answer, StoreError> {
                self.hook.before(stringify!($name)).await?;
                let answer = self.store.$name($($given),*).await;
                self.hook.after(stringify!($name))?;
                answer
            })*

            async fn close(&self) {
                self.store.close().await;
            }
        }
    };
}

pass_on! {
    create_site_key(key: SiteKey) -> ();
    site_key(id: &SiteKeyId) -> Option<SiteKey>;
    site_key_by_secret(hash: &SecretHash) -> Option<SiteKey>;
    site_keys(project: Option<&ProjectId>, after: Option<&SiteKeyId>, limit: u32) -> Vec<SiteKey>;
    update_site_key(key: SiteKey) -> bool;
    delete_site_key(project: &ProjectId, id: &SiteKeyId) -> bool;
    add_ip_override(key: &SiteKeyId, new: IpOverride) -> bool;
    remove_ip_override(key: &SiteKeyId, old: IpOverride) -> bool;
    ip_overrides(key: &SiteKeyId) -> Vec<IpOverride>;
    create_firewall_policy(project: &ProjectId, id: &FirewallPolicyId, policy: Vec<u8>) -> ();
    firewall_policies(project: &ProjectId) -> Vec<FirewallPolicy>;
    update_firewall_policy(changed: FirewallPolicy) -> bool;
    delete_firewall_policy(project: &ProjectId, id: &FirewallPolicyId) -> bool;
    reorder_firewall_policies(project: &ProjectId, order: Vec<FirewallPolicyId>) -> bool;
    count_challenges(key: &SiteKeyId, day: Day, more: ChallengeCounts) -> ();
    counts(key: &SiteKeyId) -> Counts;
    create_api_key(key: ApiKey) -> ();
    api_key_by_hash(hash: &ApiKeyHash) -> Option<ApiKey>;
    api_keys(project: &ProjectId) -> Vec<ApiKey>;
    revoke_api_key(id: &ApiKeyId, now: Millis) -> bool;
    assess(new: NewAssessment) -> Outcome;
    first_answer(key: &IdempotencyKey, now: Millis) -> Option<FirstAnswer>;
    annotate(project: &ProjectId, id: &AssessmentId, annotation: Annotation) -> bool;
    assessment(project: &ProjectId, id: &AssessmentId) -> Option<Assessment>;
    sketches(after: u64, since: Millis, limit: u32) -> Vec<KeptSketch>;
    prune_sketches(before: Millis, most: u64) -> u64;
    take_once(id: [u8; 16], now: Millis) -> bool;
    low_water_mark() -> Millis;
    raise_low_water_mark(to: Millis) -> ();
    prune(now: Millis, retention_ms: u64) -> Pruned;
    health() -> ();
}
