//! Paths with one variable: `/v1/{parent=projects/*}/firewallpolicies:reorder`.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// Which paths a method answers, and which part of them is the name of the resource.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Template {
    /// The field that takes the name, in snake_case with dots: `key.name`.
    pub(super) field: String,
    /// Segments of the name; `None` for any one segment.
    name: Vec<Option<String>>,
    /// Segments that follow the name.
    rest: Vec<String>,
    /// What follows the last colon ([AIP-136](https://google.aip.dev/136)).
    pub(super) verb: Option<String>,
}

impl Template {
    /// Reads a template; none if it is not of the form above.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (variable, rest) = text
            .strip_prefix(VERSION)?
            .strip_prefix('{')?
            .split_once('}')?;
        let (field, name) = variable.split_once('=')?;
        let (rest, verb) = match rest.split_once(':') {
            Some((rest, verb)) => (rest, Some(verb.to_owned())),
            None => (rest, None),
        };
        let segment = |segment: &str| (segment != "*").then(|| segment.to_owned());
        Some(Self {
            field: field.to_owned(),
            name: name.split('/').map(segment).collect(),
            rest: rest.split('/').skip(1).map(str::to_owned).collect(),
            verb,
        })
    }

    /// All segments; `None` for any one.
    pub(super) fn segments(&self) -> impl Iterator<Item = Option<&str>> {
        let rest = self.rest.iter().map(|word| Some(word.as_str()));
        self.name.iter().map(Option::as_deref).chain(rest)
    }

    /// The name in a path, if the path is one of this template.
    pub(super) fn name_in(&self, path: &[Cow<'_, str>], verb: Option<&str>) -> Option<String> {
        let (name, rest) = path.split_at_checked(self.name.len())?;
        let fits = |(wanted, found): (&Option<String>, &Cow<'_, str>)| match wanted {
            Some(wanted) => wanted == found,
            None => !found.is_empty(),
        };
        let matches = self.verb.as_deref() == verb
            && self.name.iter().zip(name).all(fits)
            && self.rest == rest;
        matches.then(|| name.join("/"))
    }
}

/// The segments of a path behind the version, decoded; none if the version is another one or a segment is not UTF-8.
pub(super) fn segments(path: &str) -> Option<Vec<Cow<'_, str>>> {
    let segments = path.strip_prefix(VERSION)?.split('/');
    segments
        .map(|segment| percent_decode_str(segment).decode_utf8().ok())
        .collect()
}

/// Takes the custom verb off the last segment.
pub(super) fn custom_verb(segments: &mut [Cow<'_, str>]) -> Option<String> {
    let last = segments.last_mut()?;
    let (name, verb) = last.rsplit_once(':')?;
    let verb = verb.to_owned();
    *last = Cow::Owned(name.to_owned());
    Some(verb)
}

const VERSION: &str = "/v1/";
