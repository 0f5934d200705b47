/// Whether an account has so many relations that its owner is probably no ordinary customer: its group has `members` accounts,
/// of which `lately` came to be related within the last day.
///
/// Families, small businesses and people with a second account have fewer. What grows by five accounts in a day is noticed
/// at half the size. Nothing is said of what is common, because that relates nobody.
#[must_use]
pub fn is_high(members: u32, lately: u32) -> bool {
    members >= MANY || (members >= FAST && lately >= FAST)
}

/// A group of so many is large.
const MANY: u32 = 10;
/// A group that so many joined within a day is large.
const FAST: u32 = 5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_is_no_high_number_and_a_farm_is_one_early() {
        for (members, lately, high) in [
            (0, 0, false),
            (4, 4, false),
            (5, 4, false),
            (5, 5, true),
            (9, 0, false),
            (10, 0, true),
            (500, 0, true),
        ] {
            assert_eq!(is_high(members, lately), high, "{members} {lately}");
        }
    }
}
