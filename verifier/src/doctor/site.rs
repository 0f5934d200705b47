use hyper::{Method, Uri};

use super::{
    Finding, Level, Setup,
    visit::{Seen, VisitError, ask},
};
use crate::{
    assets,
    doors::http::{OF_BROWSERS, SEEN},
};

/// The address that visitors use: whether script and agent come through whatever is in front, and what goes missing on the way.
pub(super) async fn check(setup: &Setup) -> Vec<Finding> {
    let Some(url) = &setup.url else {
        return Vec::new();
    };
    let place = Place(url.to_string().trim_end_matches('/').to_owned());
    let script = match place.get("/recaptcha/enterprise.js").await {
        Ok(script) => script,
        Err(error) => return vec![unreachable(&place, &error)],
    };
    let mut found = vec![kind(&script, "the script", "text/javascript")];
    if found[0].level == Level::Problem {
        return found;
    }
    found.extend(compressed(&script, "the script"));
    found.extend(permitted(&script));
    found.extend(cached(&script));
    found.extend(encrypted(url));
    found.extend(agent(&place, &script).await);
    match place.get("/healthz").await {
        Ok(seen) => found.extend(arrived(&seen)),
        Err(error) => found.push(unreachable(&place, &error)),
    }
    found
}

/// A public address without a slash at the end.
struct Place(String);

impl Place {
    async fn get(&self, path: &str) -> Result<Seen, VisitError> {
        let address = format!("{}{path}", self.0);
        let uri: Uri = address
            .parse()
            .map_err(|_| VisitError::Address(Uri::default()))?;
        ask(Method::GET, &uri, &BROWSER).await
    }
}

fn kind(seen: &Seen, what: &str, expected: &str) -> Finding {
    let media = seen.header("content-type");
    if seen.status == 404 {
        return Finding::problem(
            format!("{what} is not there (404)"),
            "the path in front of /recaptcha must be the one of --base-path, and the proxy must pass it on as it is",
        );
    }
    if seen.status != 200 {
        return Finding::problem(
            format!("{what} is answered with {}", seen.status),
            "look at the log of the proxy in front, and whether the server runs",
        );
    }
    match media.starts_with(expected) {
        true => Finding::ok(format!("{what} comes as {expected}")),
        false => Finding::problem(
            format!("{what} comes as {media:?}, not as {expected}"),
            "let the proxy in front leave Content-Type as it is",
        ),
    }
}

fn compressed(seen: &Seen, what: &str) -> Option<Finding> {
    let coding = seen.header("content-encoding");
    (!matches!(coding, "br" | "gzip" | "zstd")).then(|| {
        Finding::warning(
            format!("{what} comes uncompressed, although the browser takes br and gzip"),
            "let the proxy in front pass Accept-Encoding and Content-Encoding on: every visitor loads three times as much",
        )
    })
}

fn permitted(seen: &Seen) -> Option<Finding> {
    (seen.header("access-control-allow-origin") != "*").then(|| {
        Finding::problem(
            "pages of other origins may not load it (no Access-Control-Allow-Origin: *)",
            "let the proxy in front leave the headers of the answer as they are",
        )
    })
}

/// A copy kept for longer names, after an upgrade, files that are gone.
fn cached(seen: &Seen) -> Option<Finding> {
    let cache = seen.header("cache-control");
    (!cache.contains("no-cache")).then(|| {
        Finding::warning(
            format!("the script comes with Cache-Control {cache:?}"),
            "let it be asked for anew each time (no-cache, usually answered 304): after an upgrade, old copies name files that are gone",
        )
    })
}

fn encrypted(url: &Uri) -> Option<Finding> {
    (url.scheme_str() == Some("http") && !is_loopback(url)).then(|| {
        Finding::problem(
            "it is plain http, which pages on https may not load",
            "serve it over https, here or by a proxy in front",
        )
    })
}

fn is_loopback(url: &Uri) -> bool {
    matches!(url.host(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

/// The agent of this release, if it is this release that is served there.
async fn agent(place: &Place, script: &Seen) -> Vec<Finding> {
    let is_ours = assets::script().is_some_and(|asset| same_tag(asset.etag, script.header("etag")));
    let Some(name) = assets::wasm().filter(|_| is_ours) else {
        let what = "another release than this one is served there";
        return vec![Finding::warning(
            what,
            "finish the upgrade, or ask with the doctor of that release",
        )];
    };
    match place.get(&format!("/recaptcha/agent/{name}")).await {
        Ok(seen) => {
            let mut found = vec![kind(&seen, "the agent", "application/wasm")];
            if seen.status == 200 {
                found.extend(compressed(&seen, "the agent"));
            }
            found
        }
        Err(error) => vec![unreachable(place, &error)],
    }
}

fn same_tag(one: &str, other: &str) -> bool {
    one.trim_start_matches("W/") == other.trim_start_matches("W/")
}

/// Which of the browser's headers the server saw.
fn arrived(seen: &Seen) -> Vec<Finding> {
    if seen.status != 200 || !seen.headers.contains_key(&SEEN) {
        return vec![Finding::warning(
            "which headers arrive could not be seen (/healthz is answered by something else)",
            "let the proxy in front pass the whole base path on",
        )];
    }
    let arrived: Vec<&str> = seen
        .header(SEEN.as_str())
        .split(',')
        .map(str::trim)
        .collect();
    let sent = OF_BROWSERS.iter().copied();
    let lost: Vec<&str> = sent.filter(|name| !arrived.contains(name)).collect();
    if lost.is_empty() {
        return vec![Finding::ok("the browser's headers arrive whole")];
    }
    // A proxy that unpacks and packs anew is a matter of speed, not of evidence.
    if lost == ["accept-encoding"] {
        return Vec::new();
    }
    vec![Finding::problem(
        format!("on the way go missing: {}", lost.join(", ")),
        "let the proxy in front pass them on: browsers always send them, and their absence counts against every visitor",
    )]
}

fn unreachable(place: &Place, error: &VisitError) -> Finding {
    Finding::problem(
        format!("{}: {error}", place.0),
        "look at name, port, firewall and certificate, from where visitors are",
    )
}

/// What a browser sends from a page elsewhere.
const BROWSER: [(&str, &str); 12] = [
    ("origin", "https://doctor.invalid"),
    ("referer", "https://doctor.invalid/"),
    (
        "user-agent",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36",
    ),
    ("accept", "*/*"),
    ("accept-encoding", "gzip, deflate, br, zstd"),
    ("accept-language", "en-GB,en;q=0.9"),
    (
        "sec-ch-ua",
        "\"Chromium\";v=\"150\", \"Not A(Brand\";v=\"24\"",
    ),
    ("sec-ch-ua-mobile", "?0"),
    ("sec-ch-ua-platform", "\"Linux\""),
    ("sec-fetch-site", "cross-site"),
    ("sec-fetch-mode", "cors"),
    ("sec-fetch-dest", "script"),
];
