use prost_types::FieldMask;
use touchstone::manage::firewall_policies::*;
use touchstone_api::v1::{
    CreateFirewallPolicyRequest, DeleteFirewallPolicyRequest, FirewallAction, FirewallPolicy,
    GetFirewallPolicyRequest, ListFirewallPoliciesRequest, ReorderFirewallPoliciesRequest,
    UpdateFirewallPolicyRequest,
    firewall_action::{
        AllowAction, BlockAction, FirewallActionOneof, SetHeaderAction, SubstituteAction,
    },
};

use super::{kit::Kit, *};

fn policy(path: &str, actions: Vec<FirewallActionOneof>) -> FirewallPolicy {
    let actions = actions.into_iter().map(|action| FirewallAction {
        firewall_action_oneof: Some(action),
    });
    FirewallPolicy {
        name: String::new(),
        description: "for tests".to_owned(),
        path: path.to_owned(),
        condition: "recaptcha.score < 0.5".to_owned(),
        actions: actions.collect(),
    }
}

fn block(path: &str) -> FirewallPolicy {
    policy(path, vec![FirewallActionOneof::Block(BlockAction {})])
}

async fn create(kit: &Kit, policy: FirewallPolicy) -> Result<FirewallPolicy, StepError> {
    let request = CreateFirewallPolicyRequest {
        parent: "projects/shop".to_owned(),
        firewall_policy: Some(policy),
    };
    create_firewall_policy(&kit.verifier, &project("shop"), request).await
}

async fn paths(kit: &Kit) -> Vec<String> {
    let request = ListFirewallPoliciesRequest {
        parent: "projects/shop".to_owned(),
        page_size: 1_000,
        ..Default::default()
    };
    let listed = list_firewall_policies(&kit.verifier, &project("shop"), request).await;
    let policies = listed.unwrap().firewall_policies;
    policies.into_iter().map(|policy| policy.path).collect()
}

#[tokio::test]
async fn a_policy_reads_back_as_it_was_made() {
    let kit = Kit::start().await;
    let header = SetHeaderAction {
        key: "x-score".to_owned(),
        value: "low".to_owned(),
    };
    let actions = vec![
        FirewallActionOneof::SetHeader(header),
        FirewallActionOneof::Substitute(SubstituteAction {
            path: "/sorry".to_owned(),
        }),
    ];
    let made = create(&kit, policy("/login/*", actions.clone()))
        .await
        .unwrap();
    let expected = FirewallPolicy {
        name: made.name.clone(),
        ..policy("/login/*", actions)
    };
    assert_eq!(made, expected);
    assert!(made.name.starts_with("projects/shop/firewallpolicies/"));
    let get = async |of: &str| {
        let name = made.name.clone();
        get_firewall_policy(
            &kit.verifier,
            &project(of),
            GetFirewallPolicyRequest { name },
        )
        .await
    };
    assert_eq!(get("shop").await.unwrap(), made);
    assert_eq!(code(get("other").await), Code::NotFound);
}

#[tokio::test]
async fn policies_are_listed_in_the_order_in_which_they_are_tried() {
    let kit = Kit::start().await;
    let mut names = Vec::new();
    for n in 0..12 {
        names.push(create(&kit, block(&format!("/{n}"))).await.unwrap().name);
    }
    let list = async |page_size, token: &str| {
        let request = ListFirewallPoliciesRequest {
            parent: "projects/shop".to_owned(),
            page_size,
            page_token: token.to_owned(),
        };
        list_firewall_policies(&kit.verifier, &project("shop"), request)
            .await
            .unwrap()
    };
    let first = list(0, "").await;
    let second = list(0, &first.next_page_token).await;
    assert_eq!(
        (
            first.firewall_policies.len(),
            second.firewall_policies.len()
        ),
        (10, 2)
    );
    assert!(second.next_page_token.is_empty());
    let pages = [first.firewall_policies, second.firewall_policies].concat();
    let listed: Vec<_> = pages.into_iter().map(|policy| policy.name).collect();
    assert_eq!(listed, names);
}

