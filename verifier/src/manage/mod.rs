//! What the contract's methods beside assessments do: keys, overrides, counts, policies. One file a resource, one function a
//! method, with the method's name in snake_case.
//!
//! A door decodes the request, fills in what its path says, authorizes the caller for `project`, and calls the function; it
//! answers what the function returns. REST and gRPC share every rule in here. A request that breaks one is refused with all
//! faults that were found, each with the path of its field and what to do about it.

pub mod firewall_policies;
pub mod ip_overrides;
pub mod keys;
pub mod metrics;
pub mod policies;
pub mod related_accounts;

mod addresses;
mod faults;
mod firewall_rules;
mod key_rules;
mod names;
mod pages;
mod policy_rules;

use crate::steps::StepError;
use faults::Faults;
use names::{check_project, named, stored_key};
use pages::{Listing, Page};
