use hyper::header::{AUTHORIZATION, HeaderMap, HeaderName};
use touchstone_api::ApiError;

use super::{Call, Form, Method};
use crate::{
    Verifier,
    doors::http::header,
    keys::{Credential, Quotas},
    steps::StepError,
};

impl<'a> Call<'a> {
    /// A call, if its caller has an API key that is good for the method and has not used up its quota. Over gRPC, `query` is
    /// empty.
    ///
    /// # Errors
    /// Missing, unknown and insufficient credentials as Google's doors tell them; too many requests.
    pub async fn admit(
        verifier: &'a Verifier,
        quotas: &Quotas,
        method: &'static Method,
        (headers, query): (&'a HeaderMap, &str),
        form: Form,
    ) -> Result<Self, StepError> {
        let credential = presented(headers, query).ok_or_else(ApiError::credentials_missing)?;
        let (text, unknown) = match &credential {
            Credential::ApiKey(text) => (text, ApiError::api_key_invalid()),
            Credential::Bearer(text) => (text, ApiError::bearer_invalid()),
        };
        let caller = verifier.credentials.find(text).await?.ok_or(unknown)?;
        quotas.take(&caller.id)?;
        let call = Self {
            verifier,
            method,
            caller,
            headers,
            form,
        };
        call.require(method.scope)?;
        Ok(call)
    }
}

/// `x-goog-api-key`, then `?key=`, then `Authorization: Bearer`, then `?access_token=`.
fn presented(headers: &HeaderMap, query: &str) -> Option<Credential> {
    let in_header = header(headers, HeaderName::from_static("x-goog-api-key"));
    if !in_header.is_empty() {
        return Some(Credential::ApiKey(in_header.to_owned()));
    }
    let in_query = |wanted: &str| {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        let found = pairs.find(|(name, value)| name == wanted && !value.is_empty());
        found.map(|(_, value)| value.into_owned())
    };
    if let Some(key) = in_query("key") {
        return Some(Credential::ApiKey(key));
    }
    bearer(headers)
        .or_else(|| in_query("access_token"))
        .map(Credential::Bearer)
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let (scheme, text) = header(headers, AUTHORIZATION).split_once(' ')?;
    let is_bearer = scheme.eq_ignore_ascii_case("bearer") && !text.trim().is_empty();
    is_bearer.then(|| text.trim().to_owned())
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
            ("", "", "alt=json&key=q%2B", api_key("q+")),
            ("", "", "key=", None),
            ("", "Bearer b", "", bearer("b")),
            ("", "bearer  b ", "", bearer("b")),
            ("", "Basic b", "", None),
            ("", "Bearer ", "", None),
            ("", "", "access_token=a", bearer("a")),
            ("", "Basic b", "access_token=a", bearer("a")),
            ("", "Bearer b", "access_token=a", bearer("b")),
            ("h", "Bearer b", "key=q", api_key("h")),
            ("", "Bearer b", "key=q", api_key("q")),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("x-goog-api-key", HeaderValue::from_static(api_header));
            headers.insert(AUTHORIZATION, HeaderValue::from_static(authorization));
            assert_eq!(presented(&headers, query), expected);
        }
    }
}
