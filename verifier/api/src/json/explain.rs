//! Why a body could not be read. Runs after the fact, so that good requests do not pay for it.

use prost_reflect::{DynamicMessage, EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Map, Value, json};

use crate::{ApiError, error::excerpt, rpc::bad_request::FieldViolation};

/// The error for a text that is not a message of this type: all unknown names and values of wrong types at once, with what to
/// send instead; else the first thing that cannot be read, or where the text stops being JSON.
pub(super) fn explain(text: &str, descriptor: &MessageDescriptor) -> ApiError {
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => {
            return ApiError::invalid_argument(format!("The request body is not JSON: {error}."));
        }
    };
    let mut walk = Walk::default();
    let root = root(descriptor);
    match value.is_object() || is_well_known(descriptor) {
        true => walk.message(&root, &value, descriptor),
        false => walk.violation(root.clone(), OBJECT.to_owned()),
    }
    if walk.violations.is_empty() {
        walk.violations
            .push(first_wrong_value(text, &root, descriptor));
    }
    ApiError::invalid_fields(walk.violations)
}

/// What is wrong, as far as it was found.
#[derive(Default)]
struct Walk {
    violations: Vec<FieldViolation>,
}

impl Walk {
    fn message(&mut self, path: &str, value: &Value, descriptor: &MessageDescriptor) {
        // Well-known types have JSON forms of their own, which have no field names.
        let Value::Object(members) = value else {
            return;
        };
        if is_well_known(descriptor) {
            return;
        }
        for (name, value) in members {
            let path = join(path, name);
            match descriptor
                .get_field_by_json_name(name)
                .or_else(|| descriptor.get_field_by_name(name))
            {
                Some(field) => self.field(&path, value, &field),
                None => self.violation(
                    path,
                    format!("The message {} has no such field.", descriptor.name()),
                ),
            }
        }
        self.oneofs(path, members, descriptor);
    }

    fn field(&mut self, path: &str, value: &Value, field: &FieldDescriptor) {
        match (field.kind(), value) {
            (_, Value::Null) => {}
            (Kind::Message(entry), Value::Object(members)) if field.is_map() => {
                let field = entry.map_entry_value_field();
                for (name, value) in members {
                    self.single(&join(path, name), value, &field);
                }
            }
            (_, Value::Array(items)) if field.is_list() => {
                for (index, value) in items.iter().enumerate() {
                    self.single(&format!("{path}[{index}]"), value, field);
                }
            }
            _ if field.is_map() => self.violation(path.to_owned(), OBJECT.to_owned()),
            _ if field.is_list() => self.violation(path.to_owned(), LIST.to_owned()),
            _ => self.single(path, value, field),
        }
    }

    fn single(&mut self, path: &str, value: &Value, field: &FieldDescriptor) {
        match (field.kind(), value) {
            (Kind::Message(descriptor), Value::Object(_)) if !is_well_known(&descriptor) => {
                self.message(path, value, &descriptor);
            }
            (kind, value) => {
                if self.violations.len() < VIOLATION_LIMIT && !is_readable(value, field) {
                    self.violation(path.to_owned(), expected(&kind, value));
                }
            }
        }
    }

    /// Members of which only one may be given.
    fn oneofs(&mut self, path: &str, members: &Map<String, Value>, descriptor: &MessageDescriptor) {
        for oneof in descriptor.oneofs() {
            let given = |field: &FieldDescriptor| {
                let values = [members.get(field.json_name()), members.get(field.name())];
                values.into_iter().flatten().any(|value| !value.is_null())
            };
            let names: Vec<String> = oneof
                .fields()
                .filter(given)
                .map(|field| field.json_name().to_owned())
                .collect();
            if let [first, rest @ ..] = names.as_slice()
                && !rest.is_empty()
            {
                let others = rest.join(" and ");
                let fix =
                    format!("Only one of {first} and {others} may be given: leave out the rest.");
                self.violation(path.to_owned(), fix);
            }
        }
    }

    fn violation(&mut self, field: String, description: String) {
        if self.violations.len() < VIOLATION_LIMIT {
            self.violations.push(FieldViolation { field, description });
        }
    }
}

