//! The refusals that this API knows, each with the status and reason that Google's own answers have.

use std::{collections::BTreeMap, time::Duration};

use super::{ApiError, Code, Detail, excerpt};
use crate::rpc::{
    BadRequest, ErrorInfo, QuotaFailure, RetryInfo, bad_request::FieldViolation,
    quota_failure::Violation,
};

impl ApiError {
    /// 400: the request can never succeed as it is.
    pub fn invalid_argument(message: impl Into<String>) -> Self {
        Self::new(Code::InvalidArgument, message)
    }

    /// 400: one field is wrong. `field` is its path, joined with dots.
    pub fn invalid_field(field: impl Into<String>, description: impl Into<String>) -> Self {
        Self::invalid_fields(vec![FieldViolation {
            field: field.into(),
            description: description.into(),
        }])
    }

    /// 400: fields are wrong. The message names them all, one a line.
    pub fn invalid_fields(field_violations: Vec<FieldViolation>) -> Self {
        let lines: Vec<String> = field_violations
            .iter()
            .map(|violation| match violation.field.as_str() {
                "" => violation.description.clone(),
                field => format!("{field}: {}", violation.description),
            })
            .collect();
        Self::invalid_argument(lines.join("\n"))
            .with(Detail::Fields(BadRequest { field_violations }))
    }

    /// 400 with reason `API_KEY_INVALID`: the API key is not one of this verifier's, or was revoked.
    pub fn api_key_invalid() -> Self {
        Self::invalid_argument("API key not valid. Please pass a valid API key.")
            .info("API_KEY_INVALID", [])
    }

    /// 401: the request carries no credentials, or of a kind that is not read here.
    pub fn credentials_missing() -> Self {
        Self::new(
            Code::Unauthenticated,
            "This method needs a caller with an identity. Pass an API key in the header x-goog-api-key, in the query \
             parameter key, or as Authorization: Bearer.",
        )
        .info("CREDENTIALS_MISSING", [])
    }

    /// 401: the bearer, in `Authorization` or in `access_token`, is not one that this verifier accepts.
    pub fn bearer_invalid() -> Self {
        Self::new(
            Code::Unauthenticated,
            "The bearer token is not valid. Pass an API key that was made with: touchstone api-key create.",
        )
        .info("ACCESS_TOKEN_TYPE_UNSUPPORTED", [])
    }

    /// 403: the API key lacks a permission, named as in `recaptchaenterprise.assessments.create`, on a resource, named
    /// as in `projects/p`.
    pub fn permission_denied(permission: &str, resource: &str) -> Self {
        let mut error = Self::new(
            Code::PermissionDenied,
            format!(
                "Permission '{permission}' denied on resource '{resource}' (or it may not exist)."
            ),
        );
        error.details.push(Detail::Info(ErrorInfo {
            reason: "IAM_PERMISSION_DENIED".to_owned(),
            // The one reason that is not of DOMAIN: Google's clients look for this pair.
            domain: "iam.googleapis.com".to_owned(),
            metadata: pairs([("permission", permission), ("resource", resource)]),
        }));
        error
    }

    /// 403: the API key may not be used from the page named by `Referer`.
    pub fn referer_blocked() -> Self {
        Self::new(
            Code::PermissionDenied,
            "Requests from this referer are blocked.",
        )
        .info("API_KEY_HTTP_REFERRER_BLOCKED", [])
    }

    /// 404: the resource of this name does not exist.
    pub fn not_found(resource: &str) -> Self {
        Self::new(
            Code::NotFound,
            format!("The resource '{resource}' does not exist."),
        )
    }

    /// 404: no operation has this path.
    pub fn no_such_path() -> Self {
        Self::new(Code::NotFound, "There is nothing at this path.")
    }

    /// 409: the resource of this name exists already.
    pub fn already_exists(resource: &str) -> Self {
        Self::new(
            Code::AlreadyExists,
            format!("The resource '{resource}' exists already."),
        )
    }

    /// 405: the path exists, but not with this method.
    pub fn method_not_allowed(method: &str) -> Self {
        Self::new(
            Code::Unimplemented,
            format!(
                "This path does not answer the method {}.",
                excerpt(method, 16)
            ),
        )
        .over_http(405)
    }

    /// 408: the request did not arrive whole in time.
    pub fn request_timeout() -> Self {
        Self::new(
            Code::DeadlineExceeded,
            "The request did not arrive in time.",
        )
        .over_http(408)
    }

    /// 413: the body is longer than `limit` bytes.
    pub fn payload_too_large(limit: usize) -> Self {
        Self::invalid_argument(format!("The request body is longer than {limit} bytes."))
            .over_http(413)
    }

    /// 429: the caller sends more than `limit` requests a minute.
    pub fn rate_limited(limit: u32) -> Self {
        let mut error = Self::new(
            Code::ResourceExhausted,
            format!("The limit of {limit} requests a minute is exceeded."),
        )
        .info(
            "RATE_LIMIT_EXCEEDED",
            [("quota_limit_value", limit.to_string().as_str())],
        );
        error.retry_after = Some(Duration::from_secs(1));
        error
    }

