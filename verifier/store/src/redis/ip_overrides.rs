//! Overrides of a site key, in its slot: the first address, the last and the net in its usual form, sorted as bytes.

use std::net::{IpAddr, Ipv6Addr};

use ipnet::IpNet;

use super::{
    RedisStore,
    forms::{corrupt, text},
    link::Call,
    scripts,
};
use crate::{IpOverride, MAX_IP_OVERRIDES, SiteKeyId, StoreError, Verdict};

/// See [`Store::add_ip_override`](crate::Store::add_ip_override).
pub(super) async fn add(
    store: &RedisStore,
    key: &SiteKeyId,
    new: &IpOverride,
) -> Result<bool, StoreError> {
    let name = store.names.site_key(key);
    let (first, last) = ends(&new.net);
    let call = Call::run(&scripts::ADD_OVERRIDE)
        .key(store.names.answer(&name, store.link.attempt()))
        .key(name)
        .key(store.names.ip_overrides(key))
        .arg(first)
        .arg(last)
        .arg(member(new))
        .number(MAX_IP_OVERRIDES);
    let answer: String = store.link.call(call).await?;
    match &answer[..] {
        "added" => Ok(true),
        "missing" => Ok(false),
        "overlaps" => Err(StoreError::AlreadyExists),
        "full" => Err(StoreError::Full {
            most: MAX_IP_OVERRIDES,
        }),
        other => Err(corrupt(format!("add_override answered {other:?}"))),
    }
}

pub(super) async fn remove(
    store: &RedisStore,
    key: &SiteKeyId,
    old: &IpOverride,
) -> Result<bool, StoreError> {
    let name = store.names.ip_overrides(key);
    let call = Call::run(&scripts::REMOVE_OVERRIDE)
        .key(store.names.answer(&name, store.link.attempt()))
        .key(name)
        .arg(member(old));
    store.link.call(call).await.map(super::is_yes)
}

pub(super) async fn list(
    store: &RedisStore,
    key: &SiteKeyId,
) -> Result<Vec<IpOverride>, StoreError> {
    let call = Call::read("ZRANGE")
        .key(store.names.ip_overrides(key))
        .number(0)
        .number(-1);
    let members: Vec<Vec<u8>> = store.link.call(call).await?;
    members.iter().map(|member| from_member(member)).collect()
}

fn member(new: &IpOverride) -> Vec<u8> {
    let Verdict::Allow = new.verdict;
    let (first, last) = ends(&new.net);
    [&first, &last, new.net.to_string().as_bytes()].concat()
}

pub(super) fn from_member(member: &[u8]) -> Result<IpOverride, StoreError> {
    let net = text(member.get(32..).unwrap_or_default())?;
    let net = net.parse();
    Ok(IpOverride {
        net: net.map_err(|error: ipnet::AddrParseError| corrupt(error.to_string()))?,
        verdict: Verdict::Allow,
    })
}

/// The first and the last address of a net, in the one order of both families.
fn ends(net: &IpNet) -> ([u8; 16], [u8; 16]) {
    let bytes = |address: IpAddr| -> [u8; 16] {
        let address: Ipv6Addr = match address {
            IpAddr::V4(v4) => v4.to_ipv6_mapped(),
            IpAddr::V6(v6) => v6,
        };
        address.octets()
    };
    (bytes(net.network()), bytes(net.broadcast()))
}
