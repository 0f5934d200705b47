//! How records lie in Redis: a byte for the version of the form, then postcard. A value that does not read as its type is a
//! corrupt record, not a panic.

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    AccountHash, AccountMark, Annotation, ApiKey, ApiKeyHash, AssessmentRecord, Integration,
    InvalidId, Millis, SecretHash, SiteKey, StoreError,
};

/// What of a site key never changes.
#[derive(Serialize, Deserialize)]
pub(super) struct SiteKeyFixed {
    sealed_secret: Vec<u8>,
    pub(super) secret_hash: [u8; 32],
    created_at: u64,
}

impl From<&SiteKey> for SiteKeyFixed {
    fn from(key: &SiteKey) -> Self {
        Self {
            sealed_secret: key.sealed_secret.clone(),
            secret_hash: key.secret_hash.0,
            created_at: key.created_at.0,
        }
    }
}

/// What of a site key its owner sets.
#[derive(Serialize, Deserialize)]
pub(super) struct SiteKeySettings {
    display_name: String,
    integration: IntegrationForm,
    allow_all_domains: bool,
    domains: Vec<String>,
    settings: Vec<u8>,
    policy: Vec<u8>,
}

impl From<&SiteKey> for SiteKeySettings {
    fn from(key: &SiteKey) -> Self {
        Self {
            display_name: key.display_name.clone(),
            integration: key.integration.into(),
            allow_all_domains: key.allow_all_domains,
            domains: key.domains.clone(),
            settings: key.settings.clone(),
            policy: key.policy.clone(),
        }
    }
}

/// Joins what lies apart.
pub(super) fn site_key(
    id: &str,
    project: &str,
    revision: u32,
    fixed: SiteKeyFixed,
    settings: SiteKeySettings,
) -> Result<SiteKey, StoreError> {
    Ok(SiteKey {
        id: id.parse()?,
        project: project.parse()?,
        display_name: settings.display_name,
        integration: settings.integration.into(),
        allow_all_domains: settings.allow_all_domains,
        domains: settings.domains,
        settings: settings.settings,
        policy: settings.policy,
        sealed_secret: fixed.sealed_secret,
        secret_hash: SecretHash(fixed.secret_hash),
        created_at: Millis(fixed.created_at),
        revision,
    })
}

/// An API key without its hash, by which it is found, and without the time when it was revoked.
#[derive(Serialize, Deserialize)]
pub(super) struct ApiKeyForm {
    id: String,
    project: String,
    name: String,
    scopes: Vec<String>,
    created_at: u64,
}

impl From<&ApiKey> for ApiKeyForm {
    fn from(key: &ApiKey) -> Self {
        Self {
            id: key.id.to_string(),
            project: key.project.to_string(),
            name: key.name.clone(),
            scopes: key.scopes.clone(),
            created_at: key.created_at.0,
        }
    }
}

impl ApiKeyForm {
    pub(super) fn into_key(
        self,
        hash: ApiKeyHash,
        revoked_at: Option<Millis>,
    ) -> Result<ApiKey, StoreError> {
        Ok(ApiKey {
            id: self.id.parse()?,
            project: self.project.parse()?,
            name: self.name,
            hash,
            scopes: self.scopes,
            created_at: Millis(self.created_at),
            revoked_at,
        })
    }
}

/// An assessment without id and project, which stand in its name and before it.
#[derive(Serialize, Deserialize)]
pub(super) struct RecordForm {
    site_key: String,
    created_at: u64,
    action: String,
    score: f32,
    reasons: Vec<u8>,
    valid: bool,
    invalid_reason: u8,
    /// The account's hash and what follows of the visit, fewer than 128 bytes together: forget_account.lua finds them here.
    account: Option<Vec<u8>>,
}

impl From<&AssessmentRecord> for RecordForm {
    fn from(record: &AssessmentRecord) -> Self {
        Self {
            site_key: record.site_key.to_string(),
            created_at: record.created_at.0,
            action: record.action.clone(),
            score: record.score,
            reasons: record.reasons.clone(),
            valid: record.valid,
            invalid_reason: record.invalid_reason,
            account: (record.account.as_ref())
                .map(|mark| [&mark.account.0, &mark.visit[..]].concat()),
        }
    }
}

impl RecordForm {
    pub(super) fn into_record(
        self,
        id: crate::AssessmentId,
        project: crate::ProjectId,
    ) -> Result<AssessmentRecord, StoreError> {
        if !(0.0..=1.0).contains(&self.score) {
            return Err(corrupt(format!("{} is no score", self.score)));
        }
        Ok(AssessmentRecord {
            id,
            project,
            site_key: self.site_key.parse()?,
            created_at: Millis(self.created_at),
            action: self.action,
            score: self.score,
            reasons: self.reasons,
            valid: self.valid,
            invalid_reason: self.invalid_reason,
            account: self.account.map(mark).transpose()?,
        })
    }
}

