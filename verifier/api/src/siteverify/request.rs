//! The ways in which the question arrives: query string, form of either kind, JSON.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, Visitor},
};

use crate::client_address;

use super::{NotJson, Secret, SiteVerifyRequest};

impl SiteVerifyRequest {
    /// Reads a query string (without `?`) or a form body; there is none that cannot be read.
    pub fn from_form(form: &[u8]) -> Self {
        Self::from_fields(form_urlencoded::parse(form))
    }

    /// Takes parameters as they come, for example the parts of a `multipart/form-data` body.
    pub fn from_fields<'a>(pairs: impl IntoIterator<Item = (Cow<'a, str>, Cow<'a, str>)>) -> Self {
        let mut fields = Fields::default();
        for (name, value) in pairs {
            fields.add(&name, value);
        }
        fields.into()
    }

    /// Reads a JSON body. `null` counts as missing.
    ///
    /// # Errors
    ///
    /// [`NotJson`] if the body is not a JSON object, or one of the known parameters is not a string.
    pub fn from_json(body: &[u8]) -> Result<Self, NotJson> {
        // serde_json does not look for bad UTF-8 in values that it skips.
        let text = std::str::from_utf8(body).map_err(|_| NotJson)?;
        serde_json::from_str::<Fields>(text)
            .map(Self::from)
            .map_err(|_| NotJson)
    }

    /// Fills what is missing from another place, for example from the query string of a `POST`.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            secret: self.secret.or(other.secret),
            response: self.response.or(other.response),
            remote_ip: self.remote_ip.or(other.remote_ip),
            idempotency_key: self.idempotency_key.or(other.idempotency_key),
        }
    }
}

/// The first value of each known parameter.
#[derive(Default)]
struct Fields {
    secret: Option<Secret>,
    response: Option<String>,
    remoteip: Option<String>,
    idempotency_key: Option<String>,
}

impl Fields {
    fn add(&mut self, name: &str, value: Cow<'_, str>) {
        match name {
            "secret" => {
                self.secret.get_or_insert_with(|| Secret::new(value));
            }
            "response" => {
                self.response.get_or_insert_with(|| value.into_owned());
            }
            "remoteip" => {
                self.remoteip.get_or_insert_with(|| value.into_owned());
            }
            "idempotency_key" => {
                self.idempotency_key
                    .get_or_insert_with(|| value.into_owned());
            }
            _ => {}
        }
    }
}

impl From<Fields> for SiteVerifyRequest {
    fn from(fields: Fields) -> Self {
        Self {
            secret: fields.secret.filter(|secret| !secret.expose().is_empty()),
            response: fields.response.filter(|response| !response.is_empty()),
            remote_ip: fields.remoteip.as_deref().and_then(client_address),
            idempotency_key: fields.idempotency_key.filter(|key| !key.is_empty()),
        }
    }
}

/// By hand, since derived code refuses a parameter that comes twice.
impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FieldsVisitor;

        impl<'de> Visitor<'de> for FieldsVisitor {
            type Value = Fields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut fields = Fields::default();
                while let Some(name) = map.next_key::<Cow<'de, str>>()? {
                    if KNOWN.contains(&&*name) {
                        if let Some(value) = map
                            .next_value::<Option<String>>()
                            .map_err(A::Error::custom)?
                        {
                            fields.add(&name, value.into());
                        }
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(fields)
            }
        }

        deserializer.deserialize_map(FieldsVisitor)
    }
}

const KNOWN: [&str; 4] = ["secret", "response", "remoteip", "idempotency_key"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_reads_the_same_in_every_form() {
        let expected = request(Some("s_-1"), Some("t"), Some("203.0.113.7"));
        let forms: [&str; 5] = [
            "secret=s_-1&response=t&remoteip=203.0.113.7",
            "version=php_1.3.1&response=t&secret=s_-1&remoteip=203.0.113.7&sitekey=k",
            "secret=s_-1&secret=other&response=t&response=u&remoteip=203.0.113.7",
            "secret=s%5F%2D1&response=%74&remoteip=+203.0.113.7",
            "secret=s_-1&response=t&remoteip=203.0.113.7&remoteip=x&&=&%",
        ];
        for form in forms {
            assert_eq!(
                SiteVerifyRequest::from_form(form.as_bytes()),
                expected,
                "{form}"
            );
        }
        let bodies: [&str; 3] = [
            r#"{"secret":"s_-1","response":"t","remoteip":"203.0.113.7"}"#,
            r#"{"secret":"s_-1","secret":"other","response":"t","remoteip":"203.0.113.7","extra":{"a":[1]}}"#,
            r#" {"s\u0065cret":"s_-1","response":null,"response":"t","remoteip":"203.0.113.7"} "#,
        ];
        for body in bodies {
            assert_eq!(
                SiteVerifyRequest::from_json(body.as_bytes()),
                Ok(expected.clone()),
                "{body}"
            );
        }
    }

    #[test]
    fn what_is_missing_is_no_error() {
        let table = [
            ("", request(None, None, None)),
            ("secret=&response=", request(None, None, None)),
            (
                "secret=s&response=t&remoteip=None",
                request(Some("s"), Some("t"), None),
            ),
            (
                "secret=s&response=t&remoteip=203.0.113.7:80,+10.0.0.1",
                request(Some("s"), Some("t"), Some("203.0.113.7")),
            ),
            (
                "secret=s&response=t&remoteip=::1",
                request(Some("s"), Some("t"), Some("::1")),
            ),
            ("%ff=%ff&response=t", request(None, Some("t"), None)),
        ];
        for (form, expected) in table {
            assert_eq!(
                SiteVerifyRequest::from_form(form.as_bytes()),
                expected,
                "{form}"
            );
        }
        assert_eq!(
            SiteVerifyRequest::from_json(b"{}"),
            Ok(request(None, None, None))
        );
        assert_eq!(
            SiteVerifyRequest::from_json(br#"{"secret":"s","response":"t","remoteip":null}"#),
            Ok(request(Some("s"), Some("t"), None))
        );
    }

    #[test]
    fn a_body_that_is_no_object_of_strings_is_refused() {
        let deep = "[".repeat(100_000);
        for body in [
            "",
            "[]",
            "\"\"",
            "{",
            "{\"secret\":1}",
            "{\"response\":{}}",
            "{} x",
            deep.as_str(),
        ] {
            assert_eq!(
                SiteVerifyRequest::from_json(body.as_bytes()),
                Err(NotJson),
                "{body}"
            );
        }
        assert_eq!(
            SiteVerifyRequest::from_json(b"{\"a\":\"\xff\"}"),
            Err(NotJson)
        );
    }

    #[test]
    fn the_body_goes_before_the_query() {
        let body = request(Some("s"), None, None);
        let query = request(Some("other"), Some("t"), None);
        assert_eq!(body.or(query), request(Some("s"), Some("t"), None));
    }

    fn request(
        secret: Option<&str>,
        response: Option<&str>,
        remote_ip: Option<&str>,
    ) -> SiteVerifyRequest {
        SiteVerifyRequest {
            secret: secret.map(Secret::new),
            response: response.map(str::to_owned),
            remote_ip: remote_ip.and_then(|address| address.parse().ok()),
            idempotency_key: None,
        }
    }
}
