//! The suite that every backend passes: each function is one promise, checked on a store of its own.
//!
//! Only promises that all backends share are here. What one backend alone can show (a file's permissions, recovery
//! after a kill) stands in its own tests.
#![allow(
    clippy::unwrap_used,
    reason = "test code, shared between backends: an error is a failed promise"
)]

mod samples;

use std::sync::Arc;

use crate::{Millis, Store};

/// Checks every promise. `make` gives an empty store, created at the time that it is handed; it is called once for each
/// promise, and the stores must not see each other.
///
/// # Panics
/// At the first promise that is not kept. Its name is the last line on standard error.
pub async fn run<M, F>(make: M)
where
    M: Fn(Millis) -> F,
    F: Future<Output = Arc<dyn Store>>,
{
    check_all(&make).await;
}

promises! {
    site_keys: a_site_key_reads_back_as_it_was_written, a_site_key_is_found_by_its_secret,
        a_taken_id_or_secret_is_refused, site_keys_are_listed_in_pages,
        a_change_is_written_once_for_each_reading, only_its_project_deletes_a_site_key;
    ip_overrides: overrides_read_back_by_address, overrides_of_a_key_share_no_address, only_an_equal_override_is_removed,
        a_key_has_room_for_a_thousand_overrides, overrides_go_with_their_key;
    firewall_policies: policies_read_back_in_the_order_they_were_made, a_policy_is_changed_once_for_each_reading,
        an_order_names_every_policy_once, a_project_has_room_for_a_thousand_policies,
        only_its_project_deletes_a_policy;
    counts: valid_assessments_are_counted_by_day_action_and_score, only_first_assessments_are_counted,
        invented_actions_are_counted_together, challenges_are_counted_by_day, counts_live_for_ninety_days,
        counts_go_with_their_key;
    api_keys: an_api_key_is_found_by_its_hash, a_taken_id_or_hash_is_refused, a_revoked_key_opens_nothing,
        api_keys_are_listed_by_project;
    spending: a_token_opens_once, a_token_opens_once_for_many_at_once, a_token_older_than_the_store_is_spent,
        a_spent_token_stays_spent_whatever_is_pruned, prune_refuses_no_token_that_can_still_be_valid, the_low_water_mark_only_rises,
        what_is_below_the_low_water_mark_is_spent, a_failed_record_spends_nothing,
        the_low_water_mark_starts_at_creation;
    assessments: an_assessment_reads_back_as_it_was_written, a_duplicate_records_the_alternative,
        an_assessment_shows_itself_to_its_project_alone, annotations_read_back_in_order,
        an_unknown_assessment_takes_no_annotation, the_oldest_annotations_give_way,
        old_assessments_are_pruned_and_young_ones_stay, a_score_outside_its_range_is_rejected;
    idempotency: a_repeated_request_gets_its_first_answer, a_repeated_request_stores_nothing,
        a_first_answer_tells_of_the_duplicate, another_request_under_the_same_key_conflicts,
        repeated_requests_at_once_are_answered_once, a_first_answer_lives_two_minutes,
        a_failed_request_keeps_no_answer;
    sketches: sketches_come_back_in_the_order_they_were_kept, only_the_assessment_that_spends_keeps_its_sketch,
        old_sketches_and_those_over_the_limit_are_pruned, a_sketch_over_its_bound_is_rejected_and_spends_nothing;
    relations: who_shares_an_identifier_is_related, groups_of_one_project_are_not_anothers,
        the_older_group_keeps_its_id_when_two_become_one, an_identifier_that_too_many_have_links_nobody,
        a_group_falls_apart_with_what_held_it_together, groups_do_not_depend_on_the_order_of_events,
        groups_are_the_same_when_all_events_come_at_once, groups_and_members_are_listed_in_pages,
        a_forgotten_account_leaves_nothing, accounts_and_common_identifiers_that_are_not_seen_any_more_are_pruned,
        groups_and_accounts_have_their_bounds;
    accounts: a_profile_reads_back_as_it_was_written, a_profile_is_written_over_the_one_it_was_made_from_alone,
        of_many_writers_at_once_none_undoes_another, an_assessment_writes_the_profile_of_its_account,
        a_profile_or_visit_over_its_bound_is_rejected_and_spends_nothing, profiles_that_nobody_writes_any_more_are_pruned,
        of_a_forgotten_account_nothing_is_left, a_write_under_way_does_not_bring_a_forgotten_profile_back;
    taking: an_id_is_taken_once, an_id_is_taken_once_by_many_at_once, a_taken_id_is_remembered_for_its_life;
    factors: a_challenge_has_five_guesses_whatever_codes_it_has, of_guesses_at_once_five_are_counted,
        a_code_stays_for_a_while, a_code_that_was_not_sent_makes_nobody_wait, a_challenge_ends, a_challenge_is_met_once,
        proved_addresses_are_remembered_newest_first, an_account_has_room_for_so_many_addresses,
        a_forgotten_account_has_no_factor, a_quota_is_used_up_and_comes_back, quotas_hold_for_many_at_once;
    messages: a_due_message_is_claimed_by_one, a_message_is_postponed_and_dropped,
        a_message_takes_the_place_of_one_with_its_id, a_dead_message_is_never_claimed,
        a_message_over_its_bound_is_rejected;
    service: a_healthy_store_says_so, a_closed_store_is_unavailable;
}

/// Declares the modules, and calls each of their promises by name.
macro_rules! promises {
    ($($group:ident: $($promise:ident),+;)+) => {
        $(mod $group;)+

        async fn check_all<M, F>(make: &M)
        where
            M: Fn(Millis) -> F,
            F: Future<Output = Arc<dyn Store>>,
        {
            $($(
                eprintln!("{}: {}", stringify!($group), stringify!($promise));
                $group::$promise(make(samples::START).await).await;
            )+)+
        }
    };
}
use promises;
