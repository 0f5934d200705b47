#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| touchstone_laws::law("related")(bytes));
