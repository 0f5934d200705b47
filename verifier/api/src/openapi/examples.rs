//! Examples of what is sent and answered.

use serde_json::{Value, json};

/// A body that the method takes.
pub(super) fn request(rpc: &str) -> Option<Value> {
    Some(match rpc {
        "CreateAssessment" => json!({"event": {
            "token": "the token from the page",
            "siteKey": SITE_KEY,
            "expectedAction": "login",
            "userAgent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "userIpAddress": "203.0.113.7",
            "userInfo": {"accountId": "user-1", "userIds": [{"email": "user@example.com"}]},
        }}),
        "AnnotateAssessment" => {
            json!({"annotation": "LEGITIMATE", "reasons": ["PASSED_TWO_FACTOR"]})
        }
        "CreateKey" => json!({
            "displayName": "Shop",
            "webSettings": {"allowedDomains": ["shop.example"], "integrationType": "SCORE"},
        }),
        "UpdateKey" => json!({"displayName": "The new shop"}),
        "AddIpOverride" | "RemoveIpOverride" => {
            json!({"ipOverrideData": {"ip": "198.51.100.0/24", "overrideType": "ALLOW"}})
        }
        "CreateFirewallPolicy" => json!({
            "description": "Bots see no prices",
            "path": "/prices/*",
            "condition": "recaptcha.score < 0.3",
            "actions": [{"block": {}}],
        }),
        "ReorderFirewallPolicies" => {
            json!({"names": ["projects/shop/firewallpolicies/2", "projects/shop/firewallpolicies/1"]})
        }
        "SearchRelatedAccountGroupMemberships" => json!({"accountId": "user-1"}),
        _ => return None,
    })
}

/// What the method answers.
pub(super) fn answer(rpc: &str) -> Option<Value> {
    Some(match rpc {
        "CreateAssessment" => json!({
            "name": "projects/shop/assessments/01a205615fb4fb431659849284bc131b",
            "event": {"token": "the token from the page", "siteKey": SITE_KEY, "expectedAction": "login"},
            "riskAnalysis": {"score": 0.9, "reasons": []},
            "tokenProperties": {
                "valid": true,
                "invalidReason": "INVALID_REASON_UNSPECIFIED",
                "hostname": "www.shop.example",
                "action": "login",
                "createTime": "2026-11-01T12:24:17.894Z",
            },
            "accountDefenderAssessment": {
                "labels": ["PROFILE_MATCH"],
                "accountTakeoverVerdict": {"risk": 0.1, "riskReasons": [], "trustReasons": [{"reason": "PROFILE_MATCH"}]},
            },
        }),
        "AnnotateAssessment" => json!({}),
        "ListRelatedAccountGroups" => {
            json!({"relatedAccountGroups": [{"name": GROUP}], "nextPageToken": ""})
        }
        "ListRelatedAccountGroupMemberships" | "SearchRelatedAccountGroupMemberships" => json!({
            "relatedAccountGroupMemberships": [
                {"name": format!("{GROUP}/memberships/19cfa3b9ee5a2b6ad4e0f1c7b8a90d35"), "accountId": "user-1"},
                {"name": format!("{GROUP}/memberships/7d10c4e2a6f85b93e1d2c3b4a5968778"), "accountId": "user-2"},
            ],
            "nextPageToken": "",
        }),
        "RetrieveLegacySecretKey" => {
            json!({"legacySecretKey": "6LsecretsecretsecretsecretsecretsecretAA"})
        }
        _ => return None,
    })
}

const GROUP: &str = "projects/shop/relatedaccountgroups/5e0f9c21b4d84c7fa1d1b0c2d3e40000";
const SITE_KEY: &str = "6LexampleexampleexampleexampleexampleAAA";
