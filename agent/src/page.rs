use alloc::string::String;

use touchstone_protocol::State;
use wasm_bindgen::prelude::*;

/// The page the agent runs in.
#[derive(Clone)]
pub struct Page {
    /// `window`
    pub window: Thing,
    /// `document`
    pub document: Thing,
    /// `navigator`
    pub navigator: Thing,
}

impl Page {
    /// The page of this script; `None` outside a page.
    pub fn here() -> Option<Self> {
        let window = WINDOW.with(Clone::clone);
        let document = window.get("document")?;
        let navigator = window.get("navigator")?;
        Some(Self {
            window,
            document,
            navigator,
        })
    }
}

#[wasm_bindgen]
extern "C" {
    /// Anything the page holds: an event, an element, a window. Every named getter is one more function in the glue and
    /// one more import, so only what is read for every pointer move has its own; everything else goes by name through
    /// [`Thing::get`] and [`Thing::number`].
    #[derive(Clone, PartialEq)]
    pub type Thing;

    #[wasm_bindgen(thread_local_v2, js_name = window)]
    static WINDOW: Thing;

    /// `isTrusted`: made by the browser, not by a script.
    #[wasm_bindgen(method, getter, js_name = isTrusted)]
    pub fn is_trusted(this: &Thing) -> bool;
    /// `timeStamp` in milliseconds since the time origin.
    #[wasm_bindgen(method, getter, js_name = timeStamp)]
    pub fn time_stamp(this: &Thing) -> f64;
    /// `clientX`
    #[wasm_bindgen(method, getter, js_name = clientX)]
    pub fn client_x(this: &Thing) -> f64;
    /// `clientY`
    #[wasm_bindgen(method, getter, js_name = clientY)]
    pub fn client_y(this: &Thing) -> f64;
    /// `screenX` of an event or of the window.
    #[wasm_bindgen(method, getter, js_name = screenX)]
    pub fn screen_x(this: &Thing) -> f64;
    /// `screenY` of an event or of the window.
    #[wasm_bindgen(method, getter, js_name = screenY)]
    pub fn screen_y(this: &Thing) -> f64;
    /// `devicePixelRatio`
    #[wasm_bindgen(method, getter, js_name = devicePixelRatio)]
    pub fn pixel_ratio(this: &Thing) -> f64;
    /// `pointerType`
    #[wasm_bindgen(method, getter, js_name = pointerType)]
    pub fn pointer_type(this: &Thing) -> JsValue;
    /// `buttons`
    #[wasm_bindgen(method, getter)]
    pub fn buttons(this: &Thing) -> f64;
    /// `length` of a list or a string; not a number if it has none.
    #[wasm_bindgen(method, getter)]
    pub fn length(this: &Thing) -> f64;
    /// `getCoalescedEvents()`
    #[wasm_bindgen(method, catch, js_name = getCoalescedEvents)]
    pub fn coalesced_events(this: &Thing) -> Result<Thing, JsValue>;

    #[wasm_bindgen(method, catch, js_name = addEventListener)]
    fn add_listener(
        this: &Thing,
        kind: &str,
        handler: &JsValue,
        options: &JsValue,
    ) -> Result<(), JsValue>;

    #[wasm_bindgen(js_namespace = Reflect, catch, js_name = get)]
    fn reflect_get(of: &Thing, name: &str) -> Result<Option<Thing>, JsValue>;
    #[wasm_bindgen(js_namespace = Reflect, catch, js_name = get)]
    fn reflect_number(of: &Thing, name: &str) -> Result<f64, JsValue>;
    #[wasm_bindgen(js_namespace = Reflect, catch, js_name = set)]
    fn reflect_set(of: &Thing, name: &str, value: &JsValue) -> Result<bool, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn call(this: &Thing, of: &Thing, argument: &JsValue) -> Result<Option<Thing>, JsValue>;

    #[wasm_bindgen(js_namespace = Reflect, catch, js_name = has)]
    fn reflect_has(of: &Thing, name: &str) -> Result<bool, JsValue>;

    /// `Object()`: a new, empty object.
    #[wasm_bindgen(js_name = Object)]
    pub fn new_object() -> Thing;
    #[wasm_bindgen(js_namespace = Object, catch, js_name = getOwnPropertyNames)]
    fn own_names(of: &Thing) -> Result<Option<Thing>, JsValue>;
    #[wasm_bindgen(js_namespace = Object, catch, js_name = getOwnPropertyDescriptor)]
    fn own_descriptor(of: &Thing, name: &str) -> Result<Option<Thing>, JsValue>;

    /// `performance.now()` in milliseconds.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    pub fn steady_now() -> f64;

    type Date;
    #[wasm_bindgen(constructor)]
    fn new() -> Date;
    #[wasm_bindgen(js_namespace = Date)]
    fn now() -> f64;
    #[wasm_bindgen(method, js_name = getTimezoneOffset)]
    fn utc_offset(this: &Date) -> f64;
}

