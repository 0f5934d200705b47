//! A store that fails when it is told to.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use touchstone_store::{
    Annotation, ApiKey, ApiKeyHash, ApiKeyId, Assessment, AssessmentId, ChallengeCounts, Counts,
    Day, FirewallPolicy, FirewallPolicyId, FirstAnswer, IdempotencyKey, IpOverride, KeptSketch,
    Millis, NewAssessment, Outcome, ProjectId, Pruned, SecretHash, SiteKey, SiteKeyId, Store,
    StoreError,
};

use crate::operations::Fault;

/// Passes everything on, but for the next operation that meets the fault.
pub struct Faulty {
    store: Arc<dyn Store>,
    fault: Mutex<Option<Fault>>,
}

impl Faulty {
    pub fn new(store: Arc<dyn Store>) -> Self {
        let fault = Mutex::new(None);
        Self { store, fault }
    }

    /// The next operation fails so; an answer is lost of the next assessment or annotation only.
    pub fn fail(&self, fault: Option<Fault>) {
        *self.fault.lock().unwrap() = fault;
    }

    pub fn fault(&self) -> Option<Fault> {
        *self.fault.lock().unwrap()
    }

    fn before(&self) -> Result<(), StoreError> {
        let mut fault = self.fault.lock().unwrap();
        let error = match *fault {
            Some(Fault::Refuse) => StoreError::Unavailable("told to fail".to_owned()),
            Some(Fault::Overload) => StoreError::Overloaded,
            Some(Fault::LoseAnswer) | None => return Ok(()),
        };
        *fault = None;
        Err(error)
    }

    fn after(&self, operation: &str) -> Result<(), StoreError> {
        let mut fault = self.fault.lock().unwrap();
        if *fault == Some(Fault::LoseAnswer) && ["assess", "annotate"].contains(&operation) {
            *fault = None;
            return Err(StoreError::Unavailable("the answer is lost".to_owned()));
        }
        Ok(())
    }
}

macro_rules! pass_on {
    ($($name:ident($($given:ident: $of:ty),*) -> $answer:ty;)*) => {
        #[async_trait]
        impl Store for Faulty {
            $(async fn $name(&self, $($given: $of),*) -> Result<$answer, StoreError> {
                self.before()?;
                let answer = self.store.$name($($given),*).await;
                self.after(stringify!($name))?;
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
