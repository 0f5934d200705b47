/// Pairs clicks with presses.
#[derive(Default)]
pub struct Clicks {
    pressed: bool,
    last: Option<u32>,
}

impl Clicks {
    /// A pointer went down.
    pub fn press(&mut self) {
        self.pressed = true;
    }

    /// A click came, at a time in units of 0.1 ms. Whether no press came since the one before; `None` if it belongs to the
    /// one before: a click on a label clicks its field, too, and Enter in a field the form's button.
    pub fn click(&mut self, at: u32) -> Option<bool> {
        let pressed = core::mem::take(&mut self.pressed);
        let before = self.last.replace(at);
        let is_echo = before.is_some_and(|last| at.saturating_sub(last) <= ECHO);
        if is_echo && !pressed {
            None
        } else {
            Some(!pressed)
        }
    }
}

/// In units of 0.1 ms: 2 ms. Both events come of one activation and bear its time, or nearly so.
const ECHO: u32 = 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_click_without_a_press_is_seen() {
        let mut clicks = Clicks::default();
        clicks.press();
        assert_eq!(clicks.click(1_000), Some(false));
        assert_eq!(clicks.click(9_000), Some(true));
    }

    #[test]
    fn the_click_that_a_label_passes_on_is_not_another_one() {
        let mut clicks = Clicks::default();
        clicks.press();
        assert_eq!(clicks.click(1_000), Some(false));
        assert_eq!(clicks.click(1_001), None);
        clicks.press();
        assert_eq!(clicks.click(1_002), Some(false));
    }
}
