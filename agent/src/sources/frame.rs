use touchstone_protocol::{Environment, Probe, State};
use wasm_bindgen::JsValue;

use super::tampering::{is_native, prototype};
use crate::page::{Page, Thing};

/// A fresh realm to ask, an empty same-origin iframe: scripts that patched the page often forget it. It lies in the head,
/// where nothing is displayed, so that it has neither style nor layout. A policy that forbids frames leaves states, no
/// exception.
pub struct Frame(Thing);

impl Frame {
    /// Makes the frame; until it has been asked, its probes have failed.
    pub fn create(page: &Page, environment: &mut Environment) -> Option<Self> {
        let probes = [
            Probe::FrameWebdriver,
            Probe::FrameMismatch,
            Probe::NativePatched,
        ];
        for probe in probes {
            environment.set_probe(probe, State::Failed);
        }
        let head = page.document.get("head")?;
        let frame = page.document.ask("createElement", &"iframe".into())?;
        head.ask("appendChild", &frame);
        Some(Self(frame))
    }

    /// What the frame's own navigator says.
    pub fn ask_navigator(&self, page: &Page, environment: &mut Environment) {
        let Some(navigator) = self.realm().and_then(|realm| realm.get("navigator")) else {
            return;
        };
        environment.set_probe(Probe::FrameWebdriver, navigator.state("webdriver"));
        let agents = (
            navigator.string("userAgent"),
            page.navigator.string("userAgent"),
        );
        if let (Some(theirs), Some(ours)) = agents {
            environment.set_probe(Probe::FrameMismatch, (theirs != ours).into());
        }
    }

    /// Whether functions of the page are native for a `toString` that the page had no chance to patch.
    pub fn ask_natives(&self, page: &Page, environment: &mut Environment) {
        let function_prototype = self.realm().and_then(|realm| prototype(&realm, "Function"));
        let Some(to_string) = function_prototype.and_then(|it| it.get("toString")) else {
            return;
        };
        let is_patched = |&(interface, name): &(&str, &str)| {
            function(&page.window, interface, name)
                .is_some_and(|function| !is_native(&function, name, &to_string))
        };
        environment.set_probe(Probe::NativePatched, NATIVES.iter().any(is_patched).into());
    }

    /// Takes the frame out of the page.
    pub fn remove(&self) {
        self.0.ask("remove", &JsValue::UNDEFINED);
    }

    /// The frame's window, asked anew each time: browsers may replace it as the empty document loads.
    fn realm(&self) -> Option<Thing> {
        self.0.get("contentWindow")
    }
}

/// A method or the getter of an attribute; `None` where the browser has none.
fn function(window: &Thing, interface: &str, name: &str) -> Option<Thing> {
    let descriptor = prototype(window, interface)?.own_descriptor(name)?;
    descriptor.get("get").or_else(|| descriptor.get("value"))
}

/// What scripts that hide a driver replace, and libraries do not. Left out are functions that polyfills, monitoring and
/// privacy extensions replace for people, too: `Function.prototype.toString` itself, `fetch`, timers, listeners, canvas,
/// WebGL, `plugins`, `languages`, `hardwareConcurrency`, `userAgent`.
const NATIVES: &[(&str, &str)] = &[
    ("Navigator", "webdriver"),
    ("Permissions", "query"),
    ("HTMLIFrameElement", "contentWindow"),
    ("MouseEvent", "screenX"),
    ("MouseEvent", "screenY"),
    ("MouseEvent", "clientX"),
    ("PointerEvent", "pressure"),
    ("PointerEvent", "getCoalescedEvents"),
];
