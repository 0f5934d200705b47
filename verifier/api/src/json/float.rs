//! Floats as Google writes them: `0.9` and `0`, not `0.8999999761581421` and `0.0`.

use std::io;

use serde_json::ser::Formatter;

/// Writes whole numbers without a fraction; serde_json does the rest, with the shortest decimal for each width.
pub(super) struct ShortFloats;

impl Formatter for ShortFloats {
    fn write_f32<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f32) -> io::Result<()> {
        match whole(value.into()) {
            Some(value) => write!(writer, "{value}"),
            None => serde_json::ser::CompactFormatter.write_f32(writer, value),
        }
    }

    fn write_f64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        match whole(value) {
            Some(value) => write!(writer, "{value}"),
            None => serde_json::ser::CompactFormatter.write_f64(writer, value),
        }
    }
}

/// The integer, if the value is one and every digit of it is exact.
fn whole(value: f64) -> Option<i64> {
    (value.fract() == 0.0 && value.abs() < EXACT).then_some(value as i64)
}

/// Integers below 2^53 are exact in a `double`.
const EXACT: f64 = 9_007_199_254_740_992.0;
