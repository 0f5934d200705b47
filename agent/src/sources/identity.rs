use touchstone_protocol::{Environment, Measure, Probe};
use wasm_bindgen::JsValue;

use crate::page::{Page, utc_offset};

/// What the browser says of itself and that other places (a worker, request headers) say, too.
pub fn read(page: &Page, environment: &mut Environment) {
    let languages = page.navigator.get("languages");
    let joined = languages.and_then(|list| list.ask("join", &JsValue::UNDEFINED));
    environment.languages = joined.and_then(|list| list.as_string()).unwrap_or_default();
    let cores = page.navigator.number("hardwareConcurrency");
    if cores.is_finite() {
        environment.set_measure(Measure::Processors, cores as i32);
    }
    environment.set_measure(Measure::TimeZoneOffset, utc_offset() as i32);
    environment.set_probe(
        Probe::ChromeObject,
        page.window.get("chrome").is_some().into(),
    );
}
