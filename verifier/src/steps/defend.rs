use std::net::IpAddr;

use touchstone_accounts::{Count, Crowd, Environment, Event, Findings, Kind, Profile};
use touchstone_api::v1;
use touchstone_score::Facts;
use touchstone_store::{
    AccountHash, AccountMark, AssessmentId, NewProfile, ProjectId, Revision, StoreError,
};
use touchstone_traffic::{Busyness, is_public};

use super::{
    StepError,
    event::ReadEvent,
    examine::{Examined, Question},
    relate::{Relations, relate},
    user_info::UserInfo,
};
use crate::{
    Verifier,
    accounts::{AccountName, Visit, origin, salt},
};

/// An account as it was before the visit.
pub(super) struct Known {
    account: AccountHash,
    profile: Profile,
    /// The writing that the profile was read from; none for an account that is new.
    revision: Option<Revision>,
    /// Which other accounts belong to it, this visit counted.
    relations: Relations,
}

/// What is said about a visit to an account, and what becomes of it.
#[derive(Default)]
pub(super) struct Defended {
    /// None where nothing valid was examined.
    pub findings: Option<Findings>,
    /// Which other accounts belong to it.
    pub relations: Relations,
    visited: Option<Visited>,
}

/// What is written of a visit to an account that has a name.
struct Visited {
    account: AccountHash,
    /// With this visit in it; none where nothing valid was examined.
    change: Option<(NewProfile, Visit)>,
}

impl Known {
    /// Reads the profile of the account that the backend names.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn read(
        verifier: &Verifier,
        project: &ProjectId,
        name: AccountName<'_>,
    ) -> Result<Self, StoreError> {
        let account = name.hash(&verifier.vault, project);
        Self::of(verifier, account).await
    }

    /// The same, of an account by its hash.
    pub async fn of(verifier: &Verifier, account: AccountHash) -> Result<Self, StoreError> {
        let kept = verifier.store.profile(&account).await?;
        let revision = kept.as_ref().map(|kept| kept.revision);
        let profile = kept.map(|kept| Profile::decode(&kept.profile)).transpose();
        let profile = profile.unwrap_or_else(|error| {
            // Of a release that is newer, or damaged. A visit must not fail for what is known of earlier ones.
            tracing::warn!(%error, "the profile of an account cannot be read, and begins anew");
            None
        });
        Ok(Self {
            account,
            profile: profile.unwrap_or_default(),
            revision,
            relations: Relations::default(),
        })
    }

    /// Changes the profile. Answers what is to be written, and what `change` gave.
    pub fn change<T>(self, change: impl FnOnce(&mut Profile) -> T) -> (NewProfile, T) {
        let Self {
            account,
            mut profile,
            revision,
            ..
        } = self;
        let given = change(&mut profile);
        let new = NewProfile {
            account,
            profile: profile.encode(),
            over: revision,
        };
        (new, given)
    }
}

/// What is known of the account that the backend names: its profile, and, this visit counted, who belongs to it. Both are asked
/// for at once.
///
/// # Errors
/// The store does not answer, or there are no random bytes.
pub(super) async fn know(
    verifier: &Verifier,
    project: &ProjectId,
    name: AccountName<'_>,
    event: &v1::Event,
    read: &ReadEvent<'_>,
    examined: &Examined,
) -> Result<Known, StepError> {
    let reading = Known::read(verifier, project, name);
    let relating = relate(verifier, project, name, event, read, examined);
    let (known, relations) = tokio::join!(reading, relating);
    let relations = relations?;
    Ok(Known {
        relations,
        ..known?
    })
}

