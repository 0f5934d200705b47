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
/// NOT_FOUND when the project has no such assessment; INVALID_ARGUMENT for numbers outside the enums.
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
    let annotation = Annotation {
        annotation: annotation as u8,
        reasons: reasons.collect::<Result<_, _>>()?,
        account_hash: None,
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
