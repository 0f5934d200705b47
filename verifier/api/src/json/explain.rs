//! Why a body could not be read. Runs after the fact, so that good requests do not pay for it.

use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MessageDescriptor};
use serde_json::Value;

use crate::{ApiError, error::excerpt, rpc::bad_request::FieldViolation};

/// The error for a text that is not a message of this type: all unknown names at once if there are any, else the first
/// value of a wrong type, else where the text stops being JSON.
pub(super) fn explain(text: &str, descriptor: &MessageDescriptor) -> ApiError {
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => {
            return ApiError::invalid_argument(format!("The request body is not JSON: {error}."));
        }
    };
    let mut walk = Walk::default();
    let root = root(descriptor);
    walk.message(&root, &value, descriptor);
    if walk.violations.is_empty() {
        walk.violations
            .push(first_wrong_value(text, &root, descriptor));
    }
    ApiError::invalid_fields(walk.violations)
}

/// Names that the message does not have, of fields and of enum values.
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
        if descriptor.package_name() == "google.protobuf" {
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
    }

    fn field(&mut self, path: &str, value: &Value, field: &FieldDescriptor) {
        match (field.kind(), value) {
            (Kind::Message(entry), Value::Object(members)) if field.is_map() => {
                let kind = entry.map_entry_value_field().kind();
                for (name, value) in members {
                    self.single(&join(path, name), value, &kind);
                }
            }
            (kind, Value::Array(items)) if field.is_list() => {
                for (index, value) in items.iter().enumerate() {
                    self.single(&format!("{path}[{index}]"), value, &kind);
                }
            }
            (kind, value) => self.single(path, value, &kind),
        }
    }

    fn single(&mut self, path: &str, value: &Value, kind: &Kind) {
        match (kind, value) {
            (Kind::Message(descriptor), value) => self.message(path, value, descriptor),
            (Kind::Enum(descriptor), Value::String(name))
                if descriptor.get_value_by_name(name).is_none() =>
            {
                let name = excerpt(name, NAME_LIMIT);
                self.violation(
                    path.to_owned(),
                    format!("The enum {} has no value '{name}'.", descriptor.name()),
                );
            }
            _ => {}
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
            Err(error) => shorten(&error.to_string()),
            Ok(_) => "The value cannot be read.".to_owned(),
        },
    }
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

/// Limits in characters and in number: an error must not be larger than what caused it.
const NAME_LIMIT: usize = 64;
const DESCRIPTION_LIMIT: usize = 200;
const VIOLATION_LIMIT: usize = 16;
