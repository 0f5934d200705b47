use alloc::vec::Vec;

use touchstone_protocol::{KEY_CAPACITY, KeyClass, KeyFlags, KeySample, fnv1a64};

use super::{Ring, tenths};

/// The newest key presses, and the keys that are down now.
pub struct Keys {
    ring: Ring<KeySample>,
    held: [Option<Held>; HELD_KEYS],
    /// The slot to give up if all are taken.
    next: usize,
}

/// A key going down, as the browser tells it. Neither `key` nor `code` outlives the call.
#[derive(Debug, Clone, Copy)]
pub struct KeyDown<'a> {
    /// `timeStamp` in milliseconds.
    pub time: f64,
    /// `key`: a character or a name.
    pub key: &'a str,
    /// `code`: the place on the keyboard, empty if the browser does not say.
    pub code: &'a str,
    /// `keyCode` is 229: an input method works on this key.
    pub is_processed: bool,
    /// Shift held or Caps Lock on.
    pub shifted: bool,
    /// `repeat`.
    pub repeat: bool,
    /// Bits of [`KeyFlags`] that the caller knows: composing, chord, new field.
    pub flags: u8,
}

/// A key that is down. Which one is known only as a hash of its code, and only until it comes up.
#[derive(Clone, Copy)]
struct Held {
    id: u64,
    number: u32,
    at: u32,
    repeated: bool,
}

impl Keys {
    pub fn new() -> Self {
        Self {
            ring: Ring::new(KEY_CAPACITY),
            held: [None; HELD_KEYS],
            next: 0,
        }
    }

    /// A key went down. Of its auto-repeats only the first is kept. Returns its class.
    pub fn down(&mut self, event: &KeyDown<'_>) -> KeyClass {
        let class = match event.is_processed {
            true => KeyClass::Unidentified,
            false => class_of(event.key),
        };
        let id = id_of(event.code, event.key);
        let slot = self.slot_of(id);
        let before = slot.and_then(|slot| slot.as_mut());
        if event.repeat && before.as_ref().is_some_and(|held| held.repeated) {
            return class;
        }
        let at = tenths(event.time);
        let flag = |yes: bool, bit: u8| if yes { bit } else { 0 };
        let flags = event.flags
            | flag(!event.code.is_empty(), KeyFlags::CODE)
            | flag(event.repeat, KeyFlags::REPEAT)
            | flag(is_capital(event.key) && !event.shifted, KeyFlags::UNSHIFTED);
        let number = self.ring.push(KeySample {
            at,
            hold: None,
            class,
            flags: KeyFlags(flags),
        });
        match self.slot_of(id) {
            // The hold is that of the press, not of its repeat.
            Some(Some(held)) if event.repeat => held.repeated = true,
            Some(slot) => {
                *slot = Some(Held {
                    id,
                    number,
                    at,
                    repeated: event.repeat,
                })
            }
            None => {}
        }
        class
    }

    /// A key came up: completes the sample of its press.
    pub fn up(&mut self, time: f64, key: &str, code: &str) {
        let id = id_of(code, key);
        let slots = self.held.iter_mut();
        let Some(held) = slots
            .filter_map(|slot| slot.take_if(|held| held.id == id))
            .next()
        else {
            return;
        };
        let hold = tenths(time).saturating_sub(held.at).min(LONGEST_HOLD) as u16;
        if let Some(sample) = self.ring.get_mut(held.number) {
            sample.hold = Some(hold);
        }
    }

    /// The window lost the keyboard: what is down may come up unseen.
    pub fn forget_held(&mut self) {
        self.held = [None; HELD_KEYS];
    }

    pub fn samples(&self) -> Vec<KeySample> {
        self.ring.to_vec()
    }

    pub fn dropped(&self) -> u32 {
        self.ring.dropped()
    }

    /// The slot of a key that is down; else a free one, else the one taken longest ago.
    fn slot_of(&mut self, id: u64) -> Option<&mut Option<Held>> {
        let is_its = |slot: &Option<Held>| slot.is_some_and(|held| held.id == id);
        let place = match self.held.iter().position(is_its) {
            Some(place) => place,
            None => match self.held.iter().position(Option::is_none) {
                Some(place) => place,
                None => {
                    self.next = (self.next + 1) % HELD_KEYS;
                    self.next
                }
            },
        };
        self.held.get_mut(place)
    }
}

