//! Names, types and numbers of the published interface, pinned: clients in the field were compiled against them.

use prost_reflect::{EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor};

#[test]
fn every_field_has_its_published_name_type_and_number() {
    let mut lines: Vec<String> = touchstone_api::descriptors()
        .all_messages()
        .filter(|message| message.package_name() == PACKAGE && !message.is_map_entry())
        .map(|message| message_line(&message))
        .chain(
            touchstone_api::descriptors()
                .all_enums()
                .filter(|enumeration| enumeration.package_name() == PACKAGE)
                .map(|enumeration| enum_line(&enumeration)),
        )
        .collect();
    lines.sort();
    let expected: Vec<&str> = include_str!("wire.txt").lines().collect();
    for (line, expected) in lines.iter().zip(&expected) {
        assert_eq!(line, expected);
    }
    assert_eq!(lines.len(), expected.len());
}

fn message_line(message: &MessageDescriptor) -> String {
    let mut fields: Vec<FieldDescriptor> = message.fields().collect();
    fields.sort_by_key(FieldDescriptor::number);
    let fields: Vec<String> = fields.iter().map(field).collect();
    format!(
        "message {}: {}",
        local(message.full_name()),
        fields.join("; ")
    )
}

fn field(field: &FieldDescriptor) -> String {
    let kind = match field.kind() {
        Kind::Message(entry) if field.is_map() => {
            let (key, value) = (entry.map_entry_key_field(), entry.map_entry_value_field());
            format!("map<{},{}>", kind(&key.kind()), kind(&value.kind()))
        }
        scalar if field.is_list() => format!("repeated {}", kind(&scalar)),
        scalar => kind(&scalar),
    };
    let oneof = field
        .containing_oneof()
        .map(|oneof| format!(" {{{}}}", oneof.name()))
        .unwrap_or_default();
    format!("{}:{kind}={}{oneof}", field.json_name(), field.number())
}

fn kind(kind: &Kind) -> String {
    match kind {
        Kind::Message(message) => local(message.full_name()).to_owned(),
        Kind::Enum(enumeration) => local(enumeration.full_name()).to_owned(),
        scalar => format!("{scalar:?}"),
    }
}

fn enum_line(enumeration: &EnumDescriptor) -> String {
    let mut values: Vec<(i32, String)> = enumeration
        .values()
        .map(|value| (value.number(), value.name().to_owned()))
        .collect();
    values.sort();
    let values: Vec<String> = values
        .iter()
        .map(|(number, name)| format!("{name}={number}"))
        .collect();
    format!(
        "enum {}: {}",
        local(enumeration.full_name()),
        values.join(", ")
    )
}

fn local(name: &str) -> &str {
    name.strip_prefix(PACKAGE)
        .map_or(name, |name| name.trim_start_matches('.'))
}

const PACKAGE: &str = "google.cloud.recaptchaenterprise.v1";
