use core::cell::RefCell;

use touchstone_protocol::PointerKind;
use wasm_bindgen::prelude::*;

use super::{Reader, Recorder};
use crate::page::{Page, Thing, new_object};

/// Attaches every listener: the only place that does.
///
/// All are passive (they can delay nothing) and capturing on the window (no page script can keep an event from them).
/// There is none for `unload` or `beforeunload`: those would keep the page out of the back/forward cache. They stay as
/// long as the page.
pub fn attach(page: &Page, recorder: &'static RefCell<Recorder>, reader: &'static RefCell<Reader>) {
    let options = new_object();
    options.set("passive", &JsValue::TRUE);
    options.set("capture", &JsValue::TRUE);
    for &(name, event) in EVENTS {
        let handler = Closure::<dyn Fn(Thing)>::new(move |thing: Thing| {
            // A script of the page may send an event from inside a getter that is just being read. That one is lost.
            if let (Ok(mut recorder), Ok(mut reader)) =
                (recorder.try_borrow_mut(), reader.try_borrow_mut())
            {
                reader.read(event, &thing, &mut recorder);
            }
        });
        page.window.listen(name, &handler.into_js_value(), &options);
    }
}

/// What is listened to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A pointer moved, went down or up, or was taken over by the browser.
    Pointer(PointerKind),
    /// The pointer came over another element, or into the document.
    Over,
    /// The pointer left an element, or the document.
    Out,
    /// Motion between two frames: counted.
    RawUpdate,
    /// A key went down.
    KeyDown,
    /// A key came up.
    KeyUp,
    /// A wheel turned, or two fingers moved on a trackpad.
    Wheel,
    /// The document or an element scrolled.
    Scroll,
    /// A field or the window received focus.
    Focus,
    /// A field or the window lost focus.
    Blur,
    /// The page was shown or hidden.
    Visibility,
    /// Something was pasted.
    Paste,
    /// Something was copied or cut.
    Copy,
    /// Something was dropped.
    Drop,
    /// A field changed.
    Input,
    /// An input method began to compose.
    Composition,
    /// A click, by whatever means.
    Click,
    /// The window has a new size.
    Resize,
    /// A form was submitted.
    Submit,
    /// The page was shown, perhaps from the back/forward cache.
    PageShow,
}

/// A browser without one of them ignores the listener; `pointerrawupdate` exists in secure contexts only.
const EVENTS: &[(&str, Event)] = &[
    ("pointermove", Event::Pointer(PointerKind::Move)),
    ("pointerdown", Event::Pointer(PointerKind::Down)),
    ("pointerup", Event::Pointer(PointerKind::Up)),
    ("pointercancel", Event::Pointer(PointerKind::Cancel)),
    ("pointerover", Event::Over),
    ("pointerout", Event::Out),
    ("pointerrawupdate", Event::RawUpdate),
    ("keydown", Event::KeyDown),
    ("keyup", Event::KeyUp),
    ("wheel", Event::Wheel),
    ("scroll", Event::Scroll),
    ("focus", Event::Focus),
    ("blur", Event::Blur),
    ("visibilitychange", Event::Visibility),
    ("paste", Event::Paste),
    ("copy", Event::Copy),
    ("cut", Event::Copy),
    ("drop", Event::Drop),
    ("input", Event::Input),
    ("compositionstart", Event::Composition),
    ("click", Event::Click),
    ("resize", Event::Resize),
    ("submit", Event::Submit),
    ("pageshow", Event::PageShow),
];
