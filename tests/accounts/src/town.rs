use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use fastrand::Rng;

use crate::{random::weighted, visit::Browser};

/// Networks and browsers, for people and attackers alike.
#[derive(Debug, Clone)]
pub struct Town {
    /// First 16 bits of the addresses of each home provider's customers.
    homes: Vec<[u16; 4]>,
    /// The gateways of each mobile carrier: all its customers come from these /24.
    carriers: Vec<Vec<u32>>,
    /// The /24 of each office.
    pub offices: Vec<u32>,
    /// The /24 of each campus: two, for thousands.
    pub campuses: Vec<[u32; 2]>,
    /// Exits of VPNs, which people and attackers share.
    vpns: Vec<u32>,
}

impl Town {
    /// A town with so many offices and campuses.
    pub fn new(rng: &mut Rng, offices: usize, campuses: usize) -> Self {
        let carriers = (0..3u32).map(|carrier| {
            let start = (100 + carrier) << 24;
            (0..24)
                .map(|gateway| start | (gateway / 12) << 16 | (gateway * 7 % 256) << 8)
                .collect()
        });
        Self {
            homes: (0..6)
                .map(|provider: u16| {
                    std::array::from_fn(|block| 0x5000 + provider * 256 + block as u16 * 3)
                })
                .collect(),
            carriers: carriers.collect(),
            offices: (0..offices).map(|_| anywhere(rng)).collect(),
            campuses: (0..campuses)
                .map(|_| [anywhere(rng), anywhere(rng)])
                .collect(),
            vpns: (0..20).map(|_| anywhere(rng)).collect(),
        }
    }

    /// A home of a provider. A third have IPv6, with a /48 of their own.
    pub fn home(&self, provider: usize, rng: &mut Rng) -> IpAddr {
        let blocks = &self.homes[provider % self.homes.len()];
        if rng.u8(0..3) == 0 {
            let prefix = 0x2a00_0000_0000 | (provider as u128) << 32 | u128::from(rng.u32(..));
            return Ipv6Addr::from_bits(prefix << 80 | u128::from(rng.u64(..))).into();
        }
        let block = blocks[rng.usize(..blocks.len())];
        Ipv4Addr::from_bits(u32::from(block) << 16 | u32::from(rng.u16(..))).into()
    }

    /// A telephone's address of the day: any gateway of its carrier.
    pub fn mobile(&self, carrier: usize, rng: &mut Rng) -> IpAddr {
        let gateways = &self.carriers[carrier % self.carriers.len()];
        host(gateways[rng.usize(..gateways.len())], rng)
    }

    /// An exit of a VPN.
    pub fn vpn(&self, rng: &mut Rng) -> IpAddr {
        host(self.vpns[rng.usize(..self.vpns.len())], rng)
    }

    /// A proxy in somebody else's device: one in ten a telephone of this town, four a home in it, five anywhere in the world.
    pub fn proxy(&self, rng: &mut Rng) -> IpAddr {
        match rng.u8(0..10) {
            0 => {
                let carrier = rng.usize(..self.carriers.len());
                self.mobile(carrier, rng)
            }
            1..5 => {
                let provider = rng.usize(..self.homes.len());
                self.home(provider, rng)
            }
            _ => host(anywhere(rng), rng),
        }
    }
}

/// An address in a /24.
pub fn host(network: u32, rng: &mut Rng) -> IpAddr {
    Ipv4Addr::from_bits(network & 0xffff_ff00 | u32::from(rng.u8(1..255))).into()
}

/// A /24 anywhere.
pub fn anywhere(rng: &mut Rng) -> u32 {
    rng.u32(0x0b00_0000..0xdf00_0000) & 0xffff_ff00
}

/// A browser as common as in public statistics of 2025, of a person who reads this town's language, or of anybody.
pub fn browser(rng: &mut Rng, mobile: bool) -> Browser {
    let (user_agent, ratios) = *weighted(rng, if mobile { &MOBILE } else { &DESKTOP });
    Browser {
        user_agent,
        language: weighted::<&str>(rng, &LANGUAGES),
        pixel_ratio: ratios[rng.usize(..ratios.len())],
        touch_points: if mobile { 5 } else { 0 },
    }
}

const CHROME_WINDOWS: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36";

type Kinds<const N: usize> = [(f64, (&'static str, &'static [u16])); N];

const DESKTOP: Kinds<7> = [
    (0.48, (CHROME_WINDOWS, &[1000])),
    (
        0.14,
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36 Edg/148.0.0.0",
            &[1000],
        ),
    ),
    (
        0.12,
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36",
            &[2000],
        ),
    ),
    (
        0.11,
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
            &[2000],
        ),
    ),
    (
        0.08,
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
            &[1000],
        ),
    ),
    (
        0.04,
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            &[1000],
        ),
    ),
    (
        0.03,
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36",
            &[1000],
        ),
    ),
];

const MOBILE: Kinds<4> = [
    (
        0.38,
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
            &[2000, 3000],
        ),
    ),
    (
        0.45,
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Mobile Safari/537.36",
            &[2000, 2625, 3000, 3500],
        ),
    ),
    (
        0.12,
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/148.0.0.0 Mobile Safari/537.36",
            &[2625, 3000],
        ),
    ),
    (
        0.05,
        (
            "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0",
            &[2625, 3000],
        ),
    ),
];

const LANGUAGES: [(f64, &str); 6] = [
    (0.72, "de-DE,de;q=0.9,en;q=0.8"),
    (0.14, "en-US,en;q=0.9"),
    (0.05, "tr-TR,tr;q=0.9"),
    (0.04, "ru-RU,ru;q=0.9"),
    (0.03, "fr-FR,fr;q=0.9"),
    (0.02, "ar"),
];
