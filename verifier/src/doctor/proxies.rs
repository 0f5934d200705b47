use touchstone_traffic::is_public;

use super::{Finding, Setup};

/// Whether visitors can be told apart by their addresses.
pub(super) async fn check(setup: &Setup) -> Vec<Finding> {
    let serve = &setup.serve;
    let proxies = &serve.trusted_proxies;
    let listen = serve.listen.ip();
    if let Some(all) = proxies.iter().find(|net| net.prefix_len() == 0) {
        return vec![Finding::problem(
            format!("--trusted-proxy {all} believes everybody"),
            "name the proxy's own network: else a visitor chooses the address that it is counted under",
        )];
    }
    if !proxies.is_empty() {
        let names: Vec<String> = proxies.iter().map(ToString::to_string).collect();
        return vec![Finding::ok(format!(
            "X-Forwarded-For counts from {}",
            names.join(", ")
        ))];
    }
    if listen.is_unspecified() || is_public(listen) {
        return vec![Finding::ok(
            "none; visitors are counted by the address that they connect from",
        )];
    }
    vec![Finding::warning(
        format!(
            "{} is private and no proxy is named, so visits are not counted by address",
            serve.listen
        ),
        "name the network of the proxy in front (--trusted-proxy 127.0.0.1/32 for one on this machine), and let it send X-Forwarded-For",
    )]
}
