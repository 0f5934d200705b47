//! The methods of the service, and the HTTP requests that mean the same.
//!
//! Both doors end up with the same bytes: the request message as gRPC carries it. Over REST its parts come from the path,
//! the query string and a JSON body, as the `google.api.http` option of each method says
//! ([AIP-127](https://google.aip.dev/127)); so a method added to the `.proto` has its REST form, too.

use std::sync::LazyLock;

use prost::Message as _;
use prost_reflect::{
    DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, MethodDescriptor, Value,
};

use crate::{ApiError, SERVICE_NAME, descriptors, json::decode_dynamic};
use template::{Template, custom_verb};

mod check;
mod query;
mod template;
mod usual;

/// A method of the service.
#[derive(Debug, PartialEq)]
pub struct Operation {
    method: MethodDescriptor,
    verb: &'static str,
    template: Template,
    body: Body,
}

/// What is at a path: the resource that it names, and a method for every HTTP verb that it answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    name: String,
    operations: Vec<&'static Operation>,
}

/// What the body of an HTTP request fills.
#[derive(Debug, PartialEq)]
pub(crate) enum Body {
    /// Nothing: whatever is sent is not looked at.
    None,
    /// The request.
    Whole,
    /// One field of the request.
    Field(FieldDescriptor),
}

impl Operation {
    /// All methods, in the order of the `.proto`.
    pub fn all() -> &'static [Self] {
        // A method whose option is not one of ours would be left out; the test `every_method_has_its_rest_form` fails then.
        static ALL: LazyLock<Vec<Operation>> = LazyLock::new(|| {
            let service = descriptors().get_service_by_name(SERVICE_NAME);
            let methods = service.iter().flat_map(|service| service.methods());
            methods.filter_map(Operation::new).collect()
        });
        &ALL
    }

    /// The method of this name, such as `CreateKey`.
    pub fn named(rpc: &str) -> Option<&'static Self> {
        Self::all().iter().find(|operation| operation.rpc() == rpc)
    }

    /// Its name, such as `CreateKey`.
    pub fn rpc(&self) -> &str {
        self.method.name()
    }

    /// The HTTP verb: `GET`, `POST`, `PATCH` or `DELETE`.
    pub fn verb(&self) -> &'static str {
        self.verb
    }

    /// Path of the field that names the resource, as errors show it: `parent`, `firewallPolicy.name`.
    pub fn name_field(&self) -> String {
        let fields = self.name_fields();
        let names: Vec<&str> = fields.iter().map(FieldDescriptor::json_name).collect();
        names.join(".")
    }

    /// Whether an HTTP request has a body that counts.
    pub fn takes_body(&self) -> bool {
        !matches!(self.body, Body::None)
    }

    /// The request, from its parts over REST: the name as [`Place::name`] has it, the query string (without `?`) and the
    /// body.
    ///
    /// # Errors
    ///
    /// INVALID_ARGUMENT that names the wrong parameter or field.
    pub fn from_rest(&self, name: &str, query: &str, body: &[u8]) -> Result<Vec<u8>, ApiError> {
        if let Some(request) = self.usual(name, query, body) {
            return Ok(request);
        }
        let mut request = query::read(self, query)?;
        match &self.body {
            Body::None => {}
            Body::Whole => request = decode_dynamic(body, &self.method.input())?,
            Body::Field(field) => {
                if let Kind::Message(message) = field.kind() {
                    request.set_field(field, Value::Message(decode_dynamic(body, &message)?));
                }
            }
        }
        set(&mut request, &self.name_fields(), name);
        check::check(&request)?;
        Ok(request.encode_to_vec())
    }

    /// The same for a request like nearly all.
    fn usual(&self, name: &str, query: &str, body: &[u8]) -> Option<Vec<u8>> {
        let is_assessment = self.rpc() == usual::RPC && query.is_empty();
        is_assessment.then(|| usual::read(name, body)).flatten()
    }

    /// Checks a request that came in its binary form, as [`Operation::from_rest`] checks what it makes.
    ///
    /// # Errors
    ///
    /// INVALID_ARGUMENT if the bytes are no such message, or a field holds what it must not.
    pub fn check(&self, request: &[u8]) -> Result<(), ApiError> {
        let input = self.method.input();
        let request = DynamicMessage::decode(input.clone(), request).map_err(|error| {
            ApiError::invalid_argument(format!("The request is not a {}: {error}.", input.name()))
        })?;
        check::check(&request)
    }

    /// The type of requests.
    pub(crate) fn input(&self) -> MessageDescriptor {
        self.method.input()
    }

    /// The type of answers.
    pub(crate) fn output(&self) -> MessageDescriptor {
        self.method.output()
    }

    /// What the body of an HTTP request fills.
    pub(crate) fn body(&self) -> &Body {
        &self.body
    }

    /// The segments of the path behind the version; `None` for any one segment.
    pub(crate) fn segments(&self) -> impl Iterator<Item = Option<&str>> {
        self.template.segments()
    }

    /// What follows the colon in the path.
    pub(crate) fn custom_verb(&self) -> Option<&str> {
        self.template.verb.as_deref()
    }

    /// The fields that an HTTP request may give in the query string.
    pub(crate) fn query_fields(&self) -> Vec<FieldDescriptor> {
        let named = self.name_fields();
        let of_path = named.first();
        let in_query = |field: &FieldDescriptor| match &self.body {
            Body::None => Some(field) != of_path,
            Body::Whole => false,
            Body::Field(body) => field != body && Some(field) != of_path,
        };
        self.method.input().fields().filter(in_query).collect()
    }

    /// From the request down to the field that names the resource.
    fn name_fields(&self) -> Vec<FieldDescriptor> {
        let mut message = Some(self.method.input());
        let names = self.template.field.split('.');
        let fields = names.map_while(|name| {
            let field = message.take()?.get_field_by_name(name)?;
            if let Kind::Message(inner) = field.kind() {
                message = Some(inner);
            }
            Some(field)
        });
        fields.collect()
    }

    fn new(method: MethodDescriptor) -> Option<Self> {
        let options = method.options();
        let extension = descriptors().get_extension_by_name("google.api.http")?;
        let rule = options.get_extension(&extension);
        let rule = rule.as_message()?;
        let text = |field: &str| {
            let value = rule.get_field_by_name(field)?;
            value
                .as_str()
                .filter(|text| !text.is_empty())
                .map(str::to_owned)
        };
        let (verb, path) = VERBS
            .iter()
            .find_map(|(field, verb)| Some((*verb, text(field)?)))?;
        let body = match text("body").as_deref() {
            None => Body::None,
            Some("*") => Body::Whole,
            Some(field) => Body::Field(method.input().get_field_by_name(field)?),
        };
        Some(Self {
            template: Template::parse(&path)?,
            method,
            verb,
            body,
        })
    }
}

