//! A visitor's address, as backends pass it on.

use std::net::{IpAddr, SocketAddr};

/// Reads an address from what a backend has at hand, which is often the raw value of `X-Forwarded-For`: the first of a list counts, a
/// port and an IPv6 zone are left out, IPv4 is IPv4 however it was written. `None` for everything else, for example the
/// words `unknown` and `None`.
///
/// Nothing here is worth a refusal: a backend that passes on such a text does so for all of its visitors.
pub fn client_address(text: &str) -> Option<IpAddr> {
    let first = text.split(',').next()?;
    let bare = first.trim().trim_matches('"');
    let address = without_zone(in_brackets(bare).unwrap_or(bare));
    let with_port = || Some(bare.parse::<SocketAddr>().ok()?.ip());
    let address = address.parse().ok().or_else(with_port)?;
    Some(IpAddr::to_canonical(&address))
}

/// What stands in the brackets that set an IPv6 address off from a port.
fn in_brackets(text: &str) -> Option<&str> {
    let (address, _port) = text.strip_prefix('[')?.split_once(']')?;
    Some(address)
}

fn without_zone(text: &str) -> &str {
    text.split_once('%')
        .map_or(text, |(address, _zone)| address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_from_whatever_holds_one() {
        for (text, address) in [
            ("203.0.113.7", "203.0.113.7"),
            (" 203.0.113.7 ", "203.0.113.7"),
            ("203.0.113.7:4711", "203.0.113.7"),
            ("203.0.113.7, 10.0.0.1", "203.0.113.7"),
            ("203.0.113.7:80,10.0.0.1:80", "203.0.113.7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("2001:db8::1", "2001:db8::1"),
            ("fe80::1%eth0", "fe80::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("\"[fe80::1%25eth0]:443\"", "fe80::1"),
        ] {
            assert_eq!(client_address(text), address.parse().ok(), "{text}");
        }
    }

    #[test]
    fn what_holds_none_is_none() {
        for text in [
            "",
            " ",
            ",",
            "unknown",
            "None",
            "null",
            "-",
            "999.1.1.1",
            "1.2.3",
            "unknown, 203.0.113.7",
            "[::1",
            "shop.example",
        ] {
            assert_eq!(client_address(text), None, "{text}");
        }
    }
}
