//! Channels drawn alike for people and bots.

use touchstone_traces::{Channel, Delivery, Trace};

use crate::dice::Dice;

/// Carries an interaction through a channel drawn for it.
pub fn carry(trace: &Trace, dice: &mut Dice) -> Trace {
    let poll_ms = match dice.whole(0, 9) {
        0..=2 => None,
        3 | 4 => Some(8.0),
        5 => Some(dice.pick(&[16.0, 16.7, 10.0])),
        6 => Some(dice.pick(&[6.94, 7.0, 11.1])),
        7 => Some(dice.pick(&[4.0, 2.0, 1.0])),
        _ => Some(dice.scale(4.0, 20.0)),
    };
    let delivery = match dice.whole(0, 9) {
        0..=3 => Delivery::Frames(dice.pick(&[16.67, 16.67, 6.94, 8.33, 11.1])),
        4 => Delivery::Batches(dice.pick(&[10.0, 12.0, 16.0])),
        _ => Delivery::Direct,
    };
    let channel = Channel {
        scale: if dice.chance(0.3) {
            1.0
        } else {
            dice.scale(0.6, 1.8)
        },
        tempo: dice.scale(0.75, 2.0),
        poll_ms,
        phase: dice.within(0.0, 1.0),
        delivery,
        jitter_ms: if dice.chance(0.5) {
            0.0
        } else {
            dice.within(0.5, 4.0)
        },
        practice: if dice.chance(0.3) {
            (1.0, 1.0)
        } else {
            (dice.within(0.5, 1.0), dice.scale(0.35, 1.1))
        },
        key_step_ms: dice.pick(&[1.0, 1.0, 1.0, 4.0, 8.0, 12.0, 16.0]),
    };
    channel.carry(trace, || dice.within(-1.0, 1.0))
}

/// What the recorder of the people did, for those it did not record: it looks every 12 ms.
pub fn record(trace: &Trace, dice: &mut Dice) -> Trace {
    let channel = Channel {
        scale: 1.0,
        tempo: 1.0,
        poll_ms: None,
        phase: dice.within(0.0, 1.0),
        delivery: Delivery::Batches(12.0),
        jitter_ms: 0.5,
        practice: (1.0, 1.0),
        key_step_ms: 12.0,
    };
    channel.carry(trace, || dice.within(-1.0, 1.0))
}
