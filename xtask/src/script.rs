//! Whole interactions by program: a hand, a typist and the pauses between, filling in a form that is drawn, too.

use touchstone_traces::{Class, Device, Key, Kind, Label, Pointer, Trace};

use crate::{
    dice::Dice,
    hands::{Hand, Spot, Way},
    law::Law,
    typists::Typist,
};

/// When a script does what: parameters of its own, as for hands and typists.
pub struct Manner {
    settle: Law,
    dwell: Law,
    pause: Law,
    before_keys: Law,
    /// Share of pauses in which the pointer is nudged by a few pixels, to look alive.
    fidgets: f64,
}

impl Manner {
    pub fn draw(dice: &mut Dice) -> Self {
        Self {
            settle: Law::any(dice, 5.0, 500.0, 0.7),
            dwell: Law::any(dice, 15.0, 180.0, 0.5),
            pause: Law::any(dice, 140.0, 2_500.0, 0.8),
            before_keys: Law::any(dice, 30.0, 1_200.0, 0.7),
            fidgets: if dice.chance(0.3) {
                dice.within(0.1, 0.8)
            } else {
                0.0
            },
        }
    }
}

/// What a script does: how many strokes, and how many keys after each press (0 for pointing alone).
pub struct Task {
    pub strokes: usize,
    pub keys: usize,
}

impl Task {
    pub fn pointing(dice: &mut Dice) -> Self {
        Self {
            strokes: dice.whole(3, 14),
            keys: 0,
        }
    }

    pub fn form(dice: &mut Dice) -> Self {
        Self {
            strokes: dice.whole(3, 9),
            keys: dice.whole(6, 22),
        }
    }
}

/// Lays out a page, and fills it in.
pub fn perform(
    hand: &mut dyn Hand,
    typist: &mut dyn Typist,
    task: &Task,
    dice: &mut Dice,
) -> Trace {
    let manner = Manner::draw(dice);
    let (width, height) = (dice.within(700.0, 1_900.0), dice.within(500.0, 1_000.0));
    let is_form = task.keys > 0 || dice.chance(0.5);
    let mut script = Script::default();
    let mut at = (dice.within(0.0, width), dice.within(0.0, height));
    let left = dice.within(0.1, 0.5) * width;
    for i in 0..task.strokes {
        let (wide, high) = (dice.scale(40.0, 350.0), dice.within(20.0, 50.0));
        let middle = if is_form {
            (
                left,
                height * (0.15 + 0.75 * i as f64 / task.strokes as f64),
            )
        } else {
            (
                dice.within(0.05, 0.95) * width,
                dice.within(0.05, 0.95) * height,
            )
        };
        let to = (
            middle.0 + dice.within(-0.4, 0.4) * wide,
            middle.1 + dice.within(-0.4, 0.4) * high,
        );
        let way = Way {
            from: at,
            to,
            size: high,
        };
        script.follow(&hand.stroke(&way, dice));
        at = to;
        if task.keys > 0 || dice.chance(0.8) {
            script.press(&manner, dice);
        }
        if task.keys > 0 && i + 1 < task.strokes {
            script.wait(manner.before_keys.draw(dice));
            let count = dice.whole(task.keys / 2, task.keys * 3 / 2).max(3);
            script.type_keys(typist, count, i as u32, dice);
        }
        script.pause(&manner, dice);
    }
    script.into_trace()
}

/// Types alone: `count` keys in fields of some ten.
pub fn type_only(typist: &mut dyn Typist, count: usize, dice: &mut Dice) -> Trace {
    let mut script = Script::default();
    let between = Law::any(dice, 300.0, 2_500.0, 0.6);
    let (mut left, mut field) = (count, 0);
    while left > 0 {
        let run = dice.whole(5, 40).min(left);
        script.type_keys(typist, run, field, dice);
        script.wait(between.draw(dice));
        left -= run;
        field += 1;
    }
    script.into_trace()
}