fn mark(bytes: Vec<u8>) -> Result<AccountMark, StoreError> {
    let (account, visit) = bytes
        .split_first_chunk()
        .ok_or_else(|| corrupt("an account is too short".into()))?;
    Ok(AccountMark {
        account: AccountHash(*account),
        visit: visit.to_vec(),
    })
}

/// An annotation.
#[derive(Serialize, Deserialize)]
pub(super) struct AnnotationForm {
    annotation: u8,
    reasons: Vec<u8>,
    account: Option<Vec<u8>>,
    at: u64,
}

impl From<&Annotation> for AnnotationForm {
    fn from(new: &Annotation) -> Self {
        Self {
            annotation: new.annotation,
            reasons: new.reasons.clone(),
            account: new.account.map(|account| account.0.to_vec()),
            at: new.at.0,
        }
    }
}

impl TryFrom<AnnotationForm> for Annotation {
    type Error = StoreError;

    fn try_from(form: AnnotationForm) -> Result<Self, StoreError> {
        Ok(Self {
            annotation: form.annotation,
            reasons: form.reasons,
            account: form.account.map(mark).transpose()?.map(|mark| mark.account),
            at: Millis(form.at),
        })
    }
}

/// The number of each variant is its place: new ones come last.
#[derive(Serialize, Deserialize)]
enum IntegrationForm {
    Score,
    Checkbox,
    Invisible,
    Policy,
    Express,
    Universal,
    Android,
    Ios,
}

impl From<Integration> for IntegrationForm {
    fn from(integration: Integration) -> Self {
        match integration {
            Integration::Score => Self::Score,
            Integration::Checkbox => Self::Checkbox,
            Integration::Invisible => Self::Invisible,
            Integration::Policy => Self::Policy,
            Integration::Express => Self::Express,
            Integration::Universal => Self::Universal,
            Integration::Android => Self::Android,
            Integration::Ios => Self::Ios,
        }
    }
}

impl From<IntegrationForm> for Integration {
    fn from(form: IntegrationForm) -> Self {
        match form {
            IntegrationForm::Score => Self::Score,
            IntegrationForm::Checkbox => Self::Checkbox,
            IntegrationForm::Invisible => Self::Invisible,
            IntegrationForm::Policy => Self::Policy,
            IntegrationForm::Express => Self::Express,
            IntegrationForm::Universal => Self::Universal,
            IntegrationForm::Android => Self::Android,
            IntegrationForm::Ios => Self::Ios,
        }
    }
}

/// Writes a form.
pub(super) fn encode(form: &impl Serialize) -> Result<Vec<u8>, StoreError> {
    postcard::to_extend(form, vec![VERSION])
        .map_err(|error| StoreError::Rejected(error.to_string()))
}

/// Reads a form back.
pub(super) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, StoreError> {
    match bytes.split_first() {
        Some((&VERSION, form)) => {
            postcard::from_bytes(form).map_err(|error| corrupt(error.to_string()))
        }
        Some((version, _)) => Err(corrupt(format!("form {version} is not known"))),
        None => Err(corrupt("it is empty".into())),
    }
}

/// Reads a number that was written in digits.
pub(super) fn number<T: std::str::FromStr>(bytes: &[u8]) -> Result<T, StoreError> {
    let text = std::str::from_utf8(bytes).ok();
    text.and_then(|text| text.parse().ok())
        .ok_or_else(|| corrupt("a number has no digits".into()))
}

/// Reads a text.
pub(super) fn text(bytes: &[u8]) -> Result<&str, StoreError> {
    std::str::from_utf8(bytes).map_err(|error| corrupt(error.to_string()))
}

pub(super) fn corrupt(reason: String) -> StoreError {
    StoreError::Corrupt(reason)
}

impl From<InvalidId> for StoreError {
    fn from(error: InvalidId) -> Self {
        Self::Corrupt(error.to_string())
    }
}

const VERSION: u8 = 1;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_damaged_or_newer_is_corrupt_and_nothing_worse() {
        let form = AnnotationForm {
            annotation: 1,
            reasons: vec![2],
            account: Some(vec![3; 32]),
            at: 4,
        };
        let bytes = encode(&form).unwrap();
        assert!(decode::<AnnotationForm>(&bytes).is_ok());
        for length in 0..bytes.len() {
            assert!(
                decode::<AnnotationForm>(&bytes[..length]).is_err(),
                "{length}"
            );
        }
        let newer = [&[VERSION + 1], &bytes[1..]].concat();
        assert!(matches!(
            decode::<AnnotationForm>(&newer),
            Err(StoreError::Corrupt(_))
        ));
    }

    #[test]
    fn a_record_whose_score_is_none_is_corrupt() {
        for score in [-0.1, 1.1, f32::NAN] {
            let form = RecordForm {
                site_key: "6L".into(),
                created_at: 0,
                action: String::new(),
                score,
                reasons: vec![],
                valid: true,
                invalid_reason: 0,
                account: None,
            };
            let read = form.into_record(crate::AssessmentId([0; 16]), "p".parse().unwrap());
            assert!(matches!(read, Err(StoreError::Corrupt(_))), "{score}");
        }
    }
}
