//! A call to the API, whichever door it came through.

mod assessments;
mod authorize;
mod methods;

use std::sync::Arc;

use hyper::header::HeaderMap;
use prost::{Message, Name};
use touchstone_api::{ApiError, Code, EnumStyle, encode_text, names::InProject};
use touchstone_store::{ApiKey, ProjectId};

pub(super) use methods::Method;

use crate::{Verifier, keys::Scope, steps::StepError};

/// A call to a method, from a caller who may use it.
pub(super) struct Call<'a> {
    /// The parts.
    pub verifier: &'a Verifier,
    /// What is called.
    pub method: &'static Method,
    /// Who calls.
    pub caller: Arc<ApiKey>,
    /// HTTP headers, or the metadata of gRPC.
    pub headers: &'a HeaderMap,
    /// How the answer is to be written.
    pub form: Form,
}

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// JSON, for REST.
    Json(EnumStyle),
    /// The message's binary form, for gRPC.
    Proto,
}

/// An answer as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    /// The message.
    pub message: Vec<u8>,
    /// The evidence behind a score as JSON, where `message` has no place for it.
    pub evidence: Option<Vec<u8>>,
}

impl Call<'_> {
    /// Answers the request, given in its binary form.
    pub async fn answer(&self, request: &[u8]) -> Result<Reply, StepError> {
        (self.method.run)(self, request).await
    }

    /// The project of the resource that the request names, if it is the caller's.
    fn project<N: InProject>(&self, name: &str) -> Result<ProjectId, ApiError> {
        let name: N = name
            .parse()
            .map_err(|error: touchstone_api::names::NameError| {
                ApiError::invalid_field(self.method.operation.name_field(), error.to_string())
            })?;
        let (named, own) = (name.project().as_str(), &self.caller.project);
        if named != own.as_str() {
            return Err(self.denied(self.method.scope, &format!("projects/{named}")));
        }
        Ok(own.clone())
    }

    /// Refuses a caller without this scope.
    fn require(&self, scope: Scope) -> Result<(), ApiError> {
        match scope.is_of(&self.caller) {
            true => Ok(()),
            false => Err(self.denied(scope, &format!("projects/{}", self.caller.project))),
        }
    }

    fn denied(&self, scope: Scope, resource: &str) -> ApiError {
        ApiError::permission_denied(&format!("recaptchaenterprise.{}", scope.name()), resource)
    }

    fn write<M: Message + Name>(&self, answer: &M) -> Result<Reply, StepError> {
        let message = match self.form {
            Form::Json(style) => encode_text(answer, style)?.into_bytes(),
            Form::Proto => answer.encode_to_vec(),
        };
        Ok(Reply {
            message,
            evidence: None,
        })
    }
}

/// What a fault is to the caller. What it was belongs in the log; the caller hears what helps.
pub(super) fn refusal(route: &'static str, error: StepError) -> ApiError {
    match error {
        StepError::Refused(error) => error,
        StepError::UnknownSiteKey => ApiError::new(
            Code::NotFound,
            "The parameter k names no site key of this verifier. Make one with: touchstone key create",
        ),
        StepError::Store(error) if error.is_transient() => {
            tracing::error!(route, %error, "the store could not do its part");
            ApiError::unavailable()
        }
        StepError::Store(_) | StepError::Entropy(_) | StepError::Token(_) => {
            tracing::error!(route, %error, "a request could not be answered");
            ApiError::internal()
        }
    }
}