fn id_of(code: &str, key: &str) -> u64 {
    fnv1a64(if code.is_empty() { key } else { code }.as_bytes())
}

fn class_of(key: &str) -> KeyClass {
    let mut chars = key.chars();
    match (chars.next(), chars.next()) {
        (None, _) => KeyClass::Unidentified,
        (Some(char), None) => class_of_char(char),
        // A letter with a combining mark is one key on some layouts; all names of keys are ASCII.
        (Some(char), _) if !char.is_ascii() => class_of_char(char),
        _ => class_of_name(key),
    }
}

/// Tables of Unicode would cost more than the rest of the recorder. Outside ASCII everything counts as a letter but the
/// digits of living scripts and the blocks of punctuation and symbols.
fn class_of_char(char: char) -> KeyClass {
    match char {
        ' ' | '\u{a0}' | '\u{3000}' => KeyClass::Space,
        '0'..='9'
        | '\u{660}'..='\u{669}'
        | '\u{6f0}'..='\u{6f9}'
        | '\u{966}'..='\u{96f}'
        | '\u{ff10}'..='\u{ff19}' => KeyClass::Digit,
        'a'..='z' | 'A'..='Z' | 'ª' | 'µ' | 'º' => KeyClass::Letter,
        '\0'..='¿'
        | '×'
        | '÷'
        | '\u{60c}'
        | '\u{61b}'
        | '\u{61f}'
        | '\u{2000}'..='\u{2bff}'
        | '\u{3001}'..='\u{3020}'
        | '\u{ff01}'..='\u{ff20}' => KeyClass::Punctuation,
        _ => KeyClass::Letter,
    }
}

/// Names of keys as in UI Events, "KeyboardEvent key Values".
fn class_of_name(name: &str) -> KeyClass {
    match name {
        "Unidentified" | "Process" => KeyClass::Unidentified,
        "Backspace" | "Delete" => KeyClass::Erase,
        "Enter" => KeyClass::Enter,
        "Shift" | "Control" | "Alt" | "Meta" | "AltGraph" | "CapsLock" | "Fn" | "NumLock" => {
            KeyClass::Modifier
        }
        "Tab" | "Home" | "End" | "PageUp" | "PageDown" => KeyClass::Navigation,
        _ if name.starts_with("Arrow") => KeyClass::Navigation,
        _ => KeyClass::Other,
    }
}

/// Latin, Greek and Cyrillic capitals. Others are never missed a Shift for.
fn is_capital(key: &str) -> bool {
    let mut chars = key.chars();
    let capital = matches!(
        chars.next(),
        Some('A'..='Z' | 'À'..='Ö' | 'Ø'..='Þ' | 'Α'..='Ω' | 'А'..='Я')
    );
    capital && chars.next().is_none()
}

/// As many as anybody holds at once, and a few whose keyup was lost.
const HELD_KEYS: usize = 16;
/// In units of 0.1 ms: 6.5 s.
const LONGEST_HOLD: u32 = 65_534;

#[cfg(test)]
mod tests {
    use super::*;

