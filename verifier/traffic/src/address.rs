use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What one household or host has: an IPv4 address, or an IPv6 /64, of which a host can use any address it likes.
pub fn narrow(address: IpAddr) -> IpAddr {
    masked(address, 32, 64)
}

/// What one customer of a network can have: an IPv4 /24, an IPv6 /48 (RFC 6177 calls it a site's).
pub fn wide(address: IpAddr) -> IpAddr {
    masked(address, 24, 48)
}

/// Whether a visitor from the internet can have this address.
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [first, second, ..] = v4.octets();
            // RFC 6598.
            let is_carriers_own = first == 100 && second & 0xc0 == 64;
            let is_local = v4.is_loopback() || v4.is_private() || v4.is_link_local();
            !(is_local || is_carriers_own)
        }
        IpAddr::V6(v6) => !(v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local()),
    }
}

fn masked(address: IpAddr, v4: u32, v6: u32) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(32 - v4).unwrap_or(0);
            Ipv4Addr::from_bits(address.to_bits() & mask).into()
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(128 - v6).unwrap_or(0);
            Ipv6Addr::from_bits(address.to_bits() & mask).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_private_networks_are_not_public() {
        for (address, expected) in [
            ("203.0.113.9", true),
            ("2001:db8::1", true),
            ("100.128.0.1", true),
            ("127.0.0.1", false),
            ("::ffff:10.0.0.1", false),
            ("100.64.0.9", false),
            ("169.254.1.1", false),
            ("::1", false),
            ("fd00::1", false),
            ("fe80::1", false),
        ] {
            let address: IpAddr = address.parse().unwrap();
            assert_eq!(is_public(address), expected, "{address}");
        }
    }

    #[test]
    fn addresses_count_by_what_one_visitor_can_change() {
        for (address, one, network) in [
            ("203.0.113.9", "203.0.113.9", "203.0.113.0"),
            ("::ffff:203.0.113.9", "203.0.113.9", "203.0.113.0"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::", "2001:db8:1::"),
        ] {
            let address: IpAddr = address.parse().unwrap();
            assert_eq!(narrow(address).to_string(), one);
            assert_eq!(wide(address).to_string(), network);
        }
    }
}
