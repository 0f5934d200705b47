//! Every way in which a request can be refused, with the forms that REST and gRPC clients switch on.
//!
//! The REST form is Google's error envelope ([AIP-193](https://google.aip.dev/193)); the reasons in it are those of
//! `google.api.ErrorReason`, so that client libraries which act on a reason do so here too. The words are ours.

use std::time::Duration;

use prost::{Message as _, Name as _};
use serde_json::{Value, json};

use crate::rpc::{self, BadRequest, ErrorInfo, QuotaFailure, RetryInfo};

mod refusals;

/// A refused request: what the doors turn into an HTTP answer or a gRPC status.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{}: {message}", code.name())]
pub struct ApiError {
    code: Code,
    /// Differs from the code's own status only where HTTP knows a finer one (405, 408, 413).
    http_status: u16,
    message: String,
    details: Vec<Detail>,
    retry_after: Option<Duration>,
}

/// The canonical gRPC codes that this API answers with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// The request can never succeed as it is. HTTP 400.
    InvalidArgument,
    /// The request did not end in time. HTTP 504.
    DeadlineExceeded,
    /// The resource does not exist. HTTP 404.
    NotFound,
    /// The resource exists already. HTTP 409.
    AlreadyExists,
    /// The caller is known and may not do this. HTTP 403.
    PermissionDenied,
    /// Too much was asked for. HTTP 429.
    ResourceExhausted,
    /// The state of the resource forbids it. HTTP 400.
    FailedPrecondition,
    /// Another change came in between. HTTP 409.
    Aborted,
    /// There is no such operation. HTTP 501.
    Unimplemented,
    /// A fault of the verifier. HTTP 500.
    Internal,
    /// The verifier cannot answer now; trying again later may help. HTTP 503.
    Unavailable,
    /// The caller did not show who it is. HTTP 401.
    Unauthenticated,
}

/// A machine-readable part of an [`ApiError`].
#[derive(Clone, Debug, PartialEq)]
pub enum Detail {
    /// Why the request was refused.
    Info(ErrorInfo),
    /// Which fields were wrong.
    Fields(BadRequest),
    /// Which quota is used up.
    Quota(QuotaFailure),
    /// When to try again.
    Retry(RetryInfo),
}

impl ApiError {
    /// An error without details. The message is for developers and must carry nothing of the inside.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            http_status: code.http_status(),
            message: message.into(),
            details: Vec::new(),
            retry_after: None,
        }
    }

    /// The canonical code.
    pub fn code(&self) -> Code {
        self.code
    }

    /// The HTTP status of the answer, 400 to 504.
    pub fn http_status(&self) -> u16 {
        self.http_status
    }

    /// How long to wait before the same request may succeed, where that is known: `Retry-After` over HTTP.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// What is told to developers.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What is told to programs.
    pub fn details(&self) -> &[Detail] {
        &self.details
    }

    /// Adds a detail.
    #[must_use]
    pub fn with(mut self, detail: Detail) -> Self {
        self.details.push(detail);
        self
    }

    /// The body of the REST answer: `{"error": {"code", "message", "status", "details"}}`, without `details` if there
    /// are none.
    pub fn to_json(&self) -> Value {
        let mut error =
            json!({"code": self.http_status, "message": self.message, "status": self.code.name()});
        if !self.details.is_empty() {
            error["details"] = self.details.iter().map(Detail::to_json).collect();
        }
        json!({ "error": error })
    }

    /// The same for gRPC, whose encoded form goes into the trailer `grpc-status-details-bin`.
    pub fn to_rpc(&self) -> rpc::Status {
        rpc::Status {
            code: self.code.number(),
            message: self.message.clone(),
            details: self.details.iter().map(Detail::to_any).collect(),
        }
    }
}

impl Code {
    /// The number on the wire of gRPC.
    pub fn number(self) -> i32 {
        self.row().0
    }

    /// The name in `error.status`.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// The HTTP status that `google.rpc.Code` assigns to the code.
    pub fn http_status(self) -> u16 {
        self.row().2
    }

    fn row(self) -> (i32, &'static str, u16) {
        match self {
            Self::InvalidArgument => (3, "INVALID_ARGUMENT", 400),
            Self::DeadlineExceeded => (4, "DEADLINE_EXCEEDED", 504),
            Self::NotFound => (5, "NOT_FOUND", 404),
            Self::AlreadyExists => (6, "ALREADY_EXISTS", 409),
            Self::PermissionDenied => (7, "PERMISSION_DENIED", 403),
            Self::ResourceExhausted => (8, "RESOURCE_EXHAUSTED", 429),
            Self::FailedPrecondition => (9, "FAILED_PRECONDITION", 400),
            Self::Aborted => (10, "ABORTED", 409),
            Self::Unimplemented => (12, "UNIMPLEMENTED", 501),
            Self::Internal => (13, "INTERNAL", 500),
            Self::Unavailable => (14, "UNAVAILABLE", 503),
            Self::Unauthenticated => (16, "UNAUTHENTICATED", 401),
        }
    }
}

impl Detail {
    fn to_json(&self) -> Value {
        match self {
            Self::Info(info) => json!({
                "@type": ErrorInfo::type_url(),
                "reason": info.reason,
                "domain": info.domain,
                "metadata": info.metadata,
            }),
            Self::Fields(request) => {
                let violations: Vec<Value> = request
                    .field_violations
                    .iter()
                    .map(|violation| json!({"field": violation.field, "description": violation.description}))
                    .collect();
                json!({"@type": BadRequest::type_url(), "fieldViolations": violations})
            }
            Self::Quota(failure) => {
                let violations: Vec<Value> = failure
                    .violations
                    .iter()
                    .map(|violation| json!({"subject": violation.subject, "description": violation.description}))
                    .collect();
                json!({"@type": QuotaFailure::type_url(), "violations": violations})
            }
            Self::Retry(info) => json!({
                "@type": RetryInfo::type_url(),
                "retryDelay": info.retry_delay.as_ref().map(ToString::to_string),
            }),
        }
    }

    fn to_any(&self) -> prost_types::Any {
        let (type_url, value) = match self {
            Self::Info(info) => (ErrorInfo::type_url(), info.encode_to_vec()),
            Self::Fields(request) => (BadRequest::type_url(), request.encode_to_vec()),
            Self::Quota(failure) => (QuotaFailure::type_url(), failure.encode_to_vec()),
            Self::Retry(info) => (RetryInfo::type_url(), info.encode_to_vec()),
        };
        prost_types::Any { type_url, value }
    }
}

/// At most `limit` characters of a text from outside, so that an answer does not grow with the request.
pub(crate) fn excerpt(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grpc_form_says_the_same() {
        let error = ApiError::invalid_field("assessment.event.foo", "no such field");
        let status = error.to_rpc();
        assert_eq!(status.code, 3);
        assert_eq!(status.message, "assessment.event.foo: no such field");
        assert_eq!(
            status.details[0].type_url,
            "type.googleapis.com/google.rpc.BadRequest"
        );
        let request = BadRequest::decode(status.details[0].value.as_slice()).unwrap();
        assert_eq!(request.field_violations[0].field, "assessment.event.foo");
        assert_eq!(
            error.to_json()["error"]["details"][0]["fieldViolations"][0]["field"],
            "assessment.event.foo"
        );
    }

    #[test]
    fn an_excerpt_never_splits_a_character() {
        assert_eq!(excerpt("äöü", 2), "äö…");
        assert_eq!(excerpt("äöü", 3), "äöü");
    }
}
