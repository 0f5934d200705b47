//! What agent and verifier say to each other.

use touchstone_protocol::{Challenge, Envelope, Payment, PlainReport, Report, SessionKey};

use crate::scoring;

/// A report that decodes survives another trip, and is judged.
pub(crate) fn report(bytes: &[u8]) {
    if let Ok(report) = Report::decode(bytes) {
        scoring::seen(&report);
        assert_eq!(Report::decode(&report.encode()), Ok(report));
    }
}

/// So does everything else that the agent's endpoints and the agent itself read.
pub(crate) fn envelope(bytes: &[u8]) {
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
}
