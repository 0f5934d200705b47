//! The second factor. An account's challenges lie in one hash, its proved addresses in one sorted set by time, both in the account's
//! bucket; each quota lies in the bucket of its name. They end by the clock of Redis, later than by ours, which decides.

use super::{
    RedisStore,
    forms::corrupt,
    link::Call,
    names::{Bucket, FACTORS, PROVED, QUOTA},
    scripts, whole,
};
use crate::{
    CodeKept, FactorId, FactorState, Guess, MAX_PROVED, Millis, NewCode, PROVED_LIFE_MS, Proved,
    Quota, StoreError,
};

/// See [`Store::keep_code`](crate::Store::keep_code).
pub(super) async fn keep_code(
    store: &RedisStore,
    new: &NewCode,
    now: Millis,
) -> Result<CodeKept, StoreError> {
    let name = challenges(store, &new.id.account);
    let call = Call::run(&scripts::KEEP_CODE)
        .key(store.names.answer(&name, store.link.attempt()))
        .key(name)
        .arg(new.id.request)
        .arg(new.code)
        .number(new.attempts)
        .number(whole(new.ends_at))
        .number(new.again_after_ms)
        .number(whole(now));
    let answer: String = store.link.call(call).await?;
    let wrong = || corrupt(format!("keep_code answered {answer:?}"));
    let parts: Vec<&str> = answer.split(' ').collect();
    let left = |text: &str| text.parse().map_err(|_| wrong());
    match parts[..] {
        ["over"] => Ok(CodeKept::Over),
        ["kept", attempts] => Ok(CodeKept::Kept {
            attempts_left: left(attempts)?,
        }),
        ["soon", attempts, sent_at] => Ok(CodeKept::TooSoon(FactorState {
            attempts_left: left(attempts)?,
            sent_at: Millis(sent_at.parse().map_err(|_| wrong())?),
        })),
        _ => Err(wrong()),
    }
}

pub(super) async fn unsend_code(store: &RedisStore, id: &FactorId) -> Result<(), StoreError> {
    let call = Call::run(&scripts::UNSEND_CODE)
        .key(challenges(store, &id.account))
        .arg(id.request);
    let _: String = store.link.call(call).await?;
    Ok(())
}

pub(super) async fn state(
    store: &RedisStore,
    id: &FactorId,
    now: Millis,
) -> Result<Option<FactorState>, StoreError> {
    let mut call = Call::read("HMGET").key(challenges(store, &id.account));
    for field in *b"lsem" {
        call = call.arg([&[field], &id.request[..]].concat());
    }
    let fields: Vec<Option<String>> = store.link.call(call).await?;
    let [Some(left), Some(sent_at), Some(ends_at), None] = &fields[..] else {
        return Ok(None);
    };
    let number = |text: &str| {
        text.parse::<u64>()
            .map_err(|error| corrupt(error.to_string()))
    };
    let attempts_left: u8 = left.parse().unwrap_or(0);
    let is_open = attempts_left > 0 && number(ends_at)? > whole(now);
    Ok(is_open.then_some(FactorState {
        attempts_left,
        sent_at: Millis(number(sent_at)?),
    }))
}

/// See [`Store::guess_code`](crate::Store::guess_code).
pub(super) async fn guess(
    store: &RedisStore,
    id: &FactorId,
    now: Millis,
) -> Result<Guess, StoreError> {
    let name = challenges(store, &id.account);
    let call = Call::run(&scripts::GUESS_CODE)
        .key(store.names.answer(&name, store.link.attempt()))
        .key(name)
        .arg(id.request)
        .number(whole(now));
    let answer: Vec<u8> = store.link.call(call).await?;
    match &answer[..] {
        b"over" => Ok(Guess::Over),
        b"exhausted" => Ok(Guess::Exhausted),
        [b'm', met @ ..] => {
            let wrong = || corrupt("who met a challenge is too short".into());
            let (code, by) = met.split_first_chunk().ok_or_else(wrong)?;
            Ok(Guess::Met {
                code: *code,
                by: by.try_into().map_err(|_| wrong())?,
            })
        }
        [b'c', other @ ..] => {
            let wrong = || corrupt("a code is too short".into());
            let (code, left) = other.split_first_chunk().ok_or_else(wrong)?;
            let left = std::str::from_utf8(left).ok();
            Ok(Guess::Counted {
                code: *code,
                attempts_left: left.and_then(|left| left.parse().ok()).ok_or_else(wrong)?,
            })
        }
        _ => Err(corrupt("guess_code answered something unknown".into())),
    }
}

/// See [`Store::prove`](crate::Store::prove).
pub(super) async fn prove(
    store: &RedisStore,
    id: &FactorId,
    address: &[u8; 32],
    by: &[u8; 16],
    now: Millis,
) -> Result<bool, StoreError> {
    let name = challenges(store, &id.account);
    let call = Call::run(&scripts::PROVE)
        .key(store.names.answer(&name, store.link.attempt()))
        .key(name)
        .key(proved_by(store, &id.account))
        .arg(id.request)
        .arg(*address)
        .number(whole(now))
        .number(PROVED_LIFE_MS)
        .number(MAX_PROVED)
        .arg(*by);
    store.link.call(call).await.map(super::is_yes)
}

pub(super) async fn proved(
    store: &RedisStore,
    account: &[u8; 32],
    now: Millis,
) -> Result<Vec<Proved>, StoreError> {
    let call = Call::read("ZREVRANGEBYSCORE")
        .key(proved_by(store, account))
        .arg("+inf")
        .number(whole(now.before(PROVED_LIFE_MS)))
        .arg("WITHSCORES");
    let answer: Vec<(Vec<u8>, u64)> = store.link.call(call).await?;
    let proved = answer.into_iter().map(|(address, at)| {
        let address = address.try_into();
        Ok(Proved {
            address: address.map_err(|_| corrupt("an address of another length".into()))?,
            at: Millis(at),
        })
    });
    proved.collect()
}

pub(super) async fn forget(store: &RedisStore, account: &[u8; 32]) -> Result<bool, StoreError> {
    let call = Call::write("DEL")
        .key(challenges(store, account))
        .key(proved_by(store, account));
    let removed: u32 = store.link.call(call).await?;
    Ok(removed > 0)
}

/// See [`Store::use_quotas`](crate::Store::use_quotas).
pub(super) async fn use_quotas(
    store: &RedisStore,
    quotas: &[Quota],
    now: Millis,
) -> Result<Option<usize>, StoreError> {
    for (index, quota) in quotas.iter().enumerate() {
        let name = store
            .names
            .in_bucket(Bucket::of(&quota.id), QUOTA, &quota.id);
        let call = Call::run(&scripts::USE_QUOTA)
            .key(store.names.answer(&name, store.link.attempt()))
            .key(name)
            .number(quota.most)
            .number(quota.window_ms)
            .number(whole(now));
        if !store.link.call(call).await.map(super::is_yes)? {
            return Ok(Some(index));
        }
    }
    Ok(None)
}

fn challenges(store: &RedisStore, account: &[u8; 32]) -> Vec<u8> {
    store.names.in_bucket(Bucket::of(account), FACTORS, account)
}

fn proved_by(store: &RedisStore, account: &[u8; 32]) -> Vec<u8> {
    store.names.in_bucket(Bucket::of(account), PROVED, account)
}
