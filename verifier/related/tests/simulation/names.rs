use super::random::Random;

/// What a person calls a mailbox: the name, often with a number, since the plain one is taken.
pub fn local_part(random: &mut Random, numbered: f64) -> String {
    let (first, last) = (name(random.zipf(300)), name(1_000 + random.zipf(3_000)));
    let plain = match random.below(4) {
        0 => format!("{first}{last}"),
        1 => format!("{first}.{last}"),
        2 => format!("{}{last}", &first[..1]),
        _ => first,
    };
    match random.chance(numbered) {
        true => format!("{plain}{}", random.below(100)),
        false => plain,
    }
}

/// Letters that mean nothing, as scripts make them.
pub fn noise(random: &mut Random, letters: usize) -> String {
    (0..letters)
        .map(|_| char::from(b'a' + random.below(26) as u8))
        .collect()
}

/// A name of two or three syllables; small numbers are short.
fn name(number: u64) -> String {
    let syllable = |n: u64| {
        let (consonants, vowels) = ("bdfghjklmnprstvz", "aeiou");
        let consonant = consonants.as_bytes()[(n % 16) as usize];
        let vowel = vowels.as_bytes()[(n / 16 % 5) as usize];
        [char::from(consonant), char::from(vowel)]
    };
    let mut name = String::new();
    name.extend(syllable(number % 80));
    name.extend(syllable(number / 80 + 7 * number));
    if number > 100 {
        name.extend(syllable(number / 3));
    }
    name
}
