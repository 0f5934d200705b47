//! The days by which assessments are counted. They begin at midnight in Los Angeles, as the contract has it, whatever the
//! machine's own time zone: the zone is compiled in.

use jiff::{
    Timestamp,
    civil::Date,
    tz::{self, TimeZone},
};
use touchstone_store::{Day, Millis};

/// The day to which a time belongs.
pub fn day(at: Millis) -> Day {
    let ms = i64::try_from(at.0).unwrap_or(i64::MAX);
    let at = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::MAX);
    Day(days_since_epoch(LOS_ANGELES.to_datetime(at).date()))
}

/// The first second of a day, since the Unix epoch.
pub fn first_second(day: Day) -> i64 {
    let date = EPOCH.saturating_add(jiff::Span::new().try_days(day.0).unwrap_or_default());
    // Midnight is never skipped there: clocks change at two in the morning.
    let midnight = LOS_ANGELES.to_ambiguous_timestamp(date.at(0, 0, 0, 0));
    midnight.compatible().map_or(0, Timestamp::as_second)
}

/// Milliseconds since the Unix epoch as the API's timestamp.
pub fn timestamp(ms: u64) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: i64::try_from(ms / 1_000).unwrap_or(i64::MAX),
        nanos: (ms % 1_000) as i32 * 1_000_000,
    }
}

fn days_since_epoch(date: Date) -> i32 {
    EPOCH.until(date).map_or(0, |span| span.get_days())
}

const EPOCH: Date = Date::constant(1970, 1, 1);
static LOS_ANGELES: TimeZone = tz::get!("America/Los_Angeles");

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn days_begin_at_midnight_in_los_angeles() {
        for (utc, date) in [
            ("2026-11-22T07:59:59.999Z", "2026-11-21"),
            ("2026-11-22T08:00:00Z", "2026-11-22"),
            ("2026-07-01T06:59:59Z", "2026-06-30"),
            ("2026-07-01T07:00:00Z", "2026-07-01"),
            // The days on which clocks change have 23 and 25 hours.
            ("2026-03-09T06:59:59Z", "2026-03-08"),
            ("2026-11-02T07:59:59Z", "2026-11-01"),
        ] {
            let at: Timestamp = utc.parse().unwrap();
            let expected: Date = date.parse().unwrap();
            let found = day(Millis(at.as_millisecond() as u64));
            assert_eq!(found.0, days_since_epoch(expected), "{utc}");
        }
    }

    #[test]
    fn a_time_out_of_all_bounds_has_a_day_too() {
        assert_eq!(day(Millis(0)), Day(-1));
        assert!(day(Millis(u64::MAX)).0 > 2_900_000);
        first_second(Day(i32::MAX));
        first_second(Day(i32::MIN));
    }

    proptest! {
        #[test]
        fn a_day_holds_what_belongs_to_it(ms in 0..4_000_000_000_000_u64) {
            let Day(day) = day(Millis(ms));
            let second = ms as i64 / 1_000;
            prop_assert!(first_second(Day(day)) <= second);
            prop_assert!(second < first_second(Day(day + 1)));
        }
    }
}
