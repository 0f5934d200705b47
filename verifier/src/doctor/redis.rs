use std::time::Duration;

use touchstone_store::redis::{RedisOpenError, RedisOptions, RedisServer, RedisState, RedisStore};
use touchstone_token::Millis;

use super::{Finding, Level, Setup, clock};
use crate::{
    config::StoreConfig,
    environment::{Clock, SystemClock, fresh},
};

/// The servers of the store: whether they keep what they are told, and who would take over.
pub(super) async fn check(setup: &Setup) -> Vec<Finding> {
    let StoreConfig::Redis(options) = &setup.data.store else {
        return Vec::new();
    };
    let Ok(instance) = fresh() else {
        let advice = "look at the operating system's random generator";
        return vec![Finding::problem("there are no random bytes", advice)];
    };
    match RedisStore::examine(options, instance).await {
        Ok(state) => told(options, &state, SystemClock.now()),
        Err(error) => vec![refused(&error)],
    }
}

fn told(options: &RedisOptions, state: &RedisState, now: Millis) -> Vec<Finding> {
    let mut found = Vec::new();
    found.push(match &state.write_seconds {
        Ok(seconds) => written(state, *seconds),
        Err(error) => Finding::problem(
            format!("a write fails: {error}"),
            "look at the servers; with wait=N in --store, at their replicas",
        ),
    });
    if state.is_cluster_whole == Some(false) {
        found.push(Finding::problem(
            "a part of the cluster is not served",
            "redis-cli --cluster check HOST:PORT says which",
        ));
    }
    for server in &state.servers {
        found.extend(about(server, options.wait, now));
    }
    let has_replicas = state.servers.iter().any(|server| server.is_replica);
    let is_cluster = state.is_cluster_whole.is_some();
    if is_cluster && has_replicas && options.wait == 0 {
        found.push(Finding::warning(
            "a write is answered before a replica has it",
            "what was spent just before a primary fails may be spent again; --store …?wait=1 closes that",
        ));
    }
    found
}

fn written(state: &RedisState, seconds: f64) -> Finding {
    let servers = state.servers.len();
    let what = match state.is_cluster_whole {
        Some(_) => format!("a cluster of {servers}; a write to all its parts took"),
        None => "one server; a write took".to_owned(),
    };
    let what = format!("{what} {:.1} ms", seconds * 1e3);
    match seconds < SLOW_S {
        true => Finding::ok(what),
        false => Finding::warning(
            what,
            "an assessment waits for one: move the verifier nearer",
        ),
    }
}

fn about(server: &RedisServer, wait: u8, now: Millis) -> Vec<Finding> {
    let mut found = Vec::new();
    let at = &server.address;
    if server.eviction != "noeviction" {
        found.push(Finding::problem(
            format!(
                "{at} may forget spent tokens (maxmemory-policy {})",
                server.eviction
            ),
            "set maxmemory-policy noeviction; the verifier does not start with another",
        ));
    }
    if !server.keeps_a_log {
        found.push(Finding::warning(
            format!("{at} keeps no append-only file"),
            "set appendonly yes: else a restart forgets what came after the last snapshot",
        ));
    } else if let Some(syncs) = server.syncs.as_deref().filter(|syncs| *syncs == "no") {
        found.push(Finding::warning(
            format!(
                "{at} leaves it to the system when its log reaches the disk (appendfsync {syncs})"
            ),
            "set appendfsync everysec, or always where no power cut may revive a token",
        ));
    }
    if let (used, Some(most)) = server.memory
        && used > most / 10 * 8
    {
        found.push(Finding::warning(
            format!("{at} uses {} of {} MB", used / 1_000_000, most / 1_000_000),
            "raise maxmemory: a full server refuses every token",
        ));
    }
    if !server.is_replica && server.replicas < wait {
        found.push(Finding::problem(
            format!("{at} has {} replicas, and wait={wait}", server.replicas),
            "add replicas or lower wait in --store: a write waits for them in vain",
        ));
    }
    if let Some(theirs) = server.clock_ms {
        let apart = Duration::from_millis(now.abs_diff(theirs));
        if apart > clock::APART {
            found.push(Finding::warning(
                format!("the clock of {at} is {} s off", apart.as_secs()),
                "keep all clocks with NTP: tokens bear 60 seconds between verifiers",
            ));
        }
    }
    found
}

fn refused(error: &RedisOpenError) -> Finding {
    let advice = match error {
        RedisOpenError::NoCluster(_) => "name one host, or make the servers a cluster",
        RedisOpenError::ClusterDatabase => "leave the number out behind the last slash",
        _ => "look at host, port, password and firewall; redis-cli -u URL ping",
    };
    Finding::new(Level::Problem, error.to_string(), Some(advice.to_owned()))
}

/// A tenth of what a login may take.
const SLOW_S: f64 = 0.05;

#[cfg(test)]
mod tests {
    use super::*;

    fn server() -> RedisServer {
        RedisServer {
            address: "one:6379".into(),
            version: "7.2.0".into(),
            is_replica: false,
            replicas: 1,
            eviction: "noeviction".into(),
            memory: (1_000, None),
            keeps_a_log: true,
            syncs: Some("always".into()),
            clock_ms: Some(1_000_000),
        }
    }

    #[test]
    fn a_server_that_would_forget_is_told_by_what() {
        let now = 1_000_000;
        assert_eq!(about(&server(), 1, now), []);
        let replicas = RedisServer {
            replicas: 0,
            ..server()
        };
        let eviction = RedisServer {
            eviction: "allkeys-lru".into(),
            ..server()
        };
        let log = RedisServer {
            keeps_a_log: false,
            ..server()
        };
        let syncs = RedisServer {
            syncs: Some("no".into()),
            ..server()
        };
        let memory = RedisServer {
            memory: (9_000_000, Some(10_000_000)),
            ..server()
        };
        let clock = RedisServer {
            clock_ms: Some(now + 9_000),
            ..server()
        };
        for (server, level, part) in [
            (replicas, Level::Problem, "wait=1"),
            (eviction, Level::Problem, "allkeys-lru"),
            (log, Level::Warning, "append-only"),
            (syncs, Level::Warning, "appendfsync no"),
            (memory, Level::Warning, "9 of 10 MB"),
            (clock, Level::Warning, "9 s off"),
        ] {
            let found = about(&server, 1, now);
            assert_eq!(found.len(), 1, "{found:?}");
            assert_eq!(found[0].level, level);
            assert!(found[0].what.contains(part), "{found:?}");
        }
    }
}
