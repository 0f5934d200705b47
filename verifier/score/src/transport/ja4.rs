use touchstone_protocol::fnv1a64;

/// What can be judged of a JA4 fingerprint of a TLS client hello (FoxIO, JA4+ technical details): whether HTTP/2 or HTTP/3 was
/// offered first, and which ciphers.
///
/// Not the rest: extensions come and go with resumed sessions. And not JA3 at all: current Chromium orders its extensions anew
/// with every connection, so that no two of its JA3 fingerprints are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ja4 {
    pub(crate) offers_http2: bool,
    /// Hash of the ciphers: the same for all of a client's connections over TCP. 0 over QUIC, where the same client offers
    /// others.
    ciphers: u64,
}

impl Ja4 {
    /// Reads a fingerprint as a proxy or a backend gives it, such as `t13d1516h2_8daaf6152771_e5627efa2ab1`; none if it is
    /// not one.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim().split('_');
        let (head, ciphers, extensions) = (parts.next()?, parts.next()?, parts.next()?);
        let is_hash = |part: &str| part.len() == 12 && part.bytes().all(|b| b.is_ascii_hexdigit());
        let fits = head.len() == 10 && head.is_ascii() && is_hash(ciphers) && is_hash(extensions);
        if !fits || parts.next().is_some() {
            return None;
        }
        let ciphers = match head.get(..1)? {
            "t" => fnv1a64(ciphers.as_bytes()).max(1),
            "q" => 0,
            _ => return None,
        };
        Some(Self {
            offers_http2: matches!(head.get(8..), Some("h2" | "h3")),
            ciphers,
        })
    }

    /// The ciphers as a number, for a token to carry; 0 stands for nothing to compare.
    pub fn number(fingerprint: Option<Self>) -> u64 {
        fingerprint.map_or(0, |fingerprint| fingerprint.ciphers)
    }

    /// Whether this and the number are known and of two clients.
    pub fn differs_from(self, number: u64) -> bool {
        self.ciphers != 0 && number != 0 && self.ciphers != number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_tells_its_protocol_and_its_ciphers() {
        let new = Ja4::parse("t13d1516h2_8daaf6152771_e5627efa2ab1").unwrap();
        let resumed = Ja4::parse("t13d1517h2_8daaf6152771_b0da82dd1658").unwrap();
        let library = Ja4::parse("t13d311100_e8f1e7e78f70_d41ae481755e").unwrap();
        let quic = Ja4::parse("q13d0312h3_55b375c5d22e_06cda9e17597").unwrap();
        assert!(new.offers_http2 && quic.offers_http2 && !library.offers_http2);
        let number = Ja4::number(Some(new));
        assert!(!resumed.differs_from(number));
        assert!(library.differs_from(number));
        assert!(!quic.differs_from(number) && !library.differs_from(Ja4::number(Some(quic))));
        assert!(!library.differs_from(Ja4::number(None)));
    }

    #[test]
    fn what_is_no_fingerprint_says_nothing() {
        for text in [
            "",
            "t13d1516h2",
            "t13d1516h2_8daaf6152771",
            "t13d1516h2_8daaf6152771_e5627efa2ab1_x",
            "x13d1516h2_8daaf6152771_e5627efa2ab1",
            "t13d1516h2_8daaf615277g_e5627efa2ab1",
            "771,4865-4866,0-23,29-23,0",
        ] {
            assert_eq!(Ja4::parse(text), None, "{text}");
        }
    }
}
