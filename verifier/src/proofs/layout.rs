use std::fmt::Write;

use touchstone_protocol::BoxSize;

/// A few nested boxes with random sizes, as a challenge carries them, and the sizes that some of them come out with.
///
/// Each construct is arithmetic of whole CSS pixels, so that every layout engine agrees to within a pixel at any zoom: no
/// text, no borders (they snap to device pixels), no wrapping that a fraction of a pixel could change. Features are those of
/// every browser that runs the agent. A script that imitates a DOM has to imitate these parts of CSS, too, or to bring the
/// answer from elsewhere: the agent is open, so the proof is one finding among others, never a verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fragment {
    /// [`touchstone_protocol::Challenge::fragment`]
    pub json: String,
    /// The sizes of its told boxes, in their order.
    pub sizes: [BoxSize; TOLD],
}

impl Fragment {
    /// Makes one of random bytes.
    pub fn new(random: [u8; 32]) -> Self {
        let mut dice = Dice { random, used: 0 };
        let mut constructs = CONSTRUCTS;
        let mut out = Boxes::default();
        let sizes = core::array::from_fn(|i| {
            let chosen = i + dice.below(CONSTRUCTS.len() - i);
            constructs.swap(i, chosen);
            constructs[i](&mut dice, &mut out)
        });
        Self {
            json: format!("[{}]", out.json),
            sizes,
        }
    }
}

/// Random numbers, in the order in which they are asked for. Their slight bias does not matter: a guess is hopeless in any
/// case.
struct Dice {
    random: [u8; 32],
    used: usize,
}

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        let byte = self.random[self.used % self.random.len()];
        self.used += 1;
        usize::from(byte) % bound.max(1)
    }

    /// From `low` to `high`, both included.
    fn between(&mut self, low: u16, high: u16) -> u16 {
        low + self.below(usize::from(high - low) + 1) as u16
    }
}

/// The boxes written so far.
#[derive(Default)]
struct Boxes {
    json: String,
    count: u8,
}

impl Boxes {
    /// Adds a box inside another (0: the fragment itself); answers its number.
    fn add(&mut self, inside: u8, css: &str) -> u8 {
        self.write(inside, css, "")
    }

    /// The same for a box whose size is asked.
    fn add_told(&mut self, inside: u8, css: &str) -> u8 {
        self.write(inside, css, ",1")
    }

    fn write(&mut self, inside: u8, css: &str, told: &str) -> u8 {
        let comma = if self.count == 0 { "" } else { "," };
        // The declarations below hold no quotation mark, and writing to a string does not fail.
        let _ = write!(self.json, "{comma}[{inside},\"{css}\"{told}]");
        self.count += 1;
        self.count
    }
}

/// Adds its boxes, one of them told; answers that one's size.
type Construct = fn(&mut Dice, &mut Boxes) -> BoxSize;

/// Shares of a row's free width.
fn growing(dice: &mut Dice, out: &mut Boxes) -> BoxSize {
    let (unit, mine, theirs) = (dice.between(17, 43), dice.between(2, 5), dice.between(1, 4));
    let (fixed, height) = (dice.between(11, 60), dice.between(12, 90));
    let width = unit * (mine + theirs) + fixed;
    let row = out.add(0, &format!("display:flex;width:{width}px"));
    out.add(row, &format!("flex:none;width:{fixed}px;height:{height}px"));
    out.add_told(row, &format!("flex:{mine} 1 0px"));
    out.add(row, &format!("flex:{theirs} 1 0px"));
    BoxSize::new(unit * mine, height)
}

/// What shrinks gives way in proportion to its width.
fn shrinking(dice: &mut Dice, out: &mut Boxes) -> BoxSize {
    let (unit, mine, theirs) = (dice.between(11, 23), dice.between(2, 5), dice.between(2, 5));
    let height = dice.between(12, 90);
    let row = out.add(
        0,
        &format!(
            "display:flex;width:{}px;height:{height}px",
            2 * unit * (mine + theirs)
        ),
    );
    out.add(row, &format!("width:{}px", 3 * unit * theirs));
    out.add_told(row, &format!("width:{}px", 3 * unit * mine));
    BoxSize::new(2 * unit * mine, height)
}

/// Equal boxes that wrap: `kind` says what makes them.
fn wrapping(dice: &mut Dice, out: &mut Boxes, outside: &str, inside: &str) -> BoxSize {
    let (width, height) = (dice.between(31, 77), dice.between(9, 37));
    let (columns, count) = (dice.between(2, 4), dice.between(3, 6));
    // Well away from where one more or one less would fit.
    let spare = dice.between(5, 25);
    let whole = width * columns + spare;
    let around = out.add_told(0, &format!("{outside};width:{whole}px"));
    for _ in 0..count {
        out.add(
            around,
            &format!("{inside};width:{width}px;height:{height}px"),
        );
    }
    BoxSize::new(whole, count.div_ceil(columns) * height)
}

fn wrapping_floats(dice: &mut Dice, out: &mut Boxes) -> BoxSize {
    wrapping(dice, out, "display:flow-root", "float:left")
}

