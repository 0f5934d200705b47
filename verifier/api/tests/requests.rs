//! What holds for every HTTP request to the API.

use proptest::prelude::*;
use touchstone_api::{Code, Operation, Place};

proptest! {
    /// Path, query and body come from outside; what they make is read again by the binary door.
    #[test]
    fn any_parts_make_a_request_that_the_other_door_takes_or_an_invalid_argument(
        index in 0usize..24,
        name in "(projects/)?[a-zA-Z0-9/._%-]{0,40}",
        query in query(),
        body in prop_oneof![
            any::<Vec<u8>>(),
            "\\PC{0,80}".prop_map(String::into_bytes),
            field().prop_map(|(name, value)| format!("{{\"{name}\":{value}}}").into_bytes()),
        ],
    ) {
        let operation = &Operation::all()[index];
        match operation.from_rest(&name, &query, &body) {
            Ok(request) => prop_assert_eq!(operation.check(&request), Ok(())),
            Err(error) => prop_assert_eq!(error.code(), Code::InvalidArgument, "{}", error),
        }
    }

    #[test]
    fn any_bytes_are_a_message_or_an_invalid_argument(index in 0usize..24, bytes in any::<Vec<u8>>()) {
        if let Err(error) = Operation::all()[index].check(&bytes) {
            prop_assert_eq!(error.code(), Code::InvalidArgument, "{}", error);
        }
    }

    #[test]
    fn any_path_leads_somewhere_or_nowhere(path in "(/v1/projects)?[/a-z%0-9:]{0,60}") {
        if let Some(place) = Place::at(&path) {
            prop_assert!(!place.operations().is_empty());
            prop_assert!(place.name().starts_with("projects/"));
        }
    }
}

fn query() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        "[a-zA-Z_$.]{0,12}",
        Just("pageSize".to_owned()),
        Just("update_mask".to_owned())
    ];
    let pair = (name, "[a-z0-9.,%_-]{0,16}").prop_map(|(name, value)| format!("{name}={value}"));
    prop::collection::vec(pair, 0..4).prop_map(|pairs| pairs.join("&"))
}

fn field() -> impl Strategy<Value = (&'static str, &'static str)> {
    let names = [
        "event",
        "name",
        "displayName",
        "names",
        "ipOverrideData",
        "webSettings",
        "annotation",
        "actions",
        "labels",
    ];
    let values = [
        "null",
        "{}",
        "[]",
        "[{}]",
        "\"\"",
        "0",
        "-1",
        "1e99",
        "true",
        "{\"ip\":5}",
        "{\"a\":\"b\"}",
        "[null]",
        "99",
    ];
    (
        prop::sample::select(names.to_vec()),
        prop::sample::select(values.to_vec()),
    )
}
