use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, transport::sign};

pub(super) const DETECTOR: Detector = Detector {
    name: "tls-client",
    cause: Cause::Identity,
    tier: Tier::C,
    reason: Reason::UnexpectedEnvironment,
    gate: "a trusted proxy tells the JA4 fingerprint: the user agent claims a browser of this decade, and HTTP/2 was not offered first; or the backend tells another client's than the proxy did, both over TCP",
    false_positives: "Virus scanners and companies that open TLS and close it anew; visitors whose requests to the site and to the verifier take different ways.",
    cost: "nothing",
    judge,
};

fn judge(facts: &Facts, context: &Context<'_>) -> Option<Finding> {
    if facts.sign(sign::NO_HTTP2) {
        return Some(Finding::c(
            "the TLS client of a claimed browser did not offer HTTP/2",
        ));
    }
    context
        .tls_differs
        .then(|| Finding::c("the backend saw another TLS client than the verifier"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found, quiet};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: Change = |facts| facts.surroundings.signs = sign::NO_HTTP2;
        assert!(found(&DETECTOR, FINDS));
        let context = Context {
            tls_differs: true,
            ..Context::default()
        };
        assert!(judge(&quiet(), &context).is_some());
        assert!(judge(&quiet(), &Context::default()).is_none());
    }
}
