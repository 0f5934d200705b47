use touchstone_api::v1::waf_settings::WafService;

/// The cookie in which a firewall looks for the token of a session.
pub fn session_cookie(service: WafService) -> String {
    format!("recaptcha-{}-t", short(service))
}

/// The cookie in which it looks for the token that its challenge page got.
pub fn challenge_cookie(service: WafService) -> String {
    format!("recaptcha-{}-e", short(service))
}

/// What the service is called in names of cookies.
fn short(service: WafService) -> &'static str {
    match service {
        WafService::Fastly => "fastly",
        WafService::Cloudflare => "cf",
        WafService::Akamai => "akam",
        WafService::Ca | WafService::Unspecified => "ca",
    }
}
