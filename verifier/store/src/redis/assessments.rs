use futures_util::future::join;

use super::{
    RedisStore,
    counts::{COUNTS_LIFE_MS, Counted, MOST_FIELDS},
    first_answers::{self, Claim},
    forms::{AnnotationForm, RecordForm, corrupt, decode, encode, text},
    link::{Attempt, Call},
    marks::MINUTE_MS,
    names::{
        ANNOTATIONS, Bucket, COUNTS, COUNTS_BY_DAY, DAYS, LAST_SKETCH, RECORD, RECORDS_BY_TIME,
        SKETCHES, SPENT_MINUTES,
    },
    profiles, scripts, whole,
};
use crate::{
    Annotation, Assessment, AssessmentId, AssessmentRecord, Idempotency, MAX_ANNOTATIONS,
    MAX_SKETCH_BYTES, MAX_VISIT_BYTES, Millis, NewAssessment, Outcome, ProjectId, StoreError,
    TokenId,
};

/// See [`Store::assess`](crate::Store::assess).
///
/// One script does it all. Only what is rare sends a second one: the record of a duplicate, and an idempotency key, which is
/// claimed before and settled behind it.
pub(super) async fn assess(store: &RedisStore, new: &NewAssessment) -> Result<Outcome, StoreError> {
    check(new)?;
    let own = store.link.attempt();
    let outcome = match &new.idempotency {
        None => spend(store, new, own).await?,
        Some(repeated) => match assess_once(store, new, repeated, own).await? {
            outcome @ (Outcome::First | Outcome::Duplicate) => outcome,
            before => return Ok(before),
        },
    };
    if let (Outcome::Duplicate, Some(spend)) = (&outcome, &new.spend) {
        let record = &spend.if_duplicate;
        let part = Part::record(record, Bucket::of_assessment(&record.id));
        part.write(store, own, new.now).await?;
    }
    Ok(outcome)
}

/// See [`Store::annotate`](crate::Store::annotate).
pub(super) async fn annotate(
    store: &RedisStore,
    project: &ProjectId,
    id: &AssessmentId,
    annotation: &Annotation,
) -> Result<bool, StoreError> {
    let record = store.names.record(id);
    let call = Call::run(&scripts::ANNOTATE)
        .key(store.names.answer(&record, store.link.attempt()))
        .key(record)
        .key(store.names.annotations(id))
        .arg(project.as_str())
        .arg(encode(&AnnotationForm::from(annotation))?)
        .number(MAX_ANNOTATIONS);
    store.link.call(call).await.map(super::is_yes)
}

pub(super) async fn get(
    store: &RedisStore,
    project: &ProjectId,
    id: &AssessmentId,
) -> Result<Option<Assessment>, StoreError> {
    let call = Call::ask(&scripts::RECORD)
        .key(store.names.record(id))
        .key(store.names.annotations(id));
    let (kept, annotations): (Option<Vec<u8>>, Vec<Vec<u8>>) = store.link.call(call).await?;
    let Some(kept) = kept else { return Ok(None) };
    let record = record_from(*id, &kept)?;
    if record.project != *project {
        return Ok(None);
    }
    let annotations = annotations.iter().map(|annotation| {
        let form: AnnotationForm = decode(annotation)?;
        form.try_into()
    });
    Ok(Some(Assessment {
        record,
        annotations: annotations.collect::<Result<_, StoreError>>()?,
    }))
}

/// Removes up to `limit` of a bucket's assessments created before `cutoff`, with their annotations.
pub(super) async fn prune(
    store: &RedisStore,
    bucket: Bucket,
    cutoff: Millis,
    limit: u64,
) -> Result<u64, StoreError> {
    let call = Call::run(&scripts::PRUNE_RECORDS)
        .key(store.names.part(bucket, RECORDS_BY_TIME))
        .number(whole(cutoff))
        .number(limit)
        .arg(store.names.part(bucket, RECORD))
        .arg(store.names.part(bucket, ANNOTATIONS));
    store.link.call(call).await
}