fn wrapping_row(dice: &mut Dice, out: &mut Boxes) -> BoxSize {
    wrapping(dice, out, "display:flex;flex-wrap:wrap", "flex:none")
}

/// Fixed and fractional columns.
fn fractions(dice: &mut Dice, out: &mut Boxes) -> BoxSize {
    let (unit, mine, theirs) = (dice.between(19, 41), dice.between(2, 5), dice.between(1, 4));
    let (fixed, height) = (dice.between(13, 70), dice.between(12, 90));
    let width = unit * (mine + theirs) + fixed;
    let columns = format!("{fixed}px {mine}fr {theirs}fr");
    let grid = out.add(
        0,
        &format!("display:grid;width:{width}px;grid-template-columns:{columns}"),
    );
    out.add(grid, &format!("height:{height}px"));
    out.add_told(grid, "");
    BoxSize::new(unit * mine, height)
}

/// A grid as large as its cells.
fn cells(dice: &mut Dice, out: &mut Boxes) -> BoxSize {
    let (width, height) = (dice.between(21, 67), dice.between(9, 41));
    let (columns, count) = (dice.between(2, 4), dice.between(3, 6));
    let grid = out.add_told(
        0,
        &format!(
            "display:grid;width:max-content;grid-template-columns:repeat({columns},{width}px);grid-auto-rows:{height}px"
        ),
    );
    for _ in 0..count {
        out.add(grid, "");
    }
    BoxSize::new(columns * width, count.div_ceil(columns) * height)
}

/// A share of a width, cut by a bound; the height follows from padding, which is a share of the width.
fn shares(dice: &mut Dice, out: &mut Boxes) -> BoxSize {
    let (unit, percent) = (dice.between(1, 2), dice.between(15, 85));
    let whole = 400 * unit;
    let free = 4 * unit * percent;
    let most = 4 * dice.between(40, 160);
    let least = 4 * dice.between(10, 35);
    // Where the two bounds cross, the lower one wins (CSS 2.2, section 10.4); they do not cross here.
    let width = free.min(most).max(least);
    let quarters = dice.between(1, 3);
    let around = out.add(0, &format!("width:{whole}px"));
    let mine = out.add_told(
        around,
        &format!("width:{percent}%;max-width:{most}px;min-width:{least}px"),
    );
    out.add(mine, &format!("padding-top:{}%", 25 * quarters));
    BoxSize::new(width, width / 4 * quarters)
}

/// Sums of lengths and shares.
fn sums(dice: &mut Dice, out: &mut Boxes) -> BoxSize {
    let (whole, height) = (2 * dice.between(90, 250), dice.between(9, 40));
    let (less, times) = (dice.between(3, 60), dice.between(2, 4));
    let around = out.add(0, &format!("width:{whole}px"));
    let css = format!("width:calc(50% - {less}px);height:calc({times}*{height}px)");
    out.add_told(around, &css);
    BoxSize::new(whole / 2 - less, height * times)
}

/// As wide as what lies in it side by side, as high as the highest, with margins.
fn contents(dice: &mut Dice, out: &mut Boxes) -> BoxSize {
    let (left, right) = (dice.between(20, 200), dice.between(20, 200));
    let (low, high) = (dice.between(8, 30), dice.between(31, 90));
    let margin = dice.between(3, 40);
    let row = out.add_told(0, "display:flex;width:max-content");
    out.add(row, &format!("width:{left}px;height:{low}px"));
    out.add(
        row,
        &format!("margin:{margin}px;width:{right}px;height:{high}px"),
    );
    BoxSize::new(left + right + 2 * margin, high + 2 * margin)
}

/// Boxes that are told: as many as the report has places for.
const TOLD: usize = 4;
const CONSTRUCTS: [Construct; 9] = [
    growing,
    shrinking,
    wrapping_floats,
    wrapping_row,
    fractions,
    cells,
    shares,
    sums,
    contents,
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_fragment_fits_its_challenge_and_tells_four_boxes(random: [u8; 32]) {
            let Fragment { json, sizes } = Fragment::new(random);
            prop_assert!(json.len() <= touchstone_protocol::MAX_FRAGMENT_BYTES, "{}", json.len());
            let boxes: serde_json::Value = serde_json::from_str(&json).unwrap();
            let boxes = boxes.as_array().unwrap();
            let told = boxes.iter().filter(|row| row.get(2).is_some()).count();
            prop_assert_eq!(told, TOLD);
            for (i, row) in boxes.iter().enumerate() {
                prop_assert!(row[0].as_u64().unwrap() <= i as u64, "a box lies in an earlier one");
            }
            // A size of nothing would look like no layout, and two bytes must hold it.
            prop_assert!(sizes.iter().all(|size| size.width > 8 && size.height > 8 && size.width < 2_000));
        }
    }

    #[test]
    fn two_fragments_differ() {
        assert_ne!(Fragment::new([1; 32]).json, Fragment::new([2; 32]).json);
    }
}
