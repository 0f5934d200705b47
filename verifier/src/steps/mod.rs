//! The steps of the main job, one file each: the only place where token, score, keys and store meet.
//!
//! [`open_session`], [`issue_token`] and [`answer()`] answer the page, and [`send_code`] and [`verify_code`] for its second factor; [`assess`], [`annotate`] and [`verify_site`] answer the site's
//! backend, [`explain`] its operator. No step knows how it is served.

mod account_message;
mod annotate;
mod answer;
mod ask;
mod assess;
mod bot;
mod challenge;
mod defend;
mod event;
mod examine;
mod explain;
mod express;
mod factor;
mod issue_token;
mod leaks;
mod message;
mod open_session;
mod page_key;
mod page_settings;
mod policies;
mod prove;
mod relate;
mod settle;
mod user_info;
mod verdict;
mod verify_site;

pub use annotate::{AnnotateRequest, annotate};
pub use answer::{AnswerRequest, Answered, Reply, answer};
pub use ask::Asking;
pub use assess::{Answer, AssessRequest, Encode, assess};
pub use explain::{ExplainError, Explained, explain};
pub use factor::{
    Prepared, Refusal, Refused, SendRequest, Sent, Verified, VerifyRequest, send_code, verify_code,
};
pub use issue_token::{Issued, Visitor, issue_token};
pub use open_session::open_session;
pub use page_key::page_key;
pub use page_settings::{PageSettings, has_protected_endpoints, page_settings};
pub use verify_site::verify_site;

/// Why a step could not be taken, other than the faults that are part of an answer.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    /// The page named a site key that does not exist.
    #[error("the site key does not exist")]
    UnknownSiteKey,
    /// The request was refused.
    #[error(transparent)]
    Refused(#[from] touchstone_api::ApiError),
    /// The store could not do its part.
    #[error(transparent)]
    Store(#[from] touchstone_store::StoreError),
    /// The operating system gives no random bytes: nothing can be sealed.
    #[error("no random bytes: {0}")]
    Entropy(#[from] getrandom::Error),
    /// A token did not fit its size: a defect, since all its parts are bounded.
    #[error(transparent)]
    Token(#[from] touchstone_token::TokenError),
}