/// Strings recorded strokes of one generator together, each starting where the one before ended.
pub fn chain(strokes: &[Trace], dice: &mut Dice) -> Trace {
    let manner = Manner::draw(dice);
    let mut script = Script::default();
    let mut at: Option<(f64, f64)> = None;
    for stroke in strokes {
        let Some(first) = stroke.pointer.first() else {
            continue;
        };
        let (x, y) = at.unwrap_or((first.x, first.y));
        let (dx, dy, start) = (x - first.x, y - first.y, script.now);
        for event in &stroke.pointer {
            let (t, x, y) = (start + event.t, event.x + dx, event.y + dy);
            script.pointer.push(Pointer {
                t,
                x,
                y,
                kind: event.kind,
            });
            script.now = t;
            at = Some((x, y));
        }
        script.pause(&manner, dice);
    }
    script.into_trace()
}

#[derive(Default)]
struct Script {
    now: f64,
    pointer: Vec<Pointer>,
    keys: Vec<Key>,
}

impl Script {
    fn wait(&mut self, ms: f64) {
        self.now += ms;
    }

    fn push(&mut self, kind: Kind) {
        if let Some(Pointer { x, y, .. }) = self.pointer.last().copied() {
            self.pointer.push(Pointer {
                t: self.now,
                x,
                y,
                kind,
            });
        }
    }

    fn follow(&mut self, stroke: &[Spot]) {
        let start = self.now;
        for spot in stroke {
            self.now = self.now.max(start + spot.t);
            let (t, x, y) = (self.now, spot.x.round(), spot.y.round());
            if self
                .pointer
                .last()
                .is_none_or(|last| (last.x, last.y) != (x, y))
            {
                self.pointer.push(Pointer {
                    t,
                    x,
                    y,
                    kind: Kind::Move,
                });
            }
        }
    }

    fn press(&mut self, manner: &Manner, dice: &mut Dice) {
        self.wait(manner.settle.draw(dice));
        self.push(Kind::Press);
        self.wait(manner.dwell.draw(dice));
        self.push(Kind::Release);
    }

    fn pause(&mut self, manner: &Manner, dice: &mut Dice) {
        let ms = manner.pause.draw(dice);
        if dice.chance(manner.fidgets) {
            self.wait(ms / 2.0);
            for _ in 0..dice.whole(1, 6) {
                self.wait(dice.within(8.0, 40.0));
                if let Some(last) = self.pointer.last().copied() {
                    let (x, y) = (
                        last.x + dice.normal(0.0, 2.0),
                        last.y + dice.normal(0.0, 2.0),
                    );
                    self.pointer.push(Pointer {
                        t: self.now,
                        x: x.round(),
                        y: y.round(),
                        kind: Kind::Move,
                    });
                }
            }
        }
        self.wait(ms);
    }

    fn type_keys(&mut self, typist: &mut dyn Typist, count: usize, field: u32, dice: &mut Dice) {
        let letters = dice.chance(0.6);
        let mut before = Class::Space;
        for _ in 0..count {
            let class = match letters {
                _ if dice.chance(0.02) => Class::Erase,
                true if before != Class::Space && dice.chance(0.15) => Class::Space,
                true => Class::Letter,
                false => Class::Digit,
            };
            let (interval, hold) = typist.strike(class, before, dice);
            self.wait(interval);
            let (down, up) = (self.now, self.now + hold);
            self.keys.push(Key {
                down,
                up,
                class,
                field,
            });
            before = class;
        }
        self.now = self
            .keys
            .last()
            .map_or(self.now, |key| self.now.max(key.up));
    }

    fn into_trace(self) -> Trace {
        Trace {
            src: String::new(),
            user: String::new(),
            session: String::new(),
            device: Device::Mouse,
            label: Some(Label::Bot),
            bot: None,
            pointer: self.pointer,
            keys: self.keys,
        }
    }
}
