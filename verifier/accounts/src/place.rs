use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::{Event, Proof, Salt, salt::Purpose};

/// Where an event came from, under the account's salt. Small, and goes into the assessment's record: an annotation finds by
/// it what it proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint {
    /// Family and platform of the browser.
    pub(crate) device: u32,
    /// Language, screen and handshake; 0 if not known.
    pub(crate) detail: u16,
    /// IPv4 /24 or IPv6 /48; 0 if the address is not known.
    pub(crate) network: u32,
    /// IPv4 /16 or IPv6 /32; 0 if the address is not known.
    pub(crate) region: u16,
    /// The day of the event, since the epoch.
    pub(crate) day: u16,
}

/// A place that the account was seen at: one environment in one network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// Where; its day is the last one.
    pub at: Fingerprint,
    /// The first day.
    pub first_day: u16,
    /// On how many days, saturating.
    pub days: u8,
    /// How often a proof said that the owner was there, saturating.
    pub trust: u8,
    /// How often the password was right, saturating.
    pub right: u8,
    /// How often a password or a second factor was wrong since it was last right, saturating.
    pub wrong: u8,
    /// How often the visit looked like a bot's, saturating.
    pub bots: u8,
    /// Whether it was annotated as fraudulent since it was last trusted.
    pub is_fraudulent: bool,
}

impl Fingerprint {
    /// Length of the encoded form in bytes.
    pub const BYTES: usize = 14;

    pub(crate) fn of(salt: &Salt, event: &Event<'_>) -> Self {
        let environment = &event.environment;
        let detail = environment.detail();
        let prefix = |v4, v6| event.network.map(|address| masked(address, v4, v6));
        let network = prefix(24, 48).map(|prefix| salt.hash32(Purpose::Network, &prefix).max(1));
        let region = prefix(16, 32).map(|prefix| salt.hash16(Purpose::Region, &prefix));
        Self {
            device: salt.hash32(Purpose::Device, environment.device().as_bytes()),
            detail: detail.map_or(0, |text| salt.hash16(Purpose::Detail, text.as_bytes())),
            network: network.unwrap_or_default(),
            region: region.unwrap_or_default(),
            day: day(event.at_ms),
        }
    }

    /// The bytes of a record, little-endian.
    pub fn to_bytes(self) -> [u8; Self::BYTES] {
        let mut out = [0; Self::BYTES];
        out[..4].copy_from_slice(&self.device.to_le_bytes());
        out[4..6].copy_from_slice(&self.detail.to_le_bytes());
        out[6..10].copy_from_slice(&self.network.to_le_bytes());
        out[10..12].copy_from_slice(&self.region.to_le_bytes());
        out[12..].copy_from_slice(&self.day.to_le_bytes());
        out
    }

    /// Reads what [`Fingerprint::to_bytes`] wrote.
    pub fn from_bytes(bytes: [u8; Self::BYTES]) -> Self {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n] = bytes;
        Self {
            device: u32::from_le_bytes([a, b, c, d]),
            detail: u16::from_le_bytes([e, f]),
            network: u32::from_le_bytes([g, h, i, j]),
            region: u16::from_le_bytes([k, l]),
            day: u16::from_le_bytes([m, n]),
        }
    }

    /// Whether both came from one environment in one network.
    pub(crate) fn is_at(&self, other: &Self) -> bool {
        self.has_environment_of(other) && self.network == other.network
    }

    /// Whether both came from one environment.
    pub(crate) fn has_environment_of(&self, other: &Self) -> bool {
        self.device == other.device && self.detail == other.detail
    }

    /// Whether both came from one network that is known.
    pub(crate) fn has_network_of(&self, other: &Self) -> bool {
        self.network == other.network && self.network != 0
    }
}

impl Place {
    /// A place that is seen for the first time.
    pub fn new(at: Fingerprint) -> Self {
        Self {
            at,
            first_day: at.day,
            days: 1,
            trust: 0,
            right: 0,
            wrong: 0,
            bots: 0,
            is_fraudulent: false,
        }
    }

    /// Takes in what an annotation says about a visit from here.
    pub fn prove(&mut self, proof: Proof) {
        match proof {
            Proof::PasswordRight => {
                self.right = self.right.saturating_add(1);
                self.wrong = 0;
            }
            Proof::FactorPassed | Proof::Legitimate => {
                self.trust = self.trust.saturating_add(1);
                self.wrong = 0;
                self.is_fraudulent = false;
            }
            Proof::PasswordWrong | Proof::FactorStarted | Proof::FactorFailed => {
                self.wrong = self.wrong.saturating_add(1);
            }
            Proof::Fraudulent => {
                self.trust = 0;
                self.is_fraudulent = true;
            }
        }
    }

