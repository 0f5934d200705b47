//! The records, one file a kind. They hold what is stored and nothing that is computed from it.

mod api_key;
mod assessment;
mod site_key;
mod sketch;

pub use api_key::ApiKey;
pub use assessment::{
    Annotation, Assessment, AssessmentRecord, FirstAnswer, Idempotency, MAX_ANNOTATIONS,
    NewAssessment, Outcome, Pruned, Spend,
};
pub use site_key::{Integration, SiteKey};
pub use sketch::{KeptSketch, MAX_SKETCH_BYTES};
