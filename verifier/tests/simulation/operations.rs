//! What may happen. Things are named by numbers of which the rest after division counts, so that any life makes sense, and a
//! shorter one does, too.

use proptest::{collection::vec, prelude::*};

/// What happens, one thing after the other, on two replicas whose clocks differ from the true time.
#[derive(Debug, Clone)]
pub struct Life {
    /// In milliseconds.
    pub skews: [i64; 2],
    pub operations: Vec<Operation>,
}

#[derive(Debug, Clone)]
pub enum Operation {
    /// A page opens a session.
    Open { replica: usize },
    /// A page posts its next report.
    Issue { replica: usize, page: usize },
    /// A page posts a report that it has posted before, as after a lost answer.
    IssueAgain { replica: usize, token: usize },
    /// A client posts bytes that are no report.
    PostNonsense { replica: usize, bytes: Vec<u8> },
    /// A backend asks about a token.
    Assess { replica: usize, token: usize },
    /// A backend asks under a key of its own, for the first time or again.
    AssessByKey { replica: usize, token: usize },
    /// Many backends ask about one token at the same time, at both replicas.
    Race { token: usize, backends: usize },
    /// A backend of another project asks.
    AssessForeign { replica: usize, token: usize },
    /// A backend asks about a token that was changed on its way.
    AssessGarbled {
        replica: usize,
        token: usize,
        at: usize,
    },
    /// A backend says how it came out.
    Annotate { replica: usize, assessment: usize },
    /// The operator rotates the key ring.
    Rotate,
    /// A replica looks whether the key ring was rotated.
    Look { replica: usize },
    /// Time passes; both replicas look at the ring.
    Wait { ms: u64 },
    /// A replica removes what is over.
    Prune { replica: usize },
    /// What a replica asks its store next fails so.
    Fail { replica: usize, fault: Fault },
    /// Power and processes are gone while backends ask about these tokens, after this many steps of the tasks.
    Crash { tokens: Vec<usize>, steps: usize },
}

/// How a store fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The operation is not done.
    Refuse,
    /// The store is too busy.
    Overload,
    /// It is done, but the answer is lost.
    LoseAnswer,
}

pub fn life() -> impl Strategy<Value = Life> {
    let skew = || prop_oneof![Just(0), Just(-30_000), Just(30_000), -30_000..=30_000_i64];
    ([skew(), skew()], vec(operation(), 1..80))
        .prop_map(|(skews, operations)| Life { skews, operations })
}

fn operation() -> impl Strategy<Value = Operation> {
    use Operation::*;
    let replica = 0..2_usize;
    let one = || 0..64_usize;
    let fault = prop_oneof![
        Just(Fault::Refuse),
        Just(Fault::Overload),
        Just(Fault::LoseAnswer)
    ];
    prop_oneof![
        2 => replica.clone().prop_map(|replica| Open { replica }),
        18 => (replica.clone(), one()).prop_map(|(replica, page)| Issue { replica, page }),
        3 => (replica.clone(), one()).prop_map(|(replica, token)| IssueAgain { replica, token }),
        1 => (replica.clone(), vec(any::<u8>(), 0..40))
            .prop_map(|(replica, bytes)| PostNonsense { replica, bytes }),
        10 => (replica.clone(), one()).prop_map(|(replica, token)| Assess { replica, token }),
        8 => (replica.clone(), one()).prop_map(|(replica, token)| AssessByKey { replica, token }),
        3 => (one(), 2..6_usize).prop_map(|(token, backends)| Race { token, backends }),
        1 => (replica.clone(), one())
            .prop_map(|(replica, token)| AssessForeign { replica, token }),
        2 => (replica.clone(), one(), prop_oneof![0..16_usize, any::<usize>()])
            .prop_map(|(replica, token, at)| AssessGarbled { replica, token, at }),
        4 => (replica.clone(), one())
            .prop_map(|(replica, assessment)| Annotate { replica, assessment }),
        2 => Just(Rotate),
        2 => replica.clone().prop_map(|replica| Look { replica }),
        6 => prop_oneof![0..5_000_u64, 0..130_000_u64, 0..2_000_000_u64]
            .prop_map(|ms| Wait { ms }),
        2 => replica.clone().prop_map(|replica| Prune { replica }),
        4 => (replica, fault).prop_map(|(replica, fault)| Fail { replica, fault }),
        2 => (vec(one(), 0..4), 0..12_usize)
            .prop_map(|(tokens, steps)| Crash { tokens, steps }),
    ]
}
