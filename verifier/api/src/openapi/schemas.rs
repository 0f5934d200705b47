//! A schema for every message and enum that a method takes or answers.

use std::collections::BTreeMap;

use prost_reflect::{EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Map, Value, json};

use super::comments::Commented;
use crate::Operation;

/// All schemas by name, the error envelope among them.
pub(super) fn schemas() -> Map<String, Value> {
    let mut found = Found::default();
    for operation in Operation::all() {
        found.message(&operation.input());
        found.message(&operation.output());
    }
    let mut schemas: Map<String, Value> = found.0.into_iter().collect();
    overlay(&mut schemas);
    schemas.insert("Error".to_owned(), error());
    schemas
}

/// Where the schema of a message is.
pub(super) fn reference(message: &MessageDescriptor) -> Value {
    json!({"$ref": format!("#/components/schemas/{}", name(message.full_name()))})
}

/// The schema of a field's value in a request, outside of any message.
pub(super) fn of_field(field: &FieldDescriptor) -> Value {
    of_kind(&field.kind())
}

/// Schemas so far.
#[derive(Default)]
struct Found(BTreeMap<String, Value>);

impl Found {
    fn message(&mut self, message: &MessageDescriptor) {
        let name = name(message.full_name());
        if well_known(message).is_some() || self.0.contains_key(&name) {
            return;
        }
        // Before its fields: a message may hold itself.
        self.0.insert(name.clone(), Value::Null);
        let mut properties = Map::new();
        for field in message.fields() {
            properties.insert(field.json_name().to_owned(), property(&field));
            let kind = match field.kind() {
                Kind::Message(entry) if field.is_map() => entry.map_entry_value_field().kind(),
                kind => kind,
            };
            match kind {
                Kind::Message(inner) => self.message(&inner),
                Kind::Enum(inner) => self.enumeration(&inner),
                _ => {}
            }
        }
        let mut schema = json!({
            "type": "object",
            "description": message.comment(),
            "properties": properties,
            "additionalProperties": false,
        });
        let exclusive: Vec<Value> = message.oneofs().map(|oneof| exclusive(&oneof)).collect();
        if !exclusive.is_empty() {
            schema["allOf"] = exclusive.into();
        }
        self.0.insert(name, schema);
    }

    fn enumeration(&mut self, enumeration: &EnumDescriptor) {
        let values: Vec<_> = enumeration.values().collect();
        let names: Vec<&str> = values.iter().map(|value| value.name()).collect();
        let numbers: Vec<i32> = values.iter().map(|value| value.number()).collect();
        let lines: Vec<String> = values
            .iter()
            .map(|value| {
                format!(
                    "- `{}` ({}): {}",
                    value.name(),
                    value.number(),
                    value.comment()
                )
            })
            .collect();
        let schema = json!({
            "description": format!("{}\n\n{}", enumeration.comment(), lines.join("\n")),
            "oneOf": [{"type": "string", "enum": names}, {"type": "integer", "enum": numbers}],
        });
        self.0.insert(name(enumeration.full_name()), schema);
    }
}

/// At most one member of a `oneof` may be set.
fn exclusive(oneof: &prost_reflect::OneofDescriptor) -> Value {
    let members: Vec<FieldDescriptor> = oneof.fields().collect();
    let one = |field: &FieldDescriptor| json!({"required": [field.json_name()]});
    let any: Vec<Value> = members.iter().map(one).collect();
    json!({"oneOf": any.iter().cloned().chain([json!({"not": {"anyOf": any}})]).collect::<Vec<_>>()})
}

fn property(field: &FieldDescriptor) -> Value {
    let schema = match field.kind() {
        Kind::Message(entry) if field.is_map() => json!({
            "type": "object",
            "additionalProperties": of_kind(&entry.map_entry_value_field().kind()),
            "propertyNames": of_key(&entry.map_entry_key_field().kind()),
        }),
        kind if field.is_list() => json!({"type": "array", "items": of_kind(&kind)}),
        kind => of_kind(&kind),
    };
    let mut schema = lenient(schema);
    let comment = field.comment();
    if comment.to_lowercase().contains("output only") {
        schema["readOnly"] = true.into();
    }
    if field
        .field_descriptor_proto()
        .options
        .as_ref()
        .is_some_and(|options| options.deprecated())
    {
        schema["deprecated"] = true.into();
    }
    if !comment.is_empty() {
        schema["description"] = comment.into();
    }
    schema
}

