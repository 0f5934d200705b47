use std::net::Ipv6Addr;

use touchstone_store::SiteKey;

/// Whether a page's host may use a site key. An allowed domain allows its subdomains; hosts are compared without case.
/// No host at all (an absent or `null` origin: sandboxed frames, files) is allowed only with all domains.
pub fn is_allowed(key: &SiteKey, host: Option<&str>) -> bool {
    if key.allow_all_domains {
        return true;
    }
    let Some(host) = host else { return false };
    let host = host.trim_end_matches('.');
    key.domains.iter().any(|domain| {
        let Some(start) = host.len().checked_sub(domain.len()) else {
            return false;
        };
        let (Some(front), Some(tail)) = (host.get(..start), host.get(start..)) else {
            return false;
        };
        tail.eq_ignore_ascii_case(domain) && (front.is_empty() || front.ends_with('.'))
    })
}

/// A domain as it is stored: lower case. Errors: anything but a host, with the part that must go.
pub fn check_domain(text: &str) -> Result<String, DomainError> {
    let error = |reason| DomainError {
        domain: text.chars().take(MOST_SHOWN).collect(),
        reason,
    };
    let bracketed = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    if bracketed.is_some_and(|address| address.parse::<Ipv6Addr>().is_ok()) {
        return Ok(text.to_ascii_lowercase());
    }
    if text.contains("://") {
        return Err(error("leave out the scheme: example.com"));
    }
    if text.contains(['/', '?', '#']) {
        return Err(error("leave out path, query and fragment: example.com"));
    }
    if text.contains(':') {
        return Err(error(
            "leave out the port: example.com (IPv6 addresses stand in brackets)",
        ));
    }
    if text.contains('*') {
        return Err(error(
            "leave out the wildcard: example.com allows its subdomains",
        ));
    }
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    let name = text.trim_end_matches('.');
    if name.len() > 253 || !name.split('.').all(label) {
        return Err(error(
            "not a host name; write international ones in their xn-- form",
        ));
    }
    Ok(name.to_ascii_lowercase())
}

/// Why a text is no domain for a site key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("domain {domain:?}: {reason}")]
pub struct DomainError {
    domain: String,
    reason: &'static str,
}

/// Characters of a text that an error repeats: answers must not grow with requests.
const MOST_SHOWN: usize = 64;

#[cfg(test)]
mod tests {
    use touchstone_store::{Integration, Millis, SecretHash};

    use super::*;

    fn key(allow_all_domains: bool) -> SiteKey {
        SiteKey {
            id: format!("6L{}", "x".repeat(38)).parse().unwrap(),
            project: "p".parse().unwrap(),
            display_name: String::new(),
            integration: Integration::Score,
            allow_all_domains,
            domains: vec!["example.com".to_owned(), "127.0.0.1".to_owned()],
            settings: vec![],
            policy: vec![],
            sealed_secret: vec![],
            secret_hash: SecretHash([0; 32]),
            created_at: Millis(0),
            revision: 0,
        }
    }

    #[test]
    fn a_domain_allows_itself_and_its_subdomains() {
        for (host, allowed) in [
            (Some("example.com"), true),
            (Some("EXAMPLE.com"), true),
            (Some("example.com."), true),
            (Some("shop.eu.example.com"), true),
            (Some("127.0.0.1"), true),
            (Some("badexample.com"), false),
            (Some("example.com.evil.org"), false),
            (Some("com"), false),
            (Some("éexample.com"), false),
            (Some(""), false),
            (None, false),
        ] {
            assert_eq!(is_allowed(&key(false), host), allowed, "{host:?}");
            assert!(is_allowed(&key(true), host));
        }
    }

    #[test]
    fn what_is_no_host_is_refused_with_what_to_leave_out() {
        for good in [
            "example.com",
            "localhost",
            "127.0.0.1",
            "[::1]",
            "xn--bcher-kva.example",
        ] {
            assert_eq!(check_domain(good).as_deref(), Ok(good));
        }
        assert_eq!(check_domain("Example.COM").as_deref(), Ok("example.com"));
        for (bad, hint) in [
            ("https://example.com", "scheme"),
            ("example.com/login", "path"),
            ("example.com:8080", "port"),
            ("*.example.com", "wildcard"),
            ("bücher.example", "xn--"),
            ("", "host name"),
            ("a..b", "host name"),
        ] {
            let error = check_domain(bad).unwrap_err().to_string();
            assert!(error.contains(hint), "{error}");
        }
        let long = check_domain(&"/".repeat(10_000)).unwrap_err().to_string();
        assert!(long.len() < 200, "{long}");
    }
}
