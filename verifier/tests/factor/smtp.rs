//! A mail server on loopback that behaves as it is told: EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, QUIT.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use rustls::{
    ServerConfig,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;

/// What a server does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mood {
    /// Takes everything.
    Takes,
    /// Refuses every recipient, for good.
    RefusesRecipients,
    /// Wants every recipient later.
    WantsLater,
    /// Refuses every sender, for good.
    RefusesSenders,
    /// Answers nobody.
    IsSilent,
}

/// A mail that was taken.
#[derive(Clone, Debug)]
pub struct Mail {
    pub from: String,
    pub to: String,
    pub text: String,
    pub was_secret: bool,
    pub login: Option<String>,
}

/// A mail server; ends with the test.
#[derive(Clone)]
pub struct Smtp {
    pub address: SocketAddr,
    state: Arc<State>,
}

struct State {
    mood: Mutex<Mood>,
    mails: Mutex<Vec<Mail>>,
    tls: Option<TlsAcceptor>,
    is_tls_at_once: bool,
}

impl Smtp {
    /// One without TLS.
    pub async fn plain() -> Self {
        Self::start(None, false).await
    }

    /// One that offers STARTTLS, and the certificate that it shows, in PEM.
    pub async fn with_starttls() -> (Self, String) {
        Self::with_tls(false).await
    }

    /// One that speaks TLS from the first byte, and its certificate.
    pub async fn with_tls_at_once() -> (Self, String) {
        Self::with_tls(true).await
    }

    async fn with_tls(is_at_once: bool) -> (Self, String) {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let server = Self::start(Some(TlsAcceptor::from(Arc::new(config))), is_at_once).await;
        (server, made.cert.pem())
    }

    async fn start(tls: Option<TlsAcceptor>, is_tls_at_once: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let state = Arc::new(State {
            mood: Mutex::new(Mood::Takes),
            mails: Mutex::new(Vec::new()),
            tls,
            is_tls_at_once,
        });
        let server = Self {
            address: listener.local_addr().unwrap(),
            state: state.clone(),
        };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let state = state.clone();
                // A client that hangs up ends its conversation; the test looks at what was taken.
                tokio::spawn(async move {
                    let _ = converse(stream, &state).await;
                });
            }
        });
        server
    }

    pub fn be(&self, mood: Mood) {
        *self.state.mood.lock().unwrap() = mood;
    }

    pub fn mails(&self) -> Vec<Mail> {
        self.state.mails.lock().unwrap().clone()
    }

    /// The code in the last mail.
    pub fn last_code(&self) -> String {
        code_in(&self.mails().last().expect("no mail came").text)
    }
}

/// The line of plain text that is six digits.
pub fn code_in(text: &str) -> String {
    let is_code = |line: &&str| line.len() == 6 && line.bytes().all(|byte| byte.is_ascii_digit());
    let mut lines = text.lines().map(str::trim);
    lines.find(is_code).expect("no code").to_owned()
}

async fn converse(stream: TcpStream, state: &State) -> std::io::Result<()> {
    if let (true, Some(tls)) = (state.is_tls_at_once, &state.tls) {
        let mut stream = BufReader::new(tls.accept(stream).await?);
        say(&mut stream, "220 mail.test ESMTP").await?;
        talk(&mut stream, state, true).await?;
        return Ok(());
    }
    let mut stream = BufReader::new(stream);
    say(&mut stream, "220 mail.test ESMTP").await?;
    let is_upgraded = talk(&mut stream, state, false).await?;
    if let (true, Some(tls)) = (is_upgraded, &state.tls) {
        let stream = tls.accept(stream.into_inner()).await?;
        talk(&mut BufReader::new(stream), state, true).await?;
    }
    Ok(())
}

/// Whether the client wants TLS now.
async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut BufReader<S>,
    state: &State,
    was_secret: bool,
) -> std::io::Result<bool> {
    let (mut from, mut to, mut login) = (String::new(), String::new(), None);
    loop {
        let line = read(stream).await?;
        let mood = *state.mood.lock().unwrap();
        if mood == Mood::IsSilent {
            tokio::time::sleep(Duration::from_secs(3_600)).await;
        }
        let verb = line.split([' ', ':']).next().unwrap().to_ascii_uppercase();
        match verb.as_str() {
            "EHLO" => {
                let tls = if state.tls.is_some() && !was_secret {
                    "250-STARTTLS\r\n"
                } else {
                    ""
                };
                say(
                    stream,
                    &format!("250-mail.test\r\n{tls}250-8BITMIME\r\n250 AUTH PLAIN LOGIN"),
                )
                .await?;
            }
            "STARTTLS" => {
                say(stream, "220 go ahead").await?;
                return Ok(true);
            }
            "AUTH" => {
                login = line.strip_prefix("AUTH PLAIN ").map(|text| {
                    let bytes = data_encoding::BASE64.decode(text.as_bytes()).unwrap();
                    String::from_utf8(bytes)
                        .unwrap()
                        .replace('\0', " ")
                        .trim()
                        .to_owned()
                });
                match login.as_deref() {
                    Some("ada secret") => say(stream, "235 welcome").await?,
                    _ => say(stream, "535 5.7.8 wrong password").await?,
                }
            }
            "MAIL" if mood == Mood::RefusesSenders => say(stream, "550 5.7.1 not you").await?,
            "MAIL" => {
                from = line;
                say(stream, "250 ok").await?;
            }
            "RCPT" if mood == Mood::RefusesRecipients => {
                say(stream, &format!("550 5.1.1 no such mailbox: {line}")).await?;
            }
            "RCPT" if mood == Mood::WantsLater => say(stream, "451 4.7.1 greylisted").await?,
            "RCPT" => {
                to = line;
                say(stream, "250 ok").await?;
            }
            "DATA" => {
                say(stream, "354 go on").await?;
                let mut text = String::new();
                loop {
                    let line = read(stream).await?;
                    if line == "." {
                        break;
                    }
                    text += &line;
                    text.push('\n');
                }
                let mail = Mail {
                    from: from.clone(),
                    to: to.clone(),
                    text,
                    was_secret,
                    login: login.clone(),
                };
                state.mails.lock().unwrap().push(mail);
                say(stream, "250 taken").await?;
            }
            "QUIT" => {
                say(stream, "221 bye").await?;
                return Ok(false);
            }
            _ => say(stream, "250 ok").await?,
        }
    }
}

async fn say<S: AsyncWrite + Unpin>(stream: &mut S, line: &str) -> std::io::Result<()> {
    stream.write_all(format!("{line}\r\n").as_bytes()).await?;
    stream.flush().await
}

async fn read<S: AsyncRead + Unpin>(stream: &mut BufReader<S>) -> std::io::Result<String> {
    let mut line = String::new();
    match stream.read_line(&mut line).await? {
        0 => Err(std::io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(line.trim_end().to_owned()),
    }
}
