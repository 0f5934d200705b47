//! Records to play with. Small numbers tell them apart.

use crate::{
    AccountHash, AccountMark, ApiKey, ApiKeyHash, AssessmentId, AssessmentRecord, Idempotency,
    IdempotencyKey, Integration, Millis, NewAssessment, ProjectId, RequestHash, SecretHash,
    SiteKey, SiteKeyId, Spend, TokenId,
};

/// When every store of the suite was created.
pub(super) const START: Millis = Millis(1_800_000_000_000);

pub(super) const MINUTE: u64 = 60_000;

pub(super) fn project(name: &str) -> ProjectId {
    name.parse().unwrap()
}

pub(super) fn site_key_id(n: u8) -> SiteKeyId {
    format!("6L{n:038}").parse().unwrap()
}

pub(super) fn site_key(n: u8, of: &str) -> SiteKey {
    SiteKey {
        id: site_key_id(n),
        project: project(of),
        display_name: format!("key “{n}”"),
        integration: [
            Integration::Score,
            Integration::Checkbox,
            Integration::Invisible,
            Integration::Policy,
            Integration::Express,
            Integration::Universal,
            Integration::Android,
            Integration::Ios,
        ][usize::from(n % 8)],
        allow_all_domains: n % 2 == 1,
        domains: vec!["example.com".into(), "bücher.example".into()],
        settings: vec![n; usize::from(n)],
        policy: vec![255, n],
        sealed_secret: vec![0, n, 255],
        secret_hash: SecretHash([n; 32]),
        created_at: START.after(u64::from(n)),
        revision: 0,
    }
}

pub(super) fn api_key(n: u8, of: &str) -> ApiKey {
    ApiKey {
        id: format!("key-{n:03}").parse().unwrap(),
        project: project(of),
        name: format!("backend {n}"),
        hash: ApiKeyHash([n; 32]),
        scopes: vec!["assessments.create".into(), "a, \"b\"".into()],
        created_at: START.after(u64::from(n)),
        revoked_at: None,
    }
}

pub(super) fn token(time: Millis, n: u8) -> TokenId {
    TokenId::new(time, [n; 10])
}

/// An id that no token has.
pub(super) fn random_id(n: u8) -> AssessmentId {
    AssessmentId([n, 255, 255, 255, 255, 255, n, n, n, n, n, n, n, n, n, n])
}

pub(super) fn record(id: AssessmentId, at: Millis) -> AssessmentRecord {
    AssessmentRecord {
        id,
        project: project("p"),
        site_key: site_key_id(1),
        created_at: at,
        action: "login".into(),
        score: 0.7,
        reasons: vec![1, 5],
        valid: true,
        invalid_reason: 0,
        account: Some(AccountMark {
            account: AccountHash([7; 32]),
            visit: vec![7; 24],
        }),
    }
}

pub(super) fn duplicate_record(id: AssessmentId, at: Millis) -> AssessmentRecord {
    AssessmentRecord {
        score: 0.0,
        reasons: vec![],
        valid: false,
        invalid_reason: 4,
        account: None,
        ..record(id, at)
    }
}

/// The `n`th attempt to spend a token at `now`.
pub(super) fn attempt(token: TokenId, n: u8, now: Millis) -> NewAssessment {
    NewAssessment {
        record: record(token.into(), now),
        spend: Some(Spend {
            token_id: token,
            if_duplicate: duplicate_record(random_id(n), now),
        }),
        idempotency: None,
        sketch: None,
        profile: None,
        day: START.day(),
        challenge: None,
        now,
    }
}

/// The `n`th attempt under idempotency key `key`, for request `request`.
pub(super) fn repeatable(
    token: TokenId,
    n: u8,
    now: Millis,
    key: u8,
    request: u8,
) -> NewAssessment {
    let idempotency = Idempotency {
        key: IdempotencyKey([key; 32]),
        request: RequestHash([request; 32]),
        answer_if_first: format!("first {n}").into(),
        answer_if_duplicate: format!("duplicate {n}").into(),
    };
    NewAssessment {
        idempotency: Some(idempotency),
        ..attempt(token, n, now)
    }
}
