//! A site whose visitors are made up, so that it is known who is who.
//!
//! ```text
//! Town          networks, browsers, and people with homes, offices, journeys and bad memories
//! Attack        what the OWASP Automated Threat Handbook knows of accounts, day by day
//! Site          one profile per account, counts across accounts, annotations if it annotates; judges each visit
//! Trial         a site that has run for a while, then each attack against a copy of it; adds up what was found
//! ```
//!
//! Everything follows from a seed. The account defender sees of a visit what a verifier would see, and bots have the scores
//! of people: what is measured is what history and velocity find alone.
//!
//! Seeds are of two families: [`Family::Calibration`] sets the constants, [`Family::Report`] is only ever reported on.

mod attacks;
mod crowd;
mod exact;
mod people;
mod random;
mod report;
mod site;
mod town;
mod trial;
mod visit;

pub use attacks::Attack;
pub use crowd::CountedBy;
pub use report::{calibration, table};
pub use site::Annotates;
pub use trial::{Family, Seen, Size, Trial};
