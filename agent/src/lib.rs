//! The agent: records interaction in the page and seals reports of it.
//!
//! ```text
//! Agent::new    attaches the listeners (recorder) and reads the browser (sources)
//! Agent::open   takes the verifier's challenge (session)
//! Agent::seal   recorder + sources -> Report -> envelope under the session key
//! ```
//!
//! It knows no network, no promise and no global name: those belong to the TypeScript around it. It never throws and never
//! keeps text: see [`touchstone_protocol`] for all that leaves the page.

// Without the standard library a panic is a bare trap: no message is formatted, and none of the code for it is shipped.
// The `inspect` build, for developers, has messages.
#![cfg_attr(all(target_arch = "wasm32", not(feature = "inspect")), no_std)]

extern crate alloc;

#[cfg(all(target_arch = "wasm32", not(feature = "inspect")))]
mod bare;
mod page;
mod recorder;
mod session;
mod sources;

use alloc::{boxed::Box, vec::Vec};
use core::cell::RefCell;

use touchstone_protocol::{Environment, Measure, Probe, State, is_action};
use wasm_bindgen::prelude::*;

use crate::{
    page::{Page, steady_now, wall_now},
    recorder::{Reader, Recorder},
    session::{Moment, Session},
    sources::{Idle, Worker},
};

/// One agent a page. Recording goes on until the page ends, also after the object is dropped.
#[wasm_bindgen]
pub struct Agent {
    /// `None` outside a page: then nothing is recorded, and nothing can be sealed.
    page: Option<Page>,
    recorder: &'static RefCell<Recorder>,
    environment: &'static RefCell<Unread>,
    session: RefCell<Option<Session>>,
    #[cfg(feature = "inspect")]
    last_report: RefCell<Option<touchstone_protocol::Report>>,
}

/// What was read of the browser, and what still waits for an idle moment.
struct Unread {
    environment: Environment,
    idle: Idle,
}

