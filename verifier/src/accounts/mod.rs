//! Accounts as the verifier names them, and what it keeps of a visit to one. What an account is used to is
//! [`touchstone_accounts`]'s to judge.

mod kept_name;
mod name;
mod visit;

use touchstone_accounts::Profile;
use touchstone_store::MAX_PROFILE_BYTES;

pub use kept_name::KeptName;
pub use name::{AccountName, salt};
pub use visit::{Visit, origin};

// What is written must be taken.
const _: () = assert!(Profile::MAX_BYTES <= MAX_PROFILE_BYTES);
