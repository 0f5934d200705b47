//! A path for every method, with what it takes and answers.

use serde_json::{Map, Value, json};

use super::{comments::Commented, examples, schemas};
use crate::{Operation, operation::Body};

/// All paths of the API.
pub(super) fn paths() -> Map<String, Value> {
    let mut paths = Map::new();
    for operation in Operation::all() {
        let (path, parameters) = path(operation);
        let place = paths
            .entry(path)
            .or_insert_with(|| json!({"parameters": parameters}));
        place[operation.verb().to_lowercase()] = method(operation);
    }
    paths
}

/// Parameters of more than one method.
pub(super) fn parameters() -> Value {
    json!({
        "alt": {
            "name": "$alt",
            "in": "query",
            "description": "With `json;enum-encoding=int`, enum values are answered as numbers.",
            "schema": {"type": "string", "pattern": "^(json(;.*)?)?$", "examples": ["json;enum-encoding=int"]},
        },
        "idempotencyKey": {
            "name": "Idempotency-Key",
            "in": "header",
            "description": "The same request with the same key gets its first answer again, for two minutes.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255},
        },
        "explain": {
            "name": "x-touchstone-explain",
            "in": "header",
            "description": "With `1`, the answer has the evidence behind the score. The API key must have the scope `assessments.explain`.",
            "schema": {"type": "string", "examples": ["1"]},
        },
    })
}

/// The path as OpenAPI writes it, and its parameters.
fn path(operation: &Operation) -> (String, Vec<Value>) {
    let mut parameters = Vec::new();
    let mut collection = "";
    let segments: Vec<String> = operation
        .segments()
        .map(|segment| match segment {
            Some(word) => {
                collection = word;
                word.to_owned()
            }
            None => {
                let (name, pattern) = identifier(collection);
                parameters.push(json!({
                    "name": name,
                    "in": "path",
                    "required": true,
                    "schema": {"type": "string", "pattern": pattern},
                }));
                format!("{{{name}}}")
            }
        })
        .collect();
    let verb = operation
        .custom_verb()
        .map(|verb| format!(":{verb}"))
        .unwrap_or_default();
    (format!("/v1/{}{verb}", segments.join("/")), parameters)
}

/// Name and characters of the identifiers in a collection, as in [`crate::names`].
fn identifier(collection: &str) -> (&str, &'static str) {
    match collection {
        "projects" => ("project", "^[a-z0-9][a-z0-9-]{0,62}$"),
        "assessments" => ("assessment", "^[0-9a-f]{1,64}$"),
        "keys" => ("key", WORD),
        "firewallpolicies" => ("firewallPolicy", WORD),
        "relatedaccountgroups" => ("relatedAccountGroup", WORD),
        other => (other, WORD),
    }
}

fn method(operation: &Operation) -> Value {
    let input = operation.input();
    let mut parameters: Vec<Value> = operation
        .query_fields()
        .iter()
        .map(|field| {
            json!({
                "name": field.json_name(),
                "in": "query",
                "description": field.comment(),
                "schema": schemas::of_field(field),
            })
        })
        .collect();
    let shared: &[&str] = match operation.rpc() {
        "CreateAssessment" => &["alt", "idempotencyKey", "explain"],
        _ => &["alt"],
    };
    let reference = |name: &&str| json!({"$ref": format!("#/components/parameters/{name}")});
    parameters.extend(shared.iter().map(reference));
    let mut method = json!({
        "operationId": operation.rpc(),
        "summary": input.comment(),
        "tags": [tag(operation)],
        "parameters": parameters,
        "responses": {
            "200": {
                "description": operation.output().comment(),
                "content": {"application/json": {"schema": answer(operation)}},
            },
            "401": {"$ref": "#/components/responses/Error"},
            "default": {"$ref": "#/components/responses/Error"},
        },
    });
    if let Some(schema) = body(operation) {
        let mut content = json!({"schema": schema});
        if let Some(example) = examples::request(operation.rpc()) {
            content["example"] = example;
        }
        method["requestBody"] = json!({"content": {"application/json": content}});
    }
    if let Some(example) = examples::answer(operation.rpc()) {
        method["responses"]["200"]["content"]["application/json"]["example"] = example;
    }
    method
}

fn answer(operation: &Operation) -> Value {
    match operation.output().full_name() {
        "google.protobuf.Empty" => json!({"type": "object", "additionalProperties": false}),
        _ => schemas::reference(&operation.output()),
    }
}

/// What the body is: a message, or a request without the field that the path gives.
fn body(operation: &Operation) -> Option<Value> {
    match operation.body() {
        Body::None => None,
        Body::Field(field) => Some(schemas::of_field(field)),
        Body::Whole => Some(schemas::reference(&operation.input())),
    }
}

/// The resource that a method is about.
fn tag(operation: &Operation) -> &'static str {
    let rpc = operation.rpc();
    TAGS.iter()
        .find(|(part, _)| rpc.contains(part))
        .map_or("Keys", |(_, tag)| tag)
}

/// The first that fits counts.
const TAGS: [(&str, &str); 6] = [
    ("Assessment", "Assessments"),
    ("FirewallPolic", "Firewall policies"),
    ("Policy", "Policies"),
    ("RelatedAccount", "Related account groups"),
    ("IpOverride", "IP overrides"),
    ("Metrics", "Metrics"),
];
const WORD: &str = "^[A-Za-z0-9_-]{1,128}$";
