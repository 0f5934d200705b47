use touchstone_api::v1::{self, token_properties::InvalidReason};
use touchstone_policy::AssessmentType;
use touchstone_score::{Context, Transport, evaluate, observe_request};
use touchstone_store::{ProjectId, Verdict as Override};

use super::{
    StepError,
    bot::Identity,
    event::{ReadEvent, express_key_missing},
    examine::{Examined, Question, sources},
};
use crate::{Verifier, environment::fresh};

/// Scores a request without a token, by what the backend tells of it.
///
/// # Errors
/// The event names no site key of the project, or one that is not for this.
pub(super) async fn examine_request(
    verifier: &Verifier,
    project: &ProjectId,
    event: &v1::Event,
    read: &ReadEvent<'_>,
) -> Result<Examined, StepError> {
    let key = verifier.site_keys.get(&event.site_key).await?;
    let key = key
        .filter(|key| key.project == *project)
        .ok_or_else(|| express_key_missing(event))?;
    read.check_key(&key)?;
    let question = read.question();
    let now = verifier.now();
    // Where there is no agent, the requests that are asked about are all that can be counted of an address.
    verifier
        .traffic
        .requested(key.id.as_str(), question.address, now);
    let account = question
        .account
        .map(|account| account.hash(&verifier.vault, project).0);
    let transport = transport(read, &question);
    let signer = question.signed_at_site(verifier, now);
    let Identity { bot, refuted } =
        Identity::of(verifier, signer, transport.user_agent, question.address).await;
    let page = fresh()?;
    let context = Context {
        verified_bot: bot.as_ref().map(|bot| bot.name.as_str()),
        refuted_bot: refuted,
        traffic: sources(verifier, &page, question.address, account.as_ref(), now),
        ..Context::default()
    };
    let evaluation = evaluate(&observe_request(&transport), &context);
    let allowed = match question.address {
        Some(address) => verifier.ip_overrides.verdict(&key.id, address).await?,
        None => None,
    };
    Ok(Examined {
        token: None,
        site_key: Some(key),
        kind: AssessmentType::Express,
        judgement: None,
        flaw: InvalidReason::Unspecified,
        bot,
        evaluation: Some(evaluation),
        is_allowed: allowed == Some(Override::Allow),
        addition: None,
        visits: [None; 2],
        account: None,
    })
}

/// The visitor's request to the site, as far as it is told.
fn transport<'a>(read: &'a ReadEvent<'_>, question: &Question<'a>) -> Transport<'a> {
    Transport {
        user_agent: question
            .user_agent
            .or(read.header("user-agent"))
            .unwrap_or_default(),
        client_hints_ua: read.header("sec-ch-ua"),
        client_hints_platform: read.header("sec-ch-ua-platform"),
        client_hints_mobile: read.header("sec-ch-ua-mobile"),
        ja4: question.ja4,
        ..Transport::default()
    }
}
