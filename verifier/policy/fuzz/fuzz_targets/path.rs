#![no_main]
//! Any text is a path or an error, and any path of a request can be asked about.

use libfuzzer_sys::fuzz_target;
use touchstone_policy::{FirewallPath, ProtectedPath};

fuzz_target!(|texts: (&str, &str)| {
    let (glob, path) = texts;
    let _ = FirewallPath::parse(glob).map(|glob| glob.matches(path));
    let _ = ProtectedPath::parse(glob).map(|glob| glob.matches(path));
});