/// What the JSON mapping takes beside the usual form of a field: `null`, which leaves it unset, and numbers as strings.
/// Answers have neither, but for the strings of 64-bit integers.
fn lenient(mut schema: Value) -> Value {
    let (kinds, pattern) = match (schema["type"].as_str(), schema["pattern"].as_str()) {
        (Some("integer"), _) => (json!(["integer", "string", "null"]), Some(INTEGER)),
        (Some("string"), Some(LONG)) => (json!(["string", "integer", "null"]), None),
        (Some("number"), _) => (json!(["number", "string", "null"]), Some(NUMBER)),
        (Some(kind), _) => (json!([kind, "null"]), None),
        (None, _) => {
            let reference = json!({"$ref": schema["$ref"]});
            return json!({"anyOf": [reference, {"type": "null"}]});
        }
    };
    schema["type"] = kinds;
    if let Some(pattern) = pattern {
        schema["pattern"] = pattern.into();
    }
    schema
}

fn of_kind(kind: &Kind) -> Value {
    match kind {
        Kind::Message(message) => well_known(message).unwrap_or_else(|| reference(message)),
        Kind::Enum(enumeration) => {
            json!({"$ref": format!("#/components/schemas/{}", name(enumeration.full_name()))})
        }
        Kind::String => json!({"type": "string"}),
        Kind::Bytes => json!({"type": "string", "format": "byte", "contentEncoding": "base64"}),
        Kind::Bool => json!({"type": "boolean"}),
        Kind::Float => {
            json!({"type": "number", "format": "float", "minimum": f32::MIN, "maximum": f32::MAX})
        }
        Kind::Double => json!({"type": "number", "format": "double"}),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 | Kind::Uint64 | Kind::Fixed64 => {
            json!({"type": "string", "pattern": LONG})
        }
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => {
            json!({"type": "integer", "format": "int32", "minimum": i32::MIN, "maximum": i32::MAX})
        }
        Kind::Uint32 | Kind::Fixed32 => {
            json!({"type": "integer", "format": "int64", "minimum": 0, "maximum": u32::MAX})
        }
    }
}

fn of_key(kind: &Kind) -> Value {
    match kind {
        Kind::Int32 => json!({"pattern": "^-?[0-9]{1,9}$"}),
        _ => json!({"type": "string"}),
    }
}

/// The JSON forms of well-known types.
fn well_known(message: &MessageDescriptor) -> Option<Value> {
    match message.full_name() {
        "google.protobuf.Timestamp" => Some(json!({"type": "string", "format": "date-time"})),
        "google.protobuf.Duration" => {
            Some(json!({"type": "string", "pattern": "^-?[0-9]+(\\.[0-9]{1,9})?s$"}))
        }
        "google.protobuf.FieldMask" => Some(json!({
            "type": "string",
            "description": "Paths of fields, joined with commas; all fields if it is absent or `*`.",
        })),
        "google.protobuf.Empty" => Some(json!({"type": "object", "additionalProperties": false})),
        "google.protobuf.Any" => Some(json!({
            "type": "object",
            "properties": {"@type": {"type": "string"}},
        })),
        _ => None,
    }
}

/// `google.cloud.recaptchaenterprise.v1.Event.FraudPrevention` is `Event.FraudPrevention` here.
fn name(full_name: &str) -> String {
    full_name
        .strip_prefix("google.cloud.recaptchaenterprise.v1.")
        .unwrap_or(full_name)
        .to_owned()
}

