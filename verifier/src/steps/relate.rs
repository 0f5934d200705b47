use touchstone_accounts::Kind;
use touchstone_api::v1::{self, user_id::IdOneof};
use touchstone_related::{IdentifierKey, Mailbox, Phone, Registration, Sighting, is_high};
use touchstone_store::{GroupId, GroupStanding, NewRelation, ProjectId, SharedIdentifier};

use super::{StepError, event::ReadEvent, examine::Examined};
use crate::{Verifier, account_name::AccountName, environment::fresh};

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
pub(super) async fn relate(
    verifier: &Verifier,
    project: &ProjectId,
    event: &v1::Event,
    read: &ReadEvent<'_>,
    examined: &Examined,
) -> Result<Relations, StepError> {
    let Some(account) = read.question().account.map(AccountName::from) else {
        return Ok(Relations::default());
    };
    let sealed = account.seal(&verifier.vault, fresh()?);
    let (Some(name), Some(_)) = (sealed, &examined.evaluation) else {
        return Ok(Relations::default());
    };
    let sighting = sighting(event, read, examined, &account, verifier.now());
    let key = IdentifierKey(verifier.vault.hash(&format!("related\0{project}")));
    let identifiers = sighting.identifiers(&key);
    let new = NewRelation {
        project: project.clone(),
        account: account.related_id(&verifier.vault, project),
        name,
        identifiers: identifiers
            .into_iter()
            .map(|identifier| SharedIdentifier {
                id: identifier.id,
                most: identifier.most,
            })
            .collect(),
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
fn sighting<'a>(
    event: &'a v1::Event,
    read: &ReadEvent<'_>,
    examined: &'a Examined,
    account: &AccountName,
    now: u64,
) -> Sighting<'a> {
    let ids = event.user_info.iter().flat_map(|user| &user.user_ids);
    let ids = ids.filter_map(|id| id.id_oneof.as_ref());
    let (mut mailboxes, mut phones) = (Vec::new(), Vec::new());
    for id in ids.take(MOST_USER_IDS) {
        match id {
            IdOneof::Email(address) => mailboxes.extend(Mailbox::parse(address)),
            IdOneof::PhoneNumber(number) => phones.extend(Phone::parse(number)),
            // Unique on the site, so no other account has it; in a site of several shops each has an "admin".
            IdOneof::Username(_) => {}
        }
    }
    if let AccountName::Id(id) = account
        && mailboxes.is_empty()
    {
        mailboxes.extend(Mailbox::parse(id));
    }
    let token = examined.token.as_ref();
    let action = match event.expected_action.as_str() {
        "" => token.map_or("", |token| &token.action),
        expected => expected,
    };
    let registration = Registration {
        at_ms: now,
        browser: token.map_or(&event.user_agent, |token| &token.user_agent),
        address: token.map(|token| token.address).or(read.address()),
        page: token.map(|token| token.page),
    };
    let is_registration = Kind::of(action, &event.requested_uri) == Kind::Registration;
    Sighting {
        mailboxes,
        phones,
        registration: is_registration.then_some(registration),
    }
}

/// Of those that an event may name, as many are looked at.
const MOST_USER_IDS: usize = 32;
