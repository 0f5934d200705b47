use std::sync::LazyLock;

use hyper::Method;
use matchit::Router;
use percent_encoding::percent_decode_str;
use touchstone_api::{Operation, Place};

use super::siteverify::Dialect;

/// Every path of the public door. Texts are percent-decoded, not yet checked.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Route {
    /// The script that pages load, under any of its names.
    Script,
    /// The script that rewrites hard-coded addresses.
    Shim,
    /// A file that the script loads.
    AgentFile {
        /// Its hashed name.
        name: String,
    },
    /// A page asks what its site key is used for.
    Settings,
    /// The agent opens a session.
    Session,
    /// The agent posts a report.
    Token,
    /// A backend calls the API.
    Api(Place),
    /// A visitor answers a question.
    Answer,
    /// A visitor asks for a code of the second factor.
    FactorSend,
    /// A visitor types it.
    FactorVerify,
    /// The same without script.
    Fallback,
    /// An edge asks for the page that it shows to a doubtful visitor.
    ChallengePage,
    /// The classic verification.
    SiteVerify(Dialect),
    /// A client of Pwned Passwords asks for a range.
    PwnedRange {
        /// The first digits of a hash.
        first: String,
    },
    /// The description of the API.
    OpenApi,
    /// Whether the process answers.
    Health,
}

impl Route {
    /// The route of a path below the base path; none where there is nothing.
    pub(super) fn of(path: &str) -> Option<Self> {
        if let Some(place) = Place::at(path) {
            return Some(Self::Api(place));
        }
        let found = TABLE.at(path).ok()?;
        let part = |name| {
            let text = found.params.get(name).unwrap_or_default();
            percent_decode_str(text)
                .decode_utf8()
                .map(|text| text.into_owned())
                .ok()
        };
        Some(match found.value {
            Path::Script => Self::Script,
            Path::Shim => Self::Shim,
            Path::AgentFile => Self::AgentFile {
                name: part("name")?,
            },
            Path::Settings => Self::Settings,
            Path::Session => Self::Session,
            Path::Token => Self::Token,
            Path::Answer => Self::Answer,
            Path::FactorSend => Self::FactorSend,
            Path::FactorVerify => Self::FactorVerify,
            Path::Fallback => Self::Fallback,
            Path::ChallengePage => Self::ChallengePage,
            Path::SiteVerify => Self::SiteVerify(Dialect::Classic),
            Path::Turnstile => Self::SiteVerify(Dialect::Turnstile),
            Path::PwnedRange => Self::PwnedRange {
                first: part("first")?,
            },
            Path::OpenApi => Self::OpenApi,
            Path::Health => Self::Health,
        })
    }

    /// The methods that it answers. A `HEAD` to siteverify would spend a token for an answer that nobody sees, and one to the page
    /// without script would ask a question.
    pub(super) fn methods(&self) -> Vec<Method> {
        match self {
            Self::Script
            | Self::Shim
            | Self::AgentFile { .. }
            | Self::Settings
            | Self::PwnedRange { .. }
            | Self::OpenApi
            | Self::Health => vec![Method::GET, Method::HEAD],
            Self::SiteVerify(Dialect::Classic) | Self::Fallback => vec![Method::GET, Method::POST],
            Self::SiteVerify(Dialect::Turnstile) | Self::ChallengePage => vec![Method::POST],
            Self::Session | Self::Token | Self::Answer | Self::FactorSend | Self::FactorVerify => {
                vec![Method::POST]
            }
            Self::Api(place) => {
                let verbs = place.operations().iter().map(|operation| operation.verb());
                let verbs = verbs.flat_map(|verb| match verb {
                    "GET" => vec!["GET", "HEAD"],
                    verb => vec![verb],
                });
                verbs.filter_map(|verb| verb.parse().ok()).collect()
            }
        }
    }

    /// Whether pages of any origin call it from a browser.
    pub(super) fn is_for_pages(&self) -> bool {
        matches!(
            self,
            Self::Script
                | Self::Shim
                | Self::AgentFile { .. }
                | Self::Settings
                | Self::PwnedRange { .. }
                | Self::Session
                | Self::Token
                | Self::Answer
                | Self::FactorSend
                | Self::FactorVerify
        )
    }

