//! Addresses that may be overridden.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// A public address or block in its one notation: a single address has the full length, an IPv4 address that came in the
/// notation of IPv6 is one of IPv4.
///
/// # Errors
/// What is wrong with it, as a sentence.
pub(super) fn public_net(text: &str) -> Result<IpNet, String> {
    let net = match (text.parse::<IpAddr>(), text.parse::<IpNet>()) {
        (Ok(address), _) => IpNet::from(address.to_canonical()),
        (_, Ok(net)) => canonical(net),
        _ => {
            return Err(
                "This is no address: give IPv4, IPv6 or a block such as 198.51.100.0/24."
                    .to_owned(),
            );
        }
    };
    if net.addr() != net.network() {
        return Err(format!(
            "Bits are set behind the prefix; the block is {}.",
            net.trunc()
        ));
    }
    if is_partly_local(&net) {
        return Err(
            "It must be public: this holds addresses of private or special use.".to_owned(),
        );
    }
    Ok(net)
}

/// As it is shown: a single address without a length.
pub(super) fn shown(net: &IpNet) -> String {
    match net.prefix_len() == net.max_prefix_len() {
        true => net.addr().to_string(),
        false => net.to_string(),
    }
}

/// A block of mapped addresses is one of IPv4.
fn canonical(net: IpNet) -> IpNet {
    let IpNet::V6(v6) = net else { return net };
    let length = v6.prefix_len().checked_sub(96);
    let mapped = v6.addr().to_ipv4_mapped().zip(length);
    mapped
        .and_then(|(address, length)| Ipv4Net::new(address, length).ok())
        .map_or(net, IpNet::V4)
}

fn is_partly_local(net: &IpNet) -> bool {
    match net {
        IpNet::V4(v4) => LOCAL_V4
            .iter()
            .any(|local| local.contains(&v4.addr()) || v4.contains(&local.addr())),
        IpNet::V6(v6) => LOCAL_V6
            .iter()
            .any(|local| local.contains(&v6.addr()) || v6.contains(&local.addr())),
    }
}

/// Of the [special-purpose registry](https://www.iana.org/assignments/iana-ipv4-special-registry), those that reach no host on the
/// public network. Blocks for documentation are let through: they harm nobody, and examples use them.
const LOCAL_V4: [Ipv4Net; 9] = [
    v4([0, 0, 0, 0], 8),
    v4([10, 0, 0, 0], 8),
    v4([100, 64, 0, 0], 10),
    v4([127, 0, 0, 0], 8),
    v4([169, 254, 0, 0], 16),
    v4([172, 16, 0, 0], 12),
    v4([192, 168, 0, 0], 16),
    v4([224, 0, 0, 0], 4),
    v4([240, 0, 0, 0], 4),
];

/// The same of [IPv6](https://www.iana.org/assignments/iana-ipv6-special-registry).
const LOCAL_V6: [Ipv6Net; 5] = [
    v6([0, 0], 127),
    v6([0xfc00, 0], 7),
    v6([0xfe80, 0], 10),
    v6([0xfec0, 0], 10),
    v6([0xff00, 0], 8),
];

const fn v4(octets: [u8; 4], length: u8) -> Ipv4Net {
    let [a, b, c, d] = octets;
    Ipv4Net::new_assert(std::net::Ipv4Addr::new(a, b, c, d), length)
}

const fn v6(start: [u16; 2], length: u8) -> Ipv6Net {
    let [a, b] = start;
    Ipv6Net::new_assert(std::net::Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0), length)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn public_addresses_and_blocks_have_one_notation() {
        for (text, expected) in [
            ("1.2.3.4", "1.2.3.4"),
            ("1.2.3.4/32", "1.2.3.4"),
            ("203.0.113.0/24", "203.0.113.0/24"),
            ("2001:DB8:0::1", "2001:db8::1"),
            ("2001:db8::/32", "2001:db8::/32"),
            ("::ffff:1.2.3.4", "1.2.3.4"),
            ("::ffff:1.2.3.0/120", "1.2.3.0/24"),
        ] {
            let net = public_net(text).unwrap();
            assert_eq!(shown(&net), expected, "{text}");
            assert_eq!(public_net(&shown(&net)), Ok(net));
        }
    }

    proptest! {
        #[test]
        fn what_is_taken_is_shown_as_what_is_taken(text in "[0-9a-f:./]{1,24}", bytes: [u8; 4], length in 0..=32_u8) {
            let block = Ipv4Net::new(bytes.into(), length).unwrap().trunc().to_string();
            for text in [text, block] {
                if let Ok(net) = public_net(&text) {
                    prop_assert_eq!(public_net(&shown(&net)), Ok(net));
                }
            }
        }
    }

    #[test]
    fn what_is_no_public_address_is_refused_with_the_remedy() {
        for (text, part) in [
            ("", "no address"),
            ("example.com", "no address"),
            ("1.2.3", "no address"),
            ("1.2.3.4/33", "no address"),
            ("1.2.3.4/24", "1.2.3.0/24"),
            ("127.0.0.1", "public"),
            ("10.1.2.3", "public"),
            ("192.168.0.0/24", "public"),
            ("::ffff:10.0.0.1", "public"),
            ("0.0.0.0/0", "public"),
            ("172.0.0.0/8", "public"),
            ("::1", "public"),
            ("::/0", "public"),
            ("fd00::1", "public"),
            ("fe80::1", "public"),
        ] {
            let error = public_net(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
