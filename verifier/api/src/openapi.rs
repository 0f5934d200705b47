//! The API described for people and programs, in the form of [OpenAPI 3.1](https://spec.openapis.org/oas/v3.1.1): written
//! from the same descriptors that the doors work from, with the comments of the `.proto` files as its texts.

use serde_json::{Value, json};

mod comments;
mod examples;
mod paths;
mod schemas;
mod siteverify;

/// The description of an API that is served under `base_path`: empty, or such as `/captcha`.
pub fn document(base_path: &str) -> Value {
    let server = match base_path {
        "" => "/",
        path => path,
    };
    let mut paths = paths::paths();
    paths.extend(siteverify::paths());
    let mut schemas = schemas::schemas();
    schemas.extend(siteverify::schemas());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Touchstone",
            "summary": "Self-hosted, invisible bot scoring with the reCAPTCHA Enterprise contract",
            "description": DESCRIPTION,
            "version": env!("CARGO_PKG_VERSION"),
        },
        "servers": [{"url": server}],
        "security": [{"apiKeyHeader": []}, {"apiKeyQuery": []}, {"bearer": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "parameters": paths::parameters(),
            "responses": {
                "Error": {
                    "description": "The request was refused. The HTTP status is `error.code`.",
                    "headers": {
                        "WWW-Authenticate": {
                            "description": "What would show who calls (401).",
                            "schema": {"type": "string"},
                        },
                        "Retry-After": {
                            "description": "Seconds after which the same request may be answered, where that is known (429, 503).",
                            "schema": {"type": "integer", "minimum": 1},
                        },
                    },
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
                },
            },
            "securitySchemes": {
                "apiKeyHeader": {"type": "apiKey", "in": "header", "name": "x-goog-api-key"},
                "apiKeyQuery": {"type": "apiKey", "in": "query", "name": "key"},
                "bearer": {"type": "http", "scheme": "bearer", "description": "The same API keys."},
            },
        },
    })
}

const DESCRIPTION: &str = "\
Names of fields may be in lowerCamelCase or snake_case in requests, and are in lowerCamelCase in answers. Enum values may be \
names or numbers in requests; answers have names, or numbers with the query parameter `$alt=json;enum-encoding=int`. 64-bit \
integers are strings, bytes are in base64, times as in RFC 3339. Query parameters may be in snake_case, too, and the \
standard parameters of Google's APIs (`key`, `alt`, `fields`, `prettyPrint`, …) are taken.\n\n\
The same methods are served by gRPC on the same address, as \
`google.cloud.recaptchaenterprise.v1.RecaptchaEnterpriseService`.";

#[cfg(test)]
mod tests;