/// `Date.now()` in milliseconds.
pub fn wall_now() -> f64 {
    Date::now()
}

/// `Date.getTimezoneOffset()` of now, in minutes.
pub fn utc_offset() -> f64 {
    Date::new().utc_offset()
}

/// Nothing here throws: what cannot be read is absent.
impl Thing {
    /// A property; `None` if it is absent, `null`, or cannot be read.
    pub fn get(&self, name: &str) -> Option<Thing> {
        reflect_get(self, name).unwrap_or_default()
    }

    /// A property as a number, `true` as 1; not a number if it is absent or cannot be read.
    pub fn number(&self, name: &str) -> f64 {
        reflect_number(self, name).unwrap_or(f64::NAN)
    }

    /// Whether there is a property of that name, even if it is `null`.
    pub fn has(&self, name: &str) -> bool {
        reflect_has(self, name).unwrap_or(false)
    }

    /// Whether a property is `true`.
    pub fn is(&self, name: &str) -> bool {
        self.number(name) == 1.0
    }

    /// A property as a string; `None` if it is something else.
    pub fn string(&self, name: &str) -> Option<String> {
        self.get(name)?.as_string()
    }

    /// A property that should be `true` or `false`, with the reason if it is neither.
    pub fn state(&self, name: &str) -> State {
        match reflect_get(self, name) {
            Ok(value) => value
                .and_then(|it| it.as_bool())
                .map_or(State::Unsupported, State::from),
            Err(_) => State::Failed,
        }
    }

    /// Calls a method with one argument (`undefined` for none); `None` if it is missing, throws, or returns nothing.
    pub fn ask(&self, method: &str, argument: &JsValue) -> Option<Thing> {
        self.get(method)?.call_on(self, argument)
    }

    /// Calls this function on another object.
    pub fn call_on(&self, of: &Thing, argument: &JsValue) -> Option<Thing> {
        self.call(of, argument).unwrap_or_default()
    }

    /// Sets a property, if it can be set.
    pub fn set(&self, name: &str, value: &JsValue) {
        // A property that refuses is the page's affair, and nothing depends on it.
        let _ = reflect_set(self, name, value);
    }

    /// All own property names, hidden ones too, joined by commas.
    pub fn own_names(&self) -> Option<String> {
        own_names(self)
            .unwrap_or_default()?
            .ask("join", &JsValue::UNDEFINED)?
            .as_string()
    }

    /// The description of an own property.
    pub fn own_descriptor(&self, name: &str) -> Option<Thing> {
        own_descriptor(self, name).unwrap_or_default()
    }

    /// Attaches a listener; a browser that refuses leaves the agent without these events.
    pub fn listen(&self, kind: &str, handler: &JsValue, options: &JsValue) {
        let _ = self.add_listener(kind, handler, options);
    }
}
