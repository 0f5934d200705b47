use alloc::vec::Vec;

use touchstone_protocol::{POINTER_CAPACITY, PointerDevice, PointerKind, PointerSample, Press};

use super::{
    Ring,
    shift::{Place, Shift, View},
    tenths,
};

/// The newest pointer events.
pub struct Pointer {
    ring: Ring<PointerSample>,
    shift: Shift,
}

/// A pointer event as the browser tells it.
#[derive(Debug, Clone, Copy)]
pub struct PointerEvent {
    /// `timeStamp` in milliseconds.
    pub time: f64,
    /// When our handler ran, same clock.
    pub now: f64,
    /// What happened.
    pub kind: PointerKind,
    /// With what.
    pub device: PointerDevice,
    /// `clientX` and `clientY` in CSS pixels, with their fractions.
    pub client: (f64, f64),
    /// `screenX` and `screenY`.
    pub screen: (f64, f64),
    /// `buttons` is not 0.
    pub held: bool,
    /// `getCoalescedEvents().length`, 0 if absent.
    pub coalesced: u32,
    /// `pressure`, 0 to 1.
    pub pressure: f64,
    /// The larger of `width` and `height` in CSS pixels.
    pub contact: f64,
    /// For a press: the target's box in CSS pixels.
    pub target: Option<Target>,
}

/// The box of what was pressed, in CSS pixels, as `getBoundingClientRect` gives it.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Distance from the left edge of the viewport.
    pub left: f64,
    /// Distance from the top edge of the viewport.
    pub top: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Pointer {
    pub fn new() -> Self {
        Self {
            ring: Ring::new(POINTER_CAPACITY),
            shift: Shift::default(),
        }
    }

    /// Keeps one event. `look` is called only if its position on the screen has to be explained.
    pub fn record(&mut self, event: &PointerEvent, place: Place, look: impl FnOnce() -> View) {
        let (x, y) = event.client;
        let is_mouse = event.device == PointerDevice::Mouse;
        let is_moved = matches!(event.kind, PointerKind::Move | PointerKind::Down);
        // On a phone the address bar slides in and out under the finger: only a mouse's offset is constant.
        let shifted = is_mouse && is_moved && {
            let offset = (event.screen.0 - x, event.screen.1 - y);
            self.shift.judge(offset, place, look)
        };
        self.ring.push(PointerSample {
            at: tenths(event.time),
            x: nearest(x) as i32,
            y: nearest(y) as i32,
            kind: event.kind,
            device: event.device,
            off_grid: is_off_grid(x, place.ratio) || is_off_grid(y, place.ratio),
            shifted,
            held: event.held,
            coalesced: event.coalesced.min(255) as u8,
            latency: (event.now - event.time) as u8,
            pressure: (event.pressure * 255.0 + 0.5) as u8,
            contact: (event.contact + 0.5) as u8,
            press: event.target.map(|target| target.press(x, y)),
        });
    }

    pub fn samples(&self) -> Vec<PointerSample> {
        self.ring.to_vec()
    }

    pub fn dropped(&self) -> u32 {
        self.ring.dropped()
    }
}

impl Target {
    fn press(&self, x: f64, y: f64) -> Press {
        let half_pixels =
            |at: f64, start: f64, length: f64| nearest((at - start - length / 2.0) * 2.0) as i16;
        Press {
            dx: half_pixels(x, self.left, self.width),
            dy: half_pixels(y, self.top, self.height),
            width: nearest(self.width) as u16,
            height: nearest(self.height) as u16,
        }
    }
}

/// A pointing device reports whole device pixels; a computed path need not.
fn is_off_grid(position: f64, ratio: f64) -> bool {
    let pixels = position * ratio;
    (pixels - nearest(pixels)).abs() > 0.02
}

/// Rounds half up. `f64::floor` is not in `core`.
fn nearest(number: f64) -> f64 {
    let whole = (number + 0.5) as i32;
    f64::from(if f64::from(whole) > number + 0.5 {
        whole.saturating_sub(1)
    } else {
        whole
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: PointerEvent = PointerEvent {
        time: 1_000.04,
        now: 1_002.9,
        kind: PointerKind::Move,
        device: PointerDevice::Mouse,
        client: (10.0, 20.0),
        screen: (110.0, 220.0),
        held: false,
        coalesced: 7,
        pressure: 0.0,
        contact: 1.0,
        target: None,
    };
    const PLACE: Place = Place {
        left: 100.0,
        top: 120.0,
        ratio: 1.0,
    };
    const VIEW: View = View {
        inner: (1280.0, 700.0),
        outer_width: 1280.0,
        pinch: 1.0,
    };

    fn record(events: &[PointerEvent]) -> Vec<PointerSample> {
        let mut pointer = Pointer::new();
        for event in events {
            pointer.record(event, PLACE, || VIEW);
        }
        pointer.samples()
    }

    #[test]
    fn an_event_becomes_a_sample() {
        let expected = PointerSample {
            at: 10_000,
            x: 10,
            y: 20,
            kind: PointerKind::Move,
            device: PointerDevice::Mouse,
            off_grid: false,
            shifted: false,
            held: false,
            coalesced: 7,
            latency: 2,
            pressure: 0,
            contact: 1,
            press: None,
        };
        assert_eq!(record(&[EVENT]), [expected]);
    }

    #[test]
    fn impossible_numbers_are_kept_within_their_range() {
        let event = PointerEvent {
            now: 9_999.0,
            client: (f64::NAN, -3e9),
            coalesced: 4_000,
            pressure: 7.0,
            contact: 1e6,
            ..EVENT
        };
        let sample = record(&[event])[0];
        assert_eq!((sample.x, sample.y), (0, i32::MIN));
        assert_eq!(
            (
                sample.coalesced,
                sample.latency,
                sample.pressure,
                sample.contact
            ),
            (255, 255, 255, 255)
        );
    }

    #[test]
    fn off_grid_means_off_the_devices_pixels() {
        let cases = [
            (10.0, 1.0, false),
            (10.5, 1.0, true),
            (10.5, 2.0, false),
            (10.4, 1.25, false),
            (10.3, 1.25, true),
            (9.99, 1.0, false),
            (-3.5, 1.0, true),
        ];
        for (position, ratio, expected) in cases {
            assert_eq!(
                is_off_grid(position, ratio),
                expected,
                "{position} at {ratio}"
            );
        }
    }

    #[test]
    fn a_press_is_measured_from_the_centre_of_its_target() {
        let target = Target {
            left: 0.0,
            top: 10.0,
            width: 21.0,
            height: 30.4,
        };
        let press = record(&[PointerEvent {
            kind: PointerKind::Down,
            target: Some(target),
            ..EVENT
        }])[0]
            .press;
        assert_eq!(
            press,
            Some(Press {
                dx: -1,
                dy: -10,
                width: 21,
                height: 30
            })
        );
    }

    #[test]
    fn only_a_mouse_is_judged_by_its_place_on_the_screen() {
        for (device, expected) in [(PointerDevice::Mouse, true), (PointerDevice::Touch, false)] {
            let first = PointerEvent { device, ..EVENT };
            let second = PointerEvent {
                screen: (10.0, 20.0),
                ..first
            };
            assert_eq!(record(&[first, second])[1].shifted, expected, "{device:?}");
        }
    }
}
