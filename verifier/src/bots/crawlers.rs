use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use hickory_resolver::{
    TokioResolver,
    config::{NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts},
    lookup::Lookup,
    net::{DnsError, NetError, runtime::TokioRuntimeProvider},
    proto::{op::ResponseCode, rr::RData},
};
use ipnet::IpNet;
use tokio::{sync::Semaphore, task::JoinHandle, time::timeout};
use touchstone_traffic::is_public;

use super::Crawler;

/// Tells crawlers that are what their user agent claims from those that only say so: the address has a name below the operator's
/// domain (PTR), and the name leads back to the address, which only the operator can bring about.
///
/// Asks the configured name servers alone, for the address of whoever claims to be a crawler, and remembers answers for ten minutes
/// to a day, at most 4,096 of them. At most 64 questions are under way; more are not asked.
pub struct Crawlers {
    resolver: Arc<TokioResolver>,
    under_way: Arc<Semaphore>,
    /// Whose addresses say nothing of the visitor.
    proxies: Vec<IpNet>,
}

/// What came of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// It is the crawler that it claims to be.
    Verified(&'static Crawler),
    /// The address is none of this crawler's.
    Refuted(&'static Crawler),
}

/// Why crawlers cannot be verified.
#[derive(Debug, thiserror::Error)]
pub enum CrawlersError {
    /// There is no configuration of DNS on this system.
    #[error(
        "--verify-bots: this system's DNS servers are not known ({0}); name one with --dns-server"
    )]
    System(NetError),
    /// The resolver cannot be made.
    #[error("--verify-bots: DNS cannot be asked: {0}")]
    Resolver(NetError),
}

impl Crawlers {
    /// Asks `server`, or those of the system. `proxies` are the trusted ones: an address of theirs is nobody's.
    ///
    /// # Errors
    /// The system's servers are not known.
    pub fn new(server: Option<SocketAddr>, proxies: Vec<IpNet>) -> Result<Self, CrawlersError> {
        let mut builder = match server {
            Some(server) => TokioResolver::builder_with_config(
                ResolverConfig::from_parts(None, Vec::new(), vec![at(server)]),
                TokioRuntimeProvider::default(),
            ),
            None => TokioResolver::builder_tokio().map_err(CrawlersError::System)?,
        };
        bound(builder.options_mut());
        let resolver = builder.build().map_err(CrawlersError::Resolver)?;
        Ok(Self {
            resolver: Arc::new(resolver),
            under_way: Arc::new(Semaphore::new(MOST_UNDER_WAY)),
            proxies,
        })
    }

    /// Begins to ask, so that the answer is there when it is needed.
    pub fn foresee(&self, user_agent: &str, address: IpAddr) {
        // The task goes on by itself: the answer stays in the resolver's memory.
        drop(self.ask(user_agent, address));
    }

    /// What came of a visitor's claim; none if it claims nothing, or if DNS does not tell within a fifth of a second.
    pub async fn claim(&self, user_agent: &str, address: IpAddr) -> Option<Claim> {
        let asked = self.ask(user_agent, address)?;
        timeout(WAIT, asked).await.ok()?.ok()?
    }

    fn ask(&self, user_agent: &str, address: IpAddr) -> Option<JoinHandle<Option<Claim>>> {
        let claimed = Crawler::claimed(user_agent);
        let first = *claimed.first()?;
        let address = address.to_canonical();
        let is_proxy = self.proxies.iter().any(|net| net.contains(&address));
        // Of addresses that are not public, DNS knows nothing.
        if is_proxy || !is_public(address) {
            return None;
        }
        let permit = self.under_way.clone().try_acquire_owned().ok()?;
        let resolver = self.resolver.clone();
        Some(tokio::spawn(async move {
            let found = owner(&resolver, &claimed, address).await;
            drop(permit);
            Some(match found.ok()? {
                Some(crawler) => Claim::Verified(crawler),
                None => Claim::Refuted(first),
            })
        }))
    }
}

/// Which of the crawlers an address belongs to.
///
/// # Errors
/// A name server does not answer, or not this time: that says nothing.
async fn owner(
    resolver: &TokioResolver,
    claimed: &[&'static Crawler],
    address: IpAddr,
) -> Result<Option<&'static Crawler>, NetError> {
    let names = records(resolver.reverse_lookup(address).await)?;
    for name in names.iter().take(MOST_NAMES) {
        let RData::PTR(name) = name else { continue };
        let host = name.to_string();
        let Some(crawler) = claimed.iter().find(|crawler| crawler.owns(&host)) else {
            continue;
        };
        let forward = match address {
            IpAddr::V4(_) => resolver.ipv4_lookup(name.0.clone()).await,
            IpAddr::V6(_) => resolver.ipv6_lookup(name.0.clone()).await,
        };
        if records(forward)?
            .iter()
            .any(|data| data.ip_addr() == Some(address))
        {
            return Ok(Some(crawler));
        }
    }
    Ok(None)
}

/// That there is no such name is an answer; that nobody knows is none.
fn records(lookup: Result<Lookup, NetError>) -> Result<Vec<RData>, NetError> {
    match lookup {
        Ok(lookup) => Ok(lookup
            .answers()
            .iter()
            .map(|record| record.data.clone())
            .collect()),
        Err(NetError::Dns(DnsError::NoRecordsFound(none)))
            if matches!(
                none.response_code,
                ResponseCode::NXDomain | ResponseCode::NoError
            ) =>
        {
            Ok(Vec::new())
        }
        Err(error) => Err(error),
    }
}

fn at(server: SocketAddr) -> NameServerConfig {
    let mut config = NameServerConfig::udp_and_tcp(server.ip());
    for connection in &mut config.connections {
        connection.port = server.port();
    }
    config
}

fn bound(options: &mut ResolverOpts) {
    options.timeout = Duration::from_secs(1);
    options.attempts = 1;
    options.cache_size = 4_096;
    options.positive_min_ttl = Some(Duration::from_secs(600));
    options.positive_max_ttl = Some(Duration::from_secs(24 * 3_600));
    options.negative_min_ttl = Some(Duration::from_secs(60));
    options.negative_max_ttl = Some(Duration::from_secs(3_600));
    options.use_hosts_file = ResolveHosts::Never;
}

/// How long an assessment waits for DNS: the question was asked when the page opened its session.
const WAIT: Duration = Duration::from_millis(200);
const MOST_UNDER_WAY: usize = 64;
/// Names of one address that are looked at.
const MOST_NAMES: usize = 4;
