//! What the detectors of request headers have in common: each has a list of signs, and says the first that shows.

use std::borrow::Cow;

use crate::Facts;

/// A sign of [`crate::transport::sign`], and what it says of a request.
pub(super) type Told = (u32, &'static str);

/// The first of the signs that the report's request shows; else the first that the request shows which opened its session: of
/// both, a browser makes the headers.
pub(super) fn told(facts: &Facts, signs: &[Told]) -> Option<Cow<'static, str>> {
    if let Some((_, what)) = signs.iter().find(|(sign, _)| facts.sign(*sign)) {
        return Some((*what).into());
    }
    let (_, what) = signs.iter().find(|(sign, _)| facts.session_sign(*sign))?;
    Some(format!("of the request that opened the session: {what}").into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Context,
        detectors::{
            Detector, fetch_metadata, hint_headers, http_client, identity, quiet, request_headers,
        },
    };

    /// Each detector of headers with its signs.
    const ALL: [(Detector, &[Told]); 5] = [
        (fetch_metadata::DETECTOR, fetch_metadata::SIGNS),
        (http_client::DETECTOR, http_client::SIGNS),
        (identity::DETECTOR, identity::SIGNS),
        (hint_headers::DETECTOR, hint_headers::SIGNS),
        (request_headers::DETECTOR, request_headers::SIGNS),
    ];

    #[test]
    fn each_detector_says_its_own_signs_and_no_others() {
        for (detector, own) in ALL {
            for sign in (0..u32::BITS).map(|bit| 1 << bit) {
                let mut facts = quiet();
                facts.surroundings.signs = sign;
                let said = (detector.judge)(&facts, &Context::default()).map(|found| found.detail);
                let expected = own
                    .iter()
                    .find(|(own, _)| *own == sign)
                    .map(|(_, what)| *what);
                assert_eq!(said.as_deref(), expected, "{} {sign:#x}", detector.name);
            }
        }
    }

    #[test]
    fn a_sign_of_the_session_s_request_counts_as_one_of_the_report_s_and_says_where_it_was() {
        for (detector, own) in ALL {
            for (sign, what) in own {
                let mut facts = quiet();
                facts.surroundings.session_signs = *sign;
                let found = (detector.judge)(&facts, &Context::default());
                let said = found.map(|found| found.detail.into_owned());
                let expected = format!("of the request that opened the session: {what}");
                assert_eq!(said, Some(expected), "{}", detector.name);
            }
        }
    }
}
