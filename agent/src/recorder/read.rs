use alloc::string::String;

use touchstone_protocol::{KeyFlags, OtherKind, PointerDevice, PointerKind};
use wasm_bindgen::prelude::*;

use super::{
    KeyDown, PointerEvent, Recorder,
    listen::Event,
    pointer::Target,
    shift::{Place, View},
    wheel::{Scroll, wheel_pixels},
};
use crate::page::{Page, Thing, steady_now};

/// Reads events of the browser and passes their numbers on. It keeps no text.
pub struct Reader {
    page: Page,
    mouse: JsValue,
    pen: JsValue,
    touch: JsValue,
    /// The element that scrolled last.
    scroller: Option<Thing>,
    /// The field that the last key went to.
    key_field: Option<Thing>,
}

impl Reader {
    /// A reader for events of this page.
    pub fn new(page: Page) -> Self {
        Self {
            page,
            mouse: "mouse".into(),
            pen: "pen".into(),
            touch: "touch".into(),
            scroller: None,
            key_field: None,
        }
    }

    /// Reads one event into the recorder.
    pub fn read(&mut self, event: Event, thing: &Thing, recorder: &mut Recorder) {
        if !thing.is_trusted() {
            recorder.counters.untrusted = recorder.counters.untrusted.saturating_add(1);
            return;
        }
        let time = thing.time_stamp();
        let mut note = |kind, a, b| recorder.note(time, kind, a, b);
        match event {
            Event::Pointer(kind) => self.pointer(kind, time, thing, recorder),
            Event::Over => self.border(PointerKind::Enter, time, thing, recorder),
            Event::Out => self.border(PointerKind::Leave, time, thing, recorder),
            Event::RawUpdate => recorder.counters.raw_updates += 1,
            Event::KeyDown => self.key_down(time, thing, recorder),
            Event::KeyUp => {
                recorder.clock.note(time);
                recorder
                    .keys
                    .up(time, &text(thing, "key"), &text(thing, "code"));
            }
            Event::Wheel => {
                let pixels = wheel_pixels(thing.number("deltaY"), thing.number("deltaMode"));
                note(OtherKind::Wheel, pixels, thing.number("wheelDeltaY") as i32);
            }
            Event::Scroll => self.scroll(time, thing, recorder),
            Event::Focus | Event::Blur => self.focus(event, time, thing, recorder),
            Event::Visibility => match self.page.document.is("hidden") {
                true => note(OtherKind::Hidden, 0, 0),
                false => note(OtherKind::Visible, 0, 0),
            },
            Event::Paste => note(OtherKind::Paste, 0, 0),
            Event::Copy => note(OtherKind::Copy, 0, 0),
            Event::Drop => note(OtherKind::Drop, 0, 0),
            Event::Input => input(time, thing, recorder),
            Event::Composition => recorder.input.composition(),
            Event::Click => recorder.clicked(time, thing.number("detail") as i32),
            Event::Resize => {
                let size = |name| self.page.window.number(name) as i32;
                note(OtherKind::Resize, size("innerWidth"), size("innerHeight"));
            }
            Event::Submit => note(OtherKind::Submit, 0, 0),
            Event::PageShow => {
                if thing.is("persisted") {
                    note(OtherKind::PageShow, 0, 0);
                }
            }
        }
    }

    fn pointer(&self, kind: PointerKind, time: f64, thing: &Thing, recorder: &mut Recorder) {
        let device = self.device(thing);
        // A second finger would look like a jump of the first.
        if device == PointerDevice::Touch && !thing.is("isPrimary") {
            return;
        }
        let is_move = kind == PointerKind::Move;
        let is_down = kind == PointerKind::Down;
        let coalesced = match is_move {
            true => thing
                .coalesced_events()
                .map_or(0, |events| events.length() as u32),
            false => 0,
        };
        let (pressure, contact) = match is_move && device == PointerDevice::Mouse {
            true => (0.0, 0.0),
            false => (
                thing.number("pressure"),
                thing.number("width").max(thing.number("height")),
            ),
        };
        let event = PointerEvent {
            time,
            now: steady_now(),
            kind,
            device,
            client: (thing.client_x(), thing.client_y()),
            screen: (thing.screen_x(), thing.screen_y()),
            held: thing.buttons() > 0.0,
            coalesced,
            pressure,
            contact,
            target: if is_down {
                target(thing).and_then(|target| bounds(&target))
            } else {
                None
            },
        };
        let window = &self.page.window;
        let place = Place {
            left: window.screen_x(),
            top: window.screen_y(),
            ratio: window.pixel_ratio(),
        };
        recorder.clock.note(time);
        recorder.counters.moves += u32::from(is_move);
        if is_down {
            recorder.press(time);
        }
        recorder.pointer.record(&event, place, || view(window));
    }

    /// Of the many crossings between elements, only those of the document's border. A finger has none: it comes and goes
    /// with every touch.
    fn border(&self, kind: PointerKind, time: f64, thing: &Thing, recorder: &mut Recorder) {
        if thing.get("relatedTarget").is_none() && self.device(thing) != PointerDevice::Touch {
            self.pointer(kind, time, thing, recorder);
        }
    }

    fn device(&self, thing: &Thing) -> PointerDevice {
        let device = thing.pointer_type();
        if device == self.mouse {
            PointerDevice::Mouse
        } else if device == self.touch {
            PointerDevice::Touch
        } else if device == self.pen {
            PointerDevice::Pen
        } else {
            PointerDevice::Unknown
        }
    }

