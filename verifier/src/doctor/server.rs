use std::net::SocketAddr;

use hyper::{Method, Uri};

use super::{
    Finding, Setup,
    address::reached,
    visit::{Seen, VisitError, ask},
};

/// The running server of this configuration, if there is one.
pub(super) async fn check(setup: &Setup) -> Vec<Finding> {
    let admin = setup.serve.admin_listen;
    if !is_there(setup).await {
        return vec![Finding::ok(format!("none runs at {admin}"))];
    }
    let mut found = is_ready(setup).await;
    if let Ok(metrics) = get(admin, "/metrics").await {
        let text = String::from_utf8_lossy(&metrics.body);
        found.extend(release(&text));
        found.extend(headers(&text));
    }
    found
}

/// Whether a verifier answers at the operator's address.
pub(super) async fn is_there(setup: &Setup) -> bool {
    match get(setup.serve.admin_listen, "/healthz").await {
        Ok(seen) => seen.status == 200 && seen.body == "ok\n",
        Err(_) => false,
    }
}

/// Whether it can write to its store now.
pub(super) async fn is_ready(setup: &Setup) -> Vec<Finding> {
    let admin = setup.serve.admin_listen;
    vec![match get(admin, "/readyz").await {
        Ok(seen) if seen.status == 200 => Finding::ok(format!("ready, at {admin}")),
        Ok(seen) => Finding::problem(
            String::from_utf8_lossy(&seen.body).trim_end().to_owned(),
            "its store cannot be written: see the checks of disk and store, and the server's log",
        ),
        Err(error) => Finding::problem(
            format!("{admin}: {error}"),
            "start it, or name its address with --admin-listen",
        ),
    }]
}

/// Whether it is the release that examines it.
fn release(metrics: &str) -> Option<Finding> {
    const OURS: &str = env!("CARGO_PKG_VERSION");
    let line = metrics
        .lines()
        .find(|line| line.starts_with("touchstone_build_info{"))?;
    let theirs = line.split('"').nth(1)?;
    (theirs != OURS).then(|| {
        Finding::warning(
            format!("release {theirs} runs, this is {OURS}"),
            "restart it to finish the upgrade",
        )
    })
}

/// Whether most visitors seem to come without the headers that browsers send: then a proxy takes them away.
fn headers(metrics: &str) -> Option<Finding> {
    let scored: f64 = sum(metrics, "touchstone_scores_total{");
    let lacking = sum(
        metrics,
        "touchstone_findings_total{detector=\"request-headers\"}",
    );
    (scored >= ENOUGH && lacking > scored / 2.0).then(|| {
        Finding::problem(
            format!("{lacking} of {scored} visitors came without headers that every browser sends"),
            "let the proxy in front pass Origin, User-Agent, Accept, Accept-Language, Sec-CH-UA* and Sec-Fetch-* on; \
             `touchstone doctor --url https://HOST` says which are missing",
        )
    })
}

fn sum(metrics: &str, start: &str) -> f64 {
    let lines = metrics.lines().filter(|line| line.starts_with(start));
    let values = lines.filter_map(|line| line.rsplit_once(' ')?.1.parse::<f64>().ok());
    values.fold(0.0, |sum, value| sum + value)
}

async fn get(address: SocketAddr, path: &str) -> Result<Seen, VisitError> {
    let uri = Uri::builder()
        .scheme("http")
        .authority(reached(address).to_string())
        .path_and_query(path)
        .build()?;
    ask(Method::GET, &uri, &[]).await
}

/// Fewer visitors than this say little.
const ENOUGH: f64 = 20.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_that_takes_headers_away_shows_in_the_metrics() {
        let metrics = |lacking: u32| {
            format!(
                "touchstone_scores_total{{score=\"0.9\"}} 30\ntouchstone_scores_total{{score=\"0.3\"}} 10\n\
                 touchstone_findings_total{{detector=\"request-headers\"}} {lacking}\n"
            )
        };
        assert!(headers(&metrics(21)).is_some());
        assert_eq!(headers(&metrics(20)), None);
        assert_eq!(
            headers("touchstone_findings_total{detector=\"request-headers\"} 9"),
            None
        );
    }

    #[test]
    fn another_release_is_told() {
        assert!(release("touchstone_build_info{version=\"0.0.1\"} 1").is_some());
        let ours = format!(
            "touchstone_build_info{{version=\"{}\"}} 1",
            env!("CARGO_PKG_VERSION")
        );
        assert_eq!(release(&ours), None);
    }
}
