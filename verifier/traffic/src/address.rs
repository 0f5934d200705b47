use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What one household or host has: an IPv4 address, or an IPv6 /64, of which a host can use any address it likes.
pub fn narrow(address: IpAddr) -> IpAddr {
    masked(address, 32, 64)
}

/// What one customer of a network can have: an IPv4 /24, an IPv6 /48 (RFC 6177 calls it a site's).
pub fn wide(address: IpAddr) -> IpAddr {
    masked(address, 24, 48)
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
