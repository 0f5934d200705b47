//! What a visitor answers.

use touchstone_challenge::{Course, Language, Seed};

/// A course that decodes survives another trip, whatever is picked; after finitely many answers it is over.
pub(crate) fn challenge(bytes: &[u8]) {
    let Some((course, picked)) = bytes.split_first_chunk() else {
        return;
    };
    let Ok(mut course) = Course::from_bytes(*course) else {
        return;
    };
    assert_eq!(Course::from_bytes(course.to_bytes()), Ok(course.clone()));
    let question = course.ask(Language::fallback(), SEED);
    assert!(usize::from(question.pick) <= question.options.len());
    assert!((1..=course.rounds()).contains(&course.round()));
    let _ = course.clone().skip();
    let _ = course.clone().wrong();
    let _ = course.judge(picked);
    assert_eq!(Course::from_bytes(course.to_bytes()), Ok(course.clone()));
}

const SEED: Seed = [7; 32];
