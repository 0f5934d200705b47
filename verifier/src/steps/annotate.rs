use touchstone_api::{ApiError, v1};
use touchstone_store::{Annotation, AssessmentId, ProjectId};

use super::StepError;
use crate::Verifier;

/// A request to annotate an assessment, from an authorized caller.
pub struct AnnotateRequest {
    /// The project that asks.
    pub project: ProjectId,
    /// The assessment's id.
    pub assessment: AssessmentId,
    /// What is said about it.
    pub request: v1::AnnotateAssessmentRequest,
}

/// Keeps what the site learned about an assessment.
///
/// # Errors
/// NOT_FOUND when the project has no such assessment; INVALID_ARGUMENT for numbers outside the enums, amounts and phone numbers
/// that are none.
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
    let annotation = Annotation {
        annotation: annotation as u8,
        reasons: told,
        account: None,
        at: verifier.stored_now(),
    };
    if !verifier
        .store
        .annotate(&project, &assessment, annotation)
        .await?
    {
        let name = format!("projects/{project}/assessments/{assessment}");
        return Err(ApiError::not_found(&name).into());
    }
    verifier.metrics.annotated();
    Ok(())
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
