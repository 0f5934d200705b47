use touchstone_api::{ApiError, v1};
use touchstone_store::{Annotation, Assessment, AssessmentId, ProjectId};

use super::{
    StepError,
    prove::{Proofs, prove},
};
use crate::{Verifier, accounts::AccountName};

/// A request to annotate an assessment, from an authorized caller.
pub struct AnnotateRequest {
    /// The project that asks.
    pub project: ProjectId,
    /// The assessment's id.
    pub assessment: AssessmentId,
    /// What is said about it.
    pub request: v1::AnnotateAssessmentRequest,
}

/// Keeps what the site learned about an assessment, and tells it to the profile of the account.
///
/// # Errors
/// NOT_FOUND when the project has no such assessment; INVALID_ARGUMENT for numbers outside the enums, amounts and phone numbers
/// that are none, and for another account than the assessment's.
pub async fn annotate(verifier: &Verifier, asked: AnnotateRequest) -> Result<(), StepError> {
    let AnnotateRequest {
        project,
        assessment,
        request,
    } = asked;
    let annotation = v1::annotate_assessment_request::Annotation::try_from(request.annotation)
        .map_err(|_| ApiError::invalid_field("annotation", "This is no annotation."))?;
    let reasons = request.reasons.iter().map(|number| {
        let reason = v1::annotate_assessment_request::Reason::try_from(*number);
        reason
            .map(|reason| reason as u8)
            .map_err(|_| ApiError::invalid_field("reasons", format!("{number} is no reason.")))
    });
    if let Some(event) = &request.transaction_event {
        check_transaction(event)?;
    }
    if let Some(event) = &request.phone_authentication_event {
        check_phone(event)?;
    }
    // A reason that is given again says nothing more, and would be kept as often as it fits into a request.
    let mut told = Vec::new();
    for reason in reasons {
        let reason = reason?;
        if !told.contains(&reason) {
            told.push(reason);
        }
    }
    let account = account(&request)?.map(|name| name.hash(&verifier.vault, &project));
    let annotation = Annotation {
        annotation: annotation as u8,
        reasons: told,
        account,
        at: verifier.stored_now(),
    };
    let is_proof = !Proofs::default().add(&annotation).is_empty();
    if is_proof || account.is_some() {
        let kept = verifier.store.assessment(&project, &assessment).await?;
        let kept = kept.ok_or_else(|| unknown(&project, &assessment))?;
        check_account(&kept, &annotation, &request)?;
        // The profile first: what it was not told is then not recorded either, and told when the annotation comes again.
        let new = Proofs::of(&kept.annotations).add(&annotation);
        prove(verifier, &kept, &new).await?;
    }
    if !verifier
        .store
        .annotate(&project, &assessment, annotation)
        .await?
    {
        return Err(unknown(&project, &assessment).into());
    }
    verifier.metrics.annotated();
    Ok(())
}

/// The account that the annotation names.
fn account(request: &v1::AnnotateAssessmentRequest) -> Result<Option<AccountName<'_>>, ApiError> {
    let (id, hashed) = (&request.account_id, &request.hashed_account_id);
    for (field, length) in [("accountId", id.len()), ("hashedAccountId", hashed.len())] {
        if length > AccountName::MAX_BYTES {
            let fix = format!(
                "It has {length} bytes: send at most {}.",
                AccountName::MAX_BYTES
            );
            return Err(ApiError::invalid_field(field, fix));
        }
    }
    Ok(AccountName::of(id, hashed))
}

/// An annotation must not speak of another account than the assessment: one of the two was mixed up.
fn check_account(
    kept: &Assessment,
    annotation: &Annotation,
    request: &v1::AnnotateAssessmentRequest,
) -> Result<(), ApiError> {
    let named = annotation.account;
    let assessed = kept.record.account.as_ref().map(|mark| mark.account);
    match (named, assessed) {
        (Some(named), Some(assessed)) if named != assessed => {
            let field = match request.account_id.is_empty() {
                true => "hashedAccountId",
                false => "accountId",
            };
            let fix = "The assessment is of another account: send the account of the assessment, or none.";
            Err(ApiError::invalid_field(field, fix))
        }
        _ => Ok(()),
    }
}

fn unknown(project: &ProjectId, assessment: &AssessmentId) -> ApiError {
    ApiError::not_found(&format!("projects/{project}/assessments/{assessment}"))
}

fn check_transaction(event: &v1::TransactionEvent) -> Result<(), ApiError> {
    use v1::transaction_event::TransactionEventType;
    if TransactionEventType::try_from(event.event_type).is_err() {
        let fix = "This number stands for no kind of event.";
        return Err(ApiError::invalid_field("transactionEvent.eventType", fix));
    }
    if !event.value.is_finite() {
        let fix = "This is no amount: send a finite number.";
        return Err(ApiError::invalid_field("transactionEvent.value", fix));
    }
    Ok(())
}

/// The number must be in E.164 form (ITU-T E.164: at most 15 digits, the first of them not 0).
fn check_phone(event: &v1::PhoneAuthenticationEvent) -> Result<(), ApiError> {
    let digits = event.phone_number.strip_prefix('+').unwrap_or_default();
    let is_number = (2..=15).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0');
    if is_number {
        return Ok(());
    }
    Err(ApiError::invalid_field(
        "phoneAuthenticationEvent.phoneNumber",
        "It is required, in E.164 form: + and at most 15 digits, such as +15555550123.",
    ))
}
