#![no_main]
//! Everything else that the agent's endpoints and the agent itself read from outside.

use libfuzzer_sys::fuzz_target;
use touchstone_protocol::{Challenge, Envelope, Payment, PlainReport, SessionKey};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(envelope) = Envelope::decode(bytes) {
        let _ = envelope.open(&SessionKey([0; 32]));
        assert_eq!(Envelope::decode(&envelope.encode()), Ok(envelope));
    }
    if let Ok(challenge) = Challenge::decode(bytes) {
        assert!(Challenge::decode(&challenge.encode()) == Ok(challenge));
    }
    if let Ok(payment) = Payment::decode(bytes) {
        assert_eq!(Payment::decode(&payment.encode()), Ok(payment.clone()));
    }
    if let Ok(report) = PlainReport::decode(bytes) {
        assert_eq!(PlainReport::decode(&report.encode()), Ok(report));
    }
});