    /// The name of what a verb asks for here, in logs and metrics.
    pub(super) fn name(&self, verb: &Method) -> &'static str {
        match self {
            Self::Script => "script",
            Self::Shim => "shim",
            Self::AgentFile { .. } => "agent-file",
            Self::Settings => "settings",
            Self::Session => "session",
            Self::Token => "token",
            Self::Api(place) => called(place, verb).map_or("none", Operation::rpc),
            Self::Answer => "answer",
            Self::FactorSend => "factor-send",
            Self::FactorVerify => "factor-verify",
            Self::Fallback => "fallback",
            Self::ChallengePage => "challenge-page",
            Self::SiteVerify(Dialect::Classic) => "siteverify",
            Self::SiteVerify(Dialect::Turnstile) => "turnstile-siteverify",
            Self::PwnedRange { .. } => "pwned-range",
            Self::OpenApi => "openapi",
            Self::Health => "healthz",
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Path {
    Script,
    Shim,
    AgentFile,
    Settings,
    Session,
    Token,
    Answer,
    FactorSend,
    FactorVerify,
    Fallback,
    ChallengePage,
    SiteVerify,
    Turnstile,
    PwnedRange,
    OpenApi,
    Health,
}

/// The method that a verb calls at a place. `HEAD` is `GET`, without the body.
pub(super) fn called(place: &Place, verb: &Method) -> Option<&'static Operation> {
    place.operation(match *verb {
        Method::HEAD => "GET",
        _ => verb.as_str(),
    })
}

static TABLE: LazyLock<Router<Path>> = LazyLock::new(|| {
    let mut table = Router::new();
    for (path, route) in [
        ("/recaptcha/enterprise.js", Path::Script),
        ("/recaptcha/api.js", Path::Script),
        // Content blockers know the paths above.
        ("/touchstone.js", Path::Script),
        ("/recaptcha/shim.js", Path::Shim),
        ("/recaptcha/agent/settings", Path::Settings),
        ("/recaptcha/agent/session", Path::Session),
        ("/recaptcha/agent/token", Path::Token),
        ("/recaptcha/agent/answer", Path::Answer),
        ("/recaptcha/agent/factor/send", Path::FactorSend),
        ("/recaptcha/agent/factor/verify", Path::FactorVerify),
        ("/recaptcha/api/fallback", Path::Fallback),
        ("/recaptcha/enterprise/fallback", Path::Fallback),
        ("/recaptcha/challengepage", Path::ChallengePage),
        ("/recaptcha/agent/{name}", Path::AgentFile),
        ("/recaptcha/api/siteverify", Path::SiteVerify),
        ("/recaptcha/api/siteverify/", Path::SiteVerify),
        ("/turnstile/v0/siteverify", Path::Turnstile),
        ("/turnstile/v0/siteverify/", Path::Turnstile),
        ("/range/{first}", Path::PwnedRange),
        ("/openapi.json", Path::OpenApi),
        ("/healthz", Path::Health),
    ] {
        // Two equal patterns are the only way to fail, and the table above is tested whole.
        if let Err(error) = table.insert(path, route) {
            tracing::error!(path, %error, "a route is missing");
        }
    }
    table
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_has_its_route() {
        for (path, route) in [
            ("/recaptcha/enterprise.js", Some(Route::Script)),
            ("/recaptcha/api.js", Some(Route::Script)),
            ("/touchstone.js", Some(Route::Script)),
            ("/recaptcha/shim.js", Some(Route::Shim)),
            (
                "/recaptcha/agent/abc.wasm",
                Some(Route::AgentFile {
                    name: "abc.wasm".to_owned(),
                }),
            ),
            ("/recaptcha/agent/settings", Some(Route::Settings)),
            ("/recaptcha/agent/session", Some(Route::Session)),
            ("/recaptcha/agent/token", Some(Route::Token)),
            ("/recaptcha/agent/answer", Some(Route::Answer)),
            ("/recaptcha/agent/factor/send", Some(Route::FactorSend)),
            ("/recaptcha/agent/factor/verify", Some(Route::FactorVerify)),
            ("/recaptcha/api/fallback", Some(Route::Fallback)),
            ("/recaptcha/enterprise/fallback", Some(Route::Fallback)),
            ("/recaptcha/challengepage", Some(Route::ChallengePage)),
            ("/v1/projects/p/assessments/0af:forget", None),
            ("/v1/projects/p/assessments/0af", None),
            ("/v1/projects/%ff/assessments", None),
            (
                "/recaptcha/api/siteverify",
                Some(Route::SiteVerify(Dialect::Classic)),
            ),
            (
                "/turnstile/v0/siteverify",
                Some(Route::SiteVerify(Dialect::Turnstile)),
            ),
            (
                "/recaptcha/api/siteverify/",
                Some(Route::SiteVerify(Dialect::Classic)),
            ),
            (
                "/turnstile/v0/siteverify/",
                Some(Route::SiteVerify(Dialect::Turnstile)),
            ),
            (
                "/range/5BAA6",
                Some(Route::PwnedRange {
                    first: "5BAA6".to_owned(),
                }),
            ),
            ("/openapi.json", Some(Route::OpenApi)),
            ("/healthz", Some(Route::Health)),
            ("/metrics", None),
            ("/", None),
        ] {
            assert_eq!(Route::of(path), route, "{path}");
        }
    }
}
