use alloc::vec::Vec;

use touchstone_protocol::{Challenge, DecodeError, Envelope, Report};

/// The session that envelopes are sealed in. The sealed copy is kept after the end: a refresh presents it, so that the
/// verifier knows since when this page has been open.
pub struct Session {
    challenge: Challenge,
    opened: Moment,
    /// Envelopes sealed so far.
    used: u8,
}

/// One moment on two clocks, in milliseconds: a laptop that sleeps stops the first, a user who sets the time moves the
/// second.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// `performance.now()`
    pub steady: f64,
    /// `Date.now()`
    pub wall: f64,
}

impl Session {
    /// Reads the verifier's answer.
    pub fn open(challenge: &[u8], now: Moment) -> Result<Self, DecodeError> {
        Ok(Self {
            challenge: Challenge::decode(challenge)?,
            opened: now,
            used: 0,
        })
    }

    /// Whether the page's host is not among the key's domains.
    pub fn host_not_allowed(&self) -> bool {
        self.challenge.host_not_allowed
    }

    /// The verifier's sealed copy.
    pub fn sealed(&self) -> &[u8] {
        &self.challenge.sealed
    }

    /// What is asked of the page's layout; empty for nothing new.
    pub fn fragment(&self) -> &[u8] {
        &self.challenge.fragment
    }

    /// What a report costs, in hashes.
    pub fn price(&self) -> u32 {
        self.challenge.price
    }

    /// Milliseconds for which envelopes can still be sealed; 0 or less for none. By the faster of the two clocks.
    pub fn left(&self, now: Moment) -> f64 {
        if self.used > Envelope::LAST_COUNTER {
            return 0.0;
        }
        let steady = now.steady - self.opened.steady;
        let wall = now.wall - self.opened.wall;
        f64::from(self.challenge.lifetime_ms) - steady.max(wall)
    }

    /// Seals a report under the next counter. `nonce` must be fresh random bytes. `None` if the session has ended.
    pub fn seal(
        &mut self,
        report: &Report,
        action: &str,
        now: Moment,
        nonce: [u8; 12],
    ) -> Option<Vec<u8>> {
        if self.left(now) <= 0.0 {
            return None;
        }
        let Challenge { key, sealed, .. } = &self.challenge;
        let envelope = Envelope::seal(report, key, sealed, action, self.used, nonce);
        self.used += 1;
        Some(envelope.encode())
    }
}

#[cfg(test)]
mod tests {
    use touchstone_protocol::{SESSION_LIFETIME_MS, SessionKey};

    use super::*;

    const OPENED: Moment = Moment {
        steady: 5_000.0,
        wall: 1_700_000_000_000.0,
    };
    const KEY: SessionKey = SessionKey([7; 32]);

    fn session() -> Session {
        let challenge = Challenge {
            key: KEY,
            lifetime_ms: SESSION_LIFETIME_MS,
            host_not_allowed: false,
            sealed: b"sealed".to_vec(),
            fragment: b"[]".to_vec(),
            price: 8_192,
        };
        Session::open(&challenge.encode(), OPENED).unwrap()
    }

    fn later(steady: f64, wall: f64) -> Moment {
        Moment {
            steady: OPENED.steady + steady,
            wall: OPENED.wall + wall,
        }
    }

    #[test]
    fn a_session_ends_by_whichever_clock_ran_further() {
        let cases = [
            ("just opened", later(0.0, 0.0), 600_000.0),
            ("a minute", later(60_000.0, 60_010.0), 539_990.0),
            ("slept for a night", later(1_000.0, 3e7), -29_400_000.0),
            ("clock set back", later(700_000.0, -3e7), -100_000.0),
        ];
        for (what, now, left) in cases {
            assert_eq!(session().left(now), left, "{what}");
            let sealed = session().seal(&Report::default(), "login", now, [1; 12]);
            assert_eq!(sealed.is_some(), left > 0.0, "{what}");
        }
    }

    #[test]
    fn every_envelope_has_its_own_counter_until_the_session_is_used_up() {
        let mut session = session();
        for counter in 0..=Envelope::LAST_COUNTER {
            assert!(session.left(OPENED) > 0.0);
            let bytes = session
                .seal(&Report::default(), "login", OPENED, [counter; 12])
                .unwrap();
            let envelope = Envelope::decode(&bytes).unwrap();
            assert_eq!(envelope.counter, counter);
            assert_eq!(envelope.open(&KEY), Ok(Report::default()));
        }
        assert_eq!(session.left(OPENED), 0.0);
        assert!(
            session
                .seal(&Report::default(), "login", OPENED, [64; 12])
                .is_none()
        );
        assert_eq!(session.sealed(), b"sealed");
    }

    #[test]
    fn a_malformed_challenge_opens_nothing() {
        for bytes in [&b""[..], b"\x01", b"{\"error\":1}"] {
            assert!(Session::open(bytes, OPENED).is_err(), "{bytes:?}");
        }
    }
}
