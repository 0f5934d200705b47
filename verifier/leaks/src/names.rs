use crate::{Bucket, PairHash};

/// A user name as one of the clients hashes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// The bucket that the client asks about.
    pub bucket: Bucket,
    /// The name that the client hashes the password with.
    pub text: String,
}

impl Name {
    /// The hash of this name and a password. Takes some 10 ms.
    pub fn with(&self, password: &str) -> PairHash {
        PairHash::of(&self.text, password)
    }
}

/// The names under which a leaked pair must be found, because clients make different ones of what a user types.
///
/// Most cut an e-mail address at its first `@`, lower its ASCII letters and take all dots out; a client written from the
/// documentation lowers all letters. The one for Node cuts at the last `@`, lowers all letters and takes out the first dot alone, and it
/// does so for the bucket only: the password it hashes with what was typed. That may be the leaked name as it is, in small letters, or
/// what stands before its `@`.
///
/// Empty if nothing is left of the name; else without doubles, the one that most clients use first.
pub fn names(user: &str) -> Vec<Name> {
    let mut names = Vec::with_capacity(4);
    let mut add = |bucket: &str, text: &str| {
        let name = Name {
            bucket: Bucket::of(bucket),
            text: text.to_owned(),
        };
        if !names.contains(&name) {
            names.push(name);
        }
    };
    for lowered in [user.to_ascii_lowercase(), user.to_lowercase()] {
        let canonical = before_first_at(&lowered).replace('.', "");
        if canonical.is_empty() {
            return Vec::new();
        }
        add(&canonical, &canonical);
    }
    let lowered = user.to_lowercase();
    for typed in [user, &lowered, before_last_at(&lowered)] {
        let bucket = before_last_at(typed).to_lowercase().replacen('.', "", 1);
        if !typed.is_empty() {
            add(&bucket, typed);
        }
    }
    names
}

fn before_first_at(user: &str) -> &str {
    user.split_once('@').map_or(user, |(name, _)| name)
}

fn before_last_at(user: &str) -> &str {
    user.rsplit_once('@').map_or(user, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(user: &str) -> Vec<(String, String)> {
        let shown = |name: Name| {
            let hex = data_encoding::HEXLOWER.encode(&name.bucket.to_bytes());
            (hex, name.text)
        };
        names(user).into_iter().map(shown).collect()
    }

    fn bucket(canonical: &str) -> String {
        data_encoding::HEXLOWER.encode(&Bucket::of(canonical).to_bytes())
    }

    #[test]
    fn a_plain_name_is_hashed_once() {
        assert_eq!(shown("jonsnow"), [(bucket("jonsnow"), "jonsnow".into())]);
    }

    #[test]
    fn an_address_without_dots_is_hashed_twice() {
        let names = shown("jonsnow@x.example");
        assert_eq!(names.len(), 2);
        assert_eq!(names[1], (bucket("jonsnow"), "jonsnow@x.example".into()));
    }

    #[test]
    fn an_address_is_hashed_as_all_clients_do() {
        assert_eq!(
            shown("Foo.Bar.baz@shop.example"),
            [
                ("031d1580".to_owned(), "foobarbaz".to_owned()),
                ("c5e89740".to_owned(), "Foo.Bar.baz@shop.example".to_owned()),
                ("c5e89740".to_owned(), "foo.bar.baz@shop.example".to_owned()),
                ("c5e89740".to_owned(), "foo.bar.baz".to_owned()),
            ]
        );
    }

    #[test]
    fn letters_beyond_ascii_are_lowered_by_some_clients_only() {
        let names = shown("ÄB@x.example");
        assert_eq!(names[0], (bucket("Äb"), "Äb".to_owned()));
        assert_eq!(names[1], (bucket("äb"), "äb".to_owned()));
        assert_eq!(names[2], (bucket("äb"), "ÄB@x.example".to_owned()));
        assert_eq!(names[3], (bucket("äb"), "äb@x.example".to_owned()));
    }

    #[test]
    fn clients_cut_a_second_at_differently() {
        let names = shown("a@b@x.example");
        assert_eq!(names[0], (bucket("a"), "a".to_owned()));
        assert_eq!(names[1], (bucket("a@b"), "a@b@x.example".to_owned()));
    }

    #[test]
    fn a_name_of_which_nothing_is_left_is_none() {
        for user in ["", "@x.example", "..", "..@x.example"] {
            assert_eq!(shown(user), [], "{user:?}");
        }
    }
}
