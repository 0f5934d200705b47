use std::{net::IpAddr, time::Duration};

use serde::Serialize;
use tokio::time::timeout;
use touchstone_api::v1::waf_settings::WafFeature;
use touchstone_store::Integration;

use super::{StepError, page_key};
use crate::{
    Verifier,
    keys::{KnownKey, session_cookie},
};

/// What a page needs to know of its site key beyond getting tokens. Nothing in it is secret: whoever sees the page sees the key.
#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PageSettings {
    /// The cookie that stands for the visitor's session, where the firewall at the edge looks for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    session_cookie: Option<String>,
    /// The requests that carry a token by themselves, in the order of the policy.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    protected_endpoints: Vec<Endpoint>,
    /// Where they may be, beside the origin of the page.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hosts: Vec<String>,
}

#[derive(Debug, PartialEq, Serialize)]
struct Endpoint {
    path: String,
    action: String,
}

/// The settings of the site key that a page names.
///
/// # Errors
/// As those of [`page_key()`].
pub async fn page_settings(
    verifier: &Verifier,
    id: &str,
    address: Option<IpAddr>,
) -> Result<PageSettings, StepError> {
    let key = page_key(verifier, id, address).await?;
    Ok(PageSettings::of(&key))
}

/// Whether a page with this site key loads what adds tokens to its requests. A store that does not say so in time must not keep
/// anybody waiting for the script.
pub async fn has_protected_endpoints(
    verifier: &Verifier,
    id: &str,
    address: Option<IpAddr>,
) -> bool {
    let asked = timeout(PATIENCE, page_key(verifier, id, address)).await;
    matches!(asked, Ok(Ok(key)) if key.integration == Integration::Universal)
}

impl PageSettings {
    fn of(key: &KnownKey) -> Self {
        let waf = key
            .waf()
            .filter(|waf| waf.waf_feature() == WafFeature::SessionToken);
        let client = Some(key)
            .filter(|key| key.integration == Integration::Universal)
            .and_then(|key| key.policy().client_settings.as_ref());
        let group = client.and_then(|client| client.protected_endpoint_group.as_ref());
        let endpoints = group.map_or(&[][..], |group| &group.protected_endpoints);
        let endpoints = endpoints.iter().map(|endpoint| Endpoint {
            path: endpoint.path.clone(),
            action: endpoint.action.clone(),
        });
        let hosts = client.filter(|_| endpoints.len() > 0);
        Self {
            session_cookie: waf.map(|waf| session_cookie(waf.waf_service())),
            protected_endpoints: endpoints.collect(),
            hosts: hosts.map_or_else(Vec::new, |client| client.allowed_domains.clone()),
        }
    }
}

const PATIENCE: Duration = Duration::from_millis(250);
