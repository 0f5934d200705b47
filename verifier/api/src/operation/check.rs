//! What every field must keep to, whatever it means. The binary form of messages carries numbers outside of enums and
//! times outside of the calendar, which JSON cannot even say: both doors refuse them alike.

use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, ReflectMessage as _, Value};

use crate::{ApiError, rpc::bad_request::FieldViolation};

/// # Errors
///
/// INVALID_ARGUMENT with every wrong field, [`VIOLATION_LIMIT`] at most.
pub(super) fn check(request: &DynamicMessage) -> Result<(), ApiError> {
    let mut violations = Vec::new();
    message("", request, &mut violations);
    match violations.is_empty() {
        true => Ok(()),
        false => Err(ApiError::invalid_fields(violations)),
    }
}

fn message(path: &str, message: &DynamicMessage, violations: &mut Vec<FieldViolation>) {
    if message.descriptor().full_name() == "google.protobuf.Timestamp" {
        return timestamp(path, message, violations);
    }
    for (field, value) in message.fields() {
        let path = match path {
            "" => field.json_name().to_owned(),
            path => format!("{path}.{}", field.json_name()),
        };
        match value {
            Value::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    single(&format!("{path}[{index}]"), &field, item, violations);
                }
            }
            Value::Map(entries) => {
                for value in entries.values() {
                    // Keys may be long; the path of the map is enough.
                    single(&path, &field, value, violations);
                }
            }
            value => single(&path, &field, value, violations),
        }
    }
}

fn single(
    path: &str,
    field: &FieldDescriptor,
    value: &Value,
    violations: &mut Vec<FieldViolation>,
) {
    if violations.len() >= VIOLATION_LIMIT {
        return;
    }
    match (value, field.kind()) {
        (Value::Message(inner), _) => message(path, inner, violations),
        (Value::EnumNumber(number), Kind::Enum(known)) if known.get_value(*number).is_none() => {
            violations.push(FieldViolation {
                field: path.to_owned(),
                description: format!("The enum {} has no value {number}.", known.name()),
            });
        }
        (value, _) if is_infinite(value) => violations.push(FieldViolation {
            field: path.to_owned(),
            description: "The number must be finite.".to_owned(),
        }),
        _ => {}
    }
}

/// Whether it is one of the numbers that JSON has no digits for, "NaN" among them.
fn is_infinite(value: &Value) -> bool {
    match value {
        Value::F32(number) => !number.is_finite(),
        Value::F64(number) => !number.is_finite(),
        _ => false,
    }
}

fn timestamp(path: &str, time: &DynamicMessage, violations: &mut Vec<FieldViolation>) {
    let number = |name: &str| {
        let value = time.get_field_by_name(name)?;
        value.as_i64().or_else(|| value.as_i32().map(i64::from))
    };
    let seconds = number("seconds").unwrap_or_default();
    let nanos = number("nanos").unwrap_or_default();
    if !YEARS_1_TO_9999.contains(&seconds) || !(0..1_000_000_000).contains(&nanos) {
        violations.push(FieldViolation {
            field: path.to_owned(),
            description:
                "The time must be within the years 1 to 9999, with 0 to 999,999,999 nanoseconds."
                    .to_owned(),
        });
    }
}

/// Seconds since 1970 (RFC 3339 can say no others).
const YEARS_1_TO_9999: std::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;
const VIOLATION_LIMIT: usize = 16;