/// Judges a visit by what its account is used to, and by what comes to other accounts from there; counts it. None if the
/// backend does not say whose it is.
pub(super) fn defend(
    verifier: &Verifier,
    project: &ProjectId,
    user: &UserInfo<'_>,
    known: Option<Known>,
    read: &ReadEvent<'_>,
    examined: &Examined,
    bot_score: f32,
) -> Option<Defended> {
    if !user.is_given {
        return None;
    }
    if examined.evaluation.is_none() {
        let visited = known.map(|known| Visited {
            account: known.account,
            change: None,
        });
        return Some(Defended {
            visited,
            ..Defended::default()
        });
    }
    let (question, now) = (read.question(), verifier.now());
    let (kind, environment) = (kind(read, examined), environment(read, &question, examined));
    if known.is_none() && kind != Kind::Registration {
        // Without a name there is an account only where one is made.
        return Some(Defended::default());
    }
    let network = network(&question, examined);
    let origin = origin(&verifier.vault, project, network, &environment);
    let account = known.as_ref().map(|known| known.account);
    let crowd = verifier.traffic.asked_for(
        account.as_ref().map(|account| &account.0),
        &origin,
        kind == Kind::Registration,
        now,
    );
    let relations = known.as_ref().map(|known| known.relations);
    let relations = relations.unwrap_or_default();
    let event = Event {
        at_ms: now,
        kind,
        environment,
        network,
        created_at_ms: user.created_at,
        has_disposable_email: user.has_disposable_email,
        is_in_large_group: relations.are_many(),
        bot_score,
        traffic: counts(&crowd),
    };
    let nobody = AccountHash([0; 32]);
    let salt = salt(&verifier.vault, account.as_ref().unwrap_or(&nobody));
    let findings = match &known {
        Some(known) => known.profile.judge(&salt, &event),
        None => Profile::default().judge(&salt, &event),
    };
    if findings.is_stranger {
        verifier.traffic.stranger_came(&origin, now);
    }
    let visited = known.map(|known| {
        let account = known.account;
        let (profile, fingerprint) = known.change(|profile| profile.observe(&salt, &event));
        let visit = Visit {
            fingerprint,
            origin,
        };
        Visited {
            account,
            change: Some((profile, visit)),
        }
    });
    Some(Defended {
        findings: Some(findings),
        relations,
        visited,
    })
}

impl Defended {
    /// What the record of an assessment keeps of the visit: of a valid one, what later annotations speak about.
    pub fn mark(
        &self,
        verifier: &Verifier,
        id: &AssessmentId,
        is_valid: bool,
    ) -> Option<AccountMark> {
        let Visited { account, change } = self.visited.as_ref()?;
        let visit = change.as_ref().filter(|_| is_valid);
        let visit = visit.map(|(_, visit)| visit.seal(&verifier.vault, id));
        Some(AccountMark {
            account: *account,
            visit: visit.unwrap_or_default(),
        })
    }

    /// The account's profile with the visit in it.
    pub fn profile(&self) -> Option<&NewProfile> {
        let change = self.visited.as_ref()?.change.as_ref();
        change.map(|(profile, _)| profile)
    }
}

/// What the visitor is about to do: as the page says, else as the backend expects.
pub(super) fn kind(read: &ReadEvent<'_>, examined: &Examined) -> Kind {
    let expected = read.expected_action();
    let action = examined.token.as_ref().map(|token| token.action.as_str());
    let action = action.filter(|action| !action.is_empty());
    Kind::of(action.unwrap_or(expected), read.requested_uri())
}

/// The visitor's browser, as the token knows it, else as the backend saw it.
pub(super) fn environment<'a>(
    read: &'a ReadEvent<'_>,
    question: &Question<'a>,
    examined: &'a Examined,
) -> Environment<'a> {
    let token = examined.token.as_ref();
    let facts = token.and_then(|token| Facts::decode(&token.facts).ok());
    let screen = facts.and_then(|facts| facts.screen());
    let agents = [
        token.map(|token| token.user_agent.as_str()),
        question.user_agent,
        read.header("user-agent"),
    ];
    let agent = agents.into_iter().flatten().find(|agent| !agent.is_empty());
    Environment {
        user_agent: agent.unwrap_or_default(),
        language: read.header("accept-language").unwrap_or_default(),
        pixel_ratio: screen.map_or(0, |screen| screen.pixel_ratio),
        touch_points: screen.map(|screen| screen.touch_points),
        ja4: read.ja4(),
    }
}

/// Where the request came from, as the backend says, else where the page is; none where that is no visitor's own address.
pub(super) fn network(question: &Question<'_>, examined: &Examined) -> Option<IpAddr> {
    let of_page = examined.token.as_ref().map(|token| token.address);
    let addresses = [question.address, of_page].into_iter().flatten();
    addresses.into_iter().find(|address| is_public(*address))
}

fn counts(crowd: &touchstone_traffic::Crowd) -> Crowd {
    let count = |busyness: Busyness| Count {
        ten_minutes: busyness.ten_minutes,
        day: busyness.day,
        ordinary_ten_minutes: busyness.ordinary_ten_minutes,
        ordinary_day: busyness.ordinary_day,
    };
    Crowd {
        accounts_of_network: count(crowd.accounts_of_network),
        accounts_of_environment: count(crowd.accounts_of_environment),
        failures_of_network: count(crowd.failures_of_network),
        failures_of_environment: count(crowd.failures_of_environment),
        creations_of_network: count(crowd.creations_of_network),
        creations_of_environment: count(crowd.creations_of_environment),
        strangers_of_site: count(crowd.strangers_of_site),
    }
}
