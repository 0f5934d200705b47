//! Listening: sockets, TLS, limits and a shutdown that loses nothing. The doors do not know how they are served.

mod activity;
mod listener;
mod shutdown;
mod tls;

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use http_body_util::Either;
use rustix::process::{Resource, getrlimit, setrlimit};
use sd_notify::NotifyState;
use tokio::{net::TcpListener, runtime::Handle};

use crate::{
    Verifier,
    certificate::Certificate,
    config::ServeConfig,
    demo::Site,
    doors::{
        admission::Admission,
        http::{Answer, GrpcServices, PublicDoor, Served, answer_admin},
    },
    factors,
    keys::{Quotas, RingKeeper},
    metrics::Connections,
};
use listener::{Limits, Service, accept};
pub use shutdown::{Shutdown, Wish};
use tls::Tls;
pub(crate) use tls::{TlsError, read as read_certificate};

/// Why serving could not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}; choose another with {option}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What went wrong.
        source: io::Error,
        /// The option that names it.
        option: &'static str,
    },
    /// Certificate or key cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// Signals cannot be received.
    #[error("cannot wait for signals: {0}")]
    Signals(#[from] io::Error),
}

/// Serves the public and the operator's door until the shutdown, then answers what is under way.
///
/// # Errors
/// An address or the certificate cannot be used.
pub async fn run(
    verifier: Arc<Verifier>,
    config: ServeConfig,
    shutdown: Shutdown,
) -> Result<(), ServeError> {
    raise_limit_of_files();
    let public = bind(config.listen, "--listen").await?;
    let admin = bind(config.admin_listen, "--admin-listen").await?;
    // From here on connections wait in the system's queue. Without systemd this does nothing.
    if let Err(error) = sd_notify::notify(&[NotifyState::Ready]) {
        tracing::warn!(%error, "systemd could not be told that the server is ready");
    }
    run_on(public, Some(admin), verifier, config, shutdown).await
}

/// The same on sockets that listen already; the operator's door is optional.
///
/// # Errors
/// The certificate cannot be used.
pub async fn run_on(
    public: TcpListener,
    admin: Option<TcpListener>,
    verifier: Arc<Verifier>,
    config: ServeConfig,
    shutdown: Shutdown,
) -> Result<(), ServeError> {
    let tls = config
        .tls
        .map(|(cert, key)| Tls::new(cert, key))
        .transpose()?;
    if let Ok(address) = public.local_addr() {
        tracing::info!(%address, tls = tls.is_some(), base = config.base_path, "serving");
    }
    let retention = Retention {
        assessments: config.retention,
        accounts: config.account_retention,
    };
    let quotas = Quotas::new(config.quota_per_minute, verifier.is_shared());
    let quotas = Arc::new(quotas);
    let upkeep = tokio::spawn(keep_up(
        verifier.clone(),
        quotas.clone(),
        tls.clone(),
        retention,
    ));
    let door = Arc::new(PublicDoor {
        verifier: verifier.clone(),
        admission: Admission::new(
            config.max_in_flight,
            &Handle::current().metrics(),
            &verifier.metrics,
        ),
        trusted_proxies: config.trusted_proxies,
        base_path: config.base_path,
        ja4_header: config.ja4_header,
        pwned_passwords_range: config.pwned_passwords_range,
        quotas,
        grpc: GrpcServices::new().await,
        description: OnceLock::new(),
        warned: std::sync::Once::new(),
    });
    let public_service: Service = Arc::new(move |connection, request| {
        let door = door.clone();
        Box::pin(async move { door.answer(connection, request).await })
    });
    let limits = Limits {
        connections: config.max_connections,
    };
    let connections = verifier.metrics.connections("public");
    let public = accept(
        public,
        tls,
        public_service,
        limits,
        connections,
        shutdown.clone(),
    );
    let admin = async {
        let Some(admin) = admin else { return };
        if let Ok(address) = admin.local_addr() {
            tracing::info!(%address, "the operator's door");
        }
        let connections = verifier.metrics.connections("admin");
        let service: Service = Arc::new(move |_, request| {
            let verifier = verifier.clone();
            Box::pin(async move { whole(answer_admin(&verifier, request).await) })
        });
        accept(
            admin,
            None,
            service,
            Limits { connections: 64 },
            connections,
            shutdown.clone(),
        )
        .await;
    };
    tokio::join!(public, admin);
    upkeep.abort();
    Ok(())
}

