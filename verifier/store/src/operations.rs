/// Every operation of [`Store`](crate::Store) but `close`, handed to a macro: for stores that wrap another one and treat all its operations
/// alike. Whoever adds an operation adds it here, and the compiler names those who lack it.
#[macro_export]
macro_rules! for_each_operation {
    ($wrap:ident) => {
        $wrap! {
            create_site_key(key: $crate::SiteKey) -> ();
            site_key(id: &$crate::SiteKeyId) -> Option<$crate::SiteKey>;
            site_key_by_secret(hash: &$crate::SecretHash) -> Option<$crate::SiteKey>;
            site_keys(project: Option<&$crate::ProjectId>, after: Option<&$crate::SiteKeyId>, limit: u32) -> Vec<$crate::SiteKey>;
            update_site_key(key: $crate::SiteKey) -> bool;
            delete_site_key(project: &$crate::ProjectId, id: &$crate::SiteKeyId) -> bool;
            add_ip_override(key: &$crate::SiteKeyId, new: $crate::IpOverride) -> bool;
            remove_ip_override(key: &$crate::SiteKeyId, old: $crate::IpOverride) -> bool;
            ip_overrides(key: &$crate::SiteKeyId) -> Vec<$crate::IpOverride>;
            create_firewall_policy(project: &$crate::ProjectId, id: &$crate::FirewallPolicyId, policy: Vec<u8>) -> ();
            firewall_policies(project: &$crate::ProjectId) -> Vec<$crate::FirewallPolicy>;
            update_firewall_policy(changed: $crate::FirewallPolicy) -> bool;
            delete_firewall_policy(project: &$crate::ProjectId, id: &$crate::FirewallPolicyId) -> bool;
            reorder_firewall_policies(project: &$crate::ProjectId, order: Vec<$crate::FirewallPolicyId>) -> bool;
            count_challenges(key: &$crate::SiteKeyId, day: $crate::Day, more: $crate::ChallengeCounts) -> ();
            counts(key: &$crate::SiteKeyId) -> $crate::Counts;
            create_api_key(key: $crate::ApiKey) -> ();
            api_key_by_hash(hash: &$crate::ApiKeyHash) -> Option<$crate::ApiKey>;
            api_keys(project: &$crate::ProjectId) -> Vec<$crate::ApiKey>;
            revoke_api_key(id: &$crate::ApiKeyId, now: $crate::Millis) -> bool;
            assess(new: $crate::NewAssessment) -> $crate::Outcome;
            first_answer(key: &$crate::IdempotencyKey, now: $crate::Millis) -> Option<$crate::FirstAnswer>;
            annotate(project: &$crate::ProjectId, id: &$crate::AssessmentId, annotation: $crate::Annotation) -> bool;
            assessment(project: &$crate::ProjectId, id: &$crate::AssessmentId) -> Option<$crate::Assessment>;
            profile(account: &$crate::AccountHash) -> Option<$crate::KeptProfile>;
            write_profile(new: $crate::NewProfile, now: $crate::Millis) -> bool;
            prune_profiles(before: $crate::Millis) -> u64;
            forget_account(account: &$crate::AccountHash) -> $crate::Forgotten;
            sketches(after: u64, since: $crate::Millis, limit: u32) -> Vec<$crate::KeptSketch>;
            prune_sketches(before: $crate::Millis, most: u64) -> u64;
            relate(new: $crate::NewRelation) -> Option<$crate::GroupStanding>;
            related_groups(project: &$crate::ProjectId, after: Option<$crate::GroupId>, limit: u32) -> Vec<$crate::GroupId>;
            group_members(project: &$crate::ProjectId, group: $crate::GroupId, after: Option<$crate::RelatedAccountId>, limit: u32) -> Option<Vec<$crate::Member>>;
            group_of(project: &$crate::ProjectId, account: $crate::RelatedAccountId) -> Option<$crate::GroupId>;
            forget_relations(project: &$crate::ProjectId, account: $crate::RelatedAccountId, fresh: $crate::GroupId) -> bool;
            prune_relations(before: $crate::Millis, fresh: $crate::GroupId) -> u64;
            take_once(id: [u8; 16], now: $crate::Millis) -> bool;
            keep_code(new: $crate::NewCode, now: $crate::Millis) -> $crate::CodeKept;
            unsend_code(id: &$crate::FactorId) -> ();
            factor(id: &$crate::FactorId, now: $crate::Millis) -> Option<$crate::FactorState>;
            guess_code(id: &$crate::FactorId, now: $crate::Millis) -> $crate::Guess;
            prove(id: &$crate::FactorId, address: [u8; 32], by: [u8; 16], now: $crate::Millis) -> bool;
            proved(account: &[u8; 32], now: $crate::Millis) -> Vec<$crate::Proved>;
            forget_factors(account: &[u8; 32]) -> bool;
            use_quotas(quotas: Vec<$crate::Quota>, now: $crate::Millis) -> Option<usize>;
            queue_message(message: $crate::WaitingMessage, due_at: $crate::Millis) -> ();
            claim_messages(now: $crate::Millis, lease_ms: u64, limit: u32) -> Vec<$crate::WaitingMessage>;
            postpone_message(id: [u8; 16], due_at: $crate::Millis) -> bool;
            drop_message(id: [u8; 16]) -> bool;
            low_water_mark() -> $crate::Millis;
            raise_low_water_mark(to: $crate::Millis) -> ();
            prune(now: $crate::Millis, retention_ms: u64) -> $crate::Pruned;
            health() -> ();
        }
    };
}
