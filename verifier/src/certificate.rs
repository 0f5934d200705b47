//! What a TLS certificate says of itself.

use rustls::pki_types::CertificateDer;
use x509_parser::{certificate::X509Certificate, extensions::GeneralName, prelude::FromDer};

/// The part of a certificate that an operator looks after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Certificate {
    /// The hosts that it is for.
    pub names: Vec<String>,
    /// From when on it is valid, in seconds since the Unix epoch.
    pub not_before: i64,
    /// Until when, in the same.
    pub not_after: i64,
}

impl Certificate {
    /// Reads a certificate; none if it is no X.509. Nothing is verified: that is up to the clients.
    pub fn of(der: &CertificateDer<'_>) -> Option<Self> {
        let (_, read) = X509Certificate::from_der(der).ok()?;
        let extension = read.subject_alternative_name().ok().flatten();
        let names = extension.map(|extension| &extension.value.general_names);
        let names = names.into_iter().flatten().filter_map(|name| match name {
            GeneralName::DNSName(name) => Some((*name).to_owned()),
            GeneralName::IPAddress(bytes) => address(bytes),
            _ => None,
        });
        let validity = read.validity();
        Some(Self {
            names: names.collect(),
            not_before: validity.not_before.timestamp(),
            not_after: validity.not_after.timestamp(),
        })
    }
}

fn address(bytes: &[u8]) -> Option<String> {
    let v4 = <[u8; 4]>::try_from(bytes).map(|bytes| std::net::Ipv4Addr::from(bytes).to_string());
    let v6 = || <[u8; 16]>::try_from(bytes).map(|b| std::net::Ipv6Addr::from(b).to_string());
    v4.or_else(|_| v6()).ok()
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair, date_time_ymd};

    use super::*;

    #[test]
    fn names_and_days_are_read() {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(["a.example".into(), "127.0.0.1".into()]).unwrap();
        params.not_before = date_time_ymd(2026, 1, 1);
        params.not_after = date_time_ymd(2027, 1, 1);
        let made = params.self_signed(&key).unwrap();
        let read = Certificate::of(made.der()).unwrap();
        assert_eq!(read.names, ["a.example", "127.0.0.1"]);
        assert_eq!(read.not_before, 1_767_225_600);
        assert_eq!(read.not_after, 1_798_761_600);
        assert_eq!(Certificate::of(&CertificateDer::from(vec![1, 2, 3])), None);
    }
}
