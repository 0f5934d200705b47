use hyper::Uri;
use touchstone_api::{rpc, v1};
use touchstone_policy::{Condition, FirewallFacts, FirewallPath, normal_path};

/// A project's firewall policies in their order: what an edge is to do with a request. The first that matches decides.
#[derive(Debug)]
pub struct Firewall(Vec<Ready>);

/// A policy that can be asked.
#[derive(Debug)]
struct Ready {
    path: FirewallPath,
    condition: Condition<touchstone_policy::Firewall>,
    policy: v1::FirewallPolicy,
}

/// What is known of a request when the policies are asked.
#[derive(Debug, Clone, Copy)]
pub struct AskedFirewall<'a> {
    /// The URI that was asked for.
    pub requested_uri: &'a str,
    /// All the rest. Path and domain are taken from the URI.
    pub facts: FirewallFacts<'a>,
}

impl Firewall {
    /// Reads the policies. One that cannot be read was not made by this release, and matches nothing.
    pub fn new(policies: &[v1::FirewallPolicy]) -> Self {
        let ready = policies.iter().filter_map(|policy| {
            let path = FirewallPath::parse(&policy.path);
            let condition = Condition::parse(&policy.condition);
            match (path, condition) {
                (Ok(path), Ok(condition)) => Some(Ready {
                    path,
                    condition,
                    policy: policy.clone(),
                }),
                _ => {
                    tracing::warn!(name = policy.name, "a firewall policy cannot be read");
                    None
                }
            }
        });
        Self(ready.collect())
    }

    /// The first policy that matches, an empty one if none does, or why they could not be asked.
    pub fn assess(&self, asked: AskedFirewall<'_>) -> v1::FirewallPolicyAssessment {
        let Some((domain, path)) = parts(asked.requested_uri) else {
            return v1::FirewallPolicyAssessment {
                error: Some(bad_uri(asked.requested_uri)),
                firewall_policy: None,
            };
        };
        let facts = FirewallFacts {
            path: &path,
            domain: &domain,
            ..asked.facts
        };
        let mut policies = self.0.iter();
        let first =
            policies.find(|ready| ready.path.matches(&path) && ready.condition.holds(&facts));
        v1::FirewallPolicyAssessment {
            error: None,
            firewall_policy: Some(first.map(|ready| ready.policy.clone()).unwrap_or_default()),
        }
    }
}

/// Domain (lower case, without a port) and path in its normal form of a URI; a path alone will do. None if it is no URI.
fn parts(uri: &str) -> Option<(String, String)> {
    let uri: Uri = uri.parse().ok()?;
    let is_rooted = uri.path().starts_with('/');
    let domain = uri.host().unwrap_or_default().to_ascii_lowercase();
    is_rooted.then(|| (domain, normal_path(uri.path())))
}

fn bad_uri(uri: &str) -> rpc::Status {
    let what = match uri {
        "" => "it is missing",
        _ => "it is no URI",
    };
    rpc::Status {
        code: touchstone_api::Code::InvalidArgument.number(),
        message: format!(
            "event.requestedUri: firewall policies need the URI that was asked for, but {what}. Send the whole URI, such as \
             https://shop.example/login?next=%2F."
        ),
        details: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use touchstone_policy::AssessmentType;

    use super::*;

    fn policies(of: &[(&str, &str, &str)]) -> Firewall {
        let policies = of.iter().map(|(name, path, condition)| v1::FirewallPolicy {
            name: (*name).to_owned(),
            path: (*path).to_owned(),
            condition: (*condition).to_owned(),
            ..v1::FirewallPolicy::default()
        });
        Firewall::new(&policies.collect::<Vec<_>>())
    }

    fn asked(requested_uri: &str) -> AskedFirewall<'_> {
        let facts = FirewallFacts {
            score: 0.3,
            token_valid: true,
            token_action: "login",
            assessment_type: AssessmentType::Action,
            ip: "192.0.2.7",
            path: "",
            domain: "",
        };
        AskedFirewall {
            requested_uri,
            facts,
        }
    }

    #[test]
    fn the_first_policy_whose_path_and_condition_match_decides() {
        let policies = policies(&[
            ("high", "/login", "recaptcha.score >= 0.5"),
            ("elsewhere", "/signup", ""),
            (
                "domain",
                "",
                "http.domain == 'shop.example' && http.path == '/a'",
            ),
            ("low", "/login", "recaptcha.score < 0.5"),
            ("rest", "/**", ""),
        ]);
        for (uri, name) in [
            ("https://Shop.Example:8443/login?a=b#c", "low"),
            ("/login", "low"),
            ("https://shop.example/a", "domain"),
            ("https://shop.example//b/../%61", "domain"),
            ("/static/%2e%2e//log%69n", "low"),
            ("https://shop.example", "rest"),
            ("https://shop.example/signup", "elsewhere"),
        ] {
            let found = policies.assess(asked(uri)).firewall_policy;
            assert_eq!(found.unwrap().name, name, "{uri}");
        }
    }

    #[test]
    fn where_none_matches_the_policy_is_empty() {
        for policies in [policies(&[]), policies(&[("never", "", "false")])] {
            let answer = policies.assess(asked("https://shop.example/"));
            let empty = v1::FirewallPolicyAssessment {
                error: None,
                firewall_policy: Some(v1::FirewallPolicy::default()),
            };
            assert_eq!(answer, empty);
        }
    }

    #[test]
    fn without_a_uri_the_answer_says_why() {
        for (uri, word) in [
            ("", "missing"),
            ("http://", "no URI"),
            ("a b", "no URI"),
            ("*", "no URI"),
        ] {
            let answer = policies(&[("rest", "", "")]).assess(asked(uri));
            let error = answer.error.unwrap();
            assert!(answer.firewall_policy.is_none());
            assert!(
                error.code == 3 && error.message.contains(word),
                "{uri}: {}",
                error.message
            );
        }
    }

    #[test]
    fn a_policy_of_another_release_is_passed_over() {
        let policies = policies(&[("newer", "", "nothing.known == 1"), ("known", "", "")]);
        let found = policies.assess(asked("/")).firewall_policy;
        assert_eq!(found.unwrap().name, "known");
    }
}
