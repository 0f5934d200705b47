//! Lists of fields to change: `updateMask=display_name,web_settings.allowed_domains`.

use prost::{Message, Name};
use prost_reflect::{DynamicMessage, Kind, MessageDescriptor, ReflectMessage as _};
use prost_types::FieldMask;

use crate::{
    ApiError,
    error::excerpt,
    json::{descriptor, dynamic},
};

/// Reads the value of the query parameter `updateMask`, percent-decoded. Names may be in lowerCamelCase or snake_case;
/// the mask has them in snake_case. `*` stands for all fields.
///
/// # Errors
///
/// [`Code::InvalidArgument`](crate::Code::InvalidArgument) for a path that `M` has not.
pub fn parse<M: Name>(text: &str) -> Result<FieldMask, ApiError> {
    let descriptor = descriptor::<M>()?;
    let paths = text
        .split(',')
        .map(str::trim)
        .filter(|path| !path.is_empty());
    Ok(FieldMask {
        paths: paths
            .map(|path| normal(path, &descriptor))
            .collect::<Result<_, _>>()?,
    })
}

/// Copies the fields that the mask names from `update` to `current`; all of them if the mask is absent, empty or `*`.
/// Fields that only the server sets are the caller's to protect.
///
/// # Errors
///
/// [`Code::InvalidArgument`](crate::Code::InvalidArgument) for a path that `M` has not, as a mask that came over gRPC
/// may hold.
pub fn apply<M>(current: &mut M, update: &M, mask: Option<&FieldMask>) -> Result<(), ApiError>
where
    M: Message + Name + Default + Clone,
{
    let paths = mask.map_or(&[][..], |mask| &mask.paths);
    if paths.is_empty() || paths.iter().any(|path| path == ALL) {
        *current = update.clone();
        return Ok(());
    }
    let descriptor = descriptor::<M>()?;
    let mut target = dynamic(current)?;
    let source = dynamic(update)?;
    for path in paths {
        let path = normal(path, &descriptor)?;
        let names: Vec<&str> = path.split('.').collect();
        copy(&mut target, &source, &names);
    }
    *current = target.transcode_to().map_err(|_| ApiError::internal())?;
    Ok(())
}

fn copy(target: &mut DynamicMessage, source: &DynamicMessage, names: &[&str]) {
    let Some((name, rest)) = names.split_first() else {
        return;
    };
    let Some(field) = source.descriptor().get_field_by_name(name) else {
        return;
    };
    if rest.is_empty() {
        match source.has_field(&field) {
            true => target.set_field(&field, source.get_field(&field).into_owned()),
            false => target.clear_field(&field),
        }
    } else if let Some(source) = source.get_field(&field).as_message()
        && let Some(target) = target.get_field_mut(&field).as_message_mut()
    {
        copy(target, source, rest);
    }
}

/// The path in snake_case, if the message has it. Only the last field of a path may be repeated.
fn normal(path: &str, descriptor: &MessageDescriptor) -> Result<String, ApiError> {
    let unknown = || {
        ApiError::invalid_field(
            "updateMask",
            format!("There is no field '{}' to change.", excerpt(path, 64)),
        )
    };
    if path == ALL {
        return Ok(ALL.to_owned());
    }
    let mut names = Vec::new();
    let mut message = Some(descriptor.clone());
    for name in path.split('.') {
        let parent = message.ok_or_else(unknown)?;
        let field = parent
            .get_field_by_name(name)
            .or_else(|| parent.get_field_by_json_name(name))
            .ok_or_else(unknown)?;
        message = match field.kind() {
            Kind::Message(message) if !field.is_list() && !field.is_map() => Some(message),
            _ => None,
        };
        names.push(field.name().to_owned());
    }
    Ok(names.join("."))
}

const ALL: &str = "*";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::v1::{Key, WebKeySettings, key::PlatformSettings};

    #[test]
    fn names_may_be_in_either_case() {
        let table = [
            (
                "display_name,web_settings.allowed_domains",
                vec!["display_name", "web_settings.allowed_domains"],
            ),
            (
                "displayName, webSettings.allowedDomains",
                vec!["display_name", "web_settings.allowed_domains"],
            ),
            ("labels", vec!["labels"]),
            ("*", vec!["*"]),
            ("", vec![]),
        ];
        for (text, paths) in table {
            assert_eq!(parse::<Key>(text).unwrap().paths, paths, "{text}");
        }
    }

    #[test]
    fn unknown_paths_are_refused_by_name() {
        for text in [
            "foo",
            "web_settings.foo",
            "labels.a",
            "display_name.x",
            "web_settings.allowed_domains.x",
            "a..b",
        ] {
            let error = parse::<Key>(text).unwrap_err();
            assert_eq!(error.http_status(), 400, "{text}");
            assert!(error.message().contains(text), "{error}");
        }
    }

    #[test]
    fn only_the_named_fields_change() {
        let mut current = key("old", &["a.example"], true);
        let update = key("new", &["b.example"], false);
        apply(
            &mut current,
            &update,
            Some(&parse::<Key>("webSettings.allowedDomains").unwrap()),
        )
        .unwrap();
        assert_eq!(current, key("old", &["b.example"], true));
        apply(
            &mut current,
            &Key::default(),
            Some(&parse::<Key>("display_name").unwrap()),
        )
        .unwrap();
        assert_eq!(current, key("", &["b.example"], true));
    }

    #[test]
    fn without_a_mask_everything_changes() {
        for mask in [
            None,
            Some(FieldMask::default()),
            Some(FieldMask {
                paths: vec!["*".to_owned()],
            }),
        ] {
            let mut current = key("old", &["a.example"], true);
            let update = key("new", &[], false);
            apply(&mut current, &update, mask.as_ref()).unwrap();
            assert_eq!(current, update);
        }
    }

    #[test]
    fn a_path_into_nothing_sets_nothing() {
        let mut current = Key {
            display_name: "old".to_owned(),
            ..Key::default()
        };
        let mask = FieldMask {
            paths: vec!["ios_settings.allowed_bundle_ids".to_owned()],
        };
        apply(&mut current, &Key::default(), Some(&mask)).unwrap();
        assert_eq!(current.display_name, "old");
    }

    fn key(name: &str, domains: &[&str], amp: bool) -> Key {
        Key {
            display_name: name.to_owned(),
            platform_settings: Some(PlatformSettings::WebSettings(WebKeySettings {
                allowed_domains: domains.iter().map(|domain| (*domain).to_owned()).collect(),
                allow_amp_traffic: amp,
                ..WebKeySettings::default()
            })),
            ..Key::default()
        }
    }
}
