//! Query strings: fields of the request, and the parameters that every method takes.

use std::collections::HashSet;

use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, Value};
use serde_json::{Map, Value as Json};

use super::Operation;
use crate::{ApiError, error::excerpt, json::decode_dynamic};

/// A request with the fields that the query string gives, each once. Names may be in lowerCamelCase or snake_case.
pub(super) fn read(operation: &Operation, query: &str) -> Result<DynamicMessage, ApiError> {
    let fields = operation.query_fields();
    let mut masks = Vec::new();
    let mut seen = HashSet::new();
    let mut given = Map::new();
    for (name, text) in form_urlencoded::parse(query.as_bytes()) {
        if matches!(&*name, "alt" | "$alt") && !is_json(&text) {
            let fix = "Answers are JSON alone: leave the parameter out, or send json.";
            return Err(ApiError::invalid_field(name, fix));
        }
        if name.is_empty() || is_standard(&name) {
            continue;
        }
        let field = fields
            .iter()
            .find(|field| field.json_name() == name || field.name() == name)
            .ok_or_else(|| unknown(&name, &fields))?;
        if !seen.insert(field.number()) {
            return Err(ApiError::invalid_field(
                name,
                "The parameter is given twice: send it once.",
            ));
        }
        match field.kind() {
            Kind::Message(message) if message.full_name() == FIELD_MASK => {
                masks.push((field, mask(&message, &text)));
            }
            kind => {
                given.insert(field.json_name().to_owned(), json(&kind, &text));
            }
        }
    }
    let mut request = match given.is_empty() {
        true => DynamicMessage::new(operation.input()),
        false => decode_dynamic(
            Json::Object(given).to_string().as_bytes(),
            &operation.input(),
        )?,
    };
    for (field, mask) in masks {
        request.set_field(field, mask);
    }
    Ok(request)
}

/// A parameter's text in the form that it has in a JSON body. Numbers may be strings there.
fn json(kind: &Kind, text: &str) -> Json {
    match (kind, text) {
        (Kind::Bool, "true" | "false") => Json::Bool(text == "true"),
        (Kind::Enum(_), number) if number.parse::<i32>().is_ok() => {
            number.parse::<i32>().map_or(Json::Null, Json::from)
        }
        _ => Json::String(text.to_owned()),
    }
}

/// The paths as they came, in either case: [`crate::mask::apply`] reads them, whichever door they came through.
fn mask(message: &prost_reflect::MessageDescriptor, text: &str) -> Value {
    let paths = text.split(',').map(str::trim);
    let paths = paths.filter(|path| !path.is_empty());
    let paths = paths.map(|path| Value::String(path.to_owned())).collect();
    let mut mask = DynamicMessage::new(message.clone());
    mask.set_field_by_name("paths", Value::List(paths));
    Value::Message(mask)
}

/// Whether `alt` asks for JSON, with or without options behind a semicolon.
fn is_json(alt: &str) -> bool {
    let kind = alt.split(';').next().unwrap_or_default().trim();
    kind.is_empty() || kind.eq_ignore_ascii_case("json")
}

fn is_standard(name: &str) -> bool {
    let bare = name.strip_prefix('$').unwrap_or(name);
    STANDARD.contains(&bare)
}

fn unknown(name: &str, fields: &[FieldDescriptor]) -> ApiError {
    let known: Vec<&str> = fields.iter().map(FieldDescriptor::json_name).collect();
    let fix = match known.as_slice() {
        [] => "This method takes no parameters of its own in the query string.".to_owned(),
        known => format!("Parameters of this method are: {}.", known.join(", ")),
    };
    ApiError::invalid_field(
        excerpt(name, 64),
        format!("There is no such query parameter. {fix}"),
    )
}

/// What Google's REST doors take with every method: read elsewhere (`key`, `$alt`) or without meaning here.
const STANDARD: [&str; 11] = [
    "key",
    "access_token",
    "oauth_token",
    "alt",
    "callback",
    "fields",
    "prettyPrint",
    "quotaUser",
    "uploadType",
    "upload_protocol",
    ".xgafv",
];
const FIELD_MASK: &str = "google.protobuf.FieldMask";
