//! What the settings of a site key may be.

use std::collections::BTreeSet;

use touchstone_api::{
    ApiError,
    v1::{
        AndroidKeySettings, IosKeySettings, Key, TestingOptions, WafSettings, WebKeySettings,
        key::PlatformSettings,
        testing_options::TestingChallenge,
        waf_settings::{WafFeature, WafService},
        web_key_settings::{
            ActionSettings, ChallengeSecurityPreference, ChallengeSettings, IntegrationType,
        },
    },
};

use super::Faults;
use crate::keys::check_domain;

/// The settings if they hold, in the form in which they are stored.
///
/// # Errors
/// INVALID_ARGUMENT with everything that does not.
pub(super) fn checked(key: Option<Key>) -> Result<Key, ApiError> {
    let mut faults = Faults::default();
    let Some(mut key) = key else {
        faults.add("key", "It is missing: say what the key is for.");
        return faults.refuse().map(|()| Key::default());
    };
    let named = !key.display_name.trim().is_empty();
    faults.unless(
        named,
        "key.displayName",
        "It is missing: give the key a name for people.",
    );
    faults.at_most(&key.display_name, 256, "key.displayName");
    faults.unless(
        !key.display_name.contains(char::is_control),
        "key.displayName",
        "It has a control character, such as a line break. Remove it.",
    );
    check_labels(&key, &mut faults);
    match &mut key.platform_settings {
        Some(PlatformSettings::WebSettings(web)) => check_web(web, &mut faults),
        Some(PlatformSettings::AndroidSettings(android)) => check_android(android, &mut faults),
        Some(PlatformSettings::IosSettings(ios)) => check_ios(ios, &mut faults),
        Some(PlatformSettings::ExpressSettings(_) | PlatformSettings::UniversalSettings(_)) => {}
        None => faults.add(
            "key",
            "It has no platform: give one of webSettings, androidSettings, iosSettings, expressSettings and universalSettings.",
        ),
    }
    if let Some(testing) = &key.testing_options {
        check_testing(testing, &mut faults);
    }
    if let Some(waf) = &key.waf_settings {
        check_waf(waf, &mut faults);
    }
    faults.refuse()?;
    Ok(key)
}

/// Fills in the integration type where an update leaves it out, as published examples do: it cannot change anyway.
pub(super) fn keep_integration(current: &Key, changed: &mut Key) {
    if let (Some(PlatformSettings::WebSettings(current)), Some(PlatformSettings::WebSettings(web))) =
        (&current.platform_settings, &mut changed.platform_settings)
        && web.integration_type == i32::from(IntegrationType::Unspecified)
    {
        web.integration_type = current.integration_type;
    }
}

/// Refuses a change of what a key is: pages and back ends that use it rely on that.
pub(super) fn check_kept(current: &Key, changed: &Key) -> Result<(), ApiError> {
    let platform = |key: &Key| key.platform_settings.as_ref().map(std::mem::discriminant);
    let integration = |key: &Key| match &key.platform_settings {
        Some(PlatformSettings::WebSettings(web)) => web.integration_type,
        _ => 0,
    };
    let mut faults = Faults::default();
    if platform(current) != platform(changed) {
        faults.add(
            "key",
            "The platform of a key cannot be changed: create another key.",
        );
    } else if integration(current) != integration(changed) {
        faults.add(
            "key.webSettings.integrationType",
            "The integration type of a key cannot be changed: create another key.",
        );
    }
    faults.refuse()
}

/// Domains as they are stored; the faulty ones are noted and left out.
pub(super) fn check_domains(domains: &mut Vec<String>, field: &str, faults: &mut Faults) {
    faults.at_most_entries(domains.len(), MOST_NAMES, field);
    let mut known = BTreeSet::new();
    let mut kept = Vec::new();
    for (index, domain) in domains.drain(..).enumerate() {
        match check_domain(&domain) {
            Ok(domain) if known.insert(domain.clone()) => kept.push(domain),
            Ok(_) => {}
            Err(error) => faults.add(format!("{field}[{index}]"), error.to_string()),
        }
    }
    *domains = kept;
}

fn check_web(web: &mut WebKeySettings, faults: &mut Faults) {
    check_domains(
        &mut web.allowed_domains,
        "key.webSettings.allowedDomains",
        faults,
    );
    let field = "key.webSettings.integrationType";
    match IntegrationType::try_from(web.integration_type) {
        Ok(IntegrationType::Unspecified) => {
            faults.add(
                field,
                "It is missing: SCORE, CHECKBOX, INVISIBLE or POLICY_BASED_CHALLENGE.",
            );
        }
        known => faults.unless(known.is_ok(), field, "There is no such integration type."),
    }
    let preference = ChallengeSecurityPreference::try_from(web.challenge_security_preference);
    let field = "key.webSettings.challengeSecurityPreference";
    faults.unless(
        preference.is_ok(),
        field,
        "There is no such preference: USABILITY, BALANCE or SECURITY.",
    );
    if let Some(challenges) = &web.challenge_settings {
        check_challenges(challenges, faults);
    }
}

