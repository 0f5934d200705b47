//! Mails over SMTP (RFC 5321), one connection each: codes are rare, and a connection that stands is one more thing that can have gone.

use std::{fs, time::Duration};

use lettre::{
    Address, Message as Mail,
    message::{
        Mailbox, MultiPart, SinglePart,
        header::{ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::{
        self,
        authentication::{Credentials, Mechanism},
        client::{AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters},
        commands::{Data, Mail as MailFrom, Rcpt},
        extension::{ClientId, Extension, MailBodyParameter, MailParameter},
    },
};
use touchstone_mfa::{Endpoint, Message};

use super::{Delivery, FactorsError};
use crate::{
    config::{Security, SmtpConfig},
    environment::fresh_id,
};

/// Sends mails by a server.
pub(super) struct Mailer {
    config: SmtpConfig,
    tls: TlsParameters,
}

/// Why a mail server cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MailError {
    /// It does not offer STARTTLS.
    #[error("it does not offer STARTTLS, without which nothing is sent")]
    NoStartTls,
    /// It does not answer, or refuses the login.
    #[error("{0}")]
    Smtp(#[from] smtp::Error),
}

impl Mailer {
    pub(super) fn new(config: SmtpConfig) -> Result<Self, FactorsError> {
        let tls = tls(&config)?;
        Ok(Self { config, tls })
    }

    /// Sends a message. What is refused at the recipient's address is told from what is refused for another reason.
    pub(super) async fn send(&self, to: &Endpoint, message: &Message) -> Delivery {
        let Some((recipient, mail)) = self.written(to, message) else {
            return Delivery::Refused;
        };
        let connected = connect(&self.config, self.tls.clone()).await;
        let mut connection = match connected {
            Ok(connection) => connection,
            Err(error) => return failed("connecting", &error),
        };
        let delivery = transact(&mut connection, &self.config.from, recipient, &mail).await;
        // Whether it says goodbye or not, the mail was taken or refused before.
        let _ = connection.quit().await;
        delivery
    }

    /// A new one for every mail: one that is known already would be taken for a copy of the mail before.
    fn message_id(&self) -> Result<String, getrandom::Error> {
        let id = data_encoding::HEXLOWER.encode(&fresh_id::<16>()?);
        Ok(format!("<{id}@{}>", self.config.from.email.domain()))
    }

    /// Address and bytes of a mail; none for an address that SMTP has no form for.
    fn written(&self, to: &Endpoint, message: &Message) -> Option<(Address, Vec<u8>)> {
        let address: Address = to.address().parse().ok()?;
        let part = |kind, text: &str| {
            let part = SinglePart::builder().header(kind);
            part.body(text.to_owned())
        };
        let mail = Mail::builder()
            .from(self.config.from.clone())
            .to(Mailbox::new(None, address.clone()))
            .subject(message.subject.clone())
            .message_id(Some(self.message_id().ok()?))
            .raw_header(HeaderValue::new(
                AUTO_SUBMITTED,
                "auto-generated".to_owned(),
            ))
            .multipart(
                MultiPart::alternative()
                    .singlepart(part(ContentType::TEXT_PLAIN, &message.plain))
                    .singlepart(part(ContentType::TEXT_HTML, &message.html)),
            );
        Some((address, mail.ok()?.formatted()))
    }
}

/// Connects, secures the connection and logs in, as sending does; then leaves.
pub(crate) async fn greet(config: SmtpConfig) -> Result<(), GreetError> {
    let tls = tls(&config)?;
    let mut connection = connect(&config, tls).await?;
    let _ = connection.quit().await;
    Ok(())
}

/// Why a server does not greet.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GreetError {
    /// The configuration does not hold.
    #[error(transparent)]
    Config(#[from] FactorsError),
    /// The server does not do.
    #[error(transparent)]
    Mail(#[from] MailError),
}

async fn connect(
    config: &SmtpConfig,
    tls: TlsParameters,
) -> Result<AsyncSmtpConnection, MailError> {
    let hello = hello(&config.from);
    let server = (config.host.as_str(), config.port);
    let at_once = Some(tls.clone()).filter(|_| config.security == Security::Tls);
    let connecting =
        AsyncSmtpConnection::connect_tokio1(server, Some(CONNECT_WITHIN), &hello, at_once, None);
    let mut connection = connecting.await?;
    match config.security {
        Security::Tls => {}
        Security::StartTls if !connection.can_starttls() => {
            connection.abort().await;
            return Err(MailError::NoStartTls);
        }
        // Nobody listens in between, and certificates of local servers are often of nobody.
        Security::Loopback if config.authorities.is_none() => {}
        Security::StartTls | Security::Loopback => connection.starttls(tls, &hello).await?,
    }
    if let Some((user, password)) = &config.login {
        let credentials = Credentials::new(user.clone(), password.text().to_owned());
        connection.auth(MECHANISMS, &credentials).await?;
    }
    Ok(connection)
}

async fn transact(
    connection: &mut AsyncSmtpConnection,
    from: &Mailbox,
    recipient: Address,
    mail: &[u8],
) -> Delivery {
    let mut parameters = Vec::new();
    if !(from.email.as_ref() as &str).is_ascii() || !(recipient.as_ref() as &str).is_ascii() {
        if !connection
            .server_info()
            .supports_feature(Extension::SmtpUtfEight)
        {
            return Delivery::Refused;
        }
        parameters.push(MailParameter::SmtpUtfEight);
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    let sender = MailFrom::new(Some(from.email.clone()), parameters);
    if let Err(error) = connection.command(sender).await {
        return later_or(Delivery::Failed, "the sender", &error);
    }
    if let Err(error) = connection.command(Rcpt::new(recipient, Vec::new())).await {
        let refused = match error.is_permanent() {
            true => Delivery::Refused,
            false => Delivery::Failed,
        };
        return later_or(refused, "the recipient", &error);
    }
    if let Err(error) = connection.command(Data).await {
        return later_or(Delivery::Failed, "the mail", &error);
    }
    match connection.message(mail).await {
        Ok(_) => Delivery::Accepted,
        Err(error) => later_or(Delivery::Failed, "the mail", &error),
    }
}

/// A server that asks for patience is alive.
fn later_or(otherwise: Delivery, what: &'static str, error: &smtp::Error) -> Delivery {
    log(what, error);
    match error.is_transient() {
        true => Delivery::Later,
        false => otherwise,
    }
}

fn failed(what: &'static str, error: &MailError) -> Delivery {
    match error {
        MailError::NoStartTls => tracing::warn!(what, %error, "a code could not be mailed"),
        MailError::Smtp(error) => log(what, error),
    }
    Delivery::Failed
}

/// Servers quote addresses in their answers, so of an answer the log has the number alone.
fn log(what: &'static str, error: &smtp::Error) {
    match error.status() {
        Some(status) => tracing::warn!(what, %status, "the mail server did not take a code"),
        None => tracing::warn!(what, %error, "a code could not be mailed"),
    }
}

fn tls(config: &SmtpConfig) -> Result<TlsParameters, FactorsError> {
    let mut builder = TlsParameters::builder(config.host.clone());
    let wrong = |reason: String| {
        let file = config.authorities.as_ref();
        let file = file.map_or_else(
            || "(the system's)".into(),
            |file| file.display().to_string(),
        );
        FactorsError::Authorities(file, reason)
    };
    if let Some(file) = &config.authorities {
        let pem = fs::read(file).map_err(|error| wrong(error.to_string()))?;
        let certificates = Certificate::from_pem(&pem).map_err(|error| wrong(error.to_string()))?;
        builder = builder
            .certificate_store(CertificateStore::None)
            .add_root_certificate(certificates);
    }
    builder.build().map_err(|error| wrong(error.to_string()))
}

/// How we greet: by the sender's domain, since the machine's own name is often none that a mail server knows.
fn hello(from: &Mailbox) -> ClientId {
    ClientId::Domain(from.email.domain().to_owned())
}

/// Holiday notices and the like do not answer it (RFC 3834).
const AUTO_SUBMITTED: HeaderName = HeaderName::new_from_ascii_str("Auto-Submitted");
const MECHANISMS: &[Mechanism] = &[Mechanism::Plain, Mechanism::Login];
/// For each answer of the server, too.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
        net::TcpListener,
    };
    use touchstone_mfa::{Code, Occasion};

    use super::*;
    use crate::config::SecretText;

    #[tokio::test]
    async fn without_starttls_a_server_elsewhere_gets_neither_login_nor_mail() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let served = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            let mut stream = BufReader::new(stream);
            stream.write_all(b"220 mail\r\n").await.unwrap();
            let mut said = String::new();
            while stream.read_line(&mut said).await.unwrap() > 0 {
                let _ = stream.write_all(b"250 AUTH PLAIN\r\n").await;
            }
            said
        });
        let config = SmtpConfig {
            host: "127.0.0.1".to_owned(),
            port,
            security: Security::StartTls,
            login: Some(("ada".to_owned(), SecretText::new("secret".to_owned()))),
            from: "no-reply@shop.example".parse().unwrap(),
            authorities: None,
        };
        let mailer = Mailer::new(config).unwrap();
        let message = Message::write(Occasion {
            code: &Code::read("123456").unwrap(),
            site: "shop.example",
            language: "en",
        });
        let to = Endpoint::email("ada@mail.example").unwrap();
        assert_eq!(mailer.send(&to, &message).await, Delivery::Failed);
        let said = served.await.unwrap();
        assert!(said.starts_with("EHLO shop.example"), "{said}");
        assert!(!said.contains("AUTH") && !said.contains("MAIL"), "{said}");
    }
}
