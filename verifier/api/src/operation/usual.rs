//! The request that a verifier reads all day, without reflection, which takes ten times as long: an assessment of an event
//! that is made of texts.
//!
//! What is read here is read as reflection reads it. Whatever is anything else (another spelling of a name, a name given
//! twice, `null`, a field that few use, or no JSON at all) is left to reflection, which knows what is wrong with it, too.

use std::{fmt, marker::PhantomData};

use prost::Message as _;
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};

use crate::v1;

/// The method.
pub(super) const RPC: &str = "CreateAssessment";

/// The request in its binary form; none for a body that is not as usual.
pub(super) fn read(parent: &str, body: &[u8]) -> Option<Vec<u8>> {
    let Object(Assessment {
        event: Object(event),
    }) = serde_json::from_slice(body).ok()?;
    let request = v1::CreateAssessmentRequest {
        parent: parent.to_owned(),
        assessment: Some(v1::Assessment {
            event: Some(event.into()),
            ..v1::Assessment::default()
        }),
    };
    Some(request.encode_to_vec())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Assessment {
    event: Object<Event>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
struct Event {
    token: String,
    site_key: String,
    user_agent: String,
    user_ip_address: String,
    expected_action: String,
    requested_uri: String,
    ja3: String,
    ja4: String,
    headers: Vec<String>,
}

impl From<Event> for v1::Event {
    fn from(event: Event) -> Self {
        let Event {
            token,
            site_key,
            user_agent,
            user_ip_address,
            expected_action,
            requested_uri,
            ja3,
            ja4,
            headers,
        } = event;
        Self {
            token,
            site_key,
            user_agent,
            user_ip_address,
            expected_action,
            requested_uri,
            ja3,
            ja4,
            headers,
            ..Self::default()
        }
    }
}

/// A JSON object. Structs alone would be read from arrays, too.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_as_usual_is_left_to_reflection() {
        for body in [
            "",
            "[]",
            "{}",
            "{\"event\":null}",
            "{\"event\":[\"t\"]}",
            "[{\"token\":\"t\"}]",
            "{\"event\":{\"token\":null}}",
            "{\"event\":{\"token\":1}}",
            "{\"event\":{\"site_key\":\"k\"}}",
            "{\"event\":{\"token\":\"a\",\"token\":\"b\"}}",
            "{\"event\":{\"token\":\"a\"},\"event\":{}}",
            "{\"event\":{\"token\":\"a\"},\"name\":\"n\"}",
            "{\"event\":{\"express\":true}}",
            "{\"event\":{\"token\":\"a\"}} more",
        ] {
            assert_eq!(read("projects/p", body.as_bytes()), None, "{body}");
        }
    }

    #[test]
    fn an_event_of_texts_is_read() {
        let body = br#" {"event": {"token": "t\u00e4", "headers": ["a: b"]}} "#;
        let request = read("projects/p", body).unwrap();
        let request = v1::CreateAssessmentRequest::decode(&request[..]).unwrap();
        let event = request.assessment.unwrap().event.unwrap();
        assert_eq!(request.parent, "projects/p");
        assert_eq!(
            (event.token.as_str(), &event.headers[..]),
            ("tä", &["a: b".to_owned()][..])
        );
    }
}
