//! Connecting, and refusing a Redis that would forget.

use std::collections::HashMap;

use redis::{
    Client, ConnectionAddr, ConnectionInfo, IntoConnectionInfo, RedisConnectionInfo, RedisError,
    aio::{ConnectionManager, ConnectionManagerConfig},
    cluster::ClusterClient,
    cluster_routing::{MultipleNodeRoutingInfo, RoutingInfo},
    from_redis_value,
};

use super::{
    RedisOptions, RedisStore,
    link::{ANSWER_WITHIN, CLUSTER_ANSWERS_WITHIN, CONNECT_WITHIN, Connection, Link},
    marks,
    names::Names,
    relations::Enlisted,
};
use crate::{Millis, StoreError};

/// Why a Redis store could not be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RedisOpenError {
    /// No server answered, or the one that did refused the login.
    #[error("cannot reach Redis: {0}")]
    Unreachable(#[from] RedisError),
    /// A server may throw keys away when its memory is full: spent tokens would be valid again.
    #[error(
        "Redis at {server} has maxmemory-policy {policy}, so it may forget spent tokens; set it to noeviction"
    )]
    Evicts {
        /// Which server.
        server: String,
        /// Its setting.
        policy: String,
    },
    /// Several servers that know nothing of each other.
    #[error("several hosts are named, but {0} is not part of a cluster")]
    NoCluster(String),
    /// A cluster has one database.
    #[error("a cluster has database 0 only")]
    ClusterDatabase,
    /// The first write failed.
    #[error("{0}")]
    Write(#[from] StoreError),
}

impl RedisStore {
    /// Connects, checks how the servers are set up, and gives a new store its low-water mark, which is `now`.
    ///
    /// `instance` is random and never used again: it tells what this process sends from what others send. With the one of
    /// another process, a token that was spent there could count as spent here.
    ///
    /// # Errors
    /// See [`RedisOpenError`].
    pub async fn open(
        options: &RedisOptions,
        instance: [u8; 8],
        now: Millis,
    ) -> Result<Self, RedisOpenError> {
        if options.tls {
            // Another part of the process may have chosen before; its choice stands.
            let _ = rustls::crypto::ring::default_provider().install_default();
        }
        let Connected {
            first,
            more,
            servers,
        } = connect(options).await?;
        for (server, facts) in &servers {
            check(server, facts)?;
        }
        let is_logged = |facts: &Facts| facts.get("aof_enabled").is_some_and(|on| on == "1");
        let store = Self {
            link: Link::new(first, more, options.wait, instance),
            names: Names {
                prefix: options.prefix.clone(),
            },
            keeps_a_log: servers.iter().all(|(_, facts)| is_logged(facts)),
            enlisted: Enlisted::default(),
        };
        marks::create(&store, now).await?;
        Ok(store)
    }
}

/// What a server says about itself, by the names of INFO.
pub(super) type Facts = HashMap<String, String>;

/// Ways to the servers, and what those say about themselves.
pub(super) struct Connected {
    pub(super) first: Connection,
    /// What takes turns with it.
    pub(super) more: Vec<Connection>,
    pub(super) servers: Vec<(String, Facts)>,
}

