use std::{net::Ipv4Addr, sync::Arc};

use ipnet::{IpNet, Ipv4Net};
use tokio::task::JoinSet;

use super::samples::{project, site_key, site_key_id};
use crate::{IpOverride, MAX_IP_OVERRIDES, Store, StoreError, Verdict};

pub(super) async fn overrides_read_back_by_address(store: Arc<dyn Store>) {
    create_keys(&store).await;
    let nets = ["2001:db8::/32", "203.0.113.7/32", "8.0.0.0/8", "2001:db9::1/128"];
    for net in nets {
        assert_eq!(store.add_ip_override(&site_key_id(1), allow(net)).await, Ok(true), "{net}");
    }
    let sorted = ["8.0.0.0/8", "203.0.113.7/32", "2001:db8::/32", "2001:db9::1/128"].map(allow);
    assert_eq!(store.ip_overrides(&site_key_id(1)).await, Ok(sorted.to_vec()));
    assert_eq!(store.ip_overrides(&site_key_id(2)).await, Ok(vec![]), "each key has its own");
    assert_eq!(store.add_ip_override(&site_key_id(9), allow("8.8.8.8/32")).await, Ok(false), "no such key");
}

pub(super) async fn overrides_of_a_key_share_no_address(store: Arc<dyn Store>) {
    create_keys(&store).await;
    let key = site_key_id(1);
    for net in ["198.51.100.0/24", "8.8.8.8/32", "2001:db8::/32"] {
        store.add_ip_override(&key, allow(net)).await.unwrap();
    }
    for net in
        ["8.8.8.8/32", "8.0.0.0/8", "198.51.100.255/32", "198.51.100.0/25", "198.51.0.0/16", "2001:db8:1::/48", "::/0"]
    {
        assert_eq!(store.add_ip_override(&key, allow(net)).await, Err(StoreError::AlreadyExists), "{net}");
    }
    for net in ["8.8.8.7/32", "8.8.8.9/32", "198.51.101.0/24", "198.51.99.0/24", "2001:db9::/32"] {
        assert_eq!(store.add_ip_override(&key, allow(net)).await, Ok(true), "{net}");
    }
    assert_eq!(store.add_ip_override(&site_key_id(2), allow("8.8.8.8/32")).await, Ok(true), "another key");
}

pub(super) async fn only_an_equal_override_is_removed(store: Arc<dyn Store>) {
    create_keys(&store).await;
    let key = site_key_id(1);
    store.add_ip_override(&key, allow("198.51.100.0/24")).await.unwrap();
    for net in ["198.51.100.0/25", "198.51.100.0/32", "198.51.0.0/16", "8.8.8.8/32"] {
        assert_eq!(store.remove_ip_override(&key, allow(net)).await, Ok(false), "{net}");
    }
    assert_eq!(store.remove_ip_override(&site_key_id(2), allow("198.51.100.0/24")).await, Ok(false));
    assert_eq!(store.remove_ip_override(&key, allow("198.51.100.0/24")).await, Ok(true));
    assert_eq!(store.remove_ip_override(&key, allow("198.51.100.0/24")).await, Ok(false));
    assert_eq!(store.ip_overrides(&key).await, Ok(vec![]));
}

pub(super) async fn a_key_has_room_for_a_thousand_overrides(store: Arc<dyn Store>) {
    create_keys(&store).await;
    let key = site_key_id(1);
    let host = |n: u32| {
        let net = IpNet::V4(Ipv4Net::from(Ipv4Addr::from(0x0808_0000 + n)));
        IpOverride { net, verdict: Verdict::Allow }
    };
    let mut callers = JoinSet::new();
    for n in 0..MAX_IP_OVERRIDES {
        let (store, key) = (Arc::clone(&store), key.clone());
        callers.spawn(async move { store.add_ip_override(&key, host(n)).await });
    }
    assert!(callers.join_all().await.into_iter().all(|added| added == Ok(true)));
    let full = Err(StoreError::Full { most: MAX_IP_OVERRIDES });
    assert_eq!(store.add_ip_override(&key, host(MAX_IP_OVERRIDES)).await, full);
    store.remove_ip_override(&key, host(5)).await.unwrap();
    assert_eq!(store.add_ip_override(&key, host(MAX_IP_OVERRIDES)).await, Ok(true));
}

pub(super) async fn overrides_go_with_their_key(store: Arc<dyn Store>) {
    create_keys(&store).await;
    store.add_ip_override(&site_key_id(1), allow("8.8.8.8/32")).await.unwrap();
    store.add_ip_override(&site_key_id(2), allow("8.8.8.8/32")).await.unwrap();
    store.delete_site_key(&project("p"), &site_key_id(1)).await.unwrap();
    assert_eq!(store.ip_overrides(&site_key_id(1)).await, Ok(vec![]));
    assert_eq!(store.ip_overrides(&site_key_id(2)).await, Ok(vec![allow("8.8.8.8/32")]));
}

async fn create_keys(store: &Arc<dyn Store>) {
    for n in [1, 2] {
        store.create_site_key(site_key(n, "p")).await.unwrap();
    }
}

fn allow(net: &str) -> IpOverride {
    IpOverride { net: net.parse().unwrap(), verdict: Verdict::Allow }
}
