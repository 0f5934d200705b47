use std::sync::Arc;

use hyper::{
    Uri,
    header::{AUTHORIZATION, HeaderMap, HeaderName},
};
use touchstone_api::{ApiError, names::ProjectName};
use touchstone_store::{ApiKey, ProjectId};

use super::respond::header;
use crate::{
    Verifier,
    keys::{Credential, Scope},
    steps::StepError,
};

/// The API key of a request, if it may do `scope` in the project.
pub(super) async fn authorize(
    verifier: &Verifier,
    headers: &HeaderMap,
    uri: &Uri,
    project: &str,
    scope: Scope,
) -> Result<(ProjectId, Arc<ApiKey>), StepError> {
    let name = ProjectName::new(project.parse().map_err(|error| invalid_name(&error))?)
        .map_err(|error| invalid_name(&error))?;
    let credential = presented(headers, uri).ok_or_else(ApiError::credentials_missing)?;
    let (text, unknown) = match &credential {
        Credential::ApiKey(text) => (text, ApiError::api_key_invalid()),
        Credential::Bearer(text) => (text, ApiError::bearer_invalid()),
    };
    let key = verifier.credentials.find(text).await?.ok_or(unknown)?;
    let denied = || {
        let permission = format!("recaptchaenterprise.{}", scope.name());
        ApiError::permission_denied(&permission, &name.to_string())
    };
    if key.project.as_str() != name.project().as_str() || !scope.is_of(&key) {
        return Err(denied().into());
    }
    Ok((key.project.clone(), key))
}

/// `x-goog-api-key`, then `?key=`, then `Authorization: Bearer`.
fn presented(headers: &HeaderMap, uri: &Uri) -> Option<Credential> {
    let in_header = header(headers, HeaderName::from_static("x-goog-api-key"));
    if !in_header.is_empty() {
        return Some(Credential::ApiKey(in_header.to_owned()));
    }
    let query = uri.query().unwrap_or_default();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    if let Some((_, key)) = pairs.find(|(name, value)| name == "key" && !value.is_empty()) {
        return Some(Credential::ApiKey(key.into_owned()));
    }
    let (scheme, bearer) = header(headers, AUTHORIZATION).split_once(' ')?;
    let bearer = Some(bearer.trim()).filter(|text| !text.is_empty());
    bearer
        .filter(|_| scheme.eq_ignore_ascii_case("bearer"))
        .map(|text| Credential::Bearer(text.to_owned()))
}

fn invalid_name(error: &touchstone_api::names::NameError) -> ApiError {
    ApiError::invalid_field("parent", error.to_string())
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;

    use super::*;

    #[test]
    fn a_credential_is_found_in_each_of_its_places() {
        let api_key = |text: &str| Some(Credential::ApiKey(text.to_owned()));
        let bearer = |text: &str| Some(Credential::Bearer(text.to_owned()));
        for (api_header, authorization, query, expected) in [
            ("", "", "", None),
            ("h", "", "", api_key("h")),
            ("", "", "?alt=json&key=q%2B", api_key("q+")),
            ("", "", "?key=", None),
            ("", "Bearer b", "", bearer("b")),
            ("", "bearer  b ", "", bearer("b")),
            ("", "Basic b", "", None),
            ("", "Bearer ", "", None),
            ("h", "Bearer b", "?key=q", api_key("h")),
            ("", "Bearer b", "?key=q", api_key("q")),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("x-goog-api-key", HeaderValue::from_static(api_header));
            headers.insert(AUTHORIZATION, HeaderValue::from_static(authorization));
            let uri = format!("/v1/projects/p/assessments{query}")
                .parse()
                .unwrap();
            assert_eq!(presented(&headers, &uri), expected);
        }
    }
}
