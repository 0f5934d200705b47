//! What judges: one detector a file. To add one, write its file, name it in [`DETECTORS`], and give it the gate that keeps it
//! silent where it has nothing to say; what a finding may do is the business of its tier.

mod account_velocity;
mod address_velocity;
mod approach;
mod backend_agent;
mod centre_click;
mod challenge;
mod claimed_bot;
mod click_dwell;
mod clock;
mod coalescing;
mod coherence;
mod console;
mod driver_globals;
mod fetch_metadata;
mod frame;
mod fusion;
mod grid;
mod haste;
mod headers;
mod headless;
mod hint_headers;
mod hints;
mod http_client;
mod identity;
mod inserted_text;
mod interaction;
mod key_codes;
mod key_dwell;
mod key_synthesis;
mod latency;
mod layout;
mod missing;
mod movement;
mod page_velocity;
mod phase;
mod platform;
mod pointing;
mod pressure;
mod raw_updates;
mod replay;
mod request_headers;
mod request_only;
mod request_rate;
mod screen_offset;
mod scripted_focus;
mod scroll;
mod session_headers;
mod tampering;
mod text_without_keys;
mod tls_client;
mod typing;
mod unmeasured;
mod unpaid;
mod unreadable;
mod verified_bot;
mod webdriver;
mod wheel;
mod window_geometry;
mod worker;

use std::borrow::Cow;

use crate::{Cause, Context, Facts, Reason, Tier};

/// One check: what it is about, what it may do, where it errs, and how it judges.
#[derive(Debug, Clone, Copy)]
pub struct Detector {
    /// Its name in evidence and documentation, the same as of the agent's source where there is one.
    pub name: &'static str,
    /// What lies behind its findings.
    pub cause: Cause,
    /// What its findings may do.
    pub tier: Tier,
    /// The reason code of a finding against the visitor.
    pub reason: Reason,
    /// When it has a say at all.
    pub gate: &'static str,
    /// Which people it may hit.
    pub false_positives: &'static str,
    /// What its source asks of the visitor's browser, beyond what the agent does in any case.
    pub cost: &'static str,
    /// The check itself; none if there is nothing to say.
    pub judge: fn(&Facts, &Context<'_>) -> Option<Finding>,
}

/// What a detector found.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Log-odds, before the rules: negative against the visitor, positive for a person, 0 says that little can be said.
    pub weight: f32,
    /// The numbers it rests on.
    pub detail: Cow<'static, str>,
}

impl Finding {
    /// With a weight of its own.
    pub fn new(weight: f32, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            weight,
            detail: detail.into(),
        }
    }

    fn a(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(WEIGHT_A, detail)
    }

    fn b(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(WEIGHT_B, detail)
    }

    fn c(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(WEIGHT_C, detail)
    }

    /// Whether it is not evidence of a person.
    pub(crate) fn speaks_against(&self) -> bool {
        self.weight <= 0.0
    }
}

/// All of them. The order is that of the documentation; scores do not depend on it.
pub const DETECTORS: &[Detector] = &[
    missing::DETECTOR,
    unmeasured::DETECTOR,
    unreadable::DETECTOR,
    request_only::DETECTOR,
    webdriver::DETECTOR,
    headless::DETECTOR,
    driver_globals::DETECTOR,
    console::DETECTOR,
    fetch_metadata::DETECTOR,
    http_client::DETECTOR,
    frame::DETECTOR,
    worker::DETECTOR,
    identity::DETECTOR,
    hint_headers::DETECTOR,
    request_headers::DETECTOR,
    session_headers::DETECTOR,
    claimed_bot::DETECTOR,
    platform::DETECTOR,
    hints::DETECTOR,
    layout::DETECTOR,
    backend_agent::DETECTOR,
    tls_client::DETECTOR,
    tampering::DETECTOR,
    window_geometry::DETECTOR,
    screen_offset::DETECTOR,
    pointing::DETECTOR,
    pressure::DETECTOR,
    grid::DETECTOR,
    coalescing::DETECTOR,
    raw_updates::DETECTOR,
    phase::DETECTOR,
    latency::DETECTOR,
    coherence::DETECTOR,
    click_dwell::DETECTOR,
    approach::DETECTOR,
    centre_click::DETECTOR,
    key_dwell::DETECTOR,
    key_synthesis::DETECTOR,
    key_codes::DETECTOR,
    text_without_keys::DETECTOR,
    inserted_text::DETECTOR,
    wheel::DETECTOR,
    scroll::DETECTOR,
    scripted_focus::DETECTOR,
    haste::DETECTOR,
    clock::DETECTOR,
    verified_bot::DETECTOR,
    page_velocity::DETECTOR,
    account_velocity::DETECTOR,
    address_velocity::DETECTOR,
    request_rate::DETECTOR,
    unpaid::DETECTOR,
    challenge::DETECTOR,
    replay::DETECTOR,
    interaction::DETECTOR,
    movement::DETECTOR,
    typing::DETECTOR,
    fusion::DETECTOR,
];

/// The table of all detectors for the documentation, in Markdown.
pub fn detectors_as_markdown() -> String {
    let mut out = String::from(
        "| detector | cause | tier | reason | has a say when | may hit | costs |\n|---|---|---|---|---|---|---|\n",
    );
    for detector in DETECTORS {
        let Detector {
            name,
            cause,
            tier,
            reason,
            gate,
            false_positives,
            cost,
            ..
        } = detector;
        let (of, tier, reason) = (cause.name(), tier.name(), reason.name());
        out.push_str(&format!(
            "| {name} | {of} | {tier} | {reason} | {gate} | {false_positives} | {cost} |\n"
        ));
    }
    out
}

// Weights of environment findings follow from what their tier may do, not from counting: nobody has an honest sample of
// all automated browsers.
/// One alone outweighs all evidence of a person (at most 2.2) down to 0.0.
const WEIGHT_A: f32 = -8.0;
/// Two of different causes reach 0.0 alone, and 0.3 against the strongest evidence of a person.
const WEIGHT_B: f32 = -1.6;
/// Half of what all context together may weigh.
const WEIGHT_C: f32 = -0.3;

#[cfg(test)]
mod fixture;
#[cfg(test)]
pub(crate) use fixture::{Change, clear, found, quiet, set};

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_unique_and_every_detector_is_in_the_documentation() {
        let names: HashSet<&str> = DETECTORS.iter().map(|detector| detector.name).collect();
        assert_eq!(names.len(), DETECTORS.len());
        let markdown = detectors_as_markdown();
        assert_eq!(markdown.lines().count(), DETECTORS.len() + 2);
        assert!(
            names
                .iter()
                .all(|name| markdown.contains(&format!("| {name} |")))
        );
    }

    #[test]
    fn an_ordinary_visitor_gives_no_detector_anything_to_say() {
        let found: Vec<&str> = DETECTORS
            .iter()
            .filter(|detector| (detector.judge)(&quiet(), &Context::default()).is_some())
            .map(|detector| detector.name)
            .filter(|name| !matches!(*name, "movement" | "typing"))
            .collect();
        assert!(found.is_empty(), "{found:?}");
    }
}
