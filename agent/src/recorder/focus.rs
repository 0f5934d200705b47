use touchstone_protocol::Field;

/// Remembers what could have brought the focus: the last trusted press and the last trusted key.
#[derive(Default)]
pub struct Focus {
    press: Option<u32>,
    key: Option<u32>,
}

impl Focus {
    /// A pointer went down, at a time in units of 0.1 ms.
    pub fn press(&mut self, at: u32) {
        self.press = Some(at);
    }

    /// A key went down, at a time in units of 0.1 ms.
    pub fn key(&mut self, at: u32) {
        self.key = Some(at);
    }

    /// How a field came into focus: by the later of the two, if it is no older than a second.
    pub fn cause(&self, at: u32) -> Field {
        let recent = |cause: Option<u32>| cause.filter(|&then| at.saturating_sub(then) <= RECENT);
        match (recent(self.press), recent(self.key)) {
            (None, None) => Field::Other,
            (press, key) if press >= key => Field::Press,
            _ => Field::Key,
        }
    }
}

/// One second, in units of 0.1 ms.
const RECENT: u32 = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_later_of_press_and_key_within_a_second_brought_the_focus() {
        let cases = [
            (None, None, Field::Other),
            (Some(50_000), None, Field::Press),
            (None, Some(50_000), Field::Key),
            (Some(49_000), Some(48_000), Field::Press),
            (Some(48_000), Some(49_000), Field::Key),
            (Some(40_001), Some(30_000), Field::Press),
            (Some(39_999), Some(30_000), Field::Other),
            (Some(50_001), None, Field::Press),
        ];
        for (press, key, expected) in cases {
            assert_eq!(
                Focus { press, key }.cause(50_000),
                expected,
                "{press:?} {key:?}"
            );
        }
    }
}
