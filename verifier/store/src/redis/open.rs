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
    link::{ANSWER_WITHIN, CONNECT_WITHIN, Connection, Link},
    marks,
    names::Names,
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
        let connection = connect(options).await?;
        let store = Self {
            link: Link::new(connection, options.wait, instance),
            names: Names {
                prefix: options.prefix.clone(),
            },
        };
        marks::create(&store, now).await?;
        Ok(store)
    }
}

async fn connect(options: &RedisOptions) -> Result<Connection, RedisOpenError> {
    let nodes = options.hosts.iter().map(|host| node(options, host));
    let nodes = nodes.collect::<Result<Vec<_>, _>>()?;
    let (single, server) = first_that_answers(options, &nodes).await?;
    let is_cluster = info(&mut single.clone(), "cluster").await?;
    if is_cluster.get("cluster_enabled").map(String::as_str) != Some("1") {
        if nodes.len() > 1 {
            return Err(RedisOpenError::NoCluster(server));
        }
        check(&server, &info(&mut single.clone(), "memory").await?)?;
        return Ok(Connection::Single(single));
    }
    if options.database != 0 {
        return Err(RedisOpenError::ClusterDatabase);
    }
    let client = ClusterClient::builder(nodes)
        .connection_timeout(CONNECT_WITHIN)
        .response_timeout(ANSWER_WITHIN)
        .retries(CLUSTER_RETRIES)
        .build()?;
    let mut cluster = client.get_async_connection().await?;
    let mut ask = redis::cmd("INFO");
    ask.arg("memory");
    let all = RoutingInfo::MultiNode((MultipleNodeRoutingInfo::AllNodes, None));
    let answers = cluster.route_command(ask, all).await?;
    let answers: HashMap<String, String> = from_redis_value(answers).map_err(RedisError::from)?;
    for (server, answer) in answers {
        check(&server, &fields(&answer))?;
    }
    Ok(Connection::Cluster(cluster))
}

async fn first_that_answers(
    options: &RedisOptions,
    nodes: &[ConnectionInfo],
) -> Result<(ConnectionManager, String), RedisOpenError> {
    let config = ConnectionManagerConfig::new()
        .set_connection_timeout(Some(CONNECT_WITHIN))
        .set_response_timeout(Some(ANSWER_WITHIN))
        .set_number_of_retries(RECONNECTIONS);
    let mut last = None;
    for (node, (host, port)) in nodes.iter().zip(&options.hosts) {
        let client = Client::open(node.clone())?;
        match ConnectionManager::new_with_config(client, config.clone()).await {
            Ok(single) => return Ok((single, format!("{host}:{port}"))),
            Err(error) => last = Some(error),
        }
    }
    let none = || (redis::ErrorKind::InvalidClientConfig, "no host is named").into();
    Err(last.unwrap_or_else(none).into())
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

async fn info(
    connection: &mut ConnectionManager,
    section: &str,
) -> Result<HashMap<String, String>, RedisError> {
    let mut ask = redis::cmd("INFO");
    let answer: String = ask.arg(section).query_async(connection).await?;
    Ok(fields(&answer))
}

fn check(server: &str, memory: &HashMap<String, String>) -> Result<(), RedisOpenError> {
    let policy = memory.get("maxmemory_policy").map_or("", String::as_str);
    if policy == "noeviction" {
        return Ok(());
    }
    Err(RedisOpenError::Evicts {
        server: server.to_owned(),
        policy: policy.to_owned(),
    })
}

/// The lines `name:value` of an answer to INFO.
fn fields(answer: &str) -> HashMap<String, String> {
    let fields = answer
        .lines()
        .filter_map(|line| line.trim().split_once(':'));
    fields
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// Tries at once to connect again; a call that fails is tried again above it.
const RECONNECTIONS: usize = 2;
/// Redirections count too, and a failover takes some.
const CLUSTER_RETRIES: u32 = 6;