    /// 429: the quota of an API key, named by its id, is used up; after `wait` the next request is answered.
    pub fn quota_exceeded(limit: u32, caller: &str, wait: Duration) -> Self {
        let message = format!("The quota of {limit} requests a minute is used up.");
        let violation = Violation {
            subject: format!("apiKey:{caller}"),
            description: message.clone(),
        };
        let limit = limit.to_string();
        let metadata = [
            ("quota_limit_value", limit.as_str()),
            ("quota_unit", "1/min/{apiKey}"),
        ];
        let mut error =
            Self::new(Code::ResourceExhausted, message).info("RATE_LIMIT_EXCEEDED", metadata);
        error.retry_after = Some(wait);
        error
            .with(Detail::Quota(QuotaFailure {
                violations: vec![violation],
            }))
            .with(Detail::Retry(RetryInfo {
                retry_delay: prost_types::Duration::try_from(wait).ok(),
            }))
    }

    /// 503: the verifier cannot answer now, for example without its store.
    pub fn unavailable() -> Self {
        let mut error = Self::new(Code::Unavailable, "The service is currently unavailable.");
        error.retry_after = Some(Duration::from_secs(1));
        error
    }

    /// 500: a fault of the verifier. What it was belongs in the log, never in the answer.
    pub fn internal() -> Self {
        Self::new(Code::Internal, "Internal error encountered.")
    }

    fn info<const N: usize>(self, reason: &str, metadata: [(&str, &str); N]) -> Self {
        let mut metadata = pairs(metadata);
        metadata.insert("service".to_owned(), SERVICE.to_owned());
        self.with(Detail::Info(ErrorInfo {
            reason: reason.to_owned(),
            domain: DOMAIN.to_owned(),
            metadata,
        }))
    }

    fn over_http(mut self, status: u16) -> Self {
        self.http_status = status;
        self
    }
}

fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> BTreeMap<String, String> {
    pairs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// Google's own names, since clients compare with them.
const DOMAIN: &str = "googleapis.com";
const SERVICE: &str = "recaptchaenterprise.googleapis.com";

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_bad_api_key_is_told_in_the_published_envelope() {
        let expected = json!({"error": {
            "code": 400,
            "message": "API key not valid. Please pass a valid API key.",
            "status": "INVALID_ARGUMENT",
            "details": [{
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "API_KEY_INVALID",
                "domain": "googleapis.com",
                "metadata": {"service": "recaptchaenterprise.googleapis.com"},
            }],
        }});
        assert_eq!(ApiError::api_key_invalid().to_json(), expected);
    }

    #[test]
    fn each_refusal_has_its_published_status() {
        let table = [
            (
                ApiError::api_key_invalid(),
                400,
                "INVALID_ARGUMENT",
                Some("API_KEY_INVALID"),
            ),
            (
                ApiError::credentials_missing(),
                401,
                "UNAUTHENTICATED",
                Some("CREDENTIALS_MISSING"),
            ),
            (
                ApiError::bearer_invalid(),
                401,
                "UNAUTHENTICATED",
                Some("ACCESS_TOKEN_TYPE_UNSUPPORTED"),
            ),
            (
                ApiError::permission_denied("a.b", "projects/p"),
                403,
                "PERMISSION_DENIED",
                Some("IAM_PERMISSION_DENIED"),
            ),
            (
                ApiError::referer_blocked(),
                403,
                "PERMISSION_DENIED",
                Some("API_KEY_HTTP_REFERRER_BLOCKED"),
            ),
            (
                ApiError::not_found("projects/p/keys/k"),
                404,
                "NOT_FOUND",
                None,
            ),
            (ApiError::no_such_path(), 404, "NOT_FOUND", None),
            (
                ApiError::already_exists("projects/p/keys/k"),
                409,
                "ALREADY_EXISTS",
                None,
            ),
            (
                ApiError::method_not_allowed("PUT"),
                405,
                "UNIMPLEMENTED",
                None,
            ),
            (ApiError::request_timeout(), 408, "DEADLINE_EXCEEDED", None),
            (
                ApiError::payload_too_large(65_536),
                413,
                "INVALID_ARGUMENT",
                None,
            ),
            (
                ApiError::rate_limited(600),
                429,
                "RESOURCE_EXHAUSTED",
                Some("RATE_LIMIT_EXCEEDED"),
            ),
            (ApiError::unavailable(), 503, "UNAVAILABLE", None),
            (ApiError::internal(), 500, "INTERNAL", None),
        ];
        for (error, http, status, reason) in table {
            let body = error.to_json();
            assert_eq!(error.http_status(), http, "{error}");
            assert_eq!(body["error"]["code"], http, "{error}");
            assert_eq!(body["error"]["status"], status, "{error}");
            assert_eq!(
                body["error"]["details"][0]["reason"].as_str(),
                reason,
                "{error}"
            );
            assert_eq!(
                body["error"].get("details").is_some(),
                reason.is_some(),
                "{error}"
            );
        }
    }
}
