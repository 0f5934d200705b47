use crate::{
    AccountHash, AccountMark, AssessmentId, ChallengeOutcome, Day, IdempotencyKey, Millis,
    NewProfile, ProjectId, RequestHash, SiteKeyId, TokenId,
};

/// What is remembered of one assessment: the verdict, never what the visitor did.
#[derive(Debug, Clone, PartialEq)]
pub struct AssessmentRecord {
    /// Its id within the whole store.
    pub id: AssessmentId,
    /// The project that asked.
    pub project: ProjectId,
    /// The site key it was asked for.
    pub site_key: SiteKeyId,
    /// When it was made.
    pub created_at: Millis,
    /// The action, empty if none was given.
    pub action: String,
    /// 0.0 (likely automated) to 1.0 (likely human).
    pub score: f32,
    /// The reasons, by their numbers in the API.
    pub reasons: Vec<u8>,
    /// Whether the token was valid.
    pub valid: bool,
    /// Why not, by the number in the API; 0 for a valid token.
    pub invalid_reason: u8,
    /// The account, when one was named.
    pub account: Option<AccountMark>,
}

/// An assessment as it is read back.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    /// What was recorded.
    pub record: AssessmentRecord,
    /// What was said about it since, oldest first, at most [`MAX_ANNOTATIONS`].
    pub annotations: Vec<Annotation>,
}

/// What the site learned later about an assessment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    /// The verdict, by its number in the API; 0 for none.
    pub annotation: u8,
    /// The reasons, by their numbers in the API.
    pub reasons: Vec<u8>,
    /// The account, when one was named.
    pub account: Option<AccountHash>,
    /// When it was said.
    pub at: Millis,
}

/// How many annotations an assessment keeps. The oldest give way, so that a client in a loop cannot fill the disk.
pub const MAX_ANNOTATIONS: u32 = 32;

/// One call of [`Store::assess`](crate::Store::assess).
#[derive(Debug, Clone, PartialEq)]
pub struct NewAssessment {
    /// What to record, unless the token turns out to be spent.
    pub record: AssessmentRecord,
    /// The token to spend; none when there is no token or it is not worth spending.
    pub spend: Option<Spend>,
    /// For a request with an `Idempotency-Key`.
    pub idempotency: Option<Idempotency>,
    /// The sketch to keep if the token, if any, is spent by this call; at most
    /// [`MAX_SKETCH_BYTES`](crate::MAX_SKETCH_BYTES).
    pub sketch: Option<Vec<u8>>,
    /// The account's profile with this visit in it, written if the token, if any, is spent by this call and no other visit was
    /// written meanwhile. A visit that comes between reading and writing is lost to the profile, and nothing else is: the
    /// outcome does not depend on it.
    pub profile: Option<NewProfile>,
    /// The day on which a valid assessment is counted.
    pub day: Day,
    /// The challenge to count with it, if there was one.
    pub challenge: Option<ChallengeOutcome>,
    /// The time of the request.
    pub now: Millis,
}

/// A token to be spent.
#[derive(Debug, Clone, PartialEq)]
pub struct Spend {
    /// The token's id.
    pub token_id: TokenId,
    /// What to record when the token was spent before. Its id must be another than the token's: the first assessment
    /// has that one.
    pub if_duplicate: AssessmentRecord,
}

/// What makes a repeated request get its first answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idempotency {
    /// Who asks, and under which key.
    pub key: IdempotencyKey,
    /// What is asked.
    pub request: RequestHash,
    /// The answer to keep when the token is spent now, or there is none to spend.
    pub answer_if_first: Vec<u8>,
    /// The answer to keep when the token was spent before. Not used without [`NewAssessment::spend`].
    pub answer_if_duplicate: Vec<u8>,
}

/// How an assessment ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// `record` was stored, and the token, if any, is spent by this very call.
    First,
    /// The token was spent before, or is older than the low-water mark; `if_duplicate` was stored.
    Duplicate,
    /// The same request was answered before. Nothing was stored.
    Replayed {
        /// The first answer, byte for byte.
        answer: Vec<u8>,
    },
    /// Another request was answered under the same idempotency key. Nothing was stored.
    IdempotencyConflict,
}

/// The answer kept for an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstAnswer {
    /// The request that was answered.
    pub request: RequestHash,
    /// The answer, byte for byte.
    pub answer: Vec<u8>,
}

/// How much [`Store::prune`](crate::Store::prune) removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pruned {
    /// Marks of spent tokens.
    pub spent_marks: u64,
    /// Kept answers.
    pub first_answers: u64,
    /// Ids that were taken.
    pub taken: u64,
    /// Assessments; their annotations are not counted.
    pub assessments: u64,
    /// Counts of days.
    pub counts: u64,
    /// Challenges of the second factor, its quotas, what it proved, and messages that nobody needs any more; where the backend ends
    /// them by itself, none.
    pub factors: u64,
}
