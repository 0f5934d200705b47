//! What people and bots do on a page, as reports.

use touchstone_protocol::{
    KeyClass, KeyFlags, KeySample, Measure, PointerKind, Probe, Report, State,
};

use super::person::Person;

/// Four fields, reached and filled with mouse and keys.
pub fn form(person: &mut Person) -> Report {
    for i in 0..4 {
        person.reach(900.0 - 170.0 * i as f32, 180.0 + 130.0 * i as f32);
        person
            .wait(150.0)
            .click()
            .wait(400.0)
            .type_keys(12)
            .wait(300.0);
    }
    person.done()
}

pub fn mouse_alone() -> Report {
    let mut person = Person::at_a_desktop();
    for i in 0..6 {
        person.reach(
            200.0 + 140.0 * i as f32,
            if i % 2 == 0 { 600.0 } else { 150.0 },
        );
        person.wait(300.0).click().wait(900.0);
    }
    person.done()
}

pub fn keyboard_alone() -> Report {
    let mut person = Person::at_a_desktop();
    for _ in 0..4 {
        person.tab().type_keys(15).wait(400.0);
    }
    person.done()
}

pub fn phone() -> Report {
    let mut person = Person::with_a_phone();
    for i in 0..4 {
        person.tap(150.0, 200.0 + 90.0 * i as f32);
        for _ in 0..8 {
            person.report.keys.push(KeySample {
                at: person.report.pointer.last().map_or(0, |sample| sample.at) + 2_000,
                hold: None,
                class: KeyClass::Unidentified,
                flags: KeyFlags::default(),
            });
        }
        person.report.counters.typed += 8;
        person.wait(2_500.0);
    }
    person.done()
}

pub fn screen_reader() -> Report {
    let mut person = Person::at_a_desktop();
    for _ in 0..4 {
        person.tab().type_keys(8).activate();
    }
    person.done()
}

pub fn paste() -> Report {
    let mut person = Person::at_a_desktop();
    person.reach(800.0, 300.0).click().wait(300.0).paste();
    person.reach(500.0, 420.0).click().wait(300.0).paste();
    person.reach(420.0, 600.0).click();
    person.done()
}

pub fn password_manager() -> Report {
    let mut person = Person::at_a_desktop();
    person.wait(800.0).fill().fill().reach(640.0, 520.0).click();
    person.done()
}

/// Half the moves are lost, none is merged, all are late.
pub fn remote_desktop() -> Report {
    let mut report = form(&mut Person::at_a_desktop());
    let mut n = 0;
    report.pointer.retain(|sample| {
        n += 1;
        sample.kind != PointerKind::Move || n % 3 == 0
    });
    for sample in &mut report.pointer {
        sample.coalesced = 1;
        sample.latency = 16;
    }
    report.counters.raw_updates = report.counters.moves;
    report
}

pub fn resisted_fingerprinting() -> Report {
    let mut report = form(&mut Person::at_a_desktop());
    let blur = |at: u32| at / 1_000 * 1_000;
    for sample in &mut report.pointer {
        sample.at = blur(sample.at);
        sample.latency = 0;
        sample.off_grid = true;
    }
    for key in &mut report.keys {
        key.at = blur(key.at);
        key.hold = key.hold.map(|hold| hold / 1_000 * 1_000);
    }
    report.environment.set_measure(Measure::ClockStep, 100_000);
    report
}

pub fn zoomed(ratio: i32, width: i32, height: i32) -> Report {
    let mut report = form(&mut Person::at_a_desktop());
    report.environment.set_measure(Measure::PixelRatio, ratio);
    report.environment.set_measure(Measure::InnerWidth, width);
    report.environment.set_measure(Measure::InnerHeight, height);
    report
        .pointer
        .iter_mut()
        .for_each(|sample| sample.off_grid = true);
    report
}

pub fn dragging() -> Report {
    let mut person = Person::at_a_desktop();
    for i in 0..6 {
        let y = 150.0 + 80.0 * i as f32;
        person.reach(200.0, y).drag(900.0, y + 10.0).wait(900.0);
    }
    person.done()
}

pub fn webdriver() -> Report {
    let mut person = Person::driven();
    person
        .jump(400.0, 300.0)
        .click()
        .send_keys(20)
        .jump(640.0, 520.0)
        .click();
    let mut report = person.done();
    report.environment.set_probe(Probe::Webdriver, State::Yes);
    report
        .environment
        .set_probe(Probe::HeadlessAgent, State::Yes);
    report
}

pub fn humanised_webdriver() -> Report {
    let mut report = form(&mut Person::at_a_desktop());
    report
        .environment
        .set_probe(Probe::FrameWebdriver, State::Yes);
    report
}

pub fn straight_lines() -> Report {
    let mut person = Person::driven();
    for i in 0..5 {
        person.line(
            200.0 + 170.0 * i as f32,
            if i % 2 == 0 { 600.0 } else { 140.0 },
        );
        person.click().wait(1_800.0);
    }
    person.done()
}

pub fn clean_straight_lines() -> Report {
    let mut person = Person::at_a_desktop();
    for i in 0..6 {
        person.line(
            200.0 + 170.0 * i as f32,
            if i % 2 == 0 { 600.0 } else { 140.0 },
        );
        person.click().wait(1_800.0);
    }
    person.done()
}

pub fn jumps_and_keys() -> Report {
    let mut person = Person::driven();
    for i in 0..4 {
        person.jump(200.0 + 200.0 * i as f32, 150.0 + 150.0 * i as f32);
        person.click().wait(100.0).send_keys(12);
    }
    person.done()
}
