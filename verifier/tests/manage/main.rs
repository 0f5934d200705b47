//! What the methods beside assessments promise, asked of a whole verifier as the doors ask: by their functions.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

#[path = "../kit/mod.rs"]
mod kit;

mod firewall_policies;
mod ip_overrides;
mod key_rules;
mod keys;
mod metrics;
mod policies;
mod related_accounts;

use touchstone::steps::StepError;
use touchstone_api::{
    ApiError, Code,
    v1::{
        Key, UniversalKeySettings, WebKeySettings, key::PlatformSettings,
        web_key_settings::IntegrationType,
    },
};
use touchstone_store::ProjectId;

/// What was refused; a fault of the verifier fails the test.
fn refusal<T: std::fmt::Debug>(result: Result<T, StepError>) -> ApiError {
    match result {
        Err(StepError::Refused(error)) => error,
        other => panic!("not refused: {other:?}"),
    }
}

/// The paths of the faulty fields, as the message names them.
fn faulty<T: std::fmt::Debug>(result: Result<T, StepError>) -> Vec<String> {
    let error = refusal(result);
    assert_eq!(error.code(), Code::InvalidArgument, "{error}");
    let lines = error.message().lines();
    lines
        .map(|line| line.split(": ").next().unwrap().to_owned())
        .collect()
}

fn code<T: std::fmt::Debug>(result: Result<T, StepError>) -> Code {
    refusal(result).code()
}

fn project(name: &str) -> ProjectId {
    name.parse().unwrap()
}

fn web_key(integration: IntegrationType, domains: &[&str]) -> Key {
    let web = WebKeySettings {
        allowed_domains: domains.iter().map(|domain| (*domain).to_owned()).collect(),
        integration_type: integration.into(),
        ..WebKeySettings::default()
    };
    Key {
        display_name: "web".to_owned(),
        platform_settings: Some(PlatformSettings::WebSettings(web)),
        ..Key::default()
    }
}

fn universal_key() -> Key {
    Key {
        display_name: "everywhere".to_owned(),
        platform_settings: Some(PlatformSettings::UniversalSettings(
            UniversalKeySettings::default(),
        )),
        ..Key::default()
    }
}