fn check(new: &NewAssessment) -> Result<(), StoreError> {
    let duplicate = new.spend.iter().map(|spend| &spend.if_duplicate);
    for record in duplicate.chain([&new.record]) {
        if !(0.0..=1.0).contains(&record.score) {
            let reason = format!("the score {} is not from 0 to 1", record.score);
            return Err(StoreError::Rejected(reason));
        }
        let visit = record.account.as_ref().map_or(0, |mark| mark.visit.len());
        if visit > MAX_VISIT_BYTES {
            let reason = format!("the visit has {visit} of {MAX_VISIT_BYTES} bytes");
            return Err(StoreError::Rejected(reason));
        }
    }
    let sketch = new.sketch.as_ref().map_or(0, Vec::len);
    if sketch > MAX_SKETCH_BYTES {
        let reason = format!("the sketch has {sketch} of {MAX_SKETCH_BYTES} bytes");
        return Err(StoreError::Rejected(reason));
    }
    new.profile.as_ref().map_or(Ok(()), profiles::check)
}

/// Under an idempotency key. Calls that repeat each other at the same moment go on under the attempt of the first: whichever of
/// them spends, all find the token spent by that attempt, and the first to settle has answered. So one that crashes half-way
/// leaves nothing that its repetition does not finish.
async fn assess_once(
    store: &RedisStore,
    new: &NewAssessment,
    repeated: &Idempotency,
    own: Attempt,
) -> Result<Outcome, StoreError> {
    // Without a token the outcome is known beforehand.
    let known = new.spend.is_none().then_some(&repeated.answer_if_first[..]);
    let attempt = match first_answers::claim(store, repeated, own, known, new.now).await? {
        Claim::Claimed(attempt) => attempt,
        Claim::Answered(outcome) => return Ok(outcome),
    };
    let outcome = match spend(store, new, attempt).await {
        Err(error) => {
            if known.is_some() || error == StoreError::AlreadyExists {
                first_answers::release(store, &repeated.key, attempt).await?;
            }
            return Err(error);
        }
        Ok(outcome) => outcome,
    };
    if known.is_some() {
        return Ok(outcome);
    }
    let answer = match outcome {
        Outcome::First => &repeated.answer_if_first,
        _ => &repeated.answer_if_duplicate,
    };
    let before = first_answers::settle(store, &repeated.key, attempt, own, answer).await?;
    Ok(before.unwrap_or(outcome))
}

/// Spends the token and keeps the record under an attempt.
pub(super) async fn spend(
    store: &RedisStore,
    new: &NewAssessment,
    attempt: Attempt,
) -> Result<Outcome, StoreError> {
    let home = Bucket::of_assessment(&new.record.id);
    let token = new.spend.as_ref().map(|spend| &spend.token_id);
    let bucket = token.map_or(home, Bucket::of_token);
    let counted = Counted::new(new);
    let whole = Part {
        bucket,
        token,
        record: Some(&new.record),
        counted: Some(counted),
        sketch: new.sketch.as_deref(),
    };
    if bucket == home {
        let (outcome, ()) = join(
            whole.write(store, attempt, new.now),
            write_profile(store, new),
        )
        .await;
        return outcome;
    }
    // The record has another id than its token, which only a test gives it. It is kept first and taken back when the
    // token was spent before.
    let kept = Part::record(&new.record, home);
    kept.write(store, attempt, new.now).await?;
    write_profile(store, new).await;
    let spending = Part {
        record: None,
        ..whole
    };
    let outcome = spending.write(store, attempt, new.now).await;
    if outcome != Ok(Outcome::First) {
        forget(store, &new.record.id, attempt).await?;
    }
    outcome
}

/// Writes the account's profile with this visit in it. A visit that is not written is lost, and nothing else.
async fn write_profile(store: &RedisStore, new: &NewAssessment) {
    if let Some(profile) = &new.profile {
        // Neither a write that came in between nor a part of the store that is away may change the outcome.
        let _ = profiles::write(store, profile, new.now).await;
    }
}

async fn forget(store: &RedisStore, id: &AssessmentId, attempt: Attempt) -> Result<(), StoreError> {
    let call = Call::run(&scripts::FORGET_RECORD)
        .key(store.names.record(id))
        .key(store.names.part(Bucket::of_assessment(id), RECORDS_BY_TIME))
        .arg(attempt.0)
        .arg(id.0);
    store.link.call(call).await
}

