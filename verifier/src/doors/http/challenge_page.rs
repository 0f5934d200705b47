//! `POST /recaptcha/challengepage`: the page that a firewall at the edge shows in place of the one that was asked for. It gets a token
//! for the site key that the edge names, asking a question where that is due, leaves it in a cookie for the edge, and reloads.

use data_encoding::BASE64URL_NOPAD;
use hyper::{
    Request, Uri,
    body::Incoming,
    header::{HOST, HeaderMap, HeaderName},
};
use serde::Deserialize;
use touchstone_api::{ApiError, v1::waf_settings::WafFeature};
use touchstone_challenge::Language;

use super::{Answer, PublicDoor, address::Peer, agent, respond};
use crate::{
    keys::{self, KnownKey},
    steps::{StepError, page_key},
};

/// Answers an edge with the page for its visitor.
pub(super) async fn page(
    door: &PublicDoor,
    peer: Peer,
    request: Request<Incoming>,
) -> Result<Answer, StepError> {
    let asked = read(request.headers())?;
    let _place = door.admission.agent.enter().await?;
    let key = page_key(&door.verifier, &asked.site_key, peer.countable).await?;
    let cookie = cookie(&key, &asked)?;
    let script = script(request.uri(), request.headers())?;
    let language = agent::visitor(peer, None, request.uri(), request.headers()).language;
    let page = document(language, &script, key.id.as_str(), &cookie);
    Ok(respond::html(page))
}

/// What an edge says of its visitor. Its header tells the visitor's address, too; the verifier sees that itself when the page asks
/// for its token.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Soz {
    host: String,
    project_number: u64,
    site_key: String,
}

fn read(headers: &HeaderMap) -> Result<Soz, ApiError> {
    let text = respond::header(headers, SOZ).trim_end_matches('=');
    let soz = BASE64URL_NOPAD.decode(text.as_bytes()).ok();
    soz.and_then(|json| serde_json::from_slice(&json).ok())
        .ok_or_else(|| {
            let fix = "It is to be base64url of {\"host\": \"…\", \"projectNumber\": 1, \"siteKey\": \"…\"}.";
            ApiError::invalid_field("X-ReCaptcha-Soz", fix)
        })
}

/// The cookie in which the edge looks for the token.
fn cookie(key: &KnownKey, asked: &Soz) -> Result<String, ApiError> {
    let refused =
        |field: &str, fix: &str| ApiError::invalid_field(format!("X-ReCaptcha-Soz.{field}"), fix);
    let waf = key
        .waf()
        .filter(|waf| waf.waf_feature() == WafFeature::ChallengePage);
    let Some(waf) = waf else {
        let fix =
            "The site key is for another use. Name one with wafSettings.wafFeature CHALLENGE_PAGE.";
        return Err(refused("siteKey", fix));
    };
    if key.project.as_str() != asked.project_number.to_string() {
        let fix = "The site key belongs to another project.";
        return Err(refused("projectNumber", fix));
    }
    if !keys::is_allowed(key, Some(&asked.host)) {
        let fix = "The site key is not for this host. Add it to webSettings.allowedDomains.";
        return Err(refused("host", fix));
    }
    Ok(keys::challenge_cookie(waf.waf_service()))
}

/// The address of the script without scheme: where the edge reached the verifier, the visitor's browser does.
fn script(uri: &Uri, headers: &HeaderMap) -> Result<String, ApiError> {
    let named = uri.authority().map(|authority| authority.as_str());
    let host = named.unwrap_or_else(|| respond::header(headers, HOST));
    let is_plain = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
    if host.is_empty() || !host.chars().all(is_plain) {
        return Err(ApiError::invalid_field("Host", "It names no host."));
    }
    let base = uri.path().strip_suffix(PATH).unwrap_or_default();
    let is_plain = |c: char| is_plain(c) || "/_~".contains(c);
    let base = Some(base).filter(|base| base.chars().all(is_plain));
    Ok(format!(
        "//{host}{}/recaptcha/enterprise.js",
        base.unwrap_or_default()
    ))
}

/// The page. What is put into it comes from the word list, or was checked to hold no markup characters. A visitor who comes back with
/// the cookie was not let in with it: the page then waits for a click, so that it does not reload for ever.
fn document(language: &Language, script: &str, key: &str, cookie: &str) -> String {
    let (tag, direction, texts) = (language.tag(), language.direction().name(), language.page());
    let (wait, needed, again) = (texts.wait, texts.script, texts.again);
    format!(
        r#"<!doctype html>
<html lang="{tag}" dir="{direction}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>{wait}</title>
<style>:root{{color-scheme:light dark}}body{{margin:0;padding:16px;font:16px/1.4 system-ui,sans-serif}}h1{{font-size:20px}}button{{min-height:44px;padding:0 16px;font:inherit}}</style>
<main>
<h1 role="status">{wait}</h1>
<noscript><p>{needed}</p></noscript>
<button hidden>{again}</button>
</main>
<script>
(() => {{
  const key = "{key}", cookie = "{cookie}", button = document.querySelector("button");
  const has = () => document.cookie.includes(cookie + "=");
  const set = (token, age) => {{
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = cookie + "=" + token + "; Path=/; SameSite=Lax; Max-Age=" + age + secure;
  }};
  const offer = () => {{ button.hidden = false; }};
  const run = () => {{
    const script = document.createElement("script");
    script.src = "{script}?render=" + key + "&hl=" + encodeURIComponent(navigator.language);
    script.onerror = offer;
    script.onload = () => grecaptcha.enterprise.ready(() =>
      grecaptcha.enterprise.execute(key, {{ action: "challengepage" }}).then((token) => {{
        set(token, {COOKIE_SECONDS});
        if (has()) location.reload();
        else offer();
      }}, offer));
    document.head.append(script);
  }};
  button.onclick = () => {{ set("", 0); location.reload(); }};
  if (has()) offer();
  else run();
}})();
</script>
</html>
"#
    )
}

const SOZ: HeaderName = HeaderName::from_static("x-recaptcha-soz");
const PATH: &str = "/recaptcha/challengepage";
/// As long as tokens of such keys are assessed: half an hour.
const COOKIE_SECONDS: u32 = 1_800;
