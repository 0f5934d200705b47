//! One moment of interaction. What is recorded, and what deliberately is not: no text, no key identity, no field value,
//! no element name.

use serde::Deserialize;
#[cfg(feature = "inspect")]
use serde::Serialize;

use crate::DecodeError;

/// One pointer event (Pointer Events Level 3): mouse, pen or finger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(
    feature = "inspect",
    derive(Serialize),
    serde(rename_all = "camelCase")
)]
pub struct PointerSample {
    /// When it happened (`event.timeStamp`), in units of 0.1 ms since the page's time origin.
    pub at: u32,
    /// `clientX`, rounded to CSS pixels.
    pub x: i32,
    /// `clientY`, rounded to CSS pixels.
    pub y: i32,
    /// What happened.
    pub kind: PointerKind,
    /// With what.
    pub device: PointerDevice,
    /// A coordinate lies off the device's pixel grid: `clientX * devicePixelRatio` is no integer.
    pub off_grid: bool,
    /// `screenX - clientX` differs from what it was at the first event of the same window position.
    pub shifted: bool,
    /// A button or the finger was down.
    pub held: bool,
    /// How many hardware samples the browser merged into this event (`getCoalescedEvents().length`); 0 if it does not say.
    pub coalesced: u8,
    /// From the event's time stamp to our handler, in milliseconds, at most 255.
    pub latency: u8,
    /// `pressure` in 255ths. Mouse moves carry 0 here: only presses, pens and fingers are looked at.
    pub pressure: u8,
    /// The larger side of the contact area in CSS pixels, at most 255. 0 for mouse moves, as above.
    pub contact: u8,
    /// For a press: where in its target it landed.
    pub press: Option<Press>,
}

/// Where in its target a press landed. No name, no text: sizes only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(feature = "inspect", derive(Serialize))]
pub struct Press {
    /// From the target's centre, in half CSS pixels, to the right.
    pub dx: i16,
    /// From the target's centre, in half CSS pixels, downwards.
    pub dy: i16,
    /// The target's width in CSS pixels.
    pub width: u16,
    /// The target's height in CSS pixels.
    pub height: u16,
}

/// One key press, by class: never which key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(
    feature = "inspect",
    derive(Serialize),
    serde(rename_all = "camelCase")
)]
pub struct KeySample {
    /// When it went down, in units of 0.1 ms since the page's time origin.
    pub at: u32,
    /// How long it was held (dwell), in units of 0.1 ms, at most 65,534; `None` if no keyup came.
    pub hold: Option<u16>,
    /// Its class.
    pub class: KeyClass,
    /// Circumstances.
    pub flags: KeyFlags,
}

/// Circumstances of a key press, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "inspect", derive(Serialize))]
pub struct KeyFlags(pub u8);

impl KeyFlags {
    /// `event.code` was given: a physical key, not a virtual keyboard or an input method.
    pub const CODE: u8 = 1;
    /// Auto-repeat of a held key.
    pub const REPEAT: u8 = 2;
    /// A capital or shifted symbol, with neither Shift held nor Caps Lock on.
    pub const UNSHIFTED: u8 = 4;
    /// Part of a composition (input method, dead key).
    pub const COMPOSING: u8 = 8;
    /// With Control, Alt or Meta held: a shortcut.
    pub const CHORD: u8 = 16;
    /// The first key in another field than the one before.
    pub const NEW_FIELD: u8 = 32;

    /// Whether one of the bits above is set.
    pub fn has(self, bit: u8) -> bool {
        self.0 & bit != 0
    }
}

/// Any other event worth a moment: its kind and at most two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "inspect", derive(Serialize))]
pub struct OtherSample {
    /// When, in units of 0.1 ms since the page's time origin.
    pub at: u32,
    /// What.
    pub kind: OtherKind,
    /// First number; [`OtherKind`] says which.
    pub a: i32,
    /// Second number; [`OtherKind`] says which.
    pub b: i32,
}

/// What a text field is filled by, as `InputEvent.inputType` says (Input Events Level 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
pub enum InputKind {
    /// `insertText`.
    Text = 1,
    /// `insertCompositionText`, `insertFromComposition`.
    Composition = 2,
    /// `insertFromPaste`, `insertFromYank`.
    Paste = 3,
    /// `insertFromDrop`.
    Drop = 4,
    /// `insertReplacementText`: spelling, dictation, autofill in some browsers.
    Replacement = 5,
    /// Filled with no type: what browsers and password managers send when they fill a field.
    Fill = 6,
}

