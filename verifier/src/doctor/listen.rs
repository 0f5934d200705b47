use std::{io::ErrorKind, net::SocketAddr};

use tokio::net::TcpListener;

use super::{Finding, Setup, server};

/// Whether the addresses can be listened on, or are by a verifier already.
pub(super) async fn check(setup: &Setup) -> Vec<Finding> {
    let is_served = server::is_there(setup).await;
    let mut found = Vec::new();
    for (option, address) in [
        ("--listen", setup.serve.listen),
        ("--admin-listen", setup.serve.admin_listen),
    ] {
        found.push(one(option, address, is_served).await);
    }
    found
}

async fn one(option: &str, address: SocketAddr, is_served: bool) -> Finding {
    let shown = format!("{option} {address}");
    match TcpListener::bind(address).await {
        Ok(_) => Finding::ok(format!("{shown} is free")),
        Err(error) if error.kind() == ErrorKind::AddrInUse && is_served => {
            Finding::ok(format!("{shown} is served"))
        }
        Err(error) if error.kind() == ErrorKind::AddrInUse => Finding::problem(
            format!("{shown} is taken by another program"),
            format!(
                "choose another, or end that one; `ss -ltnp 'sport = :{}'` names it",
                address.port()
            ),
        ),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Finding::problem(
            format!("{shown}: {error}"),
            "ports below 1024 need CAP_NET_BIND_SERVICE: take 8080 and a proxy in front, or grant it",
        ),
        Err(error) => Finding::problem(
            format!("{shown}: {error}"),
            "name an address of this machine, or 0.0.0.0 for all",
        ),
    }
}
