//! How our types lie in columns. A value that does not fit its type on the way out is a corrupt record, not a panic.

use rusqlite::{
    ToSql,
    types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef},
};

use crate::{
    AccountHash, ApiKeyHash, ApiKeyId, AssessmentId, FirewallPolicyId, GroupId, IdempotencyKey,
    Integration, Millis, ProjectId, RelatedAccountId, RequestHash, Revision, SecretHash, SiteKeyId,
    TokenId,
};

impl ToSql for Millis {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        // Saturating keeps the order, and 292 million years are far enough away.
        Ok(i64::try_from(self.0).unwrap_or(i64::MAX).into())
    }
}

impl FromSql for Millis {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let ms = value.as_i64()?;
        u64::try_from(ms)
            .map(Self)
            .map_err(|_| FromSqlError::OutOfRange(ms))
    }
}

impl ToSql for Revision {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl FromSql for Revision {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Millis::column_result(value).map(Self)
    }
}

impl ToSql for Integration {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let number: i64 = match self {
            Self::Score => 1,
            Self::Checkbox => 2,
            Self::Invisible => 3,
            Self::Policy => 4,
            Self::Express => 5,
            Self::Universal => 6,
            Self::Android => 7,
            Self::Ios => 8,
        };
        Ok(number.into())
    }
}

impl FromSql for Integration {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value.as_i64()? {
            1 => Ok(Self::Score),
            2 => Ok(Self::Checkbox),
            3 => Ok(Self::Invisible),
            4 => Ok(Self::Policy),
            5 => Ok(Self::Express),
            6 => Ok(Self::Universal),
            7 => Ok(Self::Android),
            8 => Ok(Self::Ios),
            other => Err(FromSqlError::OutOfRange(other)),
        }
    }
}

/// A list of short texts, as a JSON array in one column: read and written whole, never searched.
pub(super) struct Texts(pub(super) Vec<String>);

impl Texts {
    pub(super) fn encode(texts: &[String]) -> rusqlite::Result<String> {
        serde_json::to_string(texts).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))
    }
}

impl FromSql for Texts {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?)
            .map(Self)
            .map_err(FromSqlError::other)
    }
}

macro_rules! text_columns {
    ($($name:ident),*) => {$(
        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(self.as_str().into())
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                value.as_str()?.parse().map_err(FromSqlError::other)
            }
        }
    )*};
}
text_columns!(SiteKeyId, ProjectId, ApiKeyId, FirewallPolicyId);

macro_rules! blob_columns {
    ($($name:ident),*) => {$(
        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(self.0.as_slice().into())
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                let blob = value.as_blob()?;
                blob.try_into().map(Self).map_err(|_| FromSqlError::InvalidType)
            }
        }
    )*};
}
blob_columns!(
    TokenId,
    AssessmentId,
    AccountHash,
    SecretHash,
    ApiKeyHash,
    RequestHash,
    IdempotencyKey,
    RelatedAccountId,
    GroupId
);
