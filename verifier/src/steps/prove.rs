use touchstone_accounts::Proof;
use touchstone_api::v1::annotate_assessment_request::{Annotation, Reason};
use touchstone_store::{self as store, Assessment, StoreError};

use super::defend::Known;
use crate::{Verifier, accounts::Visit};

/// What annotations say about the visit of an assessment, in the order in which they came, each once.
///
/// A repeated annotation proves nothing more. One that takes back what an earlier one said does, and so does taking that back.
#[derive(Debug, Default)]
pub(super) struct Proofs(Vec<Proof>);

impl Proofs {
    /// What was proved before.
    pub fn of(annotations: &[store::Annotation]) -> Self {
        let mut proofs = Self::default();
        for annotation in annotations {
            proofs.add(annotation);
        }
        proofs
    }

    /// Adds an annotation; answers what it proves anew.
    pub fn add(&mut self, annotation: &store::Annotation) -> Vec<Proof> {
        let numbers = annotation.reasons.iter();
        let reasons =
            numbers.filter_map(|number| by_reason(Reason::try_from(i32::from(*number)).ok()?));
        let verdict = Annotation::try_from(i32::from(annotation.annotation));
        let verdict = verdict.ok().and_then(by_annotation);
        let mut new = Vec::new();
        for proof in verdict.into_iter().chain(reasons) {
            if self.says(proof) {
                continue;
            }
            self.0.push(proof);
            new.push(proof);
        }
        new
    }

    fn says(&self, proof: Proof) -> bool {
        match proof {
            // Passing comes behind starting, and does not take it back.
            Proof::FactorStarted => self.0.contains(&proof),
            _ => {
                let alike = |earlier: &&Proof| subject(**earlier) == subject(proof);
                self.0.iter().rev().find(alike) == Some(&proof)
            }
        }
    }
}

/// Tells the profile of an assessment's account how the visit turned out, and counts a wrong password. Nothing, where the
/// assessment names no account, or its token was not valid.
///
/// # Errors
/// The store does not answer, or so much comes to the account at once that the profile could not be written: nothing is proved
/// then, and the annotation is to be sent again.
pub(super) async fn prove(
    verifier: &Verifier,
    assessment: &Assessment,
    proofs: &[Proof],
) -> Result<(), StoreError> {
    let record = &assessment.record;
    let Some(mark) = &record.account else {
        return Ok(());
    };
    let visit = Visit::open(&verifier.vault, &record.project, &record.id, &mark.visit);
    let (Some(visit), false) = (visit, proofs.is_empty()) else {
        return Ok(());
    };
    for _ in 0..ATTEMPTS {
        let known = Known::of(verifier, mark.account).await?;
        let (profile, ()) = known.change(|profile| {
            for proof in proofs {
                profile.confirm(visit.fingerprint, verifier.now(), *proof);
            }
        });
        let Some(profile) = profile else {
            return Err(StoreError::Unavailable(NEWER.into()));
        };
        if verifier
            .store
            .write_profile(profile, verifier.stored_now())
            .await?
        {
            if proofs.contains(&Proof::PasswordWrong) {
                verifier.traffic.failed(&visit.origin, verifier.now());
            }
            return Ok(());
        }
    }
    Err(StoreError::Overloaded)
}

#[expect(deprecated, reason = "clients still send them")]
fn by_annotation(annotation: Annotation) -> Option<Proof> {
    match annotation {
        Annotation::Unspecified => None,
        Annotation::Legitimate => Some(Proof::Legitimate),
        Annotation::Fraudulent => Some(Proof::Fraudulent),
        Annotation::PasswordCorrect => Some(Proof::PasswordRight),
        Annotation::PasswordIncorrect => Some(Proof::PasswordWrong),
    }
}

fn by_reason(reason: Reason) -> Option<Proof> {
    match reason {
        Reason::CorrectPassword => Some(Proof::PasswordRight),
        Reason::IncorrectPassword => Some(Proof::PasswordWrong),
        Reason::InitiatedTwoFactor => Some(Proof::FactorStarted),
        Reason::PassedTwoFactor => Some(Proof::FactorPassed),
        Reason::FailedTwoFactor => Some(Proof::FactorFailed),
        Reason::ChargebackFraud | Reason::RefundFraud | Reason::SocialSpam => {
            Some(Proof::Fraudulent)
        }
        Reason::Unspecified
        | Reason::Chargeback
        | Reason::ChargebackDispute
        | Reason::PaymentHeuristics
        | Reason::Refund
        | Reason::TransactionAccepted
        | Reason::TransactionDeclined => None,
    }
}

/// What a proof is about: of one subject, the latest word holds.
fn subject(proof: Proof) -> u8 {
    match proof {
        Proof::PasswordRight | Proof::PasswordWrong => 0,
        Proof::FactorStarted | Proof::FactorPassed | Proof::FactorFailed => 1,
        Proof::Legitimate | Proof::Fraudulent => 2,
    }
}

/// How often a profile is read and written anew when other visits to the account, or annotations of them, come in between: of
/// those at the same moment one gets through each time.
const ATTEMPTS: usize = 256;

/// Another verifier of the store is of that release, and takes the annotation when it comes again.
const NEWER: &str = "the account's profile was written by a newer release";

#[cfg(test)]
mod tests {
    use touchstone_store::Millis;

    use super::*;

    #[test]
    fn a_repeated_annotation_proves_nothing_more_and_one_that_takes_back_does() {
        use Proof::{
            FactorPassed, FactorStarted, Fraudulent, Legitimate, PasswordRight, PasswordWrong,
        };
        let mut proofs = Proofs::default();
        for (annotation, reasons, new) in [
            (0, vec![6], vec![PasswordWrong]),
            (0, vec![6], vec![]),
            (4, vec![], vec![]),
            (0, vec![5, 7], vec![PasswordRight, FactorStarted]),
            (1, vec![3], vec![Legitimate, FactorPassed]),
            (1, vec![7, 5, 3], vec![]),
            (2, vec![8, 14], vec![Fraudulent]),
            (1, vec![], vec![Legitimate]),
            (0, vec![1, 2, 9, 10, 12, 13, 99], vec![]),
            (77, vec![], vec![]),
        ] {
            let annotation = store::Annotation {
                annotation,
                reasons,
                account: None,
                at: Millis(0),
            };
            assert_eq!(proofs.add(&annotation), new, "{annotation:?}");
        }
    }
}