fn first_wrong_value(text: &str, root: &str, descriptor: &MessageDescriptor) -> FieldViolation {
    let mut track = serde_path_to_error::Track::new();
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let tracking = serde_path_to_error::Deserializer::new(&mut deserializer, &mut track);
    let result = DynamicMessage::deserialize(descriptor.clone(), tracking);
    let path = track.path().to_string();
    FieldViolation {
        field: match path.as_str() {
            "." => root.to_owned(),
            path => path_from(root, path),
        },
        description: match result {
            Err(error) => shorten(without_place(&error.to_string())),
            Ok(_) => "The value cannot be read.".to_owned(),
        },
    }
}

/// Whether a value can be that of a field, by itself.
fn is_readable(value: &Value, field: &FieldDescriptor) -> bool {
    let value = match field.is_list() {
        true => json!([value]),
        false => value.clone(),
    };
    let message = json!({ field.json_name(): value });
    DynamicMessage::deserialize(field.parent_message().clone(), message).is_ok()
}

/// What is to be sent instead of a value that is none of this kind.
fn expected(kind: &Kind, value: &Value) -> String {
    let text = match kind {
        Kind::Bool => "true or false is expected, without quotes.",
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => {
            "A whole number from -2147483648 to 2147483647 is expected."
        }
        Kind::Uint32 | Kind::Fixed32 => "A whole number from 0 to 4294967295 is expected.",
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 | Kind::Uint64 | Kind::Fixed64 => {
            "A whole number of at most 64 bits is expected: digits alone, as a number or in quotes."
        }
        Kind::Float | Kind::Double => "A number is expected, such as 0.5.",
        Kind::String => "A string is expected: put the value in quotes.",
        Kind::Bytes => "Bytes are expected as base64, in quotes.",
        Kind::Enum(descriptor) => return expected_value(descriptor, value),
        Kind::Message(descriptor) => match descriptor.full_name() {
            "google.protobuf.Timestamp" => {
                "A time as in RFC 3339 is expected, such as \"2026-01-31T12:00:00Z\"."
            }
            "google.protobuf.Duration" => "Seconds are expected with an s, such as \"3.5s\".",
            "google.protobuf.FieldMask" => {
                "Paths are expected in one string, with commas between them: \"displayName,labels\"."
            }
            _ => OBJECT,
        },
    };
    text.to_owned()
}

fn expected_value(descriptor: &EnumDescriptor, value: &Value) -> String {
    let names: Vec<String> = descriptor
        .values()
        .map(|value| value.name().to_owned())
        .collect();
    let (name, names) = (descriptor.name(), names.join(", "));
    match value {
        Value::String(text) => {
            let text = excerpt(text, NAME_LIMIT);
            format!("The enum {name} has no value '{text}'. Send one of: {names}.")
        }
        _ => format!("A value of the enum {name} is expected: {names}."),
    }
}

/// Whether a message has a JSON form of its own.
fn is_well_known(descriptor: &MessageDescriptor) -> bool {
    descriptor.package_name() == "google.protobuf"
}

/// The request field that the body fills: `assessment` for an Assessment, nothing for a whole request.
fn root(descriptor: &MessageDescriptor) -> String {
    let name = descriptor.name();
    if name.ends_with("Request") {
        return String::new();
    }
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

fn join(path: &str, name: &str) -> String {
    path_from(path, &excerpt(name, NAME_LIMIT))
}

fn path_from(root: &str, path: &str) -> String {
    if root.is_empty() {
        path.to_owned()
    } else {
        format!("{root}.{path}")
    }
}

/// Lines and columns are those of a text that a query string never was, and the path tells more.
fn without_place(description: &str) -> &str {
    match description.rsplit_once(" at line ") {
        Some((text, _place)) => text,
        None => description,
    }
}

/// Keeps both ends of a description: it begins with what came and ends with what was expected.
fn shorten(description: &str) -> String {
    let length = description.chars().count();
    if length <= DESCRIPTION_LIMIT {
        return description.to_owned();
    }
    let tail: String = description
        .chars()
        .skip(length - DESCRIPTION_LIMIT / 2)
        .collect();
    excerpt(description, DESCRIPTION_LIMIT / 2) + &tail
}

const OBJECT: &str = "An object is expected: { … }.";
const LIST: &str = "A list is expected: put the values in [ ].";
/// Limits in characters and in number: an error must not be larger than what caused it.
const NAME_LIMIT: usize = 64;
const DESCRIPTION_LIMIT: usize = 200;
const VIOLATION_LIMIT: usize = 16;
