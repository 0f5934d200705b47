use touchstone_store::redis::{RedisOptions, RedisStore};
use touchstone_token::{KeyRing, Millis};

use super::{Finding, Setup};
use crate::{
    config::StoreConfig,
    data::{DataDir, DataError, Keks},
    environment::fresh,
};

/// The keys that tokens are sealed under, and the one that is never rotated.
pub(super) async fn check(setup: &Setup) -> Vec<Finding> {
    match &setup.data.store {
        StoreConfig::Sqlite(_) => kept_in_files(setup),
        StoreConfig::Redis(options) => kept_in_store(setup, options).await,
    }
}

fn kept_in_files(setup: &Setup) -> Vec<Finding> {
    let folder = &setup.data.data;
    if !folder.join("ring.json").exists() {
        return vec![Finding::ok(
            "no keys yet; the first `touchstone serve` makes them",
        )];
    }
    // With both files there, opening makes nothing.
    if !folder.join("vault.key").exists() {
        return vec![Finding::problem(
            format!("{} has a ring.json and no vault.key", folder.display()),
            "restore vault.key from a backup: what API keys are checked against is lost with it",
        )];
    }
    let data = match DataDir::open(folder, setup.data.store.database(), setup.now) {
        Ok(data) => data,
        Err(error) => return vec![unreadable(&error)],
    };
    if let Err(error) = data.vault() {
        return vec![unreadable(&error)];
    }
    match data.ring() {
        Ok(ring) => vec![told(&ring, setup.now)],
        Err(error) => vec![unreadable(&error)],
    }
}

async fn kept_in_store(setup: &Setup, options: &RedisOptions) -> Vec<Finding> {
    let keks = match Keks::read(&setup.data.kek) {
        Ok(keks) => keks,
        Err(error) => return vec![unreadable(&error)],
    };
    let Ok(instance) = fresh() else {
        return vec![unreadable_because("there are no random bytes")];
    };
    // Why a store does not answer is told by the check of Redis.
    let Ok(state) = RedisStore::examine(options, instance).await else {
        return vec![unreadable_because(
            "the store that holds the keys does not answer",
        )];
    };
    match state.keys {
        Ok(Some(kept)) => match keks.open_keys(&kept.bytes, &options.prefix) {
            Ok(set) => vec![told(&set.ring, setup.now)],
            Err(error) => vec![unreadable(&error)],
        },
        Ok(None) if DataDir::has_keys(&setup.data.data) => {
            let folder = setup.data.data.clone();
            vec![unreadable(&DataError::NotImported(folder))]
        }
        Ok(None) => vec![Finding::ok(
            "no keys yet; the first `touchstone serve` makes them",
        )],
        Err(error) => vec![unreadable(&DataError::Shared(error))],
    }
}

fn told(ring: &KeyRing, now: Millis) -> Finding {
    let count = ring.keys().count();
    let newest = ring.keys().last();
    let sealing = ring.keys().filter(|key| key.seals_from <= now).last();
    let Some((newest, sealing)) = newest.zip(sealing) else {
        return Finding::problem(
            "every key of the ring seals only in the future",
            "the clock of this machine is behind: set it, and keep it with NTP",
        );
    };
    let days = now.saturating_sub(sealing.created_at) / DAY_MS;
    let keys = if count == 1 { "key" } else { "keys" };
    let what = format!(
        "{count} {keys}; number {} seals, {days} days old",
        sealing.id
    );
    if newest.seals_from > now {
        let seconds = (newest.seals_from - now).div_ceil(1_000);
        return Finding::ok(format!(
            "{what}; number {} takes over in {seconds} s",
            newest.id
        ));
    }
    match days > OLD_DAYS {
        true => Finding::warning(what, "touchstone ring rotate; no token is refused for it"),
        false => Finding::ok(what),
    }
}

fn unreadable(error: &DataError) -> Finding {
    unreadable_because(&error.to_string())
}

fn unreadable_because(why: &str) -> Finding {
    Finding::problem(why, "see above; without the keys nothing opens")
}

const DAY_MS: Millis = 24 * 3_600 * 1_000;
/// A key that leaked unnoticed should not seal for years.
const OLD_DAYS: u64 = 180;

#[cfg(test)]
mod tests {
    use touchstone_token::{KeyId, RingKey};

    use super::{super::Level, *};

    #[test]
    fn old_keys_and_keys_of_the_future_are_told() {
        let key = |id, at| RingKey {
            id: KeyId(id),
            secret: [7; 32],
            created_at: at,
            seals_from: at + 70_000,
        };
        let ring = KeyRing::new(vec![key(1, 0), key(2, 10 * DAY_MS)]).unwrap();
        let at = |now| told(&ring, now);
        assert_eq!(at(11 * DAY_MS).level, Level::Ok);
        assert!(
            at(10 * DAY_MS + 1)
                .what
                .contains("number 2 takes over in 70 s")
        );
        assert_eq!(at(400 * DAY_MS).level, Level::Warning);
        assert_eq!(at(1_000).level, Level::Problem);
    }
}
