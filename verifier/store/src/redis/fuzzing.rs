//! What holds of any bytes that are found in Redis. For fuzzing and its seeds alone.

use serde::{Serialize, de::DeserializeOwned};

use super::forms::{
    self, AnnotationForm, ApiKeyForm, RecordForm, SiteKeyFixed, SiteKeySettings, decode, encode,
};
use crate::{ApiKeyHash, AssessmentId, StoreError};

/// A value reads as its type or is corrupt; what reads survives another trip, and a record that was read is one that may be
/// written.
///
/// # Panics
/// One of these does not hold.
pub fn redis_forms(bytes: &[u8]) {
    survives::<SiteKeySettings>(bytes);
    survives::<AnnotationForm>(bytes);
    if let (Some(fixed), Some(settings)) = (survives(bytes), survives(bytes)) {
        corrupt_or(forms::site_key("6L", "p", 1, fixed, settings));
    }
    survives::<SiteKeyFixed>(bytes);
    if let Some(form) = survives::<ApiKeyForm>(bytes) {
        corrupt_or(form.into_key(ApiKeyHash([0; 32]), None));
    }
    if let Some(form) = survives::<RecordForm>(bytes) {
        let project = "p".parse();
        let record = project
            .map_err(StoreError::from)
            .and_then(|project| form.into_record(AssessmentId([0; 16]), project));
        if let Some(record) = corrupt_or(record) {
            assert!((0.0..=1.0).contains(&record.score), "{record:?}");
        }
    }
    corrupt_or(forms::number::<u64>(bytes));
    corrupt_or(super::assessments::record_from(
        AssessmentId([0; 16]),
        bytes,
    ));
    corrupt_or(super::ip_overrides::from_member(bytes));
    corrupt_or(super::sketches::kept(bytes));
}

fn survives<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let form: T = corrupt_or(decode(bytes))?;
    let written = corrupt_or(encode(&form))?;
    let again: Option<T> = corrupt_or(decode(&written));
    let again = again.and_then(|form| encode(&form).ok());
    assert_eq!(again.as_ref(), Some(&written));
    Some(form)
}

fn corrupt_or<T>(read: Result<T, StoreError>) -> Option<T> {
    match read {
        Ok(value) => Some(value),
        Err(error) => {
            assert!(matches!(error, StoreError::Corrupt(_)), "{error}");
            None
        }
    }
}
