//! The names of keys, and with them where a record lies.
//!
//! A cluster of Redis is divided into 16,384 slots. What stands between the first braces of a name decides on its slot, and
//! one script touches the keys of one slot only. So:
//!
//! - What many requests write lies in [`Bucket`]s: a token's mark, its assessment, what was counted with it and its sketch are
//!   in one of them, so that one script writes them all or none. The buckets are spread evenly over the slots, tokens over
//!   the buckets by bits that nobody chooses.
//! - An account's profile lies in the bucket of the account, hence elsewhere than the tokens of its visits.
//! - What is read by name (site keys, API keys) lies in the slot of its name.

use crate::{
    AccountHash, ApiKeyHash, ApiKeyId, AssessmentId, Day, IdempotencyKey, ProjectId, SecretHash,
    SiteKeyId, TokenId,
};

use super::link::Attempt;

/// One of the [`BUCKETS`] parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bucket(u8);

impl Bucket {
    pub(super) fn all() -> impl Iterator<Item = Self> {
        (0..BUCKETS).map(Self)
    }

    pub(super) fn of_token(id: &TokenId) -> Self {
        Self::of(&id.0)
    }

    pub(super) fn of_assessment(id: &AssessmentId) -> Self {
        Self::of(&id.0)
    }

    pub(super) fn of_idempotency(key: &IdempotencyKey) -> Self {
        Self::of(&key.0)
    }

    pub(super) fn of_account(account: &AccountHash) -> Self {
        Self::of(&account.0)
    }

    /// By the last byte: in ids of tokens and in digests it is as good as random.
    pub(super) fn of(id: &[u8]) -> Self {
        Self(id.last().map_or(0, |byte| byte % BUCKETS))
    }

    pub(super) fn number(self) -> u8 {
        self.0
    }
}

/// Makes names that begin with one prefix.
#[derive(Debug, Clone)]
pub(super) struct Names {
    pub(super) prefix: String,
}

impl Names {
    /// A name in a bucket: one that is there once, or the beginning of those of a kind.
    pub(super) fn part(&self, bucket: Bucket, kind: &str) -> Vec<u8> {
        let tag = TAGS[usize::from(bucket.0)];
        format!("{}:{{{tag}}}:{kind}", self.prefix).into()
    }

    /// The name of one of a kind in a bucket.
    pub(super) fn in_bucket(&self, bucket: Bucket, kind: &str, id: &[u8]) -> Vec<u8> {
        let mut name = self.part(bucket, kind);
        name.extend(id);
        name
    }

    pub(super) fn low_water_mark(&self, bucket: Bucket) -> Vec<u8> {
        self.part(bucket, "low-water")
    }

    pub(super) fn spent(&self, bucket: Bucket, minute: u64) -> Vec<u8> {
        self.in_bucket(bucket, SPENT, minute.to_string().as_bytes())
    }

    pub(super) fn record(&self, id: &AssessmentId) -> Vec<u8> {
        self.in_bucket(Bucket::of_assessment(id), RECORD, &id.0)
    }

    pub(super) fn annotations(&self, id: &AssessmentId) -> Vec<u8> {
        self.in_bucket(Bucket::of_assessment(id), ANNOTATIONS, &id.0)
    }

    pub(super) fn profile(&self, account: &AccountHash) -> Vec<u8> {
        self.in_bucket(Bucket::of_account(account), PROFILE, &account.0)
    }

    pub(super) fn first_answer(&self, key: &IdempotencyKey) -> Vec<u8> {
        self.in_bucket(Bucket::of_idempotency(key), FIRST_ANSWER, &key.0)
    }

    pub(super) fn counts(&self, bucket: Bucket, key: &SiteKeyId, day: Day) -> Vec<u8> {
        self.in_bucket(bucket, COUNTS, counts_of(key, day).as_bytes())
    }

    pub(super) fn days(&self, bucket: Bucket, key: &SiteKeyId) -> Vec<u8> {
        self.in_bucket(bucket, DAYS, key.as_str().as_bytes())
    }

    pub(super) fn owner(&self) -> Vec<u8> {
        format!("{}:owner", self.prefix).into()
    }

    pub(super) fn notes(&self) -> Vec<u8> {
        self.by_name("traffic", "notes")
    }

    /// Waiting messages: all, by due time, by end.
    pub(super) fn messages(&self) -> [Vec<u8>; 3] {
        ["waiting", "due", "dead"].map(|kind| self.by_name(kind, "messages"))
    }

    pub(super) fn wrapped_keys(&self) -> Vec<u8> {
        self.by_name("keys", "wrapped")
    }

    pub(super) fn site_key(&self, id: &SiteKeyId) -> Vec<u8> {
        self.by_name("site-key", id.as_str())
    }

    pub(super) fn ip_overrides(&self, key: &SiteKeyId) -> Vec<u8> {
        self.by_name("overrides", key.as_str())
    }

    pub(super) fn secret(&self, hash: &SecretHash) -> Vec<u8> {
        self.by_name("secret", &hex(&hash.0))
    }

    /// The index of the site keys of a project or of all.
    pub(super) fn site_keys(&self, project: Option<&ProjectId>) -> Vec<u8> {
        // No project is called so.
        self.by_name("site-keys", project.map_or("*", ProjectId::as_str))
    }

    pub(super) fn policies(&self, project: &ProjectId) -> Vec<u8> {
        self.by_name("policies", project.as_str())
    }

