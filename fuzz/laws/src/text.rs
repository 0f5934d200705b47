//! Inputs that are several texts: seeds stay readable, and a fuzzer finds the borders by itself.

/// Splits at the first line break; what is behind is empty if there is none.
pub(crate) fn line(bytes: &[u8]) -> (&[u8], &[u8]) {
    match bytes.iter().position(|byte| *byte == b'\n') {
        Some(at) => (&bytes[..at], &bytes[at + 1..]),
        None => (bytes, &[]),
    }
}

/// The same of text.
pub(crate) fn text_line(text: &str) -> (&str, &str) {
    text.split_once('\n').unwrap_or((text, ""))
}

/// Lines of `name: value` up to an empty one, and what is behind it.
pub(crate) fn fields(mut bytes: &[u8]) -> (Vec<Field<'_>>, &[u8]) {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let (field, rest) = line(bytes);
        bytes = rest;
        if field.is_empty() {
            break;
        }
        if let Some(at) = field.iter().position(|byte| *byte == b':') {
            fields.push((&field[..at], field[at + 1..].trim_ascii()));
        }
    }
    (fields, bytes)
}

/// A name and its value.
type Field<'a> = (&'a [u8], &'a [u8]);
