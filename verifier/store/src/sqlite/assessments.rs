use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params};

use super::{counts, first_answers, marks, profiles, sketches};
use crate::{
    AccountHash, AccountMark, Annotation, Assessment, AssessmentId, AssessmentRecord, Idempotency,
    MAX_ANNOTATIONS, Millis, NewAssessment, Outcome, ProjectId, StoreError,
};

/// See [`Store::assess`](crate::Store::assess). Runs inside the writer's transaction.
pub(super) fn assess(connection: &Connection, new: &NewAssessment) -> Result<Outcome, StoreError> {
    if let Some(repeated) = &new.idempotency
        && let Some(outcome) = answered_before(connection, repeated, new.now)?
    {
        return Ok(outcome);
    }
    let (outcome, record) = match &new.spend {
        Some(spend) if !marks::spend(connection, &spend.token_id)? => {
            (Outcome::Duplicate, &spend.if_duplicate)
        }
        _ => (Outcome::First, &new.record),
    };
    insert(connection, record)?;
    if outcome == Outcome::First && record.valid {
        counts::count_score(connection, record, new.day)?;
    }
    if let (Outcome::First, Some(challenge)) = (&outcome, new.challenge) {
        counts::count_challenges(connection, &record.site_key, new.day, challenge.into())?;
    }
    if let (Outcome::First, Some(sketch)) = (&outcome, &new.sketch) {
        sketches::put(connection, sketch, new.now)?;
    }
    if let (Outcome::First, Some(profile)) = (&outcome, &new.profile) {
        profiles::write(connection, profile, new.now)?;
    }
    if let Some(Idempotency {
        key,
        request,
        answer_if_first,
        answer_if_duplicate,
    }) = &new.idempotency
    {
        let answer = if outcome == Outcome::First {
            answer_if_first
        } else {
            answer_if_duplicate
        };
        first_answers::put(connection, key, request, answer, new.now)?;
    }
    Ok(outcome)
}

/// See [`Store::annotate`](crate::Store::annotate). Runs inside the writer's transaction.
pub(super) fn annotate(
    connection: &Connection,
    project: &ProjectId,
    id: &AssessmentId,
    annotation: &Annotation,
) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM assessment WHERE id = ?1 AND project = ?2";
    if !connection
        .prepare_cached(sql)?
        .exists(params![id, project])?
    {
        return Ok(false);
    }
    let sql = "SELECT coalesce(max(seq), 0) + 1 FROM annotation WHERE assessment = ?1";
    let seq: i64 = connection
        .prepare_cached(sql)?
        .query_row([id], |row| row.get(0))?;
    let sql = "INSERT INTO annotation (assessment, seq, annotation, reasons, account_hash, at) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    connection.prepare_cached(sql)?.execute(params![
        id,
        seq,
        annotation.annotation,
        annotation.reasons,
        annotation.account,
        annotation.at,
    ])?;
    let sql = "DELETE FROM annotation WHERE assessment = ?1 AND seq <= ?2";
    connection
        .prepare_cached(sql)?
        .execute(params![id, seq - i64::from(MAX_ANNOTATIONS)])?;
    Ok(true)
}

pub(super) fn get(
    connection: &Connection,
    project: &ProjectId,
    id: &AssessmentId,
) -> Result<Option<Assessment>, StoreError> {
    // One snapshot for both statements.
    let snapshot = Transaction::new_unchecked(connection, TransactionBehavior::Deferred)?;
    let sql = "SELECT * FROM assessment WHERE id = ?1 AND project = ?2";
    let record = snapshot
        .prepare_cached(sql)?
        .query_row(params![id, project], record_from_row)
        .optional()?;
    let Some(record) = record else {
        return Ok(None);
    };
    let sql = "SELECT * FROM annotation WHERE assessment = ?1 ORDER BY seq";
    let mut statement = snapshot.prepare_cached(sql)?;
    let annotations = statement
        .query_map([id], annotation_from_row)?
        .collect::<Result<_, _>>()?;
    Ok(Some(Assessment {
        record,
        annotations,
    }))
}

/// Removes up to `limit` of the assessments created before `cutoff`, the oldest first, with their annotations.
pub(super) fn prune(
    connection: &Connection,
    cutoff: Millis,
    limit: u32,
) -> Result<u64, StoreError> {
    let sql = "DELETE FROM assessment WHERE id IN \
               (SELECT id FROM assessment WHERE created_at < ?1 ORDER BY created_at LIMIT ?2)";
    Ok(connection
        .prepare_cached(sql)?
        .execute(params![cutoff, limit])? as u64)
}

fn answered_before(
    connection: &Connection,
    repeated: &Idempotency,
    now: Millis,
) -> Result<Option<Outcome>, StoreError> {
    let kept = first_answers::get(connection, &repeated.key, now)?;
    Ok(kept.map(|first| match first.request == repeated.request {
        true => Outcome::Replayed {
            answer: first.answer,
        },
        false => Outcome::IdempotencyConflict,
    }))
}

fn insert(connection: &Connection, record: &AssessmentRecord) -> Result<(), StoreError> {
    let sql = "INSERT INTO assessment (id, project, site_key, created_at, action, score, reasons, valid, \
               invalid_reason, account_hash, visit) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
    connection.prepare_cached(sql)?.execute(params![
        record.id,
        record.project,
        record.site_key,
        record.created_at,
        record.action,
        record.score,
        record.reasons,
        record.valid,
        record.invalid_reason,
        record.account.as_ref().map(|mark| mark.account),
        record.account.as_ref().map(|mark| &mark.visit),
    ])?;
    Ok(())
}

fn record_from_row(row: &Row<'_>) -> rusqlite::Result<AssessmentRecord> {
    Ok(AssessmentRecord {
        id: row.get("id")?,
        project: row.get("project")?,
        site_key: row.get("site_key")?,
        created_at: row.get("created_at")?,
        action: row.get("action")?,
        score: row.get("score")?,
        reasons: row.get("reasons")?,
        valid: row.get("valid")?,
        invalid_reason: row.get("invalid_reason")?,
        account: account_from_row(row)?,
    })
}

fn account_from_row(row: &Row<'_>) -> rusqlite::Result<Option<AccountMark>> {
    let account: Option<AccountHash> = row.get("account_hash")?;
    let visit: Option<Vec<u8>> = row.get("visit")?;
    let visit = visit.unwrap_or_default();
    Ok(account.map(|account| AccountMark { account, visit }))
}

fn annotation_from_row(row: &Row<'_>) -> rusqlite::Result<Annotation> {
    Ok(Annotation {
        annotation: row.get("annotation")?,
        reasons: row.get("reasons")?,
        account: row.get("account_hash")?,
        at: row.get("at")?,
    })
}
