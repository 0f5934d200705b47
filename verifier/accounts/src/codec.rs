use crate::{
    Profile,
    place::{Fingerprint, Place},
    profile::{HOURS, MAX_PLACES},
};

/// Why bytes are no profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// The first byte names a layout that this build does not read.
    #[error("profiles of version {0} are not known")]
    Version(u8),
    /// Fewer or more bytes than the layout has, or more places than a profile holds.
    #[error("the profile has another length")]
    Length,
}

impl Profile {
    /// The bytes that a store keeps: a version, the counts, the places; little-endian. At most [`Profile::MAX_BYTES`].
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(HEAD + self.places.len() * PLACE);
        out.push(VERSION);
        out.extend(self.first_day.to_le_bytes());
        out.extend(self.last_minute.to_le_bytes());
        out.push(self.recent);
        out.extend(self.days.to_le_bytes());
        out.extend(self.new_networks.to_le_bytes());
        out.extend(self.new_environments.to_le_bytes());
        out.extend(self.hours);
        out.push(self.wrong);
        out.extend(self.wrong_day.to_le_bytes());
        out.push(self.proofs);
        out.push(self.frauds);
        out.push(u8::from(self.is_suspicious_creation));
        for place in &self.places {
            out.extend(place.at.to_bytes());
            out.extend(place.first_day.to_le_bytes());
            let counts = [
                place.days,
                place.trust,
                place.right,
                place.wrong,
                place.bots,
            ];
            out.extend(counts);
            out.push(u8::from(place.is_fraudulent));
        }
        out
    }

    /// Reads what [`Profile::encode`] wrote.
    ///
    /// # Errors
    /// Another version or length. A profile that cannot be read is best taken for an empty one: nobody is refused for it.
    pub fn decode(bytes: &[u8]) -> Result<Self, ProfileError> {
        let (&version, mut input) = bytes.split_first().ok_or(ProfileError::Length)?;
        if version != VERSION {
            return Err(ProfileError::Version(version));
        }
        let input = &mut input;
        let mut profile = Self {
            places: Vec::new(),
            first_day: u16::from_le_bytes(take(input)?),
            last_minute: u32::from_le_bytes(take(input)?),
            recent: byte(input)?,
            days: u16::from_le_bytes(take(input)?),
            new_networks: u16::from_le_bytes(take(input)?),
            new_environments: u16::from_le_bytes(take(input)?),
            hours: take::<HOURS>(input)?,
            wrong: byte(input)?,
            wrong_day: u16::from_le_bytes(take(input)?),
            proofs: byte(input)?,
            frauds: byte(input)?,
            is_suspicious_creation: byte(input)? != 0,
        };
        if !input.len().is_multiple_of(PLACE) || input.len() / PLACE > MAX_PLACES {
            return Err(ProfileError::Length);
        }
        while !input.is_empty() {
            profile.places.push(place(input)?);
        }
        Ok(profile)
    }
}

fn place(input: &mut &[u8]) -> Result<Place, ProfileError> {
    let at = Fingerprint::from_bytes(take(input)?);
    let first_day = u16::from_le_bytes(take(input)?);
    let [days, trust, right, wrong, bots, is_fraudulent] = take(input)?;
    Ok(Place {
        at,
        first_day,
        days,
        trust,
        right,
        wrong,
        bots,
        is_fraudulent: is_fraudulent != 0,
    })
}

fn byte(input: &mut &[u8]) -> Result<u8, ProfileError> {
    let [byte] = take(input)?;
    Ok(byte)
}

fn take<const N: usize>(input: &mut &[u8]) -> Result<[u8; N], ProfileError> {
    let (taken, rest) = input.split_first_chunk().ok_or(ProfileError::Length)?;
    *input = rest;
    Ok(*taken)
}

const VERSION: u8 = 1;
/// Bytes before the places.
const HEAD: usize = 1 + 2 + 4 + 1 + 2 + 2 + 2 + HOURS + 1 + 2 + 1 + 1 + 1;
/// Bytes of a place.
const PLACE: usize = Fingerprint::BYTES + 2 + 5 + 1;

const _: () = assert!(HEAD + MAX_PLACES * PLACE <= Profile::MAX_BYTES);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{self, event, profile_of};

    #[test]
    fn a_profile_is_small_and_stays_so() {
        assert_eq!(Profile::default().encode().len(), HEAD);
        let mut profile = Profile::default();
        for number in 0..5_000u32 {
            let address = (0x0a00_0000 + (number << 8)).to_be_bytes().into();
            let at = testing::NOON + u64::from(number) * 3_600_000;
            let event = crate::Event {
                network: Some(address),
                ..event(at)
            };
            profile.observe(&testing::salt(), &event);
        }
        assert_eq!(profile.encode().len(), HEAD + MAX_PLACES * PLACE);
        assert!(profile.encode().len() < 1_000);
    }

    #[test]
    fn another_version_or_length_is_an_error() {
        let bytes = profile_of(5).encode();
        assert!(Profile::decode(&bytes).is_ok());
        assert_eq!(Profile::decode(&[]), Err(ProfileError::Length));
        assert_eq!(Profile::decode(&[9]), Err(ProfileError::Version(9)));
        for length in 1..HEAD {
            assert_eq!(Profile::decode(&bytes[..length]), Err(ProfileError::Length));
        }
        let long = [&bytes[..HEAD], &vec![0; PLACE * (MAX_PLACES + 1)][..]].concat();
        assert_eq!(Profile::decode(&long), Err(ProfileError::Length));
    }

    proptest! {
        #[test]
        fn whatever_is_read_is_judged_and_written_again(mut bytes in proptest::collection::vec(any::<u8>(), 0..1_200)) {
            if let Some(version) = bytes.first_mut() {
                *version = VERSION;
            }
            if let Ok(mut profile) = Profile::decode(&bytes) {
                prop_assert_eq!(Profile::decode(&profile.encode()), Ok(profile.clone()));
                let findings = profile.judge(&testing::salt(), &event(testing::NOON));
                prop_assert!((0.0..=1.0).contains(&findings.risk));
                profile.observe(&testing::salt(), &event(testing::NOON));
                prop_assert!(profile.encode().len() <= Profile::MAX_BYTES);
            }
        }
    }
}
