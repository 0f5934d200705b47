use super::*;
use crate::Operation;

#[test]
fn every_method_is_described_once() {
    let document = document("");
    let mut found = Vec::new();
    for (path, place) in document["paths"].as_object().unwrap() {
        for (verb, method) in place.as_object().unwrap() {
            if verb != "parameters" {
                found.push(method["operationId"].as_str().unwrap().to_owned());
                assert!(method["responses"]["200"].is_object(), "{verb} {path}");
                let is_open = method["security"] == json!([]);
                assert_eq!(method["responses"]["401"].is_null(), is_open, "{path}");
            }
        }
    }
    for operation in Operation::all() {
        let times = found.iter().filter(|id| *id == operation.rpc()).count();
        assert_eq!(times, 1, "{}", operation.rpc());
    }
    assert_eq!(found.len(), Operation::all().len() + 3);
    let place = &document["paths"]["/v1/projects/{project}/keys/{key}:listIpOverrides"];
    assert_eq!(place["parameters"][1]["name"], "key");
    assert_eq!(place["get"]["parameters"][0]["name"], "pageSize");
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document("");
    let mut count = 0;
    walk(&document, &mut |reference| {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
        count += 1;
    });
    assert!(count > 100, "{count}");
}

#[test]
fn texts_come_from_the_proto_files() {
    let document = document("");
    let key = &document["components"]["schemas"]["Key"];
    assert!(
        key["description"]
            .as_str()
            .unwrap()
            .starts_with("A site key")
    );
    assert_eq!(key["properties"]["createTime"]["readOnly"], true);
    assert_eq!(
        key["properties"]["displayName"]["description"],
        "Name for people. Required."
    );
}

fn walk(value: &Value, see: &mut impl FnMut(&str)) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(text) if name == "$ref" => see(text),
                    value => walk(value, see),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| walk(item, see)),
        _ => {}
    }
}
