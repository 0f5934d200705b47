use touchstone_protocol::InputKind;

/// Tells changes of a text field that keys account for from all others.
#[derive(Default)]
pub struct Input {
    /// A key that may write went down since the last change.
    key_came: bool,
    /// This composition was noted already.
    composition_noted: bool,
}

/// What to do about a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Keys account for it: counted.
    Typed,
    /// Kept, with how many characters were added (0 if the browser does not say, 99 for that many and more).
    Filled(InputKind, i32),
    /// Counted and kept: the beginning of a composition.
    Composed(i32),
    /// Nothing was added.
    Nothing,
}

impl Input {
    /// A key that is no modifier went down.
    pub fn key(&mut self) {
        self.key_came = true;
    }

    /// An input method begins to compose.
    pub fn composition(&mut self) {
        self.composition_noted = false;
    }

    /// The content changed. `kind` is `inputType`, `None` if the event has none; `added` is the length of `data` in UTF-16
    /// units, or of the whole value where there is no type.
    pub fn change(&mut self, kind: Option<&str>, added: u32) -> Change {
        let key_came = core::mem::take(&mut self.key_came);
        let count = added.min(99) as i32;
        let Some(kind) = kind.filter(|kind| !kind.is_empty()) else {
            return if added == 0 {
                Change::Nothing
            } else {
                Change::Filled(InputKind::Fill, count)
            };
        };
        match kind {
            // One key may write a character of two units, or an accent that did not combine and its letter.
            "insertText" if key_came && added <= 2 => Change::Typed,
            "insertText" => Change::Filled(InputKind::Text, count),
            "insertLineBreak" | "insertParagraph" if key_came => Change::Typed,
            "insertLineBreak" | "insertParagraph" => Change::Filled(InputKind::Text, 1),
            "insertCompositionText" | "insertFromComposition" => {
                match core::mem::replace(&mut self.composition_noted, true) {
                    true => Change::Typed,
                    false => Change::Composed(count),
                }
            }
            "insertFromPaste" | "insertFromYank" | "insertFromPasteAsQuotation" => {
                Change::Filled(InputKind::Paste, count)
            }
            "insertFromDrop" => Change::Filled(InputKind::Drop, count),
            "insertReplacementText" => Change::Filled(InputKind::Replacement, count),
            _ if kind.starts_with("delete") => Change::Typed,
            _ => Change::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_that_a_key_accounts_for_is_counted_and_no_other() {
        use Change::{Composed, Filled, Nothing, Typed};
        let cases = [
            (Some("insertText"), 1, true, Typed),
            (Some("insertText"), 2, true, Typed),
            (Some("insertText"), 1, false, Filled(InputKind::Text, 1)),
            (Some("insertText"), 9, true, Filled(InputKind::Text, 9)),
            (Some("insertLineBreak"), 0, true, Typed),
            (
                Some("insertParagraph"),
                0,
                false,
                Filled(InputKind::Text, 1),
            ),
            (Some("deleteContentBackward"), 0, true, Typed),
            (Some("deleteByCut"), 0, false, Typed),
            (
                Some("insertFromPaste"),
                400,
                true,
                Filled(InputKind::Paste, 99),
            ),
            (Some("insertFromDrop"), 5, false, Filled(InputKind::Drop, 5)),
            (
                Some("insertReplacementText"),
                7,
                false,
                Filled(InputKind::Replacement, 7),
            ),
            (Some("insertCompositionText"), 1, true, Composed(1)),
            (Some("formatBold"), 0, true, Nothing),
            (Some("historyUndo"), 0, true, Nothing),
            (None, 12, false, Filled(InputKind::Fill, 12)),
            (Some(""), 12, false, Filled(InputKind::Fill, 12)),
            (None, 0, false, Nothing),
        ];
        for (kind, added, key_came, expected) in cases {
            let mut input = Input::default();
            if key_came {
                input.key();
            }
            assert_eq!(
                input.change(kind, added),
                expected,
                "{kind:?} {added} {key_came}"
            );
        }
    }

    #[test]
    fn one_key_accounts_for_one_change() {
        let mut input = Input::default();
        input.key();
        assert_eq!(input.change(Some("insertText"), 1), Change::Typed);
        assert_eq!(
            input.change(Some("insertText"), 1),
            Change::Filled(InputKind::Text, 1)
        );
    }

    #[test]
    fn a_composition_is_noted_once() {
        let mut input = Input::default();
        let mut compose = |added| input.change(Some("insertCompositionText"), added);
        assert_eq!(
            (compose(1), compose(2)),
            (Change::Composed(1), Change::Typed)
        );
        input.composition();
        assert_eq!(
            input.change(Some("insertCompositionText"), 1),
            Change::Composed(1)
        );
    }
}
