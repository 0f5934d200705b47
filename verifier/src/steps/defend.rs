use std::net::IpAddr;

use touchstone_accounts::{
    Count, Crowd, Environment, Event, Findings, Kind, Profile, ProfileError,
};
use touchstone_api::v1;
use touchstone_score::Facts;
use touchstone_store::{
    AccountHash, AccountMark, AssessmentId, NewProfile, ProjectId, Revision, StoreError,
};
use touchstone_traffic::{Busyness, Origin, is_public};

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
    /// Whether a release that is newer wrote the profile: then it is not known here, and stays as it is.
    is_newer: bool,
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
    /// None where nothing valid was examined.
    visit: Option<Visit>,
    /// With this visit in it; none where it is not to be written.
    profile: Option<NewProfile>,
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
        let is_newer = matches!(profile, Err(ProfileError::Version(_)));
        let profile = profile.unwrap_or_else(|error| {
            // A visit must not fail for what is known of earlier ones.
            tracing::warn!(%error, "the profile of an account cannot be read");
            None
        });
        Ok(Self {
            account,
            profile: profile.unwrap_or_default(),
            revision,
            is_newer,
            relations: Relations::default(),
        })
    }

    /// An account that has no name yet.
    fn nobody() -> Self {
        Self {
            account: NOBODY,
            profile: Profile::default(),
            revision: None,
            is_newer: false,
            relations: Relations::default(),
        }
    }

    fn hash(&self) -> Option<&AccountHash> {
        Some(&self.account).filter(|account| **account != NOBODY)
    }

    /// Judges a visit, and takes it in.
    fn visited(self, verifier: &Verifier, event: &Event<'_>, origin: Origin) -> Defended {
        let salt = salt(&verifier.vault, &self.account);
        let findings = self.profile.judge(&salt, event);
        let (account, relations) = (self.hash().copied(), self.relations);
        let (profile, fingerprint) = self.change(|profile| profile.observe(&salt, event));
        let visit = Visit {
            fingerprint,
            origin,
        };
        Defended {
            findings: Some(findings),
            relations,
            visited: account.map(|account| Visited {
                account,
                visit: Some(visit),
                profile,
            }),
        }
    }

    /// Changes the profile. Answers what is to be written, if it may be, and what `change` gave.
    pub fn change<T>(mut self, change: impl FnOnce(&mut Profile) -> T) -> (Option<NewProfile>, T) {
        let given = change(&mut self.profile);
        let new = NewProfile {
            account: self.account,
            profile: self.profile.encode(),
            over: self.revision,
        };
        (Some(new).filter(|_| !self.is_newer), given)
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
            visit: None,
            profile: None,
        });
        return Some(Defended {
            visited,
            ..Defended::default()
        });
    }
    let kind = kind(read, examined);
    if known.is_none() && kind != Kind::Registration {
        // Without a name there is an account only where one is made.
        return Some(Defended::default());
    }
    let (question, now) = (read.question(), verifier.now());
    let environment = environment(read, &question, examined);
    let network = network(&question, examined);
    let origin = origin(&verifier.vault, project, network, &environment);
    let known = known.unwrap_or_else(Known::nobody);
    let crowd = verifier.traffic.asked_for(
        known.hash().map(|account| &account.0),
        &origin,
        kind == Kind::Registration,
        now,
    );
    let event = Event {
        at_ms: now,
        kind,
        environment,
        network,
        created_at_ms: user.created_at,
        has_disposable_email: user.has_disposable_email,
        is_in_large_group: known.relations.are_many(),
        bot_score,
        traffic: counts(&crowd),
    };
    let defended = known.visited(verifier, &event, origin);
    if let Some(Findings {
        is_stranger: true, ..
    }) = defended.findings
    {
        verifier.traffic.stranger_came(&origin, now);
    }
    Some(defended)
}

impl Defended {
    /// What the record of an assessment keeps of the visit: of a valid one, what later annotations speak about.
    pub fn mark(
        &self,
        verifier: &Verifier,
        id: &AssessmentId,
        is_valid: bool,
    ) -> Option<AccountMark> {
        let Visited { account, visit, .. } = self.visited.as_ref()?;
        let visit = visit.as_ref().filter(|_| is_valid);
        let visit = visit.map(|visit| visit.seal(&verifier.vault, id));
        Some(AccountMark {
            account: *account,
            visit: visit.unwrap_or_default(),
        })
    }

    /// The account's profile with the visit in it.
    pub fn profile(&self) -> Option<&NewProfile> {
        self.visited.as_ref()?.profile.as_ref()
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

/// Stands for an account without a name; no hash is that.
const NOBODY: AccountHash = AccountHash([0; 32]);
