use globset::{Glob, GlobBuilder, GlobMatcher};

use crate::{MAX_PATH_CHARS, normal_path::normal_escapes};

/// Where a firewall policy applies: a glob over the path of a request. An empty one matches every path.
///
/// `*` and `?` stay within a segment, `**` crosses them, `[a-z]` is one of several characters, `{a,b}` one of several texts.
/// `/admin/**` matches `/admin`, too. A path that begins with neither `/` nor `*` is taken from the root: `login.php` is
/// `/login.php`.
///
/// A glob becomes a finite automaton: whatever it holds, asking takes time in proportion to its length and the path's.
#[derive(Debug, Clone)]
pub struct FirewallPath(Vec<GlobMatcher>);

impl FirewallPath {
    /// Reads a glob of at most [`MAX_PATH_CHARS`] characters.
    ///
    /// # Errors
    /// What is wrong, and what to do.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        let length = text.chars().count();
        if length > MAX_PATH_CHARS {
            return Err(PathError::TooLong(length));
        }
        if let Some(index) = text.chars().position(is_blank) {
            return Err(PathError::Blank { at: index + 1 });
        }
        if text.is_empty() {
            return Ok(Self(Vec::new()));
        }
        let is_rooted = text.starts_with(['/', '*']);
        let slash = if is_rooted { "" } else { "/" };
        let rooted = format!("{slash}{}", normal_escapes(text));
        let mut globs = vec![glob(&rooted)?.compile_matcher()];
        // What is left is no glob where the slash was escaped.
        let folder = rooted
            .strip_suffix("/**")
            .and_then(|folder| glob(folder).ok());
        globs.extend(folder.map(|folder| folder.compile_matcher()));
        Ok(Self(globs))
    }

    /// Whether the policy applies to a path in its [`normal_path`](crate::normal_path) form, case-sensitive as paths are.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        self.0.is_empty() || self.0.iter().any(|glob| glob.is_match(path))
    }
}

/// Why the path of a firewall policy was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// It has this many characters.
    #[error(
        "The path has {0} characters, {MAX_PATH_CHARS} at most are allowed. Shorten it with * or **."
    )]
    TooLong(usize),
    /// It has a space or a control character.
    #[error("At character {at}: paths have no spaces or control characters. Write a space as %20.")]
    Blank {
        /// Where, from 1.
        at: usize,
    },
    /// It is no glob.
    #[error("The path is no glob: {0}.")]
    Glob(String),
}

fn glob(text: &str) -> Result<Glob, PathError> {
    GlobBuilder::new(text)
        .literal_separator(true)
        .backslash_escape(true)
        .empty_alternates(true)
        .build()
        .map_err(|error| PathError::Glob(error.kind().to_string()))
}

fn is_blank(character: char) -> bool {
    character.is_whitespace() || character.is_control()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_matches_as_edge_workers_match_it() {
        for (glob, matching, others) in [
            ("", &["/", "/a/b"][..], &[][..]),
            ("/login", &["/login"], &["/login/", "/Login", "/a/login"]),
            ("login.php", &["/login.php"], &["/a/login.php"]),
            ("/login/*", &["/login/a"], &["/login/a/b", "/login"]),
            ("/pages/*.php", &["/pages/a.php"], &["/pages/a/b.php"]),
            ("/static/**/*", &["/static/a", "/static/a/b"], &["/other/a"]),
            ("/admin/**", &["/admin", "/admin/a/b"], &["/administrator"]),
            ("**", &["/", "/a/b"], &[]),
            ("**/login", &["/login", "/a/b/login"], &["/login/a"]),
            ("/v[12]/?", &["/v1/a"], &["/v3/a", "/v1/ab"]),
            ("/{login,signup}", &["/login", "/signup"], &["/logout"]),
            ("/a{,.php}", &["/a", "/a.php"], &["/a.html"]),
            ("/{a,b/{c,d}}", &["/a", "/b/d"], &["/b", "/d"]),
            ("/%61%2f*", &["/a%2Fb"], &["/a/b"]),
            ("/a\\*", &["/a*"], &["/ab"]),
        ] {
            let path = FirewallPath::parse(glob).unwrap();
            for text in matching {
                assert!(path.matches(text), "{glob} must match {text}");
            }
            for text in others {
                assert!(!path.matches(text), "{glob} must not match {text}");
            }
        }
    }

    #[test]
    fn what_is_no_glob_is_refused() {
        for text in ["/[", "/{a", "/a\\", "/a b", "/a\n", &"/a".repeat(101)] {
            assert!(FirewallPath::parse(text).is_err(), "{text}");
        }
        assert!(FirewallPath::parse(&"ä".repeat(200)).is_ok());
    }

    #[test]
    fn a_leading_exclamation_mark_is_a_character_of_the_path() {
        let path = FirewallPath::parse("!login").unwrap();
        assert!(path.matches("/!login"));
        assert!(!path.matches("/other"));
    }
}