    fn key_down(&mut self, time: f64, thing: &Thing, recorder: &mut Recorder) {
        recorder.clock.note(time);
        let flag = |yes: bool, bit: u8| if yes { bit } else { 0 };
        let field = target(thing);
        let is_new_field = self.key_field.is_some() && self.key_field != field;
        self.key_field = field;
        let lock = |name: &str| {
            thing
                .ask("getModifierState", &name.into())
                .and_then(|on| on.as_bool())
                .unwrap_or(false)
        };
        // With AltGraph a layout may write anything; Windows holds Control and Alt for it.
        let chord = ["ctrlKey", "altKey", "metaKey"]
            .iter()
            .any(|name| thing.is(name));
        recorder.key_down(&KeyDown {
            time,
            key: &text(thing, "key"),
            code: &text(thing, "code"),
            is_processed: thing.number("keyCode") == 229.0,
            shifted: thing.is("shiftKey") || lock("CapsLock") || lock("AltGraph"),
            repeat: thing.is("repeat"),
            flags: flag(thing.is("isComposing"), KeyFlags::COMPOSING)
                | flag(chord, KeyFlags::CHORD)
                | flag(is_new_field, KeyFlags::NEW_FIELD),
        });
    }

    fn scroll(&mut self, time: f64, thing: &Thing, recorder: &mut Recorder) {
        let Some(scroller) = thing.get("target") else {
            return;
        };
        let way = if scroller == self.page.document {
            let (top, left) = scrolled(&self.page);
            recorder.scroll.by(top, left)
        } else {
            if self.scroller.as_ref() != Some(&scroller) {
                recorder.element_scroll = Scroll::default();
                self.scroller = Some(scroller.clone());
            }
            recorder
                .element_scroll
                .by(scroller.number("scrollTop"), scroller.number("scrollLeft"))
        };
        if let Some((down, right)) = way {
            recorder.note(time, OtherKind::Scroll, down, right);
        }
    }

    fn focus(&self, event: Event, time: f64, thing: &Thing, recorder: &mut Recorder) {
        let is_focus = event == Event::Focus;
        if thing
            .get("target")
            .is_some_and(|target| target == self.page.window)
        {
            if !is_focus {
                recorder.keys.forget_held();
            }
            let kind = if is_focus {
                OtherKind::WindowFocus
            } else {
                OtherKind::WindowBlur
            };
            return recorder.note(time, kind, 0, 0);
        }
        if target(thing).is_none_or(|target| control(&target) == Control::Other) {
            return;
        }
        match is_focus {
            true => recorder.focused(time),
            false => recorder.note(time, OtherKind::Blur, 0, 0),
        }
    }
}

/// What kind of control an element is, as far as anything depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Control {
    /// Takes free text.
    Text,
    /// Takes a number, a date or a choice; a picker or an arrow may change it without an input type.
    Choice,
    /// Buttons, boxes, and all that is no control.
    Other,
}

fn control(element: &Thing) -> Control {
    match text(element, "localName").as_str() {
        "input" => match text(element, "type").as_str() {
            "text" | "search" | "email" | "url" | "tel" | "password" => Control::Text,
            "button" | "submit" | "reset" | "image" | "checkbox" | "radio" | "range" | "color"
            | "file" | "hidden" => Control::Other,
            _ => Control::Choice,
        },
        "textarea" => Control::Text,
        "select" => Control::Choice,
        _ if element.is("isContentEditable") => Control::Text,
        _ => Control::Other,
    }
}

fn input(time: f64, thing: &Thing, recorder: &mut Recorder) {
    let Some(field) = target(thing) else { return };
    let kind = thing.string("inputType");
    let added = match (&kind, control(&field)) {
        (_, Control::Other) | (None, Control::Choice) => return,
        // Without a type there is no `data` either: the length of the whole value, of which nothing is read.
        (None, Control::Text) => field.get("value"),
        (Some(_), _) => thing.get("data"),
    };
    let added = added.map_or(0, |text| text.length() as u32);
    let change = recorder.input.change(kind.as_deref(), added);
    recorder.changed(time, change);
}

/// The element an event began at, also inside an open shadow root.
fn target(thing: &Thing) -> Option<Thing> {
    thing.ask("composedPath", &JsValue::UNDEFINED)?.get("0")
}

fn bounds(element: &Thing) -> Option<Target> {
    let bounds = element.ask("getBoundingClientRect", &JsValue::UNDEFINED)?;
    Some(Target {
        left: bounds.number("left"),
        top: bounds.number("top"),
        width: bounds.number("width"),
        height: bounds.number("height"),
    })
}

/// How far the document is scrolled: down and right, in CSS pixels.
pub fn scrolled(page: &Page) -> (f64, f64) {
    (page.window.number("scrollY"), page.window.number("scrollX"))
}

fn view(window: &Thing) -> View {
    View {
        inner: (window.number("innerWidth"), window.number("innerHeight")),
        outer_width: window.number("outerWidth"),
        pinch: window
            .get("visualViewport")
            .map_or(f64::NAN, |viewport| viewport.number("scale")),
    }
}

fn text(thing: &Thing, name: &str) -> String {
    thing.string(name).unwrap_or_default()
}
