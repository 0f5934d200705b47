use touchstone_protocol::{Environment, Probe, State};

use super::tampering::prototype;
use crate::page::Page;

/// What the browser can tell about input here: without it, its absence means nothing.
pub fn read(page: &Page, environment: &mut Environment) {
    let window = &page.window;
    let coalesced = prototype(window, "PointerEvent")
        .is_some_and(|events| events.get("getCoalescedEvents").is_some());
    environment.set_probe(Probe::CoalescedEvents, coalesced.into());
    environment.set_probe(Probe::RawUpdates, window.has("onpointerrawupdate").into());
    environment.set_probe(Probe::SecureContext, window.state("isSecureContext"));
    let framed = window
        .get("parent")
        .map_or(State::Failed, |parent| (parent != *window).into());
    environment.set_probe(Probe::Framed, framed);
}