fn check_challenges(settings: &ChallengeSettings, faults: &mut Faults) {
    let field = "key.webSettings.challengeSettings";
    match &settings.default_settings {
        Some(settings) => check_threshold(settings, &format!("{field}.defaultSettings"), faults),
        None => faults.add(
            format!("{field}.defaultSettings"),
            "It is missing: give the scoreThreshold of actions that are not named.",
        ),
    }
    let field = format!("{field}.actionSettings");
    faults.at_most_entries(settings.action_settings.len(), 100, &field);
    let mut known = BTreeSet::new();
    for (action, settings) in &settings.action_settings {
        let length = action.chars().count();
        faults.unless(
            (1..=100).contains(&length),
            &field,
            "The name of an action has 1 to 100 characters.",
        );
        let new = known.insert(action.to_lowercase());
        faults.unless(
            new,
            &field,
            "Two actions differ in case alone, which makes them one.",
        );
        check_threshold(settings, &field, faults);
    }
}

fn check_threshold(settings: &ActionSettings, field: &str, faults: &mut Faults) {
    let holds = (0.0..=1.0).contains(&settings.score_threshold);
    faults.unless(
        holds,
        format!("{field}.scoreThreshold"),
        "A threshold is 0.0 (never) to 1.0 (always).",
    );
}

fn check_android(android: &mut AndroidKeySettings, faults: &mut Faults) {
    let names = &mut android.allowed_package_names;
    check_names(
        names,
        "key.androidSettings.allowedPackageNames",
        "com.example.app",
        faults,
    );
}

/// Devices are not checked with Apple, so the private key would lie here without a use: it is not kept.
fn check_ios(ios: &mut IosKeySettings, faults: &mut Faults) {
    let names = &mut ios.allowed_bundle_ids;
    check_names(
        names,
        "key.iosSettings.allowedBundleIds",
        "com.example.app",
        faults,
    );
    if let Some(apple) = &mut ios.apple_developer_id {
        apple.private_key = String::new();
        for (id, field) in [(&apple.key_id, "keyId"), (&apple.team_id, "teamId")] {
            let holds = id.len() == 10 && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
            let field = format!("key.iosSettings.appleDeveloperId.{field}");
            faults.unless(holds, field, "It has 10 letters and digits.");
        }
    }
}

fn check_names(names: &[String], field: &str, example: &str, faults: &mut Faults) {
    faults.at_most_entries(names.len(), MOST_NAMES, field);
    for (index, name) in names.iter().enumerate() {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        let holds = (1..=255).contains(&name.len()) && name.bytes().all(allowed);
        let what = format!("This is no name of an application, such as {example}.");
        faults.unless(holds, format!("{field}[{index}]"), what);
    }
}

fn check_testing(testing: &TestingOptions, faults: &mut Faults) {
    let holds = (0.0..=1.0).contains(&testing.testing_score);
    faults.unless(
        holds,
        "key.testingOptions.testingScore",
        "A score is 0.0 to 1.0.",
    );
    let challenge = TestingChallenge::try_from(testing.testing_challenge);
    let field = "key.testingOptions.testingChallenge";
    faults.unless(
        challenge.is_ok(),
        field,
        "There is no such challenge: NOCAPTCHA or UNSOLVABLE_CHALLENGE.",
    );
}

fn check_waf(waf: &WafSettings, faults: &mut Faults) {
    let service = WafService::try_from(waf.waf_service);
    let holds = service.is_ok_and(|service| service != WafService::Unspecified);
    faults.unless(
        holds,
        "key.wafSettings.wafService",
        "It is missing: CA, FASTLY, CLOUDFLARE or AKAMAI.",
    );
    let feature = WafFeature::try_from(waf.waf_feature);
    let holds = feature.is_ok_and(|feature| feature != WafFeature::Unspecified);
    let what = "It is missing: CHALLENGE_PAGE, SESSION_TOKEN, ACTION_TOKEN or EXPRESS.";
    faults.unless(holds, "key.wafSettings.wafFeature", what);
}

fn check_labels(key: &Key, faults: &mut Faults) {
    faults.at_most_entries(key.labels.len(), 64, "key.labels");
    for (name, value) in &key.labels {
        let holds = (1..=63).contains(&name.chars().count());
        faults.unless(
            holds,
            "key.labels",
            "The name of a label has 1 to 63 characters.",
        );
        faults.at_most(value, 63, "key.labels");
    }
}

/// Domains, packages or bundles of one key.
const MOST_NAMES: usize = 250;
