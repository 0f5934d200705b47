#![no_main]
//! Any bytes decode to a report or an error; a decoded report survives another trip.

use libfuzzer_sys::fuzz_target;
use touchstone_protocol::Report;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(report) = Report::decode(bytes) {
        assert_eq!(Report::decode(&report.encode()), Ok(report));
    }
});
