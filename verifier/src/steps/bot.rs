use std::net::IpAddr;

use crate::{
    Verifier,
    bots::{Bot, Claim, Signer},
};

/// Which bot a visitor is, as far as that can be proven.
#[derive(Debug, Default)]
pub(super) struct Identity {
    /// The bot that signed the visitor's request, or the crawler whose address it came from.
    pub bot: Option<Bot>,
    /// The crawler that the user agent names although DNS says otherwise.
    pub refuted: Option<&'static str>,
}

impl Identity {
    /// Who signed counts first. Without a signature, a well-known crawler is what its address says.
    pub async fn of(
        verifier: &Verifier,
        signer: Option<Signer>,
        user_agent: &str,
        address: Option<IpAddr>,
    ) -> Self {
        let bot = signer.and_then(|signer| verifier.bots.bot(signer).cloned());
        let (None, Some(address)) = (&bot, address) else {
            return Self { bot, refuted: None };
        };
        match verifier.claim(user_agent, address).await {
            Some(Claim::Verified(crawler)) => Self {
                bot: Some(crawler.bot()),
                refuted: None,
            },
            Some(Claim::Refuted(crawler)) => Self {
                bot: None,
                refuted: Some(crawler.name),
            },
            None => Self::default(),
        }
    }
}
