//! Looking at a store without touching it.

use std::fs;

use super::super::{OpenError, SqliteOptions, SqliteStore, examine};
use crate::Millis;

#[test]
fn a_store_in_use_is_examined_without_a_change() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let store = SqliteStore::open(&path, &SqliteOptions::default(), Millis(1)).unwrap();
    let before = fs::read(&path).unwrap();
    let state = examine(&path, u64::MAX).unwrap();
    assert_eq!(state.schema, state.newest);
    assert_eq!((state.unwritable, state.damage), (None, Some(Vec::new())));
    assert_eq!(examine(&path, 0).unwrap().damage, None);
    assert_eq!(before, fs::read(&path).unwrap());
    drop(store);
}

#[test]
fn damage_and_foreign_files_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    drop(SqliteStore::open(&path, &SqliteOptions::default(), Millis(1)).unwrap());
    let mut bytes = fs::read(&path).unwrap();
    // Behind the first page, which holds the schema's version.
    bytes[4_096..].fill(0xa5);
    fs::write(&path, bytes).unwrap();
    let told = examine(&path, u64::MAX);
    let is_told = told
        .as_ref()
        .map_or(true, |state| state.damage != Some(Vec::new()));
    assert!(is_told, "{told:?}");
    fs::write(&path, "something else").unwrap();
    assert!(examine(&path, u64::MAX).is_err());
    let missing = examine(&folder.path().join("none.db"), 0);
    assert!(matches!(missing, Err(OpenError::Io(_))));
    assert!(!folder.path().join("none.db").exists());
}
