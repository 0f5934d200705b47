use crate::MAX_PATH_CHARS;

/// The path of a protected endpoint: `*` stands for one whole segment, `**` at the end for any number of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProtectedPath {
    segments: Vec<Segment>,
    has_rest: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Exact(Box<str>),
    Any,
}

impl ProtectedPath {
    /// Reads a path of 1 to [`MAX_PATH_CHARS`] characters.
    ///
    /// # Errors
    /// What is wrong, and what to do.
    pub fn parse(text: &str) -> Result<Self, ProtectedPathError> {
        let length = text.chars().count();
        if !(1..=MAX_PATH_CHARS).contains(&length) {
            return Err(ProtectedPathError::Length(length));
        }
        let path = text.strip_prefix('/').ok_or(ProtectedPathError::Root)?;
        if matches!(path, "" | "*" | "**") {
            return Err(ProtectedPathError::Everything);
        }
        let is_foreign = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '?' | '#');
        if text.contains(is_foreign) {
            return Err(ProtectedPathError::Character);
        }
        let has_rest = path.ends_with("/**");
        let segments = path.strip_suffix("/**").unwrap_or(path);
        let segments = segments.split('/').map(|segment| match segment {
            "*" => Ok(Segment::Any),
            text if text.contains('*') => Err(ProtectedPathError::Wildcard),
            text => Ok(Segment::Exact(text.into())),
        });
        Ok(Self {
            segments: segments.collect::<Result<_, _>>()?,
            has_rest,
        })
    }

    /// Whether the endpoint is meant, by the path of its URL alone and case-sensitive.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        let Some(path) = path.strip_prefix('/') else {
            return false;
        };
        let mut rest = path.split('/');
        let begins = self.segments.iter().all(|segment| {
            rest.next().is_some_and(|text| match segment {
                Segment::Exact(exact) => **exact == *text,
                Segment::Any => !text.is_empty(),
            })
        });
        begins && (self.has_rest || rest.next().is_none())
    }
}

/// Why the path of a protected endpoint was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProtectedPathError {
    /// It has this many characters.
    #[error("The path has {0} characters, it must have 1 to {MAX_PATH_CHARS}.")]
    Length(usize),
    /// It does not begin at the root.
    #[error("The path must begin with /.")]
    Root,
    /// It would match every path.
    #[error("/, /* and /** are too wide: name at least one segment, such as /api/**.")]
    Everything,
    /// It has a character that no path has.
    #[error("The path must have no spaces, no ? and no #: only the URL's path is matched.")]
    Character,
    /// A wildcard stands where none may.
    #[error("* stands for one whole segment, ** for the rest at the end: /api/*/login or /api/**.")]
    Wildcard,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_stands_for_one_segment_and_two_for_the_rest() {
        for (glob, matching, others) in [
            (
                "/login",
                &["/login"][..],
                &["/login/", "/Login", "login"][..],
            ),
            (
                "/api/*/login",
                &["/api/v1/login"],
                &["/api/login", "/api/a/b/login", "/api//login"],
            ),
            ("/api/**", &["/api", "/api/", "/api/a/b"], &["/apis", "/"]),
            ("/*/login", &["/a/login"], &["/login"]),
        ] {
            let path = ProtectedPath::parse(glob).unwrap();
            for text in matching {
                assert!(path.matches(text), "{glob} must match {text}");
            }
            for text in others {
                assert!(!path.matches(text), "{glob} must not match {text}");
            }
        }
    }

    #[test]
    fn what_is_too_wide_or_no_path_is_refused() {
        for (text, error) in [
            ("", ProtectedPathError::Length(0)),
            (&"/a".repeat(101), ProtectedPathError::Length(202)),
            ("login", ProtectedPathError::Root),
            ("/", ProtectedPathError::Everything),
            ("/*", ProtectedPathError::Everything),
            ("/**", ProtectedPathError::Everything),
            ("/a?b=c", ProtectedPathError::Character),
            ("/a b", ProtectedPathError::Character),
            ("/a*", ProtectedPathError::Wildcard),
            ("/**/a", ProtectedPathError::Wildcard),
            ("/a/**/b", ProtectedPathError::Wildcard),
        ] {
            assert_eq!(ProtectedPath::parse(text), Err(error), "{text}");
        }
    }
}
