//! Addresses whose valid tokens are always trusted.

use std::net::{IpAddr, Ipv6Addr};

use ipnet::IpNet;
use touchstone_api::{
    ApiError, Code,
    names::KeyName,
    v1::{self, ip_override_data::OverrideType},
};
use touchstone_store::{IpOverride, ProjectId, SiteKeyId, StoreError, Verdict};

use super::{
    Faults, Listing, Page, StepError,
    addresses::{public_net, shown},
    named,
    pages::cut,
    stored_key,
};
use crate::Verifier;

/// Adds an override to a key.
///
/// # Errors
/// NOT_FOUND when the project has no such key; INVALID_ARGUMENT for what is no public address; ALREADY_EXISTS when an override
/// covers some of it; FAILED_PRECONDITION when the key has no room for more.
pub async fn add_ip_override(
    verifier: &Verifier,
    project: &ProjectId,
    request: v1::AddIpOverrideRequest,
) -> Result<v1::AddIpOverrideResponse, StepError> {
    let (key, new) = read(verifier, project, &request.name, request.ip_override_data).await?;
    let conflict = || {
        let what = format!(
            "An override of this key covers some of {} already. Remove it first.",
            shown(&new.net)
        );
        StepError::from(ApiError::new(Code::AlreadyExists, what))
    };
    match verifier.store.add_ip_override(&key, new).await {
        Ok(true) => {}
        Ok(false) => return Err(ApiError::not_found(&request.name).into()),
        Err(StoreError::AlreadyExists) => return Err(conflict()),
        Err(StoreError::Full { most }) => {
            let what = format!(
                "The key has {most} overrides, the most there may be. Remove one, or join some to a block."
            );
            return Err(ApiError::new(Code::FailedPrecondition, what).into());
        }
        Err(error) => return Err(error.into()),
    }
    verifier.ip_overrides.forget(&key);
    Ok(v1::AddIpOverrideResponse {})
}

/// Removes an override from a key.
///
/// # Errors
/// NOT_FOUND when the project has no such key, or the key no override of exactly these addresses and this type.
pub async fn remove_ip_override(
    verifier: &Verifier,
    project: &ProjectId,
    request: v1::RemoveIpOverrideRequest,
) -> Result<v1::RemoveIpOverrideResponse, StepError> {
    let (key, old) = read(verifier, project, &request.name, request.ip_override_data).await?;
    if !verifier.store.remove_ip_override(&key, old).await? {
        let what = format!("The key has no override of {}.", shown(&old.net));
        return Err(ApiError::new(Code::NotFound, what).into());
    }
    verifier.ip_overrides.forget(&key);
    Ok(v1::RemoveIpOverrideResponse {})
}

/// A page of a key's overrides, in the order of addresses.
///
/// # Errors
/// NOT_FOUND when the project has no such key; INVALID_ARGUMENT for a page that does not exist.
pub async fn list_ip_overrides(
    verifier: &Verifier,
    project: &ProjectId,
    request: v1::ListIpOverridesRequest,
) -> Result<v1::ListIpOverridesResponse, StepError> {
    let name: KeyName = named(&request.parent, "parent")?;
    let key = stored_key(verifier, project, &name).await?.id;
    let listing = Listing {
        of: format!("overrides\0{key}"),
        usual: 10,
        most: 100,
    };
    let vault = &verifier.vault;
    let Page { size, after } = listing.page(vault, request.page_size, &request.page_token)?;
    let after = after.and_then(|text| public_net(&text).ok());
    let mut overrides = verifier.store.ip_overrides(&key).await?;
    if let Some(after) = after {
        overrides.retain(|one| place(&one.net) > place(&after));
    }
    let (overrides, more) = cut(overrides, size);
    let last = overrides.last().filter(|_| more);
    Ok(v1::ListIpOverridesResponse {
        next_page_token: last
            .map_or_else(String::new, |one| listing.token(vault, &shown(&one.net))),
        ip_overrides: overrides.iter().map(answer).collect(),
    })
}

/// The key, and the override that the request names.
async fn read(
    verifier: &Verifier,
    project: &ProjectId,
    name: &str,
    data: Option<v1::IpOverrideData>,
) -> Result<(SiteKeyId, IpOverride), StepError> {
    let name: KeyName = named(name, "name")?;
    let data = data.unwrap_or_default();
    let mut faults = Faults::default();
    let net = public_net(&data.ip);
    if let Err(what) = &net {
        faults.add("ipOverrideData.ip", what);
    }
    let allow = OverrideType::try_from(data.override_type) == Ok(OverrideType::Allow);
    faults.unless(
        allow,
        "ipOverrideData.overrideType",
        "It is missing: ALLOW is the one type.",
    );
    faults.refuse()?;
    let key = stored_key(verifier, project, &name).await?.id;
    let net = net.map_err(|what| ApiError::invalid_field("ipOverrideData.ip", what))?;
    let verdict = Verdict::Allow;
    Ok((key, IpOverride { net, verdict }))
}

fn answer(one: &IpOverride) -> v1::IpOverrideData {
    let Verdict::Allow = one.verdict;
    v1::IpOverrideData {
        ip: shown(&one.net),
        override_type: OverrideType::Allow.into(),
    }
}

/// The place of a block in the listing: IPv4 comes where IPv6 maps it.
fn place(net: &IpNet) -> Ipv6Addr {
    match net.network() {
        IpAddr::V4(v4) => v4.to_ipv6_mapped(),
        IpAddr::V6(v6) => v6,
    }
}
