use touchstone_api::{ApiError, Code, v1};
use touchstone_leaks::{BlindedPoint, Bucket};

use crate::{Verifier, leaks::HeldAnswer};

/// A question about a leaked password, read.
pub(super) struct LeakQuestion {
    asked: v1::PrivatePasswordLeakVerification,
    bucket: Bucket,
    point: Option<BlindedPoint>,
}

impl LeakQuestion {
    /// Reads a question. The point may be missing: then the prefixes alone are answered.
    ///
    /// # Errors
    /// The field that is wrong, and what to send.
    pub fn read(asked: v1::PrivatePasswordLeakVerification) -> Result<Self, ApiError> {
        let wrong = |field: &str, error: String, fix: &str| {
            let field = format!("assessment.privatePasswordLeakVerification.{field}");
            ApiError::invalid_field(field, format!("{error}: {fix}"))
        };
        let bucket = Bucket::parse(&asked.lookup_hash_prefix).map_err(|error| {
            let fix =
                "send the first 26 bits of the SHA-256 hash of user name and salt, as 4 bytes.";
            wrong("lookupHashPrefix", error.to_string(), fix)
        })?;
        let point = match &asked.encrypted_user_credentials_hash[..] {
            [] => None,
            bytes => Some(BlindedPoint::parse(bytes).map_err(|error| {
                let fix = "send a point of P-256 in the compressed form of SEC 1.";
                wrong("encryptedUserCredentialsHash", error.to_string(), fix)
            })?),
        };
        Ok(Self {
            asked,
            bucket,
            point,
        })
    }

    /// Answers it. Where nothing can be answered, the assessment of a visitor goes on without: a token must not be lost because
    /// nobody imported a list, or because its disk fails.
    ///
    /// # Errors
    /// There is nothing else to answer, and no database, or it cannot be read.
    pub async fn answer(
        self,
        verifier: &Verifier,
        asks_about_visitor: bool,
    ) -> Result<Option<LeakAnswer>, ApiError> {
        let answered = verifier.leaks.answer(self.bucket, self.point).await;
        match answered.and_then(|held| held.ok_or_else(nothing_imported)) {
            Ok(held) => Ok(Some(LeakAnswer {
                asked: self.asked,
                held,
            })),
            Err(_) if asks_about_visitor => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// What is answered about a leaked password.
pub(super) struct LeakAnswer {
    asked: v1::PrivatePasswordLeakVerification,
    held: HeldAnswer,
}

impl LeakAnswer {
    /// Whether writing it takes so long that others would wait.
    pub fn is_large(&self) -> bool {
        self.held.is_large()
    }

    /// The question, and the answer to it.
    pub fn message(&self) -> v1::PrivatePasswordLeakVerification {
        let answer = &self.held.answer;
        v1::PrivatePasswordLeakVerification {
            lookup_hash_prefix: self.asked.lookup_hash_prefix.clone(),
            encrypted_user_credentials_hash: self.asked.encrypted_user_credentials_hash.clone(),
            encrypted_leak_match_prefixes: answer.prefixes().map(<[u8]>::to_vec).collect(),
            reencrypted_user_credentials_hash: answer
                .reencrypted
                .map(Vec::from)
                .unwrap_or_default(),
        }
    }
}

fn nothing_imported() -> ApiError {
    ApiError::new(
        Code::FailedPrecondition,
        "privatePasswordLeakVerification: no leaked passwords were imported into this verifier. Import lists with: touchstone leaks \
         import FILES",
    )
}
