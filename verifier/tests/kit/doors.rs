//! The same request at both doors of the API.

use prost::Message as _;
use prost_reflect::{DynamicMessage, SerializeOptions};
use serde_json::{Map, Value, json};
use tonic::{Code, Status};
use touchstone_api::rpc;

use super::Kit;

/// A method as the contract publishes it.
#[derive(Clone, Copy)]
pub struct Method {
    pub rpc: &'static str,
    verb: &'static str,
    /// What follows the resource in the path.
    suffix: &'static str,
    /// The field that the body fills; `*` for the whole request, empty for none.
    body: &'static str,
    /// The name of a resource of the shop; of things that do not exist, but for the project.
    pub name: &'static str,
}

/// Every method.
pub fn methods() -> impl Iterator<Item = Method> {
    METHODS.lines().map(|line| {
        let part = |text| if text == "-" { "" } else { text };
        let [rpc, verb, suffix, body, name] = line.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        Method {
            rpc,
            verb,
            suffix: part(suffix),
            body: part(body),
            name,
        }
    })
}

/// The method of this name.
pub fn method(rpc: &str) -> Method {
    methods().find(|method| method.rpc == rpc).unwrap()
}

/// A refusal, as both doors told it.
pub struct Told {
    pub code: Code,
    pub message: String,
    pub fields: Vec<String>,
    pub reasons: Vec<String>,
}

impl Kit {
    /// Asks the same at both doors, and holds that both refuse in the same words.
    pub async fn refused_alike(
        &self,
        rpc: &str,
        name: &str,
        request: Value,
        api_key: &str,
    ) -> Told {
        let over_rest = self.over_rest(rpc, name, request.clone(), api_key).await;
        let error = over_rest.expect_err(rpc)["error"].take();
        let status = self
            .over_grpc(rpc, name, request, api_key)
            .await
            .expect_err(rpc);
        let details = rpc::Status::decode(status.details()).unwrap();
        let expected = touchstone_api::encode(&details, touchstone_api::EnumStyle::Names).unwrap();
        let mut of_rest = error["details"].as_array().cloned().unwrap_or_default();
        let of_grpc = expected["details"].as_array().cloned().unwrap_or_default();
        assert_eq!(of_rest, of_grpc, "{rpc}");
        assert_eq!(error["message"], status.message(), "{rpc}");
        let text = |detail: &Value, field: &str| detail[field].as_str().map(str::to_owned);
        let violations = of_rest
            .iter_mut()
            .filter_map(|detail| detail["fieldViolations"].as_array().cloned())
            .flatten();
        Told {
            code: status.code(),
            message: status.message().to_owned(),
            fields: violations
                .filter_map(|violation| text(&violation, "field"))
                .collect(),
            reasons: of_grpc
                .iter()
                .filter_map(|detail| text(detail, "reason"))
                .collect(),
        }
    }

    /// Asks over REST: what the body does not take goes into the query string.
    pub async fn over_rest(
        &self,
        rpc: &str,
        name: &str,
        request: Value,
        api_key: &str,
    ) -> Result<Value, Value> {
        let Method {
            verb, suffix, body, ..
        } = method(rpc);
        let (mut query, mut content) = (String::new(), Map::new());
        for (field, value) in request.as_object().unwrap() {
            if body.is_empty() || field == "updateMask" {
                let text = value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned);
                query += &format!("&{field}={text}");
            } else {
                content.insert(field.clone(), value.clone());
            }
        }
        let body = if body.is_empty() {
            String::new()
        } else {
            Value::Object(content).to_string()
        };
        let path = format!("/v1/{name}{suffix}?{}", query.trim_start_matches('&'));
        let answer = self
            .send(verb, &path, &[("x-goog-api-key", api_key)], body)
            .await;
        if answer.status == 200 {
            Ok(answer.json())
        } else {
            Err(answer.json())
        }
    }

    /// Asks over gRPC for the same.
    pub async fn over_grpc(
        &self,
        rpc: &str,
        name: &str,
        request: Value,
        api_key: &str,
    ) -> Result<Value, Status> {
        let body = method(rpc).body;
        let service = touchstone_api::descriptors()
            .get_service_by_name(touchstone_api::SERVICE_NAME)
            .unwrap();
        let method = service
            .methods()
            .find(|method| method.name() == rpc)
            .unwrap();
        let mut fields = request;
        if !body.is_empty() && body != "*" {
            let mask = fields["updateMask"].take();
            fields.as_object_mut().unwrap().remove("updateMask");
            fields = json!({body: fields});
            if let Some(mask) = mask.as_str() {
                fields["updateMask"] = camel(mask).into();
            }
        }
        let named = touchstone_api::Operation::named(rpc).unwrap().name_field();
        match named.split_once('.') {
            Some((outer, inner)) => fields[outer][inner] = name.into(),
            None => fields[named] = name.into(),
        }
        let message = DynamicMessage::deserialize(method.input(), fields).unwrap();
        let path = format!("/{}/{rpc}", touchstone_api::SERVICE_NAME);
        let metadata = [("x-goog-api-key", api_key)];
        let answer = self
            .call_raw(&path, &metadata, message.encode_to_vec())
            .await?;
        let answer = DynamicMessage::decode(method.output(), &answer.into_inner()[..]).unwrap();
        let options = SerializeOptions::new().skip_default_fields(false);
        Ok(answer
            .serialize_with_options(serde_json::value::Serializer, &options)
            .unwrap())
    }
}

/// The JSON form of a mask, which prost-reflect insists on.
fn camel(mask: &str) -> String {
    let mut words = mask.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |text, word| {
        text + &word[..1].to_uppercase() + &word[1..]
    })
}

const METHODS: &str = "\
CreateAssessment POST /assessments assessment projects/shop\n\
AnnotateAssessment POST :annotate * projects/shop/assessments/00\n\
CreateKey POST /keys key projects/shop\n\
ListKeys GET /keys - projects/shop\n\
GetKey GET - - projects/shop/keys/k\n\
UpdateKey PATCH - key projects/shop/keys/k\n\
DeleteKey DELETE - - projects/shop/keys/k\n\
MigrateKey POST :migrate * projects/shop/keys/k\n\
RetrieveLegacySecretKey GET :retrieveLegacySecretKey - projects/shop/keys/k\n\
AddIpOverride POST :addIpOverride * projects/shop/keys/k\n\
RemoveIpOverride POST :removeIpOverride * projects/shop/keys/k\n\
ListIpOverrides GET :listIpOverrides - projects/shop/keys/k\n\
GetMetrics GET - - projects/shop/keys/k/metrics\n\
GetPolicy GET - - projects/shop/keys/k/policy\n\
UpdatePolicy PATCH - policy projects/shop/keys/k/policy\n\
CreateFirewallPolicy POST /firewallpolicies firewallPolicy projects/shop\n\
ListFirewallPolicies GET /firewallpolicies - projects/shop\n\
GetFirewallPolicy GET - - projects/shop/firewallpolicies/f\n\
UpdateFirewallPolicy PATCH - firewallPolicy projects/shop/firewallpolicies/f\n\
DeleteFirewallPolicy DELETE - - projects/shop/firewallpolicies/f\n\
ReorderFirewallPolicies POST /firewallpolicies:reorder * projects/shop\n\
ListRelatedAccountGroups GET /relatedaccountgroups - projects/shop\n\
ListRelatedAccountGroupMemberships GET /memberships - projects/shop/relatedaccountgroups/g\n\
SearchRelatedAccountGroupMemberships POST /relatedaccountgroupmemberships:search * projects/shop";
