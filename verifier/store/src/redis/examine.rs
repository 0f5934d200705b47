//! Looking at the servers of a store without making or changing anything but the health probe's own keys.

use std::{collections::HashMap, time::Instant};

use redis::{
    RedisError,
    cluster_routing::{MultipleNodeRoutingInfo, RoutingInfo},
    from_redis_value,
};

use super::{
    RedisOpenError, RedisOptions, RedisStore, WrappedKeys,
    link::{Connection, Link},
    names::Names,
    open::{Connected, Facts, connect, fields},
    relations::Enlisted,
};
use crate::{Store, StoreError};

/// What the servers of a store look like from outside; see [`RedisStore::examine`].
#[derive(Debug, Clone, PartialEq)]
pub struct RedisState {
    /// Each server that answered, by its address.
    pub servers: Vec<RedisServer>,
    /// Whether all slots of the cluster are served; none without a cluster.
    pub is_cluster_whole: Option<bool>,
    /// How long a write to every part took, in seconds, with the confirmations that the options ask for; or why it failed.
    pub write_seconds: Result<f64, StoreError>,
    /// The wrapped keys; none in a store that has not been given any, or why they cannot be read.
    pub keys: Result<Option<WrappedKeys>, StoreError>,
}

/// One server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedisServer {
    /// Where it is.
    pub address: String,
    /// Its release.
    pub version: String,
    /// Whether it is a replica of another one.
    pub is_replica: bool,
    /// Replicas that follow it now.
    pub replicas: u8,
    /// What it does when its memory is full.
    pub eviction: String,
    /// Bytes in use, and how many it may use; none for no limit.
    pub memory: (u64, Option<u64>),
    /// Whether it keeps an append-only file.
    pub keeps_a_log: bool,
    /// When it syncs that to the disk (`always`, `everysec`, `no`), if it says.
    pub syncs: Option<String>,
    /// Its clock, in milliseconds since the Unix epoch, if it says.
    pub clock_ms: Option<u64>,
}

impl RedisStore {
    /// Asks the servers how they are, and writes the keys of the health probe.
    ///
    /// # Errors
    /// No server answers, or the options do not fit what answers.
    pub async fn examine(
        options: &RedisOptions,
        instance: [u8; 8],
    ) -> Result<RedisState, RedisOpenError> {
        let Connected {
            first: mut connection,
            more,
            servers,
        } = connect(options).await?;
        let syncs = settings(&mut connection, &servers).await;
        let is_cluster_whole = match &mut connection {
            Connection::Single(_) => None,
            Connection::Cluster(cluster) => {
                let mut ask = redis::cmd("CLUSTER");
                let answer: String = ask.arg("INFO").query_async(cluster).await?;
                let facts = fields(&answer);
                let is = |name: &str, value: &str| facts.get(name).is_some_and(|v| v == value);
                Some(is("cluster_state", "ok") && is("cluster_slots_ok", "16384"))
            }
        };
        let store = Self {
            link: Link::new(connection, more, options.wait, instance),
            names: Names {
                prefix: options.prefix.clone(),
            },
            keeps_a_log: false,
            enlisted: Enlisted::default(),
        };
        let started = Instant::now();
        let written = store.health().await;
        let write_seconds = written.map(|()| started.elapsed().as_secs_f64());
        let keys = store.wrapped_keys().await;
        store.close().await;
        let servers = servers
            .into_iter()
            .map(|(address, facts)| server(address, &facts, &syncs));
        let mut servers: Vec<_> = servers.collect();
        servers.sort_by(|a, b| a.address.cmp(&b.address));
        Ok(RedisState {
            servers,
            is_cluster_whole,
            write_seconds,
            keys,
        })
    }
}

/// `appendfsync` of each server; without those that do not let it be asked, as managed ones.
async fn settings(
    connection: &mut Connection,
    servers: &[(String, Facts)],
) -> HashMap<String, String> {
    const SETTING: &str = "appendfsync";
    let mut ask = redis::cmd("CONFIG");
    ask.arg("GET").arg(SETTING);
    let answers = match connection {
        Connection::Single(single) => {
            let answer: Result<HashMap<String, String>, _> = ask.query_async(single).await;
            let of = servers.first().map(|(address, _)| address.clone());
            answer.map(|answer| of.map(|of| (of, answer)).into_iter().collect())
        }
        Connection::Cluster(cluster) => {
            let all = RoutingInfo::MultiNode((MultipleNodeRoutingInfo::AllNodes, None));
            let answers = cluster.route_command(ask, all).await;
            answers.and_then(|value| from_redis_value(value).map_err(RedisError::from))
        }
    };
    let answers: HashMap<String, HashMap<String, String>> = answers.unwrap_or_default();
    let values = answers.into_iter();
    values
        .filter_map(|(server, mut answer)| Some((server, answer.remove(SETTING)?)))
        .collect()
}

fn server(address: String, facts: &Facts, syncs: &HashMap<String, String>) -> RedisServer {
    let text = |name: &str| facts.get(name).cloned().unwrap_or_default();
    let number = |name: &str| facts.get(name).and_then(|text| text.parse::<u64>().ok());
    RedisServer {
        version: text("redis_version"),
        is_replica: text("role") == "slave",
        replicas: u8::try_from(number("connected_slaves").unwrap_or(0)).unwrap_or(u8::MAX),
        eviction: text("maxmemory_policy"),
        memory: (
            number("used_memory").unwrap_or(0),
            number("maxmemory").filter(|most| *most > 0),
        ),
        keeps_a_log: number("aof_enabled") == Some(1),
        syncs: syncs.get(&address).cloned(),
        clock_ms: number("server_time_usec").map(|micros| micros / 1_000),
        address,
    }
}
