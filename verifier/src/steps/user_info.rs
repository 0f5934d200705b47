use touchstone_accounts::has_disposable_domain;
use touchstone_api::{ApiError, v1};
use touchstone_token::Millis;

use crate::accounts::AccountName;

/// Whose visit the backend says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct UserInfo<'a> {
    /// The account; none where it has no id yet.
    pub account: Option<AccountName<'a>>,
    /// When it was made, if the backend says.
    pub created_at: Option<Millis>,
    /// Whether one of the user's e-mail addresses is of a throw-away service.
    pub has_disposable_email: bool,
    /// Whether anything was said at all.
    pub is_given: bool,
}

impl<'a> UserInfo<'a> {
    /// Reads what an event says about the user at `now`.
    ///
    /// # Errors
    /// The field that is too long, stands for no time, or for one to come.
    #[expect(deprecated, reason = "clients still send hashedAccountId")]
    pub fn read(event: &'a v1::Event, now: Millis) -> Result<Self, ApiError> {
        let hashed = &event.hashed_account_id[..];
        let none = Self {
            account: AccountName::of("", hashed),
            created_at: None,
            has_disposable_email: false,
            is_given: !hashed.is_empty(),
        };
        check_length("assessment.event.hashedAccountId", hashed)?;
        let Some(user) = &event.user_info else {
            return Ok(none);
        };
        check_length(&field("accountId"), user.account_id.as_bytes())?;
        if user.user_ids.len() > MOST_USER_IDS {
            let fix =
                format!("There are more than {MOST_USER_IDS}: send those of this user alone.");
            return Err(ApiError::invalid_field(field("userIds"), fix));
        }
        let mut has_disposable_email = false;
        for (index, id) in user.user_ids.iter().enumerate() {
            use v1::user_id::IdOneof;
            let (name, text) = match &id.id_oneof {
                None => continue,
                Some(IdOneof::Email(text)) => ("email", text),
                Some(IdOneof::PhoneNumber(text)) => ("phoneNumber", text),
                Some(IdOneof::Username(text)) => ("username", text),
            };
            check_length(&field(&format!("userIds[{index}].{name}")), text.as_bytes())?;
            has_disposable_email |= name == "email" && has_disposable_domain(text);
        }
        let created = user.create_account_time.as_ref();
        Ok(Self {
            account: AccountName::of(&user.account_id, hashed),
            created_at: created.map(|time| created_at(time, now)).transpose()?,
            has_disposable_email,
            is_given: true,
        })
    }
}

/// Milliseconds since the epoch; 0 for what was before.
fn created_at(time: &prost_types::Timestamp, now: Millis) -> Result<Millis, ApiError> {
    let refused = |fix| Err(ApiError::invalid_field(field("createAccountTime"), fix));
    if !(0..1_000_000_000).contains(&time.nanos) {
        return refused("This is no time: nanos go from 0 to 999999999.");
    }
    let seconds = u64::try_from(time.seconds).unwrap_or(0);
    let at = seconds
        .saturating_mul(1_000)
        .saturating_add(time.nanos as u64 / 1_000_000);
    if at > now.saturating_add(CLOCK_SLACK_MS) {
        return refused("This is yet to come: send when the account was made, in UTC.");
    }
    Ok(at)
}

fn check_length(field: &str, id: &[u8]) -> Result<(), ApiError> {
    if id.len() <= AccountName::MAX_BYTES {
        return Ok(());
    }
    let fix = format!(
        "It has {} bytes: send at most {}.",
        id.len(),
        AccountName::MAX_BYTES
    );
    Err(ApiError::invalid_field(field, fix))
}

fn field(name: &str) -> String {
    format!("assessment.event.userInfo.{name}")
}

/// More than a user has; each is hashed.
const MOST_USER_IDS: usize = 64;
/// How far a backend's clock may be ahead: half an hour; a wrong time zone is off by more.
const CLOCK_SLACK_MS: Millis = 30 * 60_000;
