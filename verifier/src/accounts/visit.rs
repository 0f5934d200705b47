use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use touchstone_accounts::{Environment, Fingerprint};
use touchstone_store::{AssessmentId, MAX_VISIT_BYTES, ProjectId};
use touchstone_token::Vault;
use touchstone_traffic::{Origin, wide};

/// What an assessment's record keeps of the visit to an account: by this a later annotation finds what it proves.
///
/// The fingerprint is under the account's own salt. The origin, which many visits share, is enciphered for each assessment
/// anew: who reads the store cannot tell that two accounts have one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visit {
    /// Where in the account's profile it is.
    pub fingerprint: Fingerprint,
    /// Where it came from.
    pub origin: Origin,
}

impl Visit {
    /// As it is recorded with an assessment, whose id makes the mask: no two records have the same one.
    pub fn seal(&self, vault: &Vault, id: &AssessmentId) -> Vec<u8> {
        let mut origin = network_bytes(self.origin.network).to_vec();
        origin.extend(self.origin.environment.to_le_bytes());
        let mask = mask(vault, id);
        let origin = origin.iter().zip(mask).map(|(byte, mask)| byte ^ mask);
        let mut bytes = vec![VERSION];
        bytes.extend(self.fingerprint.to_bytes());
        bytes.extend(origin);
        bytes
    }

    /// Reads what [`Visit::seal`] wrote; none if it is of another release, or there is nothing.
    pub fn open(
        vault: &Vault,
        project: &ProjectId,
        id: &AssessmentId,
        bytes: &[u8],
    ) -> Option<Self> {
        let (&VERSION, rest) = bytes.split_first()? else {
            return None;
        };
        let (fingerprint, origin) = rest.split_first_chunk()?;
        let origin: [u8; ORIGIN_BYTES] = origin.try_into().ok()?;
        let mask = mask(vault, id);
        let mut origin = origin.iter().zip(mask).map(|(byte, mask)| byte ^ mask);
        let mut next = || origin.next().unwrap_or_default();
        let network: [u8; NETWORK_BYTES] = std::array::from_fn(|_| next());
        let environment: [u8; 8] = std::array::from_fn(|_| next());
        Some(Self {
            fingerprint: Fingerprint::from_bytes(*fingerprint),
            origin: Origin {
                network: network_of(network)?,
                environment: u64::from_le_bytes(environment),
                site: site(vault, project),
            },
        })
    }
}

/// Where a visit comes from, as it is counted.
pub fn origin(
    vault: &Vault,
    project: &ProjectId,
    network: Option<IpAddr>,
    environment: &Environment<'_>,
) -> Origin {
    let class = environment.class();
    Origin {
        network: network.map(wide),
        environment: short(vault, &format!("environment\0{project}\0{class}")),
        site: site(vault, project),
    }
}

fn site(vault: &Vault, project: &ProjectId) -> u64 {
    short(vault, &format!("site\0{project}"))
}

fn short(vault: &Vault, text: &str) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = vault.hash(text);
    u64::from_le_bytes([a, b, c, d, e, f, g, h])
}

fn mask(vault: &Vault, id: &AssessmentId) -> [u8; 32] {
    vault.hash(&format!("visit\0{id}"))
}

/// The family (0 for no address) and the prefix that [`wide`] leaves: of IPv6 that is 48 bits.
fn network_bytes(network: Option<IpAddr>) -> [u8; NETWORK_BYTES] {
    let mut bytes = [0; NETWORK_BYTES];
    match network.map(wide) {
        None => {}
        Some(IpAddr::V4(address)) => {
            bytes[0] = 4;
            bytes[1..5].copy_from_slice(&address.octets());
        }
        Some(IpAddr::V6(address)) => {
            bytes[0] = 6;
            bytes[1..].copy_from_slice(&address.octets()[..6]);
        }
    }
    bytes
}

fn network_of(bytes: [u8; NETWORK_BYTES]) -> Option<Option<IpAddr>> {
    let [family, a, b, c, d, e, f] = bytes;
    match family {
        0 => Some(None),
        4 => Some(Some(Ipv4Addr::new(a, b, c, d).into())),
        6 => {
            let mut octets = [0; 16];
            octets[..6].copy_from_slice(&[a, b, c, d, e, f]);
            Some(Some(Ipv6Addr::from(octets).into()))
        }
        _ => None,
    }
}

const VERSION: u8 = 1;
const NETWORK_BYTES: usize = 7;
const ORIGIN_BYTES: usize = NETWORK_BYTES + 8;
const _: () = assert!(1 + Fingerprint::BYTES + ORIGIN_BYTES <= MAX_VISIT_BYTES);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use touchstone_token::VaultKey;

    use super::*;

    fn vault() -> Vault {
        Vault::new(&VaultKey([7; 32]))
    }

    fn project() -> ProjectId {
        "shop".parse().unwrap()
    }

    fn visit(network: Option<IpAddr>, fingerprint: [u8; Fingerprint::BYTES]) -> Visit {
        let environment = Environment {
            user_agent: "Firefox/140.0",
            ..Environment::default()
        };
        Visit {
            fingerprint: Fingerprint::from_bytes(fingerprint),
            origin: origin(&vault(), &project(), network, &environment),
        }
    }

    proptest! {
        #[test]
        fn a_visit_comes_back_as_it_was_recorded(network: Option<IpAddr>, fingerprint: [u8; Fingerprint::BYTES], id: [u8; 16]) {
            let (visit, id) = (visit(network, fingerprint), AssessmentId(id));
            let bytes = visit.seal(&vault(), &id);
            prop_assert_eq!(Visit::open(&vault(), &project(), &id, &bytes), Some(visit));
        }

        #[test]
        fn any_bytes_are_a_visit_or_none(bytes: Vec<u8>, id: [u8; 16]) {
            let id = AssessmentId(id);
            if let Some(visit) = Visit::open(&vault(), &project(), &id, &bytes) {
                prop_assert_eq!(visit.seal(&vault(), &id).len(), bytes.len());
            }
        }
    }

    #[test]
    fn two_records_of_one_origin_have_nothing_in_common() {
        let visit = visit("203.0.113.9".parse().ok(), [0; Fingerprint::BYTES]);
        let [one, two] = [1, 2].map(|n| visit.seal(&vault(), &AssessmentId([n; 16])));
        let origin = 1 + Fingerprint::BYTES;
        let same = one[origin..]
            .iter()
            .zip(&two[origin..])
            .filter(|(a, b)| a == b);
        assert!(same.count() <= 2);
    }
}
