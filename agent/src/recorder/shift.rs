/// Whether the mouse is where the window says it is: `screenX - clientX` is one number as long as the window does not
/// move. Device emulation makes up the one without the other.
#[derive(Default)]
pub struct Shift {
    anchor: Option<Anchor>,
}

/// Where the window is on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Place {
    /// `window.screenX`, in screen pixels.
    pub left: f64,
    /// `window.screenY`, in screen pixels.
    pub top: f64,
    /// `devicePixelRatio`: it changes with zoom and with the screen.
    pub ratio: f64,
}

/// What has to be looked at before a difference means anything. Reading it may cost the page a layout, so it is read only
/// when there is a difference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    /// `innerWidth` and `innerHeight` in CSS pixels: a bar that opens moves the page inside its window.
    pub inner: (f64, f64),
    /// `outerWidth` in screen pixels.
    pub outer_width: f64,
    /// `visualViewport.scale`: 1 unless zoomed with two fingers.
    pub pinch: f64,
}

struct Anchor {
    place: Place,
    offset: (f64, f64),
    inner: (f64, f64),
}

impl Shift {
    /// Judges one event: `offset` is `screenX - clientX` and the same for y.
    pub fn judge(&mut self, offset: (f64, f64), place: Place, look: impl FnOnce() -> View) -> bool {
        if let Some(anchor) = &self.anchor
            && anchor.place == place
        {
            if apart(anchor.offset, offset) <= TOLERANCE {
                return false;
            }
            let view = look();
            if view.inner == anchor.inner {
                return view.is_unzoomed();
            }
            self.anchor = Some(Anchor {
                place,
                offset,
                inner: view.inner,
            });
            return false;
        }
        self.anchor = Some(Anchor {
            place,
            offset,
            inner: look().inner,
        });
        false
    }
}

impl View {
    /// Page zoom stretches CSS pixels and not screen pixels, so that the offset runs with the position. Without zoom, the
    /// window is wider than the page by its frame alone: at most 40 pixels, and 3 % where windows are narrow.
    fn is_unzoomed(&self) -> bool {
        let frame = self.outer_width - self.inner.0;
        let widest = (self.outer_width * 0.03).min(40.0);
        // Pinch zoom is exactly 1 when off; a browser without `visualViewport` (not a number) is not judged.
        frame >= 0.0 && frame <= widest && self.pinch == 1.0
    }
}

fn apart(a: (f64, f64), b: (f64, f64)) -> f64 {
    (a.0 - b.0).abs().max((a.1 - b.1).abs())
}

/// In pixels: coordinates are rounded on either side.
const TOLERANCE: f64 = 1.5;

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Place = Place {
        left: 100.0,
        top: 50.0,
        ratio: 1.0,
    };
    const VIEW: View = View {
        inner: (1280.0, 700.0),
        outer_width: 1296.0,
        pinch: 1.0,
    };

    fn anchored() -> Shift {
        let mut shift = Shift::default();
        assert!(!shift.judge((108.0, 130.0), PLACE, || VIEW));
        shift
    }

    #[test]
    fn a_constant_offset_is_no_shift_and_costs_no_look() {
        let mut shift = anchored();
        for offset in [(108.0, 130.0), (108.9, 129.2), (107.0, 131.0)] {
            assert!(!shift.judge(offset, PLACE, || unreachable!("looked for {offset:?}")));
        }
    }

    #[test]
    fn another_offset_in_the_same_place_is_a_shift() {
        assert!(anchored().judge((0.0, 0.0), PLACE, || VIEW));
    }

    #[test]
    fn what_a_person_can_do_to_a_window_is_no_shift() {
        let cases = [
            (
                "moved",
                Place {
                    left: 300.0,
                    ..PLACE
                },
                VIEW,
            ),
            (
                "another screen or zoom",
                Place {
                    ratio: 1.5,
                    ..PLACE
                },
                VIEW,
            ),
            (
                "a bar opened",
                PLACE,
                View {
                    inner: (1280.0, 660.0),
                    ..VIEW
                },
            ),
            ("pinched", PLACE, View { pinch: 1.7, ..VIEW }),
            (
                "no visual viewport",
                PLACE,
                View {
                    pinch: f64::NAN,
                    ..VIEW
                },
            ),
            (
                "zoomed out",
                PLACE,
                View {
                    outer_width: 1152.0,
                    ..VIEW
                },
            ),
            (
                "zoomed in",
                PLACE,
                View {
                    outer_width: 1408.0,
                    ..VIEW
                },
            ),
        ];
        for (what, place, view) in cases {
            assert!(!anchored().judge((150.0, 300.0), place, || view), "{what}");
        }
    }

    #[test]
    fn after_a_bar_opened_the_new_offset_is_the_measure() {
        let mut shift = anchored();
        let view = View {
            inner: (1280.0, 660.0),
            ..VIEW
        };
        assert!(!shift.judge((108.0, 170.0), PLACE, || view));
        assert!(!shift.judge((108.0, 170.0), PLACE, || view));
        assert!(shift.judge((108.0, 130.0), PLACE, || view));
    }
}
