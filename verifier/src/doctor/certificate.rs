use std::path::Path;

use touchstone_token::Millis;

use super::{Finding, Setup};
use crate::{certificate::Certificate, serve::read_certificate};

/// The certificate of `--tls-cert`: whether it can be used, for whom, and for how long.
pub(super) async fn check(setup: &Setup) -> Vec<Finding> {
    let Some((cert, key)) = &setup.serve.tls else {
        return Vec::new();
    };
    let read = match read_certificate(cert, key) {
        Ok(read) => read,
        Err(error) => {
            let advice = "name the chain, the server's own certificate first, and the key that belongs to it, both in PEM";
            return vec![Finding::problem(error.to_string(), advice)];
        }
    };
    let mut found = Vec::new();
    match read.cert.first().and_then(Certificate::of) {
        Some(leaf) => {
            found.push(lifetime(cert, &leaf, setup.now));
            if let Some(host) = setup.url.as_ref().and_then(|url| url.host()) {
                found.extend(naming(&leaf, host));
            }
        }
        None => found.push(Finding::problem(
            format!("{}: the first certificate cannot be read", cert.display()),
            "put the server's own certificate first",
        )),
    }
    found
}

fn lifetime(path: &Path, leaf: &Certificate, now: Millis) -> Finding {
    let now = i64::try_from(now / 1_000).unwrap_or(i64::MAX);
    let days = (leaf.not_after - now).div_euclid(DAY_S);
    let names = leaf.names.join(", ");
    let advice = "renew it; the new files are taken up within seconds, without a restart";
    if now < leaf.not_before {
        let what = format!("{} is not valid yet", path.display());
        return Finding::problem(what, "look at the clock, or wait");
    }
    match days {
        ..0 => Finding::problem(format!("for {names}: it has expired"), advice),
        0..14 => Finding::warning(format!("for {names}: it ends in {days} days"), advice),
        _ => Finding::ok(format!("for {names}, valid for {days} days")),
    }
}

fn naming(leaf: &Certificate, host: &str) -> Option<Finding> {
    let covers = |name: &String| match name.strip_prefix("*.") {
        Some(domain) => host
            .split_once('.')
            .is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(domain)),
        None => name.eq_ignore_ascii_case(host),
    };
    (!leaf.names.iter().any(covers)).then(|| {
        Finding::warning(
            format!("it is not for {host}"),
            "pages cannot load from there unless a proxy in front has one that is",
        )
    })
}

const DAY_S: i64 = 24 * 3_600;

#[cfg(test)]
mod tests {
    use super::{super::Level, *};

    #[test]
    fn the_days_left_and_the_names_decide() {
        let leaf = Certificate {
            names: vec!["a.example".into(), "*.b.example".into()],
            not_before: 100 * DAY_S,
            not_after: 200 * DAY_S,
        };
        for (day, level) in [
            (99, Level::Problem),
            (150, Level::Ok),
            (190, Level::Warning),
            (201, Level::Problem),
        ] {
            let now = day * 24 * 3_600 * 1_000;
            assert_eq!(
                lifetime(Path::new("c.pem"), &leaf, now).level,
                level,
                "{day}"
            );
        }
        for (host, is_covered) in [
            ("A.example", true),
            ("x.b.example", true),
            ("b.example", false),
            ("x.y.b.example", false),
        ] {
            assert_eq!(naming(&leaf, host).is_none(), is_covered, "{host}");
        }
    }
}
