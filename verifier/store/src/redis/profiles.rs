//! What accounts are used to, and how an account is erased.

use super::{
    RedisStore,
    forms::{corrupt, number},
    link::Call,
    names::{ANNOTATIONS, Bucket, PROFILE, PROFILES_BY_TIME, RECORD, RECORDS_BY_TIME},
    scripts, whole,
};
use crate::{
    AccountHash, Forgotten, KeptProfile, MAX_PROFILE_BYTES, Millis, NewProfile, Revision,
    StoreError,
};

pub(super) async fn get(
    store: &RedisStore,
    account: &AccountHash,
) -> Result<Option<KeptProfile>, StoreError> {
    let call = Call::read("GET").key(store.names.profile(account));
    let kept: Option<Vec<u8>> = store.link.call(call).await?;
    let Some(kept) = kept else { return Ok(None) };
    let (revision, profile) = kept
        .split_first_chunk()
        .ok_or_else(|| corrupt("a profile is too short".into()))?;
    Ok(Some(KeptProfile {
        profile: profile.to_vec(),
        revision: Revision(Millis(u64::from_be_bytes(*revision))),
    }))
}

/// Whether it was written over the one that it was made from.
pub(super) async fn write(
    store: &RedisStore,
    new: &NewProfile,
    now: Millis,
) -> Result<bool, StoreError> {
    check(new)?;
    let bytes = |revision: Revision| revision.0.0.to_be_bytes();
    let revision = Revision::next(new.over, now);
    let call = Call::run(&scripts::WRITE_PROFILE)
        .key(store.names.profile(&new.account))
        .key(
            store
                .names
                .part(Bucket::of_account(&new.account), PROFILES_BY_TIME),
        )
        .arg(new.over.map(bytes).map(Vec::from).unwrap_or_default())
        .arg([&bytes(revision), &new.profile[..]].concat())
        .number(whole(revision.0))
        .arg(new.account.0);
    store.link.call(call).await.map(super::is_yes)
}

/// Whether it may be written.
pub(super) fn check(new: &NewProfile) -> Result<(), StoreError> {
    let length = new.profile.len();
    if length > MAX_PROFILE_BYTES {
        let reason = format!("the profile has {length} of {MAX_PROFILE_BYTES} bytes");
        return Err(StoreError::Rejected(reason));
    }
    Ok(())
}

/// Removes up to `limit` of a bucket's that were written last before `before`.
pub(super) async fn prune(
    store: &RedisStore,
    bucket: Bucket,
    before: Millis,
    limit: u64,
) -> Result<u64, StoreError> {
    let call = Call::run(&scripts::PRUNE_PROFILES)
        .key(store.names.part(bucket, PROFILES_BY_TIME))
        .number(whole(before))
        .number(limit)
        .arg(store.names.part(bucket, PROFILE));
    store.link.call(call).await
}

/// See [`Store::forget_account`](crate::Store::forget_account). One script of `step` records after the other: there is no hurry.
pub(super) async fn forget(
    store: &RedisStore,
    account: &AccountHash,
    step: u64,
) -> Result<Forgotten, StoreError> {
    let mut forgotten = Forgotten {
        profile: forget_profile(store, account).await?,
        ..Forgotten::default()
    };
    for bucket in Bucket::all() {
        let mut passed = 0;
        loop {
            let [looked, assessments, annotations] =
                erase(store, bucket, account, passed, step).await?;
            passed += looked;
            forgotten.assessments += assessments;
            forgotten.annotations += annotations;
            if looked < step {
                break;
            }
        }
    }
    Ok(forgotten)
}

async fn forget_profile(store: &RedisStore, account: &AccountHash) -> Result<bool, StoreError> {
    let profile = store.names.profile(account);
    let call = Call::run(&scripts::FORGET_PROFILE)
        .key(store.names.answer(&profile, store.link.attempt()))
        .key(profile)
        .key(
            store
                .names
                .part(Bucket::of_account(account), PROFILES_BY_TIME),
        )
        .arg(account.0);
    store.link.call(call).await.map(super::is_yes)
}

/// How many records were looked at, from how many the account was erased, and from how many annotations.
async fn erase(
    store: &RedisStore,
    bucket: Bucket,
    account: &AccountHash,
    passed: u64,
    step: u64,
) -> Result<[u64; 3], StoreError> {
    let records = store.names.part(bucket, RECORDS_BY_TIME);
    let call = Call::run(&scripts::FORGET_ACCOUNT)
        .key(store.names.answer(&records, store.link.attempt()))
        .key(records)
        .arg(account.0)
        .number(passed)
        .number(step)
        .arg(store.names.part(bucket, RECORD))
        .arg(store.names.part(bucket, ANNOTATIONS));
    let answer: Vec<u8> = store.link.call(call).await?;
    let mut counts = answer.split(|byte| *byte == b' ').map(number::<u64>);
    let mut next = || {
        let short = || corrupt("forget_account answered too little".into());
        counts.next().unwrap_or_else(|| Err(short()))
    };
    Ok([next()?, next()?, next()?])
}
