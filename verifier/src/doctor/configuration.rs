use std::net::SocketAddr;

use super::{Finding, Level, Setup};
use crate::bots::Bots;

/// Options that are read but do not do what they seem to.
pub(super) async fn check(setup: &Setup) -> Vec<Finding> {
    let serve = &setup.serve;
    let mut found = Vec::new();
    for name in &setup.unknown_variables {
        found.push(Finding::warning(
            format!("the variable {name} is not known and has no effect"),
            "unset it, or look for the right name in `touchstone serve --help`",
        ));
    }
    if serve.listen == serve.admin_listen && serve.listen.port() != 0 {
        found.push(Finding::problem(
            format!("--listen and --admin-listen are both {}", serve.listen),
            "give the operator's door an address of its own, such as 127.0.0.1:9464",
        ));
    }
    if is_open(serve.admin_listen) {
        found.push(Finding::warning(
            format!("--admin-listen {} may be reached from outside", serve.admin_listen),
            "let a firewall or network policy admit Prometheus alone: /metrics tells how much traffic you have",
        ));
    }
    if serve.ja4_header.is_some() && serve.trusted_proxies.is_empty() {
        found.push(Finding::warning(
            "--ja4-header has no effect without --trusted-proxy",
            "name the network of the proxy that sets the header",
        ));
    }
    if serve.allow_test_keys {
        found.push(Finding::warning(
            "test keys are accepted, and their secrets are public",
            "leave --allow-test-keys out where real visitors come",
        ));
    }
    if is_open(serve.listen) && serve.tls.is_none() && serve.trusted_proxies.is_empty() {
        found.push(Finding::warning(
            format!("{} is served without TLS, and no proxy is named", serve.listen),
            "pages on https may not load from http: use --tls-cert and --tls-key, or a proxy in front and --trusted-proxy",
        ));
    }
    if let Some(Err(error)) = serve.bot_keys.as_deref().map(Bots::read) {
        found.push(Finding::problem(
            error.to_string(),
            "--bot-keys takes a JWK Set whose keys have a member name",
        ));
    }
    if found.iter().all(|finding| finding.level == Level::Ok) {
        found.push(Finding::ok("every option holds"));
    }
    found
}

fn is_open(address: SocketAddr) -> bool {
    !address.ip().is_loopback()
}