    pub(super) fn policy_order(&self, project: &ProjectId) -> Vec<u8> {
        self.by_name("policy-order", project.as_str())
    }

    pub(super) fn api_key(&self, hash: &ApiKeyHash) -> Vec<u8> {
        self.by_name("api-key", &hex(&hash.0))
    }

    pub(super) fn api_key_id(&self, id: &ApiKeyId) -> Vec<u8> {
        self.by_name("api-key-id", id.as_str())
    }

    pub(super) fn api_keys(&self, project: &ProjectId) -> Vec<u8> {
        self.by_name("api-keys", project.as_str())
    }

    /// One of the keys about a project's related accounts.
    pub(super) fn related(&self, project: &ProjectId, kind: &str) -> Vec<u8> {
        self.by_name(&format!("related-{kind}"), project.as_str())
    }

    /// The projects that have related accounts.
    pub(super) fn related_projects(&self) -> Vec<u8> {
        // No project is called so.
        self.by_name("related-projects", "*")
    }

    /// Where the answer of one attempt is kept, in the slot of `beside`.
    pub(super) fn answer(&self, beside: &[u8], attempt: Attempt) -> Vec<u8> {
        let tag = beside.split(|b| *b == b'{').nth(1).unwrap_or_default();
        let tag = tag.split(|b| *b == b'}').next().unwrap_or_default();
        [self.prefix.as_bytes(), b":answer:{", tag, b"}", &attempt.0].concat()
    }

    fn by_name(&self, kind: &str, name: &str) -> Vec<u8> {
        format!("{}:{kind}:{{{name}}}", self.prefix).into()
    }
}

/// The name of a site key's counts of one day among all counts of a bucket.
pub(super) fn counts_of(key: &SiteKeyId, day: Day) -> String {
    format!("{key}:{}", day.0)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) const SPENT: &str = "spent:";
pub(super) const SPENT_MINUTES: &str = "spent-minutes";
pub(super) const RECORD: &str = "assessment:";
pub(super) const RECORDS_BY_TIME: &str = "assessments-by-time";
pub(super) const ANNOTATIONS: &str = "annotations:";
pub(super) const FIRST_ANSWER: &str = "first-answer:";
pub(super) const FIRST_ANSWERS_BY_END: &str = "first-answers-by-end";
pub(super) const COUNTS: &str = "counts:";
pub(super) const COUNTS_BY_DAY: &str = "counts-by-day";
pub(super) const DAYS: &str = "days:";
pub(super) const SKETCHES: &str = "sketches";
pub(super) const LAST_SKETCH: &str = "last-sketch";
pub(super) const TAKEN: &str = "taken";
pub(super) const TAKEN_BY_TIME: &str = "taken-by-time";
pub(super) const PROFILE: &str = "profile:";
pub(super) const PROFILES_BY_TIME: &str = "profiles-by-time";
pub(super) const FACTORS: &str = "factors:";
pub(super) const PROVED: &str = "proved:";
pub(super) const QUOTA: &str = "quota:";
pub(super) const PROBE: &str = "probe";

/// As many primaries as a cluster can make use of. Never changed: what is stored would not be found any more.
pub(super) const BUCKETS: u8 = 64;

/// What stands in the braces of each bucket's names: the numbers whose slots lie one in each 64th of all slots, in their
/// order, so that a cluster that shares its slots out evenly has the buckets shared out evenly.
const TAGS: [u16; BUCKETS as usize] = [
    10, 18, 113, 342, 29, 21, 3, 122, 69, 61, 72, 162, 50, 58, 153, 43, 11, 19, 112, 343, 28, 20,
    2, 123, 68, 60, 73, 163, 51, 59, 152, 42, 12, 102, 111, 119, 133, 23, 1, 9, 173, 63, 70, 78,
    52, 142, 49, 41, 13, 103, 110, 118, 132, 22, 0, 8, 172, 62, 71, 79, 53, 143, 48, 40,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_share_the_slots_out_evenly() {
        for (n, tag) in TAGS.iter().enumerate() {
            assert_eq!(
                usize::from(slot(tag.to_string().as_bytes())) / (16_384 / TAGS.len()),
                n
            );
        }
    }

    #[test]
    fn an_answer_lies_in_the_slot_of_its_key() {
        let names = Names { prefix: "p".into() };
        let id: SiteKeyId = format!("6L{:038}", 1).parse().unwrap();
        for beside in [names.site_key(&id), names.site_keys(None)] {
            let answer = names.answer(&beside, Attempt([b'}'; 16]));
            let tag = beside.split(|b| *b == b'{').next_back().unwrap();
            let tag = tag.split(|b| *b == b'}').next().unwrap();
            assert!(answer.starts_with(&[b"p:answer:{", tag, b"}"].concat()));
        }
    }

    /// CRC-16/XMODEM modulo 16,384, as the specification of Redis Cluster has it.
    fn slot(tag: &[u8]) -> u16 {
        let shift = |crc: u16| {
            if crc & 0x8000 == 0 {
                crc << 1
            } else {
                crc << 1 ^ 0x1021
            }
        };
        let crc = tag.iter().fold(0, |crc, byte| {
            (0..8).fold(crc ^ u16::from(*byte) << 8, |crc, _| shift(crc))
        });
        crc % 16_384
    }
}
