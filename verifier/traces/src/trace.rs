use serde::Deserialize;

/// One recorded segment: up to a minute or so of one person, or of one generator.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// The recording source, or the generator.
    pub src: String,
    /// Whose it is; a hash for people.
    pub user: String,
    /// The user's session: segments of one session follow each other.
    pub session: String,
    /// What was recorded.
    pub device: Device,
    /// Who made it; none if the line does not say.
    pub label: Option<Label>,
    /// The generator's name, for bots.
    pub bot: Option<String>,
    /// Pointer events in order of time.
    pub pointer: Vec<Pointer>,
    /// Keys in order of going down.
    pub keys: Vec<Key>,
}

/// What a segment was recorded of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Device {
    /// A mouse or trackpad, with keys or without.
    Mouse,
    /// Fingers on a screen.
    Touch,
    /// A keyboard alone.
    Key,
}

/// Who made a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Label {
    /// A person.
    Human,
    /// A program.
    Bot,
}

/// A pointer event.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pointer {
    /// Milliseconds from the segment's first event.
    pub t: f64,
    /// CSS pixels to the right.
    pub x: f64,
    /// CSS pixels downwards.
    pub y: f64,
    /// What happened.
    pub kind: Kind,
}

/// What a pointer did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It moved (`m`).
    Move,
    /// A button or finger went down (`d`).
    Press,
    /// It came up (`u`).
    Release,
    /// The wheel turned (`w`).
    Wheel,
    /// A click of which one time alone was recorded (`c`).
    Click,
}

/// A key, by class.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Key {
    /// When it went down, in milliseconds from the segment's first event.
    pub down: f64,
    /// When it came up.
    pub up: f64,
    /// Its class.
    pub class: Class,
    /// Which field it was typed into, counted by the recorder; 0 where there is one field or it is not known.
    pub field: u32,
}

/// The class of a key, as far as the recorder tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// `L`
    Letter,
    /// `D`
    Digit,
    /// `S`
    Space,
    /// `B`
    Erase,
    /// `E`
    Enter,
    /// `M`
    Modifier,
    /// `N`: Tab and arrows.
    Navigation,
    /// `P`
    Punctuation,
    /// `O`: another, or the recorder hides which.
    Other,
}

impl Trace {
    /// The source of a person; source and generator of a bot.
    pub fn group(&self) -> String {
        match &self.bot {
            Some(bot) if self.src != *bot => format!("{}:{bot}", self.src),
            _ => self.src.clone(),
        }
    }

    /// When the last event ended, in milliseconds.
    pub fn end(&self) -> f64 {
        let pointer = self.pointer.iter().map(|event| event.t);
        pointer
            .chain(self.keys.iter().map(|key| key.up))
            .fold(0.0, f64::max)
    }
}