/// The fields that REST answers have and the messages have not.
fn overlay(schemas: &mut Map<String, Value>) {
    let fields = [
        (
            "TokenProperties",
            "clientSignalsFailed",
            json!({
                "type": "boolean",
                "readOnly": true,
                "description": "Whether the token was made without a report of the browser.",
            }),
        ),
        (
            "TokenProperties",
            "clientProperties",
            json!({
                "type": "object",
                "readOnly": true,
                "description": "What the verifier saw of the browser when it made the token.",
                "properties": {"userAgent": {"type": "string"}, "userIpAddress": {"type": "string"}},
                "additionalProperties": false,
            }),
        ),
        (
            "Assessment",
            "touchstone",
            json!({
                "type": "object",
                "readOnly": true,
                "description": "The evidence behind the score, if the request asked for it.",
                "properties": {
                    "version": {"const": crate::Explanation::VERSION},
                    "evidence": {"type": "array", "items": {"$ref": "#/components/schemas/Evidence"}},
                    "prior": {"type": "number", "description": "Log-odds of a person before any evidence."},
                    "sum": {"type": "number", "description": "Log-odds of a person after it."},
                    "account": {"$ref": "#/components/schemas/AccountEvidence"},
                },
                "required": ["version", "evidence", "prior", "sum"],
                "additionalProperties": false,
            }),
        ),
    ];
    for (message, field, schema) in fields {
        if let Some(message) = schemas.get_mut(message) {
            message["properties"][field] = schema;
        }
    }
    schemas.insert("Evidence".to_owned(), json!({
        "type": "object",
        "description": "One piece of evidence.",
        "properties": {
            "name": {"type": "string", "description": "The detector that found it."},
            "cause": {"type": "string", "description": "Of one cause only the strongest counts."},
            "tier": {"enum": ["A", "B", "C", "M"], "description": "How far it may be trusted."},
            "weight": {"type": "number", "description": "Change of the log-odds; below 0 speaks for a bot."},
            "reason": {"type": ["string", "null"], "description": "The reason that it supports, if any."},
            "detail": {"type": "string", "description": "What exactly was seen."},
        },
        "required": ["name", "cause", "tier", "weight", "reason", "detail"],
        "additionalProperties": false,
    }));
    schemas.insert("AccountEvidence".to_owned(), json!({
        "type": "object",
        "description": "The evidence behind accountDefenderAssessment, if there is any.",
        "properties": {
            "risk": {"type": "number", "description": "As in accountTakeoverVerdict."},
            "sum": {"type": "number", "description": "Log-odds of a stranger; the weights of the terms add up to it."},
            "terms": {"type": "array", "items": {
                "type": "object",
                "properties": {
                    "name": {"type": "string", "description": "What was found."},
                    "weight": {"type": "number", "description": "Change of the log-odds; above 0 speaks for a stranger."},
                },
                "required": ["name", "weight"],
                "additionalProperties": false,
            }},
        },
        "required": ["risk", "sum", "terms"],
        "additionalProperties": false,
    }));
}

fn error() -> Value {
    json!({
        "type": "object",
        "description": "A refusal, in the form of Google's APIs.",
        "properties": {"error": {
            "type": "object",
            "properties": {
                "code": {"type": "integer", "minimum": 400, "maximum": 599, "description": "The HTTP status."},
                "message": {"type": "string", "description": "What is wrong, for developers."},
                "status": {"type": "string", "description": "The canonical code, such as `INVALID_ARGUMENT`."},
                "details": {
                    "type": "array",
                    "description": "For programs: `google.rpc.BadRequest` with the wrong fields, `google.rpc.ErrorInfo` with a reason, …",
                    "items": {
                        "type": "object",
                        "properties": {"@type": {"type": "string"}},
                        "required": ["@type"],
                    },
                },
            },
            "required": ["code", "message", "status"],
            "additionalProperties": false,
        }},
        "required": ["error"],
        "additionalProperties": false,
    })
}

/// 64-bit integers. Without the format of that name: programs that know it think that it cannot be a string.
const LONG: &str = "^-?[0-9]{1,19}$";
const INTEGER: &str = "^-?[0-9]{1,9}$";
const NUMBER: &str = "^-?[0-9]{1,9}(\\.[0-9]{1,9})?$";