pub(super) async fn connect(options: &RedisOptions) -> Result<Connected, RedisOpenError> {
    let nodes = options.hosts.iter().map(|host| node(options, host));
    let nodes = nodes.collect::<Result<Vec<_>, _>>()?;
    let count = match options.wait {
        0 => 0,
        _ => MORE_WITH_WAIT,
    };
    let (mut single, client, server) = first_that_answers(options, &nodes).await?;
    let answer: String = redis::cmd("INFO").query_async(&mut single).await?;
    let facts = fields(&answer);
    if facts.get("cluster_enabled").is_none_or(|on| on != "1") {
        if nodes.len() > 1 {
            return Err(RedisOpenError::NoCluster(server));
        }
        let mut more = Vec::new();
        while more.len() < count {
            let another = ConnectionManager::new_with_config(client.clone(), settings()).await?;
            more.push(Connection::Single(another));
        }
        return Ok(Connected {
            first: Connection::Single(single),
            more,
            servers: vec![(server, facts)],
        });
    }
    if options.database != 0 {
        return Err(RedisOpenError::ClusterDatabase);
    }
    let client = ClusterClient::builder(nodes)
        .connection_timeout(CONNECT_WITHIN)
        .response_timeout(ANSWER_WITHIN)
        .overall_response_timeout(Some(CLUSTER_ANSWERS_WITHIN))
        .retries(CLUSTER_RETRIES)
        .build()?;
    let mut cluster = client.get_async_connection().await?;
    let all = RoutingInfo::MultiNode((MultipleNodeRoutingInfo::AllNodes, None));
    let answers = cluster.route_command(redis::cmd("INFO"), all).await?;
    let answers: HashMap<String, String> = from_redis_value(answers).map_err(RedisError::from)?;
    let servers = answers
        .into_iter()
        .map(|(server, answer)| (server, fields(&answer)));
    let mut more = Vec::new();
    while more.len() < count {
        more.push(Connection::Cluster(client.get_async_connection().await?));
    }
    Ok(Connected {
        first: Connection::Cluster(cluster),
        more,
        servers: servers.collect(),
    })
}

async fn first_that_answers(
    options: &RedisOptions,
    nodes: &[ConnectionInfo],
) -> Result<(ConnectionManager, Client, String), RedisOpenError> {
    let mut last = None;
    for (node, (host, port)) in nodes.iter().zip(&options.hosts) {
        let client = Client::open(node.clone())?;
        match ConnectionManager::new_with_config(client.clone(), settings()).await {
            Ok(single) => return Ok((single, client, format!("{host}:{port}"))),
            Err(error) => last = Some(error),
        }
    }
    let none = || (redis::ErrorKind::InvalidClientConfig, "no host is named").into();
    Err(last.unwrap_or_else(none).into())
}

fn settings() -> ConnectionManagerConfig {
    ConnectionManagerConfig::new()
        .set_connection_timeout(Some(CONNECT_WITHIN))
        .set_response_timeout(Some(ANSWER_WITHIN))
        .set_number_of_retries(RECONNECTIONS)
}

fn node(
    options: &RedisOptions,
    (host, port): &(String, u16),
) -> Result<ConnectionInfo, RedisError> {
    let address = match options.tls {
        false => ConnectionAddr::Tcp(host.clone(), *port),
        true => ConnectionAddr::TcpTls {
            host: host.clone(),
            port: *port,
            insecure: false,
            tls_params: None,
        },
    };
    let mut settings = RedisConnectionInfo::default().set_db(options.database.into());
    if let Some(username) = &options.username {
        settings = settings.set_username(username);
    }
    if let Some(password) = &options.password {
        settings = settings.set_password(password.as_str());
    }
    Ok(address.into_connection_info()?.set_redis_settings(settings))
}

fn check(server: &str, facts: &Facts) -> Result<(), RedisOpenError> {
    let policy = facts.get("maxmemory_policy").map_or("", String::as_str);
    if policy == "noeviction" {
        return Ok(());
    }
    Err(RedisOpenError::Evicts {
        server: server.to_owned(),
        policy: policy.to_owned(),
    })
}

/// The lines `name:value` of an answer to INFO.
pub(super) fn fields(answer: &str) -> Facts {
    let fields = answer
        .lines()
        .filter_map(|line| line.trim().split_once(':'));
    fields
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// A connection that waits for its replicas does nothing else meanwhile: one alone would serve as many calls a second as fit
/// one after the other between primary and replica.
const MORE_WITH_WAIT: usize = 15;
/// Tries at once to connect again; a call that fails is tried again above it.
const RECONNECTIONS: usize = 2;
/// Redirections count too, and a failover takes some.
const CLUSTER_RETRIES: u32 = 6;
