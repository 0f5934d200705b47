use touchstone_accounts::Kind;
use touchstone_api::v1::{self, user_id::IdOneof};
use touchstone_related::{
    Identifier, IdentifierKey, Mailbox, Phone, Registration, Sighting, is_high,
};
use touchstone_store::{
    GroupId, GroupStanding, NewRelation, ProjectId, RelatedAccountId, SharedIdentifier,
};

use super::{
    StepError,
    defend::{environment, kind, network},
    event::ReadEvent,
    examine::Examined,
};
use crate::{
    Verifier,
    accounts::{AccountName, KeptName},
    environment::fresh,
};

/// The accounts that belong to the one of an event.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Relations(Option<GroupStanding>);

impl Relations {
    /// Whether they are more than an ordinary customer has.
    pub fn are_many(&self) -> bool {
        let Self(standing) = self;
        standing.is_some_and(|standing| is_high(standing.members, standing.lately))
    }
}

/// Relates the account of an event to those that share something with it: only for a visitor who was scored, so that nobody
/// without a valid token adds to a group.
///
/// An assessment is answered without what the store does not know in time: a person must not be refused for it.
///
/// # Errors
/// There are no random bytes.
pub(super) async fn relate(
    verifier: &Verifier,
    project: &ProjectId,
    name: AccountName<'_>,
    event: &v1::Event,
    read: &ReadEvent<'_>,
    examined: &Examined,
) -> Result<Relations, StepError> {
    if examined.evaluation.is_none() {
        return Ok(Relations::default());
    }
    let vault = &verifier.vault;
    let key = IdentifierKey(vault.hash(&format!("related\0{project}")));
    let sighting = sighting(event, read, examined, name, verifier.now());
    let identifiers = sighting.identifiers(&key).into_iter();
    let new = NewRelation {
        project: project.clone(),
        account: RelatedAccountId::from(&name.hash(vault, project)),
        name: KeptName::seal(name, vault, fresh()?),
        identifiers: identifiers.map(shared).collect(),
        fresh: GroupId(fresh()?),
        now: verifier.stored_now(),
    };
    let standing = verifier.store.relate(new).await;
    Ok(Relations(standing.unwrap_or_else(|error| {
        tracing::warn!(%error, "an account was not related to others");
        None
    })))
}

/// What the event tells about who is behind the account.
fn sighting(
    event: &v1::Event,
    read: &ReadEvent<'_>,
    examined: &Examined,
    name: AccountName<'_>,
    now: u64,
) -> Sighting {
    let ids = event.user_info.iter().flat_map(|user| &user.user_ids);
    let (mut mailboxes, mut phones) = (Vec::new(), Vec::new());
    for id in ids.filter_map(|id| id.id_oneof.as_ref()) {
        match id {
            IdOneof::Email(address) => mailboxes.extend(Mailbox::parse(address)),
            IdOneof::PhoneNumber(number) => phones.extend(Phone::parse(number)),
            // Unique on the site, so no other account has it; where a site is several shops, each has an "admin".
            IdOneof::Username(_) => {}
        }
    }
    if let (AccountName::Id(id), true) = (name, mailboxes.is_empty()) {
        mailboxes.extend(Mailbox::parse(id));
    }
    let registration = (kind(read, examined) == Kind::Registration).then(|| {
        let question = read.question();
        Registration {
            at_ms: now,
            browser: environment(read, &question, examined).user_agent.to_owned(),
            address: network(&question, examined),
            page: examined.token.as_ref().map(|token| token.page),
            recordings: examined
                .visits
                .iter()
                .flatten()
                .map(|visit| visit.0)
                .collect(),
        }
    });
    Sighting {
        mailboxes,
        phones,
        registration,
    }
}

fn shared(identifier: Identifier) -> SharedIdentifier {
    SharedIdentifier {
        id: identifier.id,
        most: identifier.most,
    }
}