    const DOWN: KeyDown<'_> = KeyDown {
        time: 100.0,
        key: "a",
        code: "KeyA",
        is_processed: false,
        shifted: false,
        repeat: false,
        flags: 0,
    };

    fn holds(keys: &Keys) -> Vec<Option<u16>> {
        keys.samples().iter().map(|sample| sample.hold).collect()
    }

    #[test]
    fn keys_are_classed_by_what_they_write_or_do() {
        use KeyClass::*;
        let cases = [
            ("a", Letter),
            ("Z", Letter),
            ("ß", Letter),
            ("я", Letter),
            ("ש", Letter),
            ("字", Letter),
            ("5", Digit),
            ("٣", Digit),
            ("５", Digit),
            (" ", Space),
            ("!", Punctuation),
            ("€", Punctuation),
            ("。", Punctuation),
            ("Backspace", Erase),
            ("Delete", Erase),
            ("Enter", Enter),
            ("Shift", Modifier),
            ("AltGraph", Modifier),
            ("Tab", Navigation),
            ("ArrowLeft", Navigation),
            ("PageDown", Navigation),
            ("F5", Other),
            ("Escape", Other),
            ("Dead", Other),
            ("Unidentified", Unidentified),
            ("Process", Unidentified),
            ("", Unidentified),
        ];
        for (key, class) in cases {
            assert_eq!(class_of(key), class, "{key}");
        }
        let processed = KeyDown {
            is_processed: true,
            ..DOWN
        };
        assert_eq!(Keys::new().down(&processed), Unidentified);
    }

    #[test]
    fn a_hold_is_filled_when_the_key_comes_up_even_if_keys_overlap() {
        let mut keys = Keys::new();
        keys.down(&DOWN);
        keys.down(&KeyDown {
            time: 150.0,
            key: "b",
            code: "KeyB",
            ..DOWN
        });
        keys.up(180.0, "a", "KeyA");
        assert_eq!(holds(&keys), [Some(800), None]);
        // Shift was pressed meanwhile: another character, the same key.
        keys.up(250.0, "B", "KeyB");
        assert_eq!(holds(&keys), [Some(800), Some(1_000)]);
    }

    #[test]
    fn a_key_without_code_is_matched_by_what_it_writes() {
        let mut keys = Keys::new();
        keys.down(&KeyDown { code: "", ..DOWN });
        keys.up(101.0, "a", "");
        assert_eq!(holds(&keys), [Some(10)]);
        assert!(!keys.samples()[0].flags.has(KeyFlags::CODE));
    }

    #[test]
    fn only_the_first_repeat_is_kept_and_the_hold_belongs_to_the_press() {
        let mut keys = Keys::new();
        keys.down(&DOWN);
        for time in [600.0, 630.0, 660.0] {
            keys.down(&KeyDown {
                time,
                repeat: true,
                ..DOWN
            });
        }
        keys.up(700.0, "a", "KeyA");
        assert_eq!(holds(&keys), [Some(6_000), None]);
        assert!(keys.samples()[1].flags.has(KeyFlags::REPEAT));
    }

    #[test]
    fn a_key_held_since_before_the_agent_began_repeats_once() {
        let mut keys = Keys::new();
        for time in [600.0, 630.0] {
            keys.down(&KeyDown {
                time,
                repeat: true,
                ..DOWN
            });
        }
        assert_eq!(keys.samples().len(), 1);
    }

    #[test]
    fn a_lost_keyup_leaves_no_hold() {
        let mut keys = Keys::new();
        keys.down(&DOWN);
        keys.forget_held();
        keys.up(5_000.0, "a", "KeyA");
        assert_eq!(holds(&keys), [None]);
    }

    #[test]
    fn a_hold_ends_at_its_largest_value() {
        let mut keys = Keys::new();
        keys.down(&DOWN);
        keys.up(60_000.0, "a", "KeyA");
        assert_eq!(holds(&keys), [Some(65_534)]);
    }

    #[test]
    fn more_keys_than_fit_push_out_the_oldest_and_nothing_breaks() {
        let mut keys = Keys::new();
        for i in 0..40 {
            keys.down(&KeyDown {
                code: &format!("K{i}"),
                ..DOWN
            });
        }
        keys.up(110.0, "a", "K39");
        assert_eq!(keys.samples().len(), 40);
        assert_eq!(holds(&keys)[39], Some(100));
    }

    #[test]
    fn a_capital_needs_shift_or_caps_lock() {
        let cases = [
            ("A", false, true),
            ("A", true, false),
            ("a", false, false),
            ("É", false, true),
            ("Я", false, true),
            ("5", false, false),
            ("!", false, false),
            ("Alt", false, false),
        ];
        for (key, shifted, expected) in cases {
            let mut keys = Keys::new();
            keys.down(&KeyDown {
                key,
                shifted,
                ..DOWN
            });
            assert_eq!(
                keys.samples()[0].flags.has(KeyFlags::UNSHIFTED),
                expected,
                "{key}"
            );
        }
    }
}