/// How a field came into focus, as far as the page can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
pub enum Field {
    /// A press on it (or its label) within the last second.
    Press = 1,
    /// A key (Tab, a shortcut, a switch) within the last second.
    Key = 2,
    /// Neither: autofocus, a page script, an assistive technology or automation.
    Other = 3,
}

macro_rules! bytes {
    ($(#[$meta:meta])* $name:ident, $what:literal { $($(#[$doc:meta])* $variant:ident = $value:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[cfg_attr(feature = "inspect", derive(Serialize), serde(rename_all = "camelCase"))]
        #[repr(u8)]
        pub enum $name { $($(#[$doc])* $variant = $value,)+ }

        impl $name {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];
        }

        impl TryFrom<u8> for $name {
            type Error = DecodeError;
            fn try_from(byte: u8) -> Result<Self, DecodeError> {
                match byte {
                    $($value => Ok(Self::$variant),)+
                    _ => Err(DecodeError::Impossible($what)),
                }
            }
        }
    };
}

bytes! {
    /// What a pointer did.
    PointerKind, "a pointer event's kind" {
        /// `pointermove`
        Move = 0,
        /// `pointerdown`
        Down = 1,
        /// `pointerup`
        Up = 2,
        /// `pointercancel`: for touch, the browser took over (scrolling, zooming).
        Cancel = 3,
        /// The pointer entered the document.
        Enter = 4,
        /// The pointer left the document.
        Leave = 5,
    }
}

bytes! {
    /// The kind of pointing device, `pointerType`.
    PointerDevice, "a pointer's device" {
        /// `mouse`, also trackpads.
        Mouse = 0,
        /// `pen`
        Pen = 1,
        /// `touch`
        Touch = 2,
        /// Anything else, or the browser does not say.
        Unknown = 3,
    }
}

bytes! {
    /// The class of a key. Which key it was is never recorded.
    KeyClass, "a key's class" {
        /// A letter of any script.
        Letter = 0,
        /// A digit.
        Digit = 1,
        /// Any other printing character but the space.
        Punctuation = 2,
        /// The space bar.
        Space = 3,
        /// Backspace or Delete.
        Erase = 4,
        /// Enter.
        Enter = 5,
        /// Shift, Control, Alt, Meta, Caps Lock …
        Modifier = 6,
        /// Tab, arrows, Home, End, Page Up, Page Down.
        Navigation = 7,
        /// Anything else.
        Other = 8,
        /// The browser does not say (virtual keyboards, input methods: `Unidentified`, key code 229).
        Unidentified = 9,
    }
}

bytes! {
    /// The kind of any other event, and what its two numbers are.
    OtherKind, "an event's kind" {
        /// `wheel`: `deltaY` in CSS pixels (lines and pages are converted as 40 and 800), `wheelDeltaY` (0 if absent).
        Wheel = 0,
        /// `scroll` of the document or an element: by how many CSS pixels down and right since the last one.
        Scroll = 1,
        /// A field received focus: a [`Field`].
        Focus = 2,
        /// A field lost focus.
        Blur = 3,
        /// The page became visible.
        Visible = 4,
        /// The page was hidden.
        Hidden = 5,
        /// The window received focus.
        WindowFocus = 6,
        /// The window lost focus.
        WindowBlur = 7,
        /// `paste`, without its content.
        Paste = 8,
        /// `cut` or `copy`, without its content.
        Copy = 9,
        /// `drop`, without its content.
        Drop = 10,
        /// A field's content grew without a key going down for it: an [`InputKind`], and by how many characters (at most 99).
        Input = 11,
        /// `click`: `detail` (0 when a key or an assistive technology made it), and 1 if no press came before.
        Click = 12,
        /// The window was resized: new inner width and height.
        Resize = 13,
        /// A form was submitted.
        Submit = 14,
        /// The page came back from the back/forward cache.
        PageShow = 15,
    }
}

/// Pointer samples a report holds at most. Rings of their own, so that fast moves never push out keys.
pub const POINTER_CAPACITY: usize = 1_024;
/// Key samples a report holds at most.
pub const KEY_CAPACITY: usize = 512;
/// Other samples a report holds at most.
pub const OTHER_CAPACITY: usize = 512;
