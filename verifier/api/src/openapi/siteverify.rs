//! The verifications that are not part of the messages, and what else the public door answers.

use serde_json::{Map, Value, json};

/// Their paths.
pub(super) fn paths() -> Map<String, Value> {
    let classic = "#/components/schemas/SiteVerifyAnswer";
    let turnstile = "#/components/schemas/TurnstileAnswer";
    let mut get = method(
        "SiteVerifyByQuery",
        "The same, asked by query string.",
        classic,
    );
    get["parameters"] = ["secret", "response", "remoteip"]
        .map(|name| json!({"name": name, "in": "query", "schema": {"type": "string"}}))
        .into();
    let mut post = method(
        "SiteVerify",
        "Verifies a token for whoever holds the site's secret. Unknown parameters are ignored.",
        classic,
    );
    post["requestBody"] = body("#/components/schemas/SiteVerifyRequest");
    let mut of_turnstile = method(
        "TurnstileSiteVerify",
        "The same in the form of Turnstile: without a score, and with a key to ask again.",
        turnstile,
    );
    of_turnstile["requestBody"] = body("#/components/schemas/TurnstileRequest");
    let mut paths = Map::new();
    paths.insert(
        "/recaptcha/api/siteverify".to_owned(),
        json!({"get": get, "post": post}),
    );
    paths.insert(
        "/turnstile/v0/siteverify".to_owned(),
        json!({"post": of_turnstile}),
    );
    paths
}

/// Their schemas.
pub(super) fn schemas() -> Map<String, Value> {
    let text = |description: &str| json!({"type": "string", "description": description});
    let asked = json!({
        "secret": text("The site's secret, as `touchstone key create` shows it."),
        "response": text("The token."),
        "remoteip": text("The visitor's address, for the key's IP overrides."),
    });
    let mut asked_of_turnstile = asked.clone();
    asked_of_turnstile["idempotency_key"] =
        text("The same question with the same key gets its first answer again, for two minutes.");
    let codes = json!({"type": "array", "items": {"enum": CODES}});
    let answered = json!({
        "success": {"type": "boolean"},
        "challenge_ts": {"type": "string", "format": "date-time"},
        "hostname": {"type": "string"},
        "error-codes": codes,
    });
    let (mut classic, mut turnstile) = (answered.clone(), answered);
    classic["score"] =
        json!({"type": "number", "minimum": 0, "maximum": 1, "description": FOR_SCORES});
    classic["action"] = json!({"type": "string", "description": FOR_SCORES});
    turnstile["action"] = json!({"type": "string"});
    turnstile["cdata"] = json!({"const": ""});
    turnstile["metadata"] = json!({
        "type": "object",
        "properties": {"interactive": {"type": "boolean", "description": "Whether the visitor answered a question."}},
        "required": ["interactive"],
        "additionalProperties": false,
    });
    turnstile["messages"] = json!({"type": "array", "maxItems": 0});
    let object = |properties: Value, required: &[&str], closed: bool| json!({"type": "object", "properties": properties, "required": required, "additionalProperties": !closed});
    [
        (
            "SiteVerifyRequest",
            object(asked, &["secret", "response"], false),
        ),
        (
            "TurnstileRequest",
            object(asked_of_turnstile, &["secret", "response"], false),
        ),
        ("SiteVerifyAnswer", object(classic, &["success"], true)),
        (
            "TurnstileAnswer",
            object(turnstile, &["success", "error-codes", "messages"], true),
        ),
    ]
    .into_iter()
    .map(|(name, schema)| (name.to_owned(), schema))
    .collect()
}

fn method(id: &str, summary: &str, answer: &str) -> Value {
    json!({
        "operationId": id,
        "summary": summary,
        "description": "The answer is always 200; what is wrong is told inside.",
        "tags": ["Verification"],
        "security": [],
        "responses": {
            "200": {
                "description": "The verdict.",
                "content": {"application/json": {"schema": {"$ref": answer}}},
            },
        },
    })
}

fn body(schema: &str) -> Value {
    let content = json!({"schema": {"$ref": schema}});
    json!({"required": true, "content": {
        "application/x-www-form-urlencoded": content,
        "multipart/form-data": content,
        "application/json": content,
    }})
}

const FOR_SCORES: &str = "For score, policy-based and Universal keys.";
const CODES: [&str; 8] = [
    "missing-input-secret",
    "invalid-input-secret",
    "missing-input-response",
    "invalid-input-response",
    "bad-request",
    "timeout-or-duplicate",
    "browser-error",
    "internal-error",
];