/// Serves the demo's site.
pub(crate) async fn run_site(listener: TcpListener, site: Arc<Site>, shutdown: Shutdown) {
    let service: Service = Arc::new(move |_, request| {
        let site = site.clone();
        Box::pin(async move { whole(site.answer(request).await) })
    });
    accept(
        listener,
        None,
        service,
        Limits { connections: 256 },
        Connections::default(),
        shutdown,
    )
    .await;
}

fn whole(answer: Answer) -> Served {
    answer.map(Either::Left)
}

async fn bind(address: SocketAddr, option: &'static str) -> Result<TcpListener, ServeError> {
    let listener = TcpListener::bind(address).await;
    listener.map_err(|source| ServeError::Listen {
        address,
        source,
        option,
    })
}

/// Each connection is an open file, and many systems allow 1,024 of them unless a program asks for what it may have.
fn raise_limit_of_files() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        tracing::warn!(%error, "the limit of open files stays as it is");
    }
}

/// How long things are kept.
#[derive(Clone, Copy)]
struct Retention {
    assessments: Duration,
    /// From the last visit on.
    accounts: Duration,
}

/// What goes on beside the requests. A store that is slow to prune must not keep the ring from being looked at.
async fn keep_up(
    verifier: Arc<Verifier>,
    quotas: Arc<Quotas>,
    tls: Option<Tls>,
    retention: Retention,
) {
    tokio::join!(
        follow_keys(&verifier, tls),
        share_traffic(&verifier, &quotas),
        send_codes(&verifier),
        mind_store(&verifier, retention)
    );
}

/// Follows the ring and the certificate.
async fn follow_keys(verifier: &Verifier, tls: Option<Tls>) {
    let mut look = tokio::time::interval(Duration::from_millis(RingKeeper::LOOK_EVERY_MS));
    loop {
        look.tick().await;
        verifier.ring.look().await;
        if let Some(tls) = &tls {
            tls.look();
            if let Some(Certificate {
                names, not_after, ..
            }) = tls.certificate()
            {
                let host = names.into_iter().next().unwrap_or_default();
                verifier.metrics.certificate_expires(host, not_after);
            }
        }
    }
}

/// Exchanges counts of traffic and of quotas with the other verifiers of the store.
async fn share_traffic(verifier: &Verifier, quotas: &Quotas) {
    let mut exchange = tokio::time::interval(EXCHANGE_EVERY);
    let mut is_failing = false;
    loop {
        exchange.tick().await;
        let exchanged = verifier.exchange_traffic(quotas).await;
        if let (Err(error), false) = (&exchanged, is_failing) {
            tracing::warn!(%error, "counts of traffic are not exchanged with other verifiers until the store answers");
        }
        is_failing = exchanged.is_err();
    }
}

/// Sends the codes that wait: those of a verifier that ended, and those that a mail server wanted later.
async fn send_codes(verifier: &Arc<Verifier>) {
    let mut look = tokio::time::interval(SEND_EVERY);
    let mut is_failing = false;
    loop {
        look.tick().await;
        let sent = factors::deliver_waiting(verifier).await;
        if let (Err(error), false) = (&sent, is_failing) {
            tracing::warn!(%error, "codes that wait are not sent until the store answers");
        }
        is_failing = sent.is_err();
    }
}

/// Prunes, and follows what other verifiers recorded.
async fn mind_store(verifier: &Verifier, retention: Retention) {
    let mut follow = tokio::time::interval(FOLLOW_EVERY);
    let mut prune = tokio::time::interval(PRUNE_EVERY);
    let ms = |of: Duration| u64::try_from(of.as_millis()).unwrap_or(u64::MAX);
    loop {
        tokio::select! {
            _ = follow.tick() => {
                if let Err(error) = verifier.follow_replays().await {
                    tracing::warn!(%error, "visits of other verifiers could not be read; the next try is in seconds");
                }
            }
            _ = prune.tick() => {
                let pruned = async {
                    verifier.prune(ms(retention.assessments)).await?;
                    verifier.prune_accounts(ms(retention.accounts)).await
                };
                if let Err(error) = pruned.await {
                    tracing::error!(%error, "the store could not be pruned; the next try is in a minute");
                }
            }
        }
    }
}

/// How soon a flood at one verifier is known to all.
const EXCHANGE_EVERY: Duration = Duration::from_secs(1);
/// How soon a visit that another verifier recorded is compared with those here.
const FOLLOW_EVERY: Duration = Duration::from_secs(5);
/// How soon a message that is due is sent.
const SEND_EVERY: Duration = Duration::from_secs(5);
const PRUNE_EVERY: Duration = Duration::from_secs(60);
