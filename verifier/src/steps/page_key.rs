use std::{net::IpAddr, sync::Arc};

use super::StepError;
use crate::{Verifier, keys::KnownKey};
use touchstone_api::ApiError;
use touchstone_store::Integration;

/// The site key that a page names.
///
/// Whoever invents keys reaches the store with each of them: from one address that is answered 120 times a minute.
/// Keys that have existed here are not held to it, so that such a neighbour costs nobody a token.
///
/// # Errors
/// There is no such key, it is not for pages, or the address asked for too many that do not exist.
pub async fn page_key(
    verifier: &Verifier,
    id: &str,
    address: Option<IpAddr>,
) -> Result<Arc<KnownKey>, StepError> {
    let now = verifier.now();
    let asked_much = || verifier.traffic.strangers(address, now) >= MOST_UNKNOWN as f32;
    if !verifier.site_keys.is_familiar(id) && asked_much() {
        return Err(ApiError::rate_limited(MOST_UNKNOWN).into());
    }
    match verifier.site_keys.get(id).await? {
        Some(key) if key.integration == Integration::Express => Err(not_for_pages().into()),
        Some(key) => Ok(key),
        None => {
            verifier.traffic.stranger(address, now);
            Err(StepError::UnknownSiteKey)
        }
    }
}

/// A page's token would be refused by the assessment, which takes none with such a key.
fn not_for_pages() -> ApiError {
    let fix = "The site key is an Express key, which is for requests without a page: name one of another type.";
    ApiError::invalid_field("k", fix)
}

/// A page with a wrong key asks three or four times a visit.
const MOST_UNKNOWN: u32 = 120;
