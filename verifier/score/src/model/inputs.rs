use crate::Facts;

/// What is judged by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Part {
    /// How the mouse moves.
    Movement = 0,
    /// How keys are struck.
    Typing = 1,
}

/// A number that a part looks at.
pub struct Input {
    /// Its column in [`Facts::columns`].
    pub name: &'static str,
    /// What it is, for evidence.
    pub words: &'static str,
    /// Whether more of it never speaks against a visitor: people vary, scripts repeat themselves.
    pub rises: bool,
    value: fn(&Facts) -> f32,
}

impl Part {
    /// All.
    pub const ALL: &'static [Self] = &[Self::Movement, Self::Typing];

    /// Its name: that of the detector.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Movement => "movement",
            Self::Typing => "typing",
        }
    }

    /// What it looks at.
    pub const fn inputs(self) -> &'static [Input] {
        match self {
            Self::Movement => MOVEMENT,
            Self::Typing => TYPING,
        }
    }

    /// The inputs' values.
    pub fn values(self, facts: &Facts) -> Vec<f32> {
        let values = self.inputs().iter().map(|input| (input.value)(facts));
        values.collect()
    }

    /// Whether there is the least that may speak against a visitor: 3 strokes or 30 keys, and 10 s of activity.
    pub fn is_enough(self, facts: &Facts) -> bool {
        let least = match self {
            Self::Movement => facts.motion.strokes >= 3,
            Self::Typing => self.seen(facts) >= 27 && facts.keys.count >= 30,
        };
        least && facts.timing.active_ms >= LONG_ENOUGH_MS
    }

    /// How much of what speaks for a person counts, by how much there is; none if that is too little.
    pub fn amount(self, facts: &Facts) -> Option<f32> {
        let (least, full) = match self {
            Self::Movement => (2, 4),
            Self::Typing if facts.clock_is_blurred() => return None,
            Self::Typing => (8, 20),
        };
        let seen = self.seen(facts);
        (seen >= least).then(|| (f32::from(seen) / f32::from(full as u16)).min(1.0))
    }

    /// How many strokes, or keys of which hold and interval are known.
    pub fn seen(self, facts: &Facts) -> u16 {
        match self {
            Self::Movement => facts.motion.strokes,
            Self::Typing => facts.keys.held.min(facts.keys.intervals),
        }
    }

    pub(super) fn amount_in_words(self, facts: &Facts) -> String {
        match self {
            Self::Movement => format!("{} strokes", facts.motion.strokes),
            Self::Typing => format!("{} keys", facts.keys.count),
        }
    }
}

/// Lists inputs: group and column of the facts, whether it only rises, and words for it.
macro_rules! inputs {
    ($($group:ident . $column:ident $rises:literal $words:literal,)+) => {
        &[$(Input {
            name: concat!(stringify!($group), ".", stringify!($column)),
            words: $words,
            rises: $rises,
            value: |facts| facts.$group.$column.get(),
        },)+]
    };
}

const MOVEMENT: &[Input] = inputs! {
    motion.detour false "detours",
    motion.bow false "bows",
    motion.turn false "turning of the path",
    motion.flips false "turns to alternate sides",
    motion.rough false "unevenness of the turns",
    motion.slowing false "slowing down in bends",
    motion.overshoot false "overshoot",
    motion.aim false "angle of the first part of the way",
    motion.peaks false "number of submovements",
    motion.peak_at false "moment of the highest speed",
    motion.variation false "variation of the speed",
    motion.jerk false "jerk",
    motion.opening false "share of the way in the first third of the time",
    motion.ending false "share of the way in the last third of the time",
    motion.bell false "likeness of the speed to one bell",
    motion.slow false "time at low speed",
    motion.fitts_slope false "duration by distance",
    motion.sharpest false "share of the sharpest turn",
    motion.winding false "turning beyond that of an arc",
    motion.sway false "pace of the sway across the way",
    motion.tempo false "pace of the submovements",
    motion.tempo_slope false "pace by duration",
    motion.peaks_slope false "submovements by duration",
    motion.detour_spread true "variety of the detours",
    motion.bow_spread true "variety of the bows",
    motion.turn_spread true "variety of the turning",
    motion.rough_spread true "variety of the unevenness",
    motion.slowing_spread true "variety of the slowing in bends",
    motion.aim_spread true "variety of the first directions",
    motion.peaks_spread true "variety of the submovements",
    motion.peak_at_spread true "variety of the moments of highest speed",
    motion.variation_spread true "variety of the speed's variation",
    motion.jerk_spread true "variety of the jerk",
    motion.opening_spread true "variety of the strokes' beginnings",
    motion.ending_spread true "variety of the strokes' ends",
    motion.bell_spread true "variety of the likeness to one bell",
    motion.slow_spread true "variety of the time at low speed",
    motion.ripple_spread true "variety of the speed's ripple",
    motion.start_spread true "variety of the first speeds",
    motion.stop_spread true "variety of the last speeds",
    motion.profile_spread true "variety of the speed's course",
    motion.duration_spread true "variety of the durations",
    motion.fitts_residual true "durations that distance does not explain",
    motion.pace_spread true "variety of the mean speeds",
    motion.bow_at_spread true "variety of the places of the bow",
    motion.aim_residual true "first directions that the bow does not explain",
    motion.profile_near true "difference of the most alike courses of speed",
    motion.course_near true "difference of the most alike paths",
    motion.mark_5 false "speed after a twentieth of the way",
    motion.mark_50 false "speed halfway",
    motion.mark_80 false "speed after four fifths of the way",
    motion.mark_95 false "speed near the end of the way",
    motion.wide false "time near the highest speed",
    motion.echo_120 false "likeness of the speed to that a moment later",
    motion.echo_200 false "likeness of the speed to that after a while",
    motion.swing_120 false "likeness of the sway to that a moment later",
    motion.swing_200 false "likeness of the sway to that after a while",
    motion.together false "sway at speed",
};

const TYPING: &[Input] = inputs! {
    keys.hold_log false "holds",
    keys.hold_spread false "variety of the holds",
    keys.interval_spread false "variety of the intervals",
    keys.interval_cv false "unevenness of the intervals",
    keys.rollover false "overlaps with the next key",
    rhythm.hold_range false "range of the holds",
    rhythm.interval_range false "range of the intervals",
    rhythm.hold_lean false "asymmetry of the holds",
    rhythm.interval_lean true "asymmetry of the intervals",
    rhythm.hold_memory true "likeness of a hold to the one before",
    rhythm.interval_memory true "likeness of an interval to the one before",
    rhythm.hold_interval false "relation of holds and intervals",
    rhythm.stops true "long stops",
    rhythm.drift true "drift of the pace",
};

const LONG_ENOUGH_MS: u32 = 10_000;
