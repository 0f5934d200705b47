use std::net::{IpAddr, Ipv6Addr};

use ipnet::IpNet;
use rusqlite::{
    Connection, Row, params,
    types::{FromSqlError, Type},
};

use crate::{IpOverride, MAX_IP_OVERRIDES, SiteKeyId, StoreError, Verdict};

/// See [`Store::add_ip_override`](crate::Store::add_ip_override). Runs inside the writer's transaction.
pub(super) fn add(
    connection: &Connection,
    key: &SiteKeyId,
    new: &IpOverride,
) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM site_key WHERE id = ?1";
    if !connection.prepare_cached(sql)?.exists([key])? {
        return Ok(false);
    }
    let (first, last) = ends(&new.net);
    // Ranges of one key do not overlap, so of those that begin at or before our end only the last can reach into ours.
    let sql = "SELECT last >= ?2 FROM ip_override WHERE site_key = ?1 AND first <= ?3 ORDER BY first DESC LIMIT 1";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![key, first, last])?;
    if let Some(row) = rows.next()?
        && row.get(0)?
    {
        return Err(StoreError::AlreadyExists);
    }
    let sql = "SELECT count(*) FROM ip_override WHERE site_key = ?1";
    let count: u32 = connection
        .prepare_cached(sql)?
        .query_row([key], |row| row.get(0))?;
    if count >= MAX_IP_OVERRIDES {
        return Err(StoreError::Full {
            most: MAX_IP_OVERRIDES,
        });
    }
    let Verdict::Allow = new.verdict;
    let sql =
        "INSERT INTO ip_override (site_key, first, last, net, verdict) VALUES (?1, ?2, ?3, ?4, 1)";
    connection
        .prepare_cached(sql)?
        .execute(params![key, first, last, new.net.to_string()])?;
    Ok(true)
}

pub(super) fn remove(
    connection: &Connection,
    key: &SiteKeyId,
    old: &IpOverride,
) -> Result<bool, StoreError> {
    let Verdict::Allow = old.verdict;
    let (first, last) = ends(&old.net);
    let sql =
        "DELETE FROM ip_override WHERE site_key = ?1 AND first = ?2 AND last = ?3 AND verdict = 1";
    Ok(connection
        .prepare_cached(sql)?
        .execute(params![key, first, last])?
        > 0)
}

pub(super) fn list(
    connection: &Connection,
    key: &SiteKeyId,
) -> Result<Vec<IpOverride>, StoreError> {
    let sql = "SELECT net FROM ip_override WHERE site_key = ?1 ORDER BY first";
    let mut statement = connection.prepare_cached(sql)?;
    let overrides = statement.query_map([key], from_row)?;
    Ok(overrides.collect::<Result<_, _>>()?)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<IpOverride> {
    let text: String = row.get(0)?;
    let net = text.parse().map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(
            0,
            Type::Text,
            Box::new(FromSqlError::other::<ipnet::AddrParseError>(error)),
        )
    })?;
    Ok(IpOverride {
        net,
        verdict: Verdict::Allow,
    })
}

/// The first and the last address of a net, in the one order of both families.
fn ends(net: &IpNet) -> ([u8; 16], [u8; 16]) {
    let bytes = |address: IpAddr| -> [u8; 16] {
        let address: Ipv6Addr = match address {
            IpAddr::V4(v4) => v4.to_ipv6_mapped(),
            IpAddr::V6(v6) => v6,
        };
        address.octets()
    };
    (bytes(net.network()), bytes(net.broadcast()))
}
