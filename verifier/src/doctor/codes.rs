use super::{Finding, Setup};
use crate::{
    config::{FactorConfig, SmtpConfig},
    factors::{GreetError, MailError, greet},
};

/// Whether the mail server that sends codes would take them: it answers, the connection is secret, the login holds. Nothing is sent. The
/// gateway for text messages is not asked: there is no request to it that sends nothing.
pub(super) async fn check(setup: &Setup) -> Vec<Finding> {
    let config = match FactorConfig::of(setup.serve.factors.clone()) {
        Ok(config) => config,
        Err(error) => {
            let advice = "correct the option; docs/mfa.md says what goes together";
            return vec![Finding::problem(error.to_string(), advice)];
        }
    };
    let mut found = Vec::new();
    if config.gateway.is_some() {
        found.push(Finding::ok(
            "text messages go to a gateway, which was not asked",
        ));
    }
    if let Some(smtp) = config.smtp {
        found.push(mail(smtp).await);
    }
    found
}

async fn mail(smtp: SmtpConfig) -> Finding {
    let place = format!("{}:{}", smtp.host, smtp.port);
    let has_login = smtp.login.is_some();
    match greet(smtp).await {
        Ok(()) if has_login => {
            Finding::ok(format!("the mail server {place} greets and lets us in"))
        }
        Ok(()) => Finding::ok(format!("the mail server {place} greets")),
        Err(error) => {
            let advice = match &error {
                GreetError::Config(_) => "name a file of certificates in PEM with --smtp-ca",
                GreetError::Mail(MailError::NoStartTls) => {
                    "use smtps://, or let the server offer STARTTLS"
                }
                GreetError::Mail(MailError::Smtp(error)) if error.is_permanent() => {
                    "correct user and password of --smtp-url"
                }
                GreetError::Mail(MailError::Smtp(error)) if error.is_tls() => {
                    "name the host that its certificate is for, or its authority with --smtp-ca"
                }
                GreetError::Mail(_) => "correct host and port of --smtp-url, or start the server",
            };
            Finding::problem(format!("the mail server {place}: {error}"), advice)
        }
    }
}
