use touchstone_accounts::{Findings, Labels, RiskReason, TrustReason};
use touchstone_api::{
    AccountExplanation, AccountTerm,
    v1::{
        AccountDefenderAssessment,
        account_defender_assessment::{
            AccountDefenderLabel, AccountRiskReason, AccountTakeoverVerdict, AccountTrustReason,
            account_risk_reason, account_trust_reason,
        },
    },
};

use super::defend::Defended;

/// What an answer says about the visit to an account; empty where there is nothing to judge.
pub(super) fn message(account: &Defended) -> AccountDefenderAssessment {
    let Some(findings) = &account.findings else {
        return AccountDefenderAssessment::default();
    };
    let risk_reasons = findings
        .risk_reasons
        .iter()
        .map(|reason| AccountRiskReason {
            reason: risk_reason(*reason).into(),
        });
    let trust_reasons = findings
        .trust_reasons
        .iter()
        .map(|reason| AccountTrustReason {
            reason: trust_reason(*reason).into(),
        });
    AccountDefenderAssessment {
        labels: labels(account).map(Into::into).collect(),
        account_takeover_verdict: Some(AccountTakeoverVerdict {
            risk: findings.risk,
            risk_reasons: risk_reasons.collect(),
            trust_reasons: trust_reasons.collect(),
        }),
    }
}

/// Its labels by the contract's names.
pub(super) fn labels(account: &Defended) -> impl Iterator<Item = AccountDefenderLabel> {
    let findings = account.findings.as_ref();
    let given = findings.map_or_else(Labels::default, |findings| findings.labels);
    [
        (given.profile_match, AccountDefenderLabel::ProfileMatch),
        (
            given.suspicious_login_activity,
            AccountDefenderLabel::SuspiciousLoginActivity,
        ),
        (
            given.suspicious_account_creation,
            AccountDefenderLabel::SuspiciousAccountCreation,
        ),
        (
            account.relations.are_many(),
            AccountDefenderLabel::RelatedAccountsNumberHigh,
        ),
    ]
    .into_iter()
    .filter_map(|(is_given, label)| is_given.then_some(label))
}

/// The evidence behind it, for callers that may see it.
pub(super) fn explanation(findings: &Findings) -> AccountExplanation {
    let terms = findings.contributions.iter().map(|term| AccountTerm {
        name: term.name.to_owned(),
        weight: term.weight,
    });
    AccountExplanation {
        risk: findings.risk,
        sum: findings.sum(),
        terms: terms.collect(),
    }
}

fn risk_reason(reason: RiskReason) -> account_risk_reason::RiskReason {
    use account_risk_reason::RiskReason as Public;
    match reason {
        RiskReason::ClientHistoricalBotActivity => Public::ClientHistoricalBotActivity,
        RiskReason::AccountInLargeRelatedGroup => Public::AccountInLargeRelatedGroup,
        RiskReason::ClientAccessedManyAccounts => Public::ClientAccessedManyAccounts,
        RiskReason::DisposableEmailDomain => Public::DisposableEmailDomain,
    }
}

fn trust_reason(reason: TrustReason) -> account_trust_reason::TrustReason {
    use account_trust_reason::TrustReason as Public;
    match reason {
        TrustReason::ProfileMatch => Public::ProfileMatch,
        TrustReason::AccountHistoryReputable => Public::AccountHistoryReputable,
    }
}
