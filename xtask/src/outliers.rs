use crate::dice::Dice;

/// One for each person: the same numbers, but for a few, which are drawn evenly from a range some times as wide as people's.
pub fn outliers(people: &[Vec<f32>], dice: &mut Dice) -> Vec<Vec<f32>> {
    let Some(first) = people.first() else {
        return Vec::new();
    };
    let ranges: Vec<(f64, f64)> = (0..first.len()).map(|of| range(people, of)).collect();
    let mut odd = |person: &Vec<f32>| {
        let share = dice.within(FEWEST, MOST);
        let number = |(value, (low, high)): (&f32, &(f64, f64))| match dice.chance(share) {
            true => dice.within(*low, *high) as f32,
            false => *value,
        };
        person.iter().zip(&ranges).map(number).collect()
    };
    people.iter().map(&mut odd).collect()
}

/// From where to where a number is drawn.
fn range(people: &[Vec<f32>], of: usize) -> (f64, f64) {
    let mut values: Vec<f32> = people.iter().map(|person| person[of]).collect();
    values.sort_unstable_by(f32::total_cmp);
    let last = values.len() - 1;
    let rare = (last as f64 * RARE) as usize;
    let (low, high) = (f64::from(values[rare]), f64::from(values[last - rare]));
    let beyond = (high - low) * BEYOND;
    (low - beyond, high + beyond)
}

/// Shares of the numbers that are drawn.
const FEWEST: f64 = 0.03;
const MOST: f64 = 0.3;
/// Share of people beyond either end of what counts as their range.
const RARE: f64 = 0.01;
/// How far beyond it numbers are drawn, in widths of that range.
const BEYOND: f64 = 2.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outliers_share_most_numbers_with_people_and_lie_around_them_in_the_others() {
        let mut dice = Dice::new(3);
        let people: Vec<Vec<f32>> = (0..500)
            .map(|_| (0..20).map(|_| dice.within(0.0, 1.0) as f32).collect())
            .collect();
        let others = outliers(&people, &mut dice);
        let pairs = || people.iter().flatten().zip(others.iter().flatten());
        let drawn = pairs().filter(|(a, b)| a != b).count() as f64 / 10_000.0;
        assert!((FEWEST..MOST).contains(&drawn), "{drawn}");
        let beyond = pairs().filter(|(_, b)| !(0.0..1.0).contains(*b)).count() as f64 / 10_000.0;
        assert!(beyond > drawn / 2.0, "{beyond} of {drawn}");
        assert!(pairs().all(|(_, b)| (-2.5..3.5).contains(b)));
        assert!(outliers(&[], &mut dice).is_empty());
    }
}