    /// Whether the owner was there, nothing said otherwise since, and it was not long ago: networks get other customers.
    pub fn is_trusted(&self, today: u16) -> bool {
        let age = today.saturating_sub(self.at.day);
        self.trust > 0 && !self.is_fraudulent && age <= TRUST_DAYS
    }

    /// On how many days before today the account was here, as far as that says anything for the owner. Today says nothing: a
    /// stranger's second try would speak for him.
    pub fn days_before(&self, today: u16) -> u16 {
        let before = self.days.saturating_sub(u8::from(self.at.day == today));
        let is_wrong = self.wrong > MOST_WRONG || (self.wrong > 0 && self.right == 0);
        if self.first_day >= today || is_wrong || self.is_fraudulent {
            return 0;
        }
        u16::from(before.max(1))
    }

    /// What a place is worth keeping for: trust first, then days, then how lately it was seen.
    pub fn rank(&self) -> (bool, bool, u8, u16) {
        (
            self.trust > 0 && !self.is_fraudulent,
            self.right > 0,
            self.days,
            self.at.day,
        )
    }
}

/// Days since the epoch; the last one that 16 bits hold is in 2149.
pub(crate) fn day(at_ms: u64) -> u16 {
    u16::try_from(at_ms / crate::DAY).unwrap_or(u16::MAX)
}

/// The address's family and first bits.
fn masked(address: IpAddr, v4: u32, v6: u32) -> [u8; 17] {
    let mut out = [0; 17];
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(32 - v4).unwrap_or(0);
            out[0] = 4;
            out[1..5].copy_from_slice(&Ipv4Addr::from_bits(address.to_bits() & mask).octets());
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(128 - v6).unwrap_or(0);
            out[0] = 6;
            out[1..].copy_from_slice(&Ipv6Addr::from_bits(address.to_bits() & mask).octets());
        }
    }
    out
}

/// More wrong passwords than this since the last right one, and a place says nothing for the owner.
const MOST_WRONG: u8 = 3;

/// How long a place stays trusted that is not visited.
const TRUST_DAYS: u16 = 180;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{self, event};

    fn at(address: &str) -> Fingerprint {
        let event = Event {
            network: Some(address.parse().unwrap()),
            ..event(testing::NOON)
        };
        Fingerprint::of(&testing::salt(), &event)
    }

    #[test]
    fn a_network_is_a_v4_24_or_a_v6_48() {
        assert_eq!(at("203.0.113.9"), at("203.0.113.200"));
        assert_eq!(at("::ffff:203.0.113.9"), at("203.0.113.200"));
        assert_eq!(at("2001:db8:1:2::3"), at("2001:db8:1:ffff::"));
        let (one, other) = (at("203.0.113.9"), at("203.0.114.9"));
        assert!(!one.has_network_of(&other));
        assert_eq!(one.region, other.region);
        assert_ne!(at("2001:db8:1::").network, at("2001:db8:2::").network);
    }

    #[test]
    fn an_unknown_network_is_none_that_is_shared() {
        let event = event(testing::NOON);
        let nowhere = Fingerprint::of(
            &testing::salt(),
            &Event {
                network: None,
                ..event
            },
        );
        assert!(!nowhere.has_network_of(&nowhere));
    }

    #[test]
    fn trust_ends_half_a_year_after_the_last_visit() {
        let mut place = Place::new(at("203.0.113.9"));
        let today = place.at.day;
        assert!(!place.is_trusted(today));
        place.prove(Proof::Legitimate);
        assert!(place.is_trusted(today) && place.is_trusted(today + TRUST_DAYS));
        assert!(!place.is_trusted(today + TRUST_DAYS + 1));
    }

    #[test]
    fn a_right_password_is_no_trust_and_a_passed_factor_is() {
        for (proof, is_trusted) in [
            (Proof::PasswordRight, false),
            (Proof::PasswordWrong, false),
            (Proof::FactorStarted, false),
            (Proof::FactorFailed, false),
            (Proof::Fraudulent, false),
            (Proof::FactorPassed, true),
            (Proof::Legitimate, true),
        ] {
            let mut place = Place::new(at("203.0.113.9"));
            place.prove(proof);
            assert_eq!(place.is_trusted(place.at.day), is_trusted, "{proof:?}");
        }
    }

    #[test]
    fn a_fingerprint_survives_its_bytes() {
        let one = at("203.0.113.9");
        assert_eq!(Fingerprint::from_bytes(one.to_bytes()), one);
    }
}
