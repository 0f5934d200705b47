//! How codes of the second factor get to people: by mail or text message, at once where that works, else from a queue in the store.

mod gateway;
mod mail;
mod parcel;
mod queue;

use std::{num::NonZeroU32, time::Duration};

use tokio::sync::Semaphore;
use touchstone_mfa::{Channel, Endpoint, Message, Occasion};

use crate::config::FactorConfig;
use gateway::Gateway;
use mail::Mailer;

pub use gateway::{SIGNATURE_HEADER, TIMESTAMP_HEADER, signature};
pub(crate) use mail::{GreetError, MailError, greet};
pub(crate) use parcel::Parcel;
pub(crate) use queue::{deliver_waiting, send};

/// What codes are sent by, and to whom they may be.
pub struct Factors {
    mail: Option<Mailer>,
    gateway: Option<Gateway>,
    mail_domains: Vec<String>,
    per_day: Option<NonZeroU32>,
    under_way: Semaphore,
    tried_for: Duration,
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// It was taken.
    Accepted,
    /// The server answers, and wants it later.
    Later,
    /// The recipient's address takes none, for good.
    Refused,
    /// It could not be sent: nobody answers, or not as they should.
    Failed,
}

/// Why codes cannot be sent as it is configured.
#[derive(Debug, thiserror::Error)]
pub enum FactorsError {
    /// Certificates cannot be used.
    #[error("--smtp-ca {0}: {1}")]
    Authorities(String, String),
    /// The system has no certificates.
    #[error("--sms-webhook: the system's certificates cannot be read: {0}")]
    Certificates(#[from] std::io::Error),
}

impl Default for Factors {
    /// Nothing is sent.
    fn default() -> Self {
        Self {
            mail: None,
            gateway: None,
            mail_domains: Vec::new(),
            per_day: None,
            under_way: Semaphore::new(MOST_UNDER_WAY),
            tried_for: TRIED_FOR,
        }
    }
}

impl Factors {
    /// What is configured.
    ///
    /// # Errors
    /// Certificates cannot be read.
    pub fn new(config: FactorConfig) -> Result<Self, FactorsError> {
        Ok(Self {
            mail: config.smtp.map(Mailer::new).transpose()?,
            gateway: config.gateway.map(Gateway::new).transpose()?,
            mail_domains: config.mail_domains,
            per_day: config.per_day,
            ..Self::default()
        })
    }

    /// The same, trying for this long while a person waits, in place of 8 seconds.
    #[must_use]
    pub fn trying_for(self, tried_for: Duration) -> Self {
        Self { tried_for, ..self }
    }

    /// Whether anything is set up that sends this way.
    pub fn offers(&self, channel: Channel) -> bool {
        match channel {
            Channel::Email => self.mail.is_some(),
            Channel::Phone => self.gateway.is_some(),
        }
    }

    /// Whether the operator allows codes to an address.
    pub fn allows(&self, endpoint: &Endpoint) -> bool {
        let Some(domain) = endpoint.domain() else {
            return true;
        };
        self.mail_domains.is_empty() || self.mail_domains.contains(&domain)
    }

    /// Codes that a project may send in a day, if there is a limit.
    pub fn per_day(&self) -> Option<NonZeroU32> {
        self.per_day
    }

    /// Tries once to get a message to its address.
    pub(crate) async fn deliver(&self, parcel: &Parcel) -> Delivery {
        let message = Message::write(Occasion {
            code: &parcel.code,
            site: &parcel.site,
            language: &parcel.language,
        });
        match (parcel.endpoint.channel(), &self.mail, &self.gateway) {
            (Channel::Email, Some(mail), _) => mail.send(&parcel.endpoint, &message).await,
            (Channel::Phone, _, Some(gateway)) => gateway.send(parcel, &message).await,
            _ => Delivery::Failed,
        }
    }
}

impl Delivery {
    /// Its name in metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accepted => "sent",
            Self::Later => "later",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// How long a code is tried to be sent while a person waits.
const TRIED_FOR: Duration = Duration::from_secs(8);
/// Messages that are being sent at once. What comes beyond waits in the queue.
const MOST_UNDER_WAY: usize = 64;
