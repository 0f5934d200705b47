use touchstone_protocol::{Environment, Probe, State};

use super::headless::contains;
use crate::page::{Page, Thing};

/// Whether `navigator.webdriver` was replaced: an own property (the real one sits on the prototype), or a getter that is
/// not native.
pub fn read(page: &Page, environment: &mut Environment) {
    environment.set_probe(Probe::WebdriverPatched, state(page));
}

fn state(page: &Page) -> State {
    if page.navigator.own_descriptor("webdriver").is_some() {
        return State::Yes;
    }
    let getter = prototype(&page.window, "Navigator")
        .and_then(|prototype| prototype.own_descriptor("webdriver"))
        .map(|descriptor| descriptor.get("get"));
    let to_string = prototype(&page.window, "Function").and_then(|it| it.get("toString"));
    match (getter, to_string) {
        (None, _) => State::Unsupported,
        (Some(None), _) => State::Yes,
        (Some(Some(getter)), Some(to_string)) => {
            State::from(!is_native(&getter, "webdriver", &to_string))
        }
        (_, None) => State::Failed,
    }
}

/// The prototype of one of the window's interfaces.
pub fn prototype(window: &Thing, interface: &str) -> Option<Thing> {
    window.get(interface)?.get("prototype")
}

/// Whether a function prints as native, and under its own name: what wraps a native function (a `Proxy`, `bind`) prints
/// as native without a name.
pub fn is_native(function: &Thing, name: &str, to_string: &Thing) -> bool {
    let text = to_string.call_on(function, &wasm_bindgen::JsValue::UNDEFINED);
    text.and_then(|text| text.as_string())
        .is_some_and(|text| prints_as_native(&text, name))
}

fn prints_as_native(text: &str, name: &str) -> bool {
    let mut parts = text.as_bytes().splitn(2, |byte| *byte == b'(');
    let (Some(head), Some(body)) = (parts.next(), parts.next()) else {
        return false;
    };
    head.ends_with(name.as_bytes())
        && body.len() <= LONGEST_BODY
        && contains(body, b"[native code]")
}

/// Bytes after the opening parenthesis of `) { [native code] }`, with the line breaks of all engines. A function with a
/// comment that says "native" is longer.
const LONGEST_BODY: usize = 40;

#[cfg(test)]
mod tests {
    use super::prints_as_native;

    #[test]
    fn a_native_function_is_told_by_name_and_body() {
        let cases = [
            ("function get webdriver() { [native code] }", true),
            ("function webdriver() {\n    [native code]\n}", true),
            ("function () { [native code] }", false),
            ("function get plugins() { [native code] }", false),
            ("get webdriver() { return false }", false),
            ("() => false", false),
            (
                "function webdriver() { return false; /* a comment that says [native code] */ }",
                false,
            ),
            ("", false),
        ];
        for (text, expected) in cases {
            assert_eq!(prints_as_native(text, "webdriver"), expected, "{text}");
        }
    }
}
