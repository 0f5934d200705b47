//! People whose pointer and keys are software: eye trackers, head pointers, dictation.

use touchstone_protocol::{KeyFlags, Report};

use crate::{assert_level, person::Person};

#[test]
fn an_eye_tracker_with_an_on_screen_keyboard_is_let_through() {
    let evaluation = assert_level("eye tracker and on-screen keyboard", &eye_tracker(), 5..=9);
    let found = |name| evaluation.evidence.iter().any(|e| e.name == name);
    assert!(found("approach") && found("key-codes"), "{evaluation:#?}");
    assert!(!found("key-synthesis"), "{evaluation:#?}");
}

#[test]
fn capitals_of_an_on_screen_keyboard_need_no_shift() {
    let mut report = eye_tracker();
    for key in report.keys.iter_mut().take(2) {
        key.flags.0 |= KeyFlags::UNSHIFTED;
    }
    assert_level("capitals by injection", &report, 5..=9);
}

/// The pointer jumps to where the eyes rest, and the press is a real one.
fn eye_tracker() -> Report {
    let mut person = Person::at_a_desktop();
    for i in 0..4 {
        person.jump(900.0 - 170.0 * i as f32, 180.0 + 130.0 * i as f32);
        person.wait(600.0).click().wait(900.0).inject_keys(10);
    }
    person.done()
}