/// What one script does in one bucket.
struct Part<'a> {
    bucket: Bucket,
    token: Option<&'a TokenId>,
    record: Option<&'a AssessmentRecord>,
    counted: Option<Counted>,
    sketch: Option<&'a [u8]>,
}

impl<'a> Part<'a> {
    fn record(record: &'a AssessmentRecord, bucket: Bucket) -> Self {
        Self {
            bucket,
            token: None,
            record: Some(record),
            counted: None,
            sketch: None,
        }
    }

    async fn write(
        &self,
        store: &RedisStore,
        attempt: Attempt,
        now: Millis,
    ) -> Result<Outcome, StoreError> {
        let answer: String = store.link.call(self.call(store, attempt, now)?).await?;
        match &answer[..] {
            "first" => Ok(Outcome::First),
            "duplicate" => Ok(Outcome::Duplicate),
            "exists" => Err(StoreError::AlreadyExists),
            other => Err(corrupt(format!("assess answered {other:?}"))),
        }
    }

    fn call(&self, store: &RedisStore, attempt: Attempt, now: Millis) -> Result<Call, StoreError> {
        let (names, bucket) = (&store.names, self.bucket);
        let time = self.token.map_or(Millis(0), TokenId::time);
        let minute = time.0 / MINUTE_MS;
        let id = self
            .record
            .map_or(AssessmentId([0; 16]), |record| record.id);
        let record = self.record.map(record_bytes).transpose()?;
        let created_at = self.record.map_or(Millis(0), |record| record.created_at);
        let call = Call::run(&scripts::ASSESS)
            .key(names.low_water_mark(bucket))
            .key(names.spent(bucket, minute))
            .key(names.part(bucket, SPENT_MINUTES))
            .key(names.in_bucket(bucket, RECORD, &id.0))
            .key(names.part(bucket, RECORDS_BY_TIME));
        let counted = self.counted.clone().unwrap_or_default();
        let call = call
            .key(names.in_bucket(bucket, COUNTS, counted.name.as_bytes()))
            .key(names.in_bucket(bucket, DAYS, counted.site_key.as_bytes()))
            .key(names.part(bucket, COUNTS_BY_DAY))
            .key(names.part(bucket, SKETCHES))
            .key(names.part(bucket, LAST_SKETCH))
            .arg(attempt.0)
            .number(whole(now))
            .arg(self.token.map_or(&[][..], |token| &token.0))
            .number(time.0)
            .number(minute)
            .arg(record.unwrap_or_default())
            .arg(id.0)
            .number(whole(created_at))
            .arg(counted.score)
            .arg(counted.challenge)
            .number(counted.day)
            .arg(counted.name)
            .number(COUNTS_LIFE_MS)
            .number(MOST_FIELDS);
        Ok(call
            .arg(self.sketch.unwrap_or_default())
            .arg(&now.0.to_be_bytes()[2..])
            .number(bucket.number()))
    }
}

/// The attempt that kept it, the length of the project's id, the project's id, the form.
pub(super) fn record_from(id: AssessmentId, kept: &[u8]) -> Result<AssessmentRecord, StoreError> {
    let short = || corrupt("an assessment is too short".into());
    let (_attempt, rest) = kept.split_at_checked(16).ok_or_else(short)?;
    let (length, rest) = rest.split_first().ok_or_else(short)?;
    let (project, form) = rest
        .split_at_checked(usize::from(*length))
        .ok_or_else(short)?;
    let form: RecordForm = decode(form)?;
    form.into_record(id, text(project)?.parse()?)
}

/// As [`record_from`] reads it, without the attempt.
fn record_bytes(record: &AssessmentRecord) -> Result<Vec<u8>, StoreError> {
    let project = record.project.as_str().as_bytes();
    // An id of a project has 63 bytes at most.
    let length = project.len() as u8;
    Ok([&[length][..], project, &encode(&RecordForm::from(record))?].concat())
}