#[wasm_bindgen]
impl Agent {
    /// Attaches the listeners and reads the sources; recording starts.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        let page = Page::here();
        let scrolled = page.as_ref().map_or((0.0, 0.0), recorder::scrolled);
        let recorder = for_ever(Recorder::new(steady_now(), scrolled));
        let mut environment = Environment::default();
        if let Some(page) = &page {
            recorder::attach(page, recorder, for_ever(Reader::new(page.clone())));
            for read in sources::START {
                read(page, &mut environment);
            }
        }
        let environment = for_ever(Unread {
            environment,
            idle: Idle::default(),
        });
        if let Some(page) = &page {
            read_when_idle(page.clone(), environment);
        }
        Self {
            page,
            recorder,
            environment,
            session: RefCell::new(None),
            #[cfg(feature = "inspect")]
            last_report: RefCell::new(None),
        }
    }

    /// Takes the answer of the session endpoint. 0: a session is open. 1: it is, but the page's host is not among the
    /// key's domains. 2: the bytes are no challenge; a former session stays.
    pub fn open(&self, challenge: &[u8]) -> u8 {
        let (Ok(session), Ok(mut slot)) = (
            Session::open(challenge, now()),
            self.session.try_borrow_mut(),
        ) else {
            return 2;
        };
        if !session.fragment().is_empty() {
            self.forget_boxes();
        }
        let answer = u8::from(session.host_not_allowed());
        *slot = Some(session);
        answer
    }

    /// The verifier's sealed copy of the last session, also after its end: a refresh presents it. Empty if there was none.
    pub fn sealed_session(&self) -> Vec<u8> {
        self.with_session(|session| session.sealed().to_vec())
            .unwrap_or_default()
    }

    /// Milliseconds for which the session can still seal; 0 or less if there is none, or it has expired or is used up.
    pub fn session_left(&self) -> f64 {
        self.with_session(|session| session.left(now()))
            .unwrap_or_default()
    }

    /// The envelope to post for an action of `[A-Za-z0-9/_]`, at most 100 characters. Empty if no session is live, or the
    /// action is none.
    pub fn seal(&self, action: &str) -> Vec<u8> {
        self.try_seal(action).unwrap_or_default()
    }

    /// Takes what a worker says of the browser: its user agent, its languages joined by commas, its number of processors.
    pub fn worker(&self, user_agent: &str, languages: &str, cores: f64) {
        if let Ok(mut unread) = self.environment.try_borrow_mut() {
            Worker {
                user_agent,
                languages,
                cores,
            }
            .compare(&mut unread.environment);
        }
    }

    /// What the last challenge asks of the page's layout, as JSON; empty if it asks nothing new.
    pub fn fragment(&self) -> Vec<u8> {
        self.with_session(|session| session.fragment().to_vec())
            .unwrap_or_default()
    }

    /// What a report of the session costs, in hashes; 0 for nothing.
    pub fn price(&self) -> u32 {
        self.with_session(Session::price).unwrap_or_default()
    }

    /// Takes what a source in the page's own script found: the numbers of [`Probe`] and [`State`]. Others are ignored.
    pub fn found(&self, probe: u8, state: u8) {
        let probe = Probe::ALL.get(usize::from(probe));
        if let (Some(probe), Ok(state), Ok(mut unread)) = (
            probe,
            State::from_byte(state),
            self.environment.try_borrow_mut(),
        ) {
            unread.environment.set_probe(*probe, state);
        }
    }

    /// Takes a number that such a source measured: the number of its [`Measure`], and the value. Others are ignored.
    pub fn measured(&self, measure: u8, value: i32) {
        let measure = Measure::ALL.get(usize::from(measure));
        if let (Some(measure), Ok(mut unread)) = (measure, self.environment.try_borrow_mut()) {
            unread.environment.set_measure(*measure, value);
        }
    }

    /// The last sealed report as an object, `null` if there is none. Only in the `inspect` build.
    #[cfg(feature = "inspect")]
    pub fn last_report(&self) -> JsValue {
        use serde::Serialize;
        let serializer = serde_wasm_bindgen::Serializer::json_compatible();
        let report = self.last_report.try_borrow().ok();
        let object = report.and_then(|report| report.as_ref()?.serialize(&serializer).ok());
        object.unwrap_or(JsValue::NULL)
    }

    fn try_seal(&self, action: &str) -> Option<Vec<u8>> {
        let page = self.page.as_ref()?;
        if !is_action(action) || self.session_left() <= 0.0 {
            return None;
        }
        let mut unread = self.environment.try_borrow_mut().ok()?;
        while unread.read_next(page) {}
        for read in sources::REPORT {
            read(page, &mut unread.environment);
        }
        let recorder = self.recorder.try_borrow().ok()?;
        let mut slot = self.session.try_borrow_mut().ok()?;
        let session = slot.as_mut()?;
        let mut nonce = [0; 12];
        getrandom::fill(&mut nonce).ok()?;
        // Lent to the report rather than copied.
        let environment = core::mem::take(&mut unread.environment);
        let report = recorder.report(environment, steady_now());
        let envelope = session.seal(&report, action, now(), nonce);
        #[cfg(feature = "inspect")]
        self.last_report.replace(Some(report.clone()));
        unread.environment = report.environment;
        envelope
    }

    /// The sizes that were told belong to an earlier fragment.
    fn forget_boxes(&self) {
        if let Ok(mut unread) = self.environment.try_borrow_mut() {
            for measure in [Measure::Box0, Measure::Box1, Measure::Box2, Measure::Box3] {
                unread.environment.forget_measure(measure);
            }
        }
    }

    fn with_session<T>(&self, read: impl FnOnce(&Session) -> T) -> Option<T> {
        self.session.try_borrow().ok()?.as_ref().map(read)
    }
}

impl Default for Agent {
    fn default() -> Self {
        Self::new()
    }
}

impl Unread {
    /// Reads the next source that waits for an idle moment; whether there was one.
    fn read_next(&mut self, page: &Page) -> bool {
        self.idle.read_next(page, &mut self.environment)
    }
}

/// Never freed: what the listeners write to lives as long as they do, until the page ends.
fn for_ever<T>(value: T) -> &'static RefCell<T> {
    Box::leak(Box::new(RefCell::new(value)))
}

fn read_when_idle(page: Page, environment: &'static RefCell<Unread>) {
    let window = page.window.clone();
    let read = Closure::<dyn Fn()>::new(move || {
        if let Ok(mut unread) = environment.try_borrow_mut() {
            unread.read_next(&page);
        }
    });
    let read = read.into_js_value();
    // A moment for each: together they would hold up a slow page. Where there is no such moment (Safari), they are read
    // with the first report.
    for _ in 0..Idle::STEPS {
        window.ask("requestIdleCallback", &read);
    }
}

fn now() -> Moment {
    Moment {
        steady: steady_now(),
        wall: wall_now(),
    }
}
