use touchstone::manage::ip_overrides::*;
use touchstone_api::v1::{
    AddIpOverrideRequest, IpOverrideData, ListIpOverridesRequest, ListIpOverridesResponse,
    RemoveIpOverrideRequest,
};
use touchstone_store::Verdict;

use super::{kit::Kit, *};

fn data(ip: &str) -> Option<IpOverrideData> {
    Some(IpOverrideData {
        ip: ip.to_owned(),
        override_type: 1,
    })
}

async fn add(kit: &Kit, ip: &str) -> Result<(), StepError> {
    add_data(kit, data(ip)).await
}

async fn add_data(kit: &Kit, ip_override_data: Option<IpOverrideData>) -> Result<(), StepError> {
    let request = AddIpOverrideRequest {
        name: format!("projects/shop/keys/{}", kit.shop.site_key),
        ip_override_data,
    };
    let answer = add_ip_override(&kit.verifier, &project("shop"), request).await;
    answer.map(|_| ())
}

async fn remove(kit: &Kit, ip: &str) -> Result<(), StepError> {
    let request = RemoveIpOverrideRequest {
        name: format!("projects/shop/keys/{}", kit.shop.site_key),
        ip_override_data: data(ip),
    };
    let answer = remove_ip_override(&kit.verifier, &project("shop"), request).await;
    answer.map(|_| ())
}

async fn list(
    kit: &Kit,
    page_size: i32,
    token: &str,
) -> Result<ListIpOverridesResponse, StepError> {
    let request = ListIpOverridesRequest {
        parent: format!("projects/shop/keys/{}", kit.shop.site_key),
        page_size,
        page_token: token.to_owned(),
    };
    list_ip_overrides(&kit.verifier, &project("shop"), request).await
}

#[tokio::test]
async fn overrides_are_added_listed_and_removed() {
    let kit = Kit::start().await;
    for ip in ["2001:db8::/32", "1.2.3.4", "203.0.113.0/24"] {
        add(&kit, ip).await.unwrap();
    }
    let listed = list(&kit, 0, "").await.unwrap().ip_overrides;
    let expected = ["1.2.3.4", "203.0.113.0/24", "2001:db8::/32"].map(|ip| data(ip).unwrap());
    assert_eq!(listed, expected);
    assert_eq!(code(remove(&kit, "203.0.113.0/25").await), Code::NotFound);
    remove(&kit, "1.2.3.4/32").await.unwrap();
    assert_eq!(code(remove(&kit, "1.2.3.4").await), Code::NotFound);
    assert_eq!(list(&kit, 0, "").await.unwrap().ip_overrides, expected[1..]);
}

#[tokio::test]
async fn conflicts_and_foreign_keys_are_refused() {
    let kit = Kit::start().await;
    add(&kit, "203.0.113.0/24").await.unwrap();
    for ip in ["203.0.113.0/24", "203.0.113.7", "203.0.0.0/16"] {
        assert_eq!(code(add(&kit, ip).await), Code::AlreadyExists, "{ip}");
    }
    let request = AddIpOverrideRequest {
        name: format!("projects/other/keys/{}", kit.shop.site_key),
        ip_override_data: data("1.2.3.4"),
    };
    let foreign = add_ip_override(&kit.verifier, &project("other"), request).await;
    assert_eq!(code(foreign), Code::NotFound);
}

#[tokio::test]
async fn only_public_addresses_are_taken() {
    let kit = Kit::start().await;
    for ip in ["", "x", "10.0.0.1", "1.2.3.4/8", "::1"] {
        assert_eq!(faulty(add(&kit, ip).await), ["ipOverrideData.ip"], "{ip}");
    }
    let untyped = IpOverrideData {
        override_type: 0,
        ..data("1.2.3.4").unwrap()
    };
    assert_eq!(
        faulty(add_data(&kit, Some(untyped)).await),
        ["ipOverrideData.overrideType"]
    );
    let both = ["ipOverrideData.ip", "ipOverrideData.overrideType"];
    assert_eq!(faulty(add_data(&kit, None).await), both);
}

#[tokio::test]
async fn pages_have_ten_entries_unless_told_and_a_hundred_at_most() {
    let kit = Kit::start().await;
    for n in 0..105 {
        add(&kit, &format!("8.8.8.{n}")).await.unwrap();
    }
    assert_eq!(list(&kit, 0, "").await.unwrap().ip_overrides.len(), 10);
    let first = list(&kit, 1_000, "").await.unwrap();
    assert_eq!(first.ip_overrides.len(), 100);
    let second = list(&kit, 1_000, &first.next_page_token).await.unwrap();
    assert_eq!(second.ip_overrides[0].ip, "8.8.8.100");
    assert_eq!(
        (second.ip_overrides.len(), &second.next_page_token[..]),
        (5, "")
    );
}

#[tokio::test]
async fn an_override_takes_effect_at_once() {
    let kit = Kit::start().await;
    let key = kit.shop.site_key.parse().unwrap();
    let verdict = async |address: &str| {
        let address = address.parse().unwrap();
        kit.verifier
            .ip_overrides
            .verdict(&key, address)
            .await
            .unwrap()
    };
    assert_eq!(verdict("203.0.113.7").await, None);
    add(&kit, "203.0.113.0/24").await.unwrap();
    assert_eq!(verdict("203.0.113.7").await, Some(Verdict::Allow));
    assert_eq!(verdict("::ffff:203.0.113.7").await, Some(Verdict::Allow));
    assert_eq!(verdict("203.0.114.7").await, None);
    remove(&kit, "203.0.113.0/24").await.unwrap();
    assert_eq!(verdict("203.0.113.7").await, None);
}
