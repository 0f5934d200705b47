use touchstone_protocol::{Environment, Probe, State};
use wasm_bindgen::JsValue;

use super::tampering::{is_native, prototype};
use crate::page::{Page, Thing};

/// Asks a fresh realm, an empty same-origin iframe that exists for this call alone: scripts that patched the page often
/// forget it. It is not displayed, so that it has no layout; a policy that forbids frames leaves states, no exception.
pub fn read(page: &Page, environment: &mut Environment) {
    let probes = [
        Probe::FrameWebdriver,
        Probe::FrameMismatch,
        Probe::NativePatched,
    ];
    for probe in probes {
        environment.set_probe(probe, State::Failed);
    }
    let Some(frame) = page.document.ask("createElement", &"iframe".into()) else {
        return;
    };
    // Through the object model: a policy may forbid the style attribute.
    if let Some(style) = frame.get("style") {
        style.set("display", &"none".into());
    }
    let Some(root) = page.document.get("documentElement") else {
        return;
    };
    root.ask("appendChild", &frame);
    if let Some(realm) = frame.get("contentWindow") {
        ask(&realm, page, environment);
    }
    frame.ask("remove", &JsValue::UNDEFINED);
}

fn ask(realm: &Thing, page: &Page, environment: &mut Environment) {
    if let Some(navigator) = realm.get("navigator") {
        environment.set_probe(Probe::FrameWebdriver, navigator.state("webdriver"));
        let agents = (
            navigator.string("userAgent"),
            page.navigator.string("userAgent"),
        );
        if let (Some(theirs), Some(ours)) = agents {
            environment.set_probe(Probe::FrameMismatch, (theirs != ours).into());
        }
    }
    if let Some(to_string) = prototype(realm, "Function").and_then(|it| it.get("toString")) {
        let is_patched = |&(interface, name): &(&str, &str)| {
            function(&page.window, interface, name)
                .is_some_and(|function| !is_native(&function, name, &to_string))
        };
        environment.set_probe(Probe::NativePatched, NATIVES.iter().any(is_patched).into());
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
