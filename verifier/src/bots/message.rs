use hyper::{
    Uri,
    header::{HeaderMap, HeaderName},
};
use sfv::{ListEntry, Parser, SerializeValue};
use web_bot_auth::{
    components::{CoveredComponent, DerivedComponent, HTTPField, HTTPFieldParameters},
    message_signatures::SignedMessage,
};

/// What a signature may cover of a request (RFC 9421, section 2).
#[derive(Debug, Clone, Copy)]
pub struct SignedRequest<'a> {
    /// The method, if known: a backend that passes headers on does not say it.
    pub method: Option<&'a str>,
    /// Where the request went: path and query, and if known, scheme and host.
    pub uri: &'a Uri,
    /// Its headers.
    pub headers: &'a HeaderMap,
}

impl SignedRequest<'_> {
    /// Whether there is anything to verify.
    pub fn is_signed(&self) -> bool {
        self.headers.contains_key("signature-input") && self.headers.contains_key("signature")
    }

    /// Section 2.2.3: the host, in lower case, without a default port.
    fn authority(&self) -> Option<String> {
        let in_header = || self.headers.get("host").and_then(|host| host.to_str().ok());
        let authority = self.uri.authority().map(|authority| authority.as_str());
        let authority = authority.or_else(in_header)?.to_ascii_lowercase();
        let bare = [":443", ":80"]
            .into_iter()
            .find_map(|port| authority.strip_suffix(port));
        Some(bare.unwrap_or(&authority).to_owned())
    }

    fn field(&self, field: &HTTPField) -> Option<Vec<String>> {
        let name = HeaderName::from_bytes(field.name.as_bytes()).ok()?;
        let values = self.headers.get_all(name).iter();
        let values: Option<Vec<String>> = values
            .map(|value| value.to_str().ok().map(|text| text.trim().to_owned()))
            .collect();
        match &field.parameters.0[..] {
            [] => values,
            [HTTPFieldParameters::Key(key)] => member(&values?.join(", "), key).map(|m| vec![m]),
            // Forms that no signer of requests to a verifier needs.
            _ => None,
        }
    }
}

impl SignedMessage for SignedRequest<'_> {
    fn lookup_component(&self, name: &CoveredComponent) -> Vec<String> {
        let one = |text: Option<&str>| text.map(str::to_owned);
        let value = match name {
            CoveredComponent::HTTP(field) => return self.field(field).unwrap_or_default(),
            CoveredComponent::Derived(component) => match component {
                DerivedComponent::Authority { .. } => self.authority(),
                DerivedComponent::Method { .. } => one(self.method),
                DerivedComponent::Path { .. } => one(Some(self.uri.path())),
                DerivedComponent::RequestTarget { .. } => {
                    one(self.uri.path_and_query().map(|target| target.as_str()))
                }
                DerivedComponent::Query { .. } => {
                    Some(format!("?{}", self.uri.query().unwrap_or_default()))
                }
                _ => None,
            },
        };
        value.into_iter().collect()
    }
}

/// Section 2.1.2: the value of one key of a dictionary.
fn member(header: &str, key: &str) -> Option<String> {
    let dictionary = Parser::new(header).parse_dictionary().ok()?;
    match dictionary.get(key)? {
        ListEntry::Item(item) => Some(item.serialize_value()),
        ListEntry::InnerList(_) => None,
    }
}
