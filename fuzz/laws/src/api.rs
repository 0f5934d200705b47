//! What backends send.

use std::fmt::Debug;

use form_urlencoded::Serializer;
use prost::{Message, Name};
use serde_json::json;
use touchstone_api::{
    ApiError, EnumStyle, Operation, Place, decode, encode, mask, names,
    siteverify::SiteVerifyRequest, v1,
};

use crate::text;

/// A verb and a path with query, and behind the first line break a body: what REST accepts gRPC would accept, too, and an error
/// is the caller's and says what is wrong.
pub(crate) fn json(bytes: &[u8]) {
    let (head, body) = text::line(bytes);
    let Some((verb, target)) = std::str::from_utf8(head)
        .ok()
        .and_then(|h| h.split_once(' '))
    else {
        return;
    };
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let Some(place) = Place::at(path) else { return };
    let Some(operation) = place.operation(verb) else {
        return;
    };
    let read = operation.from_rest(place.name(), query, body);
    match read.and_then(|request| operation.check(&request)) {
        Ok(()) => {}
        Err(error) => is_of_the_caller(&error),
    }
    for refused in [
        decode::<v1::Assessment>(body).err(),
        decode::<v1::Key>(body).err(),
        decode::<v1::FirewallPolicy>(body).err(),
    ] {
        let _ = refused.as_ref().map(is_of_the_caller);
    }
}

/// The name of a method, and behind the first line break a message: what is accepted has a JSON form that reads back the same.
pub(crate) fn message(bytes: &[u8]) {
    let (name, message) = text::line(bytes);
    let name = std::str::from_utf8(name).unwrap_or_default();
    let Some(operation) = Operation::named(name) else {
        return;
    };
    if let Err(error) = operation.check(message) {
        return is_of_the_caller(&error);
    }
    match name {
        "CreateAssessment" => survives::<v1::CreateAssessmentRequest>(message),
        "AnnotateAssessment" => survives::<v1::AnnotateAssessmentRequest>(message),
        "CreateKey" => survives::<v1::CreateKeyRequest>(message),
        "CreateFirewallPolicy" => survives::<v1::CreateFirewallPolicyRequest>(message),
        "ReorderFirewallPolicies" => survives::<v1::ReorderFirewallPoliciesRequest>(message),
        "AddIpOverride" => survives::<v1::AddIpOverrideRequest>(message),
        "UpdateKey" => masked(message),
        _ => {}
    }
}

/// A name that parses prints as it was; so does a path of a mask.
pub(crate) fn names(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    macro_rules! prints_as_it_was {
        ($($name:ident),*) => {$(
            match text.parse::<names::$name>() {
                Ok(name) => assert_eq!(name.to_string(), text),
                Err(error) => assert!(!error.to_string().is_empty()),
            }
        )*};
    }
    prints_as_it_was!(
        ProjectId,
        ProjectName,
        AssessmentName,
        KeyName,
        MetricsName,
        PolicyName,
        FirewallPolicyName,
        RelatedAccountGroupName,
        RelatedAccountGroupMembershipName
    );
    if let Some(place) = Place::at(text) {
        assert!(!place.operations().is_empty());
    }
    match mask::parse::<v1::Key>(text) {
        Ok(mask) => assert_eq!(mask::parse::<v1::Key>(&mask.paths.join(",")), Ok(mask)),
        Err(error) => is_of_the_caller(&error),
    }
}

/// A classic verification reads the same as a form, from fields and from JSON.
pub(crate) fn siteverify(bytes: &[u8]) {
    let asked = SiteVerifyRequest::from_form(bytes);
    let pairs = pairs(&asked);
    let form = Serializer::new(String::new()).extend_pairs(&pairs).finish();
    assert_eq!(SiteVerifyRequest::from_form(form.as_bytes()), asked);
    if let Ok(asked) = SiteVerifyRequest::from_json(bytes) {
        let object: serde_json::Map<_, _> = self::pairs(&asked)
            .into_iter()
            .map(|(name, value)| (name.to_owned(), json!(value)))
            .collect();
        let text = serde_json::Value::Object(object).to_string();
        assert_eq!(SiteVerifyRequest::from_json(text.as_bytes()), Ok(asked));
    }
}

fn pairs(asked: &SiteVerifyRequest) -> Vec<(&'static str, String)> {
    let secret = asked
        .secret
        .as_ref()
        .map(|secret| secret.expose().to_owned());
    let address = asked.remote_ip.map(|address| address.to_string());
    [
        ("secret", secret),
        ("response", asked.response.clone()),
        ("remoteip", address),
        ("idempotency_key", asked.idempotency_key.clone()),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, value?)))
    .collect()
}

fn survives<M: Message + Name + Default + PartialEq + Debug>(message: &[u8]) {
    // Maps are checked less strictly than they are read; the door refuses then.
    let Ok(message) = M::decode(message) else {
        return;
    };
    for style in [EnumStyle::Names, EnumStyle::Ints] {
        let text = encode(&message, style).expect("what was checked has a JSON form");
        let again = decode::<M>(text.to_string().as_bytes());
        assert_eq!(again.as_ref(), Ok(&message), "{text}");
    }
}

/// A mask from outside is applied, or refused as the caller's fault.
fn masked(message: &[u8]) {
    let Ok(request) = v1::UpdateKeyRequest::decode(message) else {
        return;
    };
    let mut key = v1::Key::default();
    let update = request.key.unwrap_or_default();
    if let Err(error) = mask::apply(&mut key, &update, request.update_mask.as_ref()) {
        is_of_the_caller(&error);
    }
}

fn is_of_the_caller(error: &ApiError) {
    assert_eq!(error.http_status(), 400, "{error:?}");
    assert!(!error.message().is_empty());
    assert_eq!(error.to_json()["error"]["code"], 400);
    assert!(error.to_rpc().encoded_len() < 64 * 1024, "{error:?}");
}
