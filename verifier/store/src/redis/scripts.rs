//! The scripts. What they do stands in their files.
//!
//! A script runs alone: nothing else happens on its server meanwhile, and it is written to the log and sent to replicas as a whole.

use std::sync::LazyLock;

/// A script and the hash that servers know it by.
pub(super) struct Script {
    pub(super) text: &'static str,
    pub(super) hash: String,
}

scripts! {
    ASSESS = "assess.lua";
    FORGET_RECORD = "forget_record.lua";
    RECORD = "record.lua";
    CLAIM = "claim.lua";
    SETTLE = "settle.lua";
    RELEASE = "release.lua";
    RAISE = "raise.lua";
    TAKE = "take.lua";
    COUNTS = "counts.lua";
    DELETE_COUNTS = "delete_counts.lua";
    PRUNE_ANSWERS = "prune_answers.lua";
    PRUNE_RECORDS = "prune_records.lua";
    PRUNE_MARKS = "prune_marks.lua";
    PRUNE_TAKEN = "prune_taken.lua";
    WRITE_PROFILE = "write_profile.lua";
    PRUNE_PROFILES = "prune_profiles.lua";
    PRUNE_COUNTS = "prune_counts.lua";
    CLAIM_MESSAGES = "claim_messages.lua";
    POSTPONE_MESSAGE = "postpone_message.lua";
    UNSEND_CODE = "unsend_code.lua";
    UNPOINT = "unpoint.lua";
    POLICIES = "policies.lua";
    once ANNOTATE = "annotate.lua";
    once FORGET_PROFILE = "forget_profile.lua";
    once FORGET_ACCOUNT = "forget_account.lua";
    once COUNT = "count.lua";
    once POINT = "point.lua";
    once CREATE_SITE_KEY = "create_site_key.lua";
    once UPDATE_SITE_KEY = "update_site_key.lua";
    once DELETE_SITE_KEY = "delete_site_key.lua";
    once ADD_OVERRIDE = "add_override.lua";
    once REMOVE_OVERRIDE = "remove_override.lua";
    once CREATE_POLICY = "create_policy.lua";
    once UPDATE_POLICY = "update_policy.lua";
    once DELETE_POLICY = "delete_policy.lua";
    once REORDER_POLICIES = "reorder_policies.lua";
    once CREATE_API_KEY = "create_api_key.lua";
    once REVOKE_API_KEY = "revoke_api_key.lua";
    once KEEP_CODE = "keep_code.lua";
    once GUESS_CODE = "guess_code.lua";
    once PROVE = "prove.lua";
    once USE_QUOTA = "use_quota.lua";
    once QUEUE_MESSAGE = "queue_message.lua";
    once DROP_MESSAGE = "drop_message.lua";
    once REPLACE_KEYS = "replace_keys.lua";
    related RELATE = "relate.lua";
    related PRUNE_RELATED = "prune_related.lua";
    once related FORGET_RELATED = "forget_related.lua";
}

/// Declares a static for each file; `once` puts `once.lua` in front, `related` puts `related.lua` there.
macro_rules! scripts {
    () => {};
    (once related $name:ident = $file:literal; $($rest:tt)*) => {
        scripts!(@ $name = concat!(include_str!("scripts/once.lua"), include_str!("scripts/related.lua"), include_str!(concat!("scripts/", $file))));
        scripts!($($rest)*);
    };
    (once $name:ident = $file:literal; $($rest:tt)*) => {
        scripts!(@ $name = concat!(include_str!("scripts/once.lua"), include_str!(concat!("scripts/", $file))));
        scripts!($($rest)*);
    };
    (related $name:ident = $file:literal; $($rest:tt)*) => {
        scripts!(@ $name = concat!(include_str!("scripts/related.lua"), include_str!(concat!("scripts/", $file))));
        scripts!($($rest)*);
    };
    ($name:ident = $file:literal; $($rest:tt)*) => {
        scripts!(@ $name = include_str!(concat!("scripts/", $file)));
        scripts!($($rest)*);
    };
    (@ $name:ident = $text:expr) => {
        pub(super) static $name: LazyLock<Script> = LazyLock::new(|| Script {
            text: $text,
            hash: redis::Script::new($text).get_hash().to_owned(),
        });
    };
}
use scripts;