#[tokio::test]
async fn an_order_takes_effect_at_once_and_names_every_policy() {
    let kit = Kit::start().await;
    let mut names = Vec::new();
    for path in ["/a", "/b", "/c"] {
        names.push(create(&kit, block(path)).await.unwrap().name);
    }
    let reorder = async |order: &[&str]| {
        let request = ReorderFirewallPoliciesRequest {
            parent: "projects/shop".to_owned(),
            names: order.iter().map(|name| (*name).to_owned()).collect(),
        };
        reorder_firewall_policies(&kit.verifier, &project("shop"), request).await
    };
    let [a, b, c] = &names[..] else {
        unreachable!()
    };
    let tried = async || {
        let policies = kit
            .verifier
            .firewall_policies
            .of(&project("shop"))
            .await
            .unwrap();
        policies
            .iter()
            .map(|policy| policy.path.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(tried().await, ["/a", "/b", "/c"]);
    reorder(&[c, a, b]).await.unwrap();
    assert_eq!(paths(&kit).await, ["/c", "/a", "/b"]);
    assert_eq!(tried().await, ["/c", "/a", "/b"]);
    for wrong in [&[a.as_str(), b][..], &[a, b, b], &[a, b, c, c], &[]] {
        assert_eq!(faulty(reorder(wrong).await), ["names"]);
    }
    let unknown = "projects/shop/firewallpolicies/none";
    assert_eq!(code(reorder(&[a, b, unknown]).await), Code::NotFound);
    assert_eq!(faulty(reorder(&[a, "b", c]).await), ["names[1]"]);
    assert_eq!(paths(&kit).await, ["/c", "/a", "/b"]);
}

#[tokio::test]
async fn an_update_changes_what_its_mask_names() {
    let kit = Kit::start().await;
    let made = create(&kit, block("/a")).await.unwrap();
    let update = async |change: FirewallPolicy, mask: &str| {
        let paths = mask.split(',').filter(|path| !path.is_empty());
        let request = UpdateFirewallPolicyRequest {
            firewall_policy: Some(change),
            update_mask: Some(FieldMask {
                paths: paths.map(str::to_owned).collect(),
            }),
        };
        update_firewall_policy(&kit.verifier, &project("shop"), request).await
    };
    let change = FirewallPolicy {
        name: made.name.clone(),
        description: "ignored".to_owned(),
        ..block("/x")
    };
    let changed = update(change.clone(), "path").await.unwrap();
    assert_eq!(
        changed,
        FirewallPolicy {
            path: "/x".to_owned(),
            ..made.clone()
        }
    );
    assert_eq!(update(change.clone(), "").await.unwrap(), change);
    let too_long = FirewallPolicy {
        condition: "x".repeat(501),
        ..change.clone()
    };
    assert_eq!(
        faulty(update(too_long, "condition").await),
        ["firewallPolicy.condition"]
    );
    let unknown = FirewallPolicy {
        name: "projects/shop/firewallpolicies/none".to_owned(),
        ..change
    };
    assert_eq!(code(update(unknown, "").await), Code::NotFound);
}

#[tokio::test]
async fn what_does_not_hold_is_refused_with_the_paths_of_all_faults() {
    let kit = Kit::start().await;
    let allow = || FirewallActionOneof::Allow(AllowAction {});
    let header = |key: &str, value: &str| {
        let (key, value) = (key.to_owned(), value.to_owned());
        FirewallActionOneof::SetHeader(SetHeaderAction { key, value })
    };
    let substitute = FirewallActionOneof::Substitute(SubstituteAction::default());
    let empty = FirewallPolicy {
        actions: vec![FirewallAction::default()],
        ..block("/a")
    };
    for (policy, paths) in [
        (
            FirewallPolicy {
                description: "d".repeat(257),
                ..block("/a")
            },
            vec!["firewallPolicy.description"],
        ),
        (block(&"/p".repeat(101)), vec!["firewallPolicy.path"]),
        (
            policy("/a", vec![allow(), substitute]),
            vec![
                "firewallPolicy.actions",
                "firewallPolicy.actions[1].substitute.path",
            ],
        ),
        (
            policy("/a", vec![header("a b", "x\ny")]),
            vec![
                "firewallPolicy.actions[0].setHeader.key",
                "firewallPolicy.actions[0].setHeader.value",
            ],
        ),
        (
            policy("/a", vec![header("a", "b"); 17]),
            vec!["firewallPolicy.actions"],
        ),
        (empty, vec!["firewallPolicy.actions[0]"]),
    ] {
        assert_eq!(
            faulty(create(&kit, policy.clone()).await),
            paths,
            "{policy:?}"
        );
    }
}

#[tokio::test]
async fn a_deleted_policy_is_gone() {
    let kit = Kit::start().await;
    let made = create(&kit, block("/a")).await.unwrap();
    let delete = async |of: &str| {
        let name = made.name.clone();
        delete_firewall_policy(
            &kit.verifier,
            &project(of),
            DeleteFirewallPolicyRequest { name },
        )
        .await
    };
    assert_eq!(code(delete("other").await), Code::NotFound);
    delete("shop").await.unwrap();
    assert_eq!(code(delete("shop").await), Code::NotFound);
    assert_eq!(paths(&kit).await, Vec::<String>::new());
}