impl Place {
    /// What is at a path, whose percent-encoding is not yet undone; none where there is nothing.
    pub fn at(path: &str) -> Option<Self> {
        let mut segments = template::segments(path)?;
        let verb = custom_verb(&mut segments);
        let mut place: Option<Self> = None;
        for operation in Operation::all() {
            if let Some(name) = operation.template.name_in(&segments, verb.as_deref()) {
                place
                    .get_or_insert_with(|| Self {
                        name,
                        operations: Vec::new(),
                    })
                    .operations
                    .push(operation);
            }
        }
        place
    }

    /// The resource that the path names, such as `projects/p`. Its characters are not yet checked.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The method that an HTTP verb calls here.
    pub fn operation(&self, verb: &str) -> Option<&'static Operation> {
        let mut operations = self.operations.iter();
        operations
            .find(|operation| operation.verb() == verb)
            .copied()
    }

    /// The methods, one for each HTTP verb.
    pub fn operations(&self) -> &[&'static Operation] {
        &self.operations
    }
}

/// Sets the last of `fields`, each of which is in the message before.
fn set(message: &mut DynamicMessage, fields: &[FieldDescriptor], text: &str) {
    match fields {
        [] => {}
        [field] => message.set_field(field, Value::String(text.to_owned())),
        [field, rest @ ..] => {
            if let Some(inner) = message.get_field_mut(field).as_message_mut() {
                set(inner, rest, text);
            }
        }
    }
}

/// The fields of `google.api.HttpRule` that hold a path.
const VERBS: [(&str, &str); 5] = [
    ("get", "GET"),
    ("put", "PUT"),
    ("post", "POST"),
    ("delete", "DELETE"),
    ("patch", "PATCH"),
];

#[cfg(test)]
mod tests;
