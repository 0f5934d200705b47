//! Messages as JSON: the [proto3 JSON mapping](https://protobuf.dev/programming-guides/json/) as Google's REST doors
//! speak it.

use prost::{Message, Name};
use prost_reflect::{DynamicMessage, MessageDescriptor, SerializeOptions};
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::{ApiError, descriptors};

mod assessment;
mod explain;
mod float;

pub(crate) use assessment::AnswerJson;

/// How enum values are written. Reading takes names and numbers alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EnumStyle {
    /// `"AUTOMATION"`: what every client but Google's own for Node.js reads.
    #[default]
    Names,
    /// `1`: asked for by `$alt=json;enum-encoding=int`.
    Ints,
}

impl EnumStyle {
    /// The style that a query string (without `?`, percent-encoded or not) asks for.
    pub fn from_query(query: &str) -> Self {
        let asks_for_ints = form_urlencoded::parse(query.as_bytes())
            .filter(|(name, _)| name == "$alt" || name == "alt")
            .any(|(_, value)| {
                value
                    .split(';')
                    .skip(1)
                    .any(|option| option.trim() == "enum-encoding=int")
            });
        if asks_for_ints {
            Self::Ints
        } else {
            Self::Names
        }
    }
}

/// Reads a request body.
///
/// Field names may be in lowerCamelCase or snake_case, enum values names or numbers, 64-bit integers strings or
/// numbers, bytes in either base64 alphabet with or without padding. `null` leaves a field unset, and of two equal names
/// the later one counts. An empty body and the body `""` are the empty message: the first is what `curl -d ""` sends,
/// the second what Google's client for Node.js sends for a message without fields.
///
/// # Errors
///
/// [`Code::InvalidArgument`](crate::Code::InvalidArgument) for anything else, with the paths of the wrong fields if the
/// body is JSON. Paths begin with the field of the request that the body fills: `assessment.event.token`.
pub fn decode<M: Message + Name + Default>(body: &[u8]) -> Result<M, ApiError> {
    decode_dynamic(body, &descriptor::<M>()?)?
        .transcode_to()
        .map_err(|_| ApiError::internal())
}

/// The same for a message whose type is known by its descriptor alone.
pub(crate) fn decode_dynamic(
    body: &[u8],
    descriptor: &MessageDescriptor,
) -> Result<DynamicMessage, ApiError> {
    let text = std::str::from_utf8(body)
        .map_err(|_| ApiError::invalid_argument("The request body is not UTF-8."))?
        .trim_matches([' ', '\t', '\r', '\n']);
    if matches!(text, "" | "\"\"") {
        return Ok(DynamicMessage::new(descriptor.clone()));
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    DynamicMessage::deserialize(descriptor.clone(), &mut deserializer)
        .and_then(|message| deserializer.end().map(|()| message))
        .map_err(|_| explain::explain(text, descriptor))
}

/// Writes an answer: names in lowerCamelCase, 64-bit integers as strings, floats as the shortest decimal that reads
/// back as the same `float`, and fields without a value as their defaults. Messages and members of a `oneof` that are
/// not set are left out. Names are sorted, so that equal messages are equal texts.
///
/// Assessments have [`encode_assessment`](crate::encode_assessment), which is much faster.
///
/// # Errors
///
/// [`Code::Internal`](crate::Code::Internal) if the message holds what JSON cannot say: a timestamp outside of the years
/// 1 to 9999, or a packed message of unknown type. A message that came from [`decode`] holds neither.
pub fn encode<M: Message + Name>(message: &M, style: EnumStyle) -> Result<Value, ApiError> {
    // By way of text, since serde_json::to_value turns the float 0.9 into 0.8999999761581421.
    let text = encode_text(message, style)?;
    serde_json::from_str(&text).map_err(|_| ApiError::internal())
}

/// The same as text.
///
/// # Errors
///
/// As for [`encode`].
pub fn encode_text<M: Message + Name>(message: &M, style: EnumStyle) -> Result<String, ApiError> {
    to_text(&Encoded::new(dynamic(message)?, style))
}

/// Writes anything as JSON, with floats as in [`encode`].
pub(crate) fn to_text<T: Serialize>(value: &T) -> Result<String, ApiError> {
    let mut text = Vec::with_capacity(2048);
    let mut serializer = serde_json::Serializer::with_formatter(&mut text, float::ShortFloats);
    value
        .serialize(&mut serializer)
        .map_err(|_| ApiError::internal())?;
    String::from_utf8(text).map_err(|_| ApiError::internal())
}

/// A message that serializes as [`encode`] says.
pub(crate) struct Encoded {
    message: DynamicMessage,
    options: SerializeOptions,
}

impl Encoded {
    pub(crate) fn new(message: DynamicMessage, style: EnumStyle) -> Self {
        let options = SerializeOptions::new()
            .skip_default_fields(false)
            .use_enum_numbers(style == EnumStyle::Ints);
        Self { message, options }
    }
}

impl Serialize for Encoded {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.message
            .serialize_with_options(serializer, &self.options)
    }
}

/// The message in the form that knows its field names.
pub(crate) fn dynamic<M: Message + Name>(message: &M) -> Result<DynamicMessage, ApiError> {
    let mut dynamic = DynamicMessage::new(descriptor::<M>()?);
    dynamic
        .transcode_from(message)
        .map_err(|_| ApiError::internal())?;
    Ok(dynamic)
}

pub(crate) fn descriptor<M: Name>() -> Result<MessageDescriptor, ApiError> {
    descriptors()
        .get_message_by_name(&M::full_name())
        .ok_or_else(ApiError::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_written_only_when_asked_for() {
        let table = [
            ("", EnumStyle::Names),
            ("key=abc", EnumStyle::Names),
            ("$alt=json", EnumStyle::Names),
            ("alt=json&prettyPrint=false", EnumStyle::Names),
            ("$alt=json;enum-encoding=int", EnumStyle::Ints),
            ("$alt=json%3Benum-encoding=int", EnumStyle::Ints),
            ("%24alt=json%3Benum-encoding%3Dint", EnumStyle::Ints),
            (
                "pageSize=1&$alt=json%3Benum-encoding=int&key=abc",
                EnumStyle::Ints,
            ),
            ("$alt=json;enum-encoding=string", EnumStyle::Names),
            ("other=json;enum-encoding=int", EnumStyle::Names),
        ];
        for (query, style) in table {
            assert_eq!(EnumStyle::from_query(query), style, "{query}");
        }
    }
}
