/// The form in which paths of requests are matched, since servers take all of these for the same path: percent-encoded
/// letters, digits, `-`, `.`, `_` and `~` are written plainly, other escapes in capitals, and `.` and `..` are followed
/// ([RFC 3986, section 6.2.2](https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2)); slashes in a row are one.
///
/// An escaped slash stays one: for most servers it does not end a segment.
#[must_use]
pub fn normal_path(path: &str) -> String {
    let plain = normal_escapes(path);
    let mut segments = Vec::new();
    for segment in plain.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            segment => segments.push(segment),
        }
    }
    let mut normal: String = segments.iter().flat_map(|segment| ["/", segment]).collect();
    if normal.is_empty() || plain.ends_with('/') || plain.ends_with("/.") || plain.ends_with("/..")
    {
        normal.push('/');
    }
    normal
}

/// Escapes alone, of a path or of a glob.
pub(crate) fn normal_escapes(text: &str) -> String {
    let mut parts = text.split('%');
    let mut normal = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_at_checked(2) {
            Some((digits, rest)) if digits.bytes().all(|digit| digit.is_ascii_hexdigit()) => {
                match u8::from_str_radix(digits, 16).map(char::from) {
                    Ok(plain @ ('a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '.' | '_' | '~')) => {
                        normal.push(plain);
                    }
                    _ => {
                        normal.push('%');
                        normal.push_str(&digits.to_ascii_uppercase());
                    }
                }
                normal.push_str(rest);
            }
            _ => {
                normal.push('%');
                normal.push_str(part);
            }
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spellings_of_one_path_have_one_form() {
        for (path, normal) in [
            ("/a", "/a"),
            ("//a", "/a"),
            ("/%61", "/a"),
            ("/b/../a", "/a"),
            ("/b/%2e%2E/a", "/a"),
            ("/./a/.", "/a/"),
            ("/a/b/..", "/a/"),
            ("/../../a", "/a"),
            ("/..", "/"),
            ("", "/"),
            ("/a/", "/a/"),
            ("/a%2fb", "/a%2Fb"),
            ("/%c3%a4", "/%C3%A4"),
            ("/%2561", "/%2561"),
            ("/%+1%6/%", "/%+1%6/%"),
            ("/a...", "/a..."),
        ] {
            assert_eq!(normal_path(path), normal, "{path}");
        }
    }

    proptest! {
        #[test]
        fn no_empty_segment_and_no_dots_are_left(path in "(/|\\.|%2[eEfF5]|%6|1|a|ä){0,20}") {
            let normal = normal_path(&path);
            let inner = normal.strip_prefix('/');
            prop_assert!(inner.is_some(), "{normal}");
            let inner = inner.unwrap_or_default();
            let inner = inner.strip_suffix('/').unwrap_or(inner);
            let mut segments = inner.split('/').filter(|_| !inner.is_empty());
            prop_assert!(segments.all(|segment| !["", ".", ".."].contains(&segment)), "{normal}");
        }
    }
}
