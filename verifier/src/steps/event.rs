use hyper::{
    Uri,
    header::{HeaderMap, HeaderName},
};
use touchstone_api::v1;
use touchstone_score::Ja4;

use super::examine::{Account, Question};

/// What an event asks about its token.
pub(super) fn question<'a>(
    event: &'a v1::Event,
    forwarded: Option<&'a (HeaderMap, Uri)>,
) -> Question<'a> {
    let named = |text| Some(text).filter(|text: &&str| !text.is_empty());
    Question {
        token: &event.token,
        site_key: named(&event.site_key),
        user_agent: named(&event.user_agent),
        ja4: Ja4::parse(&event.ja4),
        forwarded: forwarded.map(|(headers, uri)| (headers, uri)),
        account: account(event),
    }
}

/// The headers of the visitor's request to the site ("name:value" each) and where it went, if the backend passes them on.
/// What is no header is left out.
pub(super) fn forwarded(event: &v1::Event) -> Option<(HeaderMap, Uri)> {
    let uri = event.requested_uri.parse().ok()?;
    let mut headers = HeaderMap::new();
    for line in event.headers.iter().take(MOST_HEADERS) {
        let pair = line.split_once(':').and_then(|(name, value)| {
            let name: HeaderName = name.trim().parse().ok()?;
            Some((name, value.trim().parse().ok()?))
        });
        if let Some((name, value)) = pair {
            headers.append(name, value);
        }
    }
    Some((headers, uri))
}

#[expect(deprecated, reason = "clients still send hashedAccountId")]
fn account(event: &v1::Event) -> Option<Account<'_>> {
    let id = event
        .user_info
        .as_ref()
        .map(|user| user.account_id.as_str());
    match id.filter(|id| !id.is_empty()) {
        Some(id) => Some(Account::Id(id)),
        None => Some(&event.hashed_account_id[..])
            .filter(|hash| !hash.is_empty())
            .map(Account::Hashed),
    }
}

/// As many headers as a browser sends, several times over.
const MOST_HEADERS: usize = 128;
