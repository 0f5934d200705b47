use std::fs;

use rusqlite::params;

use super::*;

#[tokio::test]
async fn what_was_written_is_there_after_a_drop_without_close() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("store.db");
    let store = open(&path, NOW);
    store.create_site_key(key(1)).await.unwrap();
    store.assess(spend(token(NOW, 1), 0)).await.unwrap();
    drop(store);
    let store = open(&path, NOW.after(99));
    assert_eq!(store.site_key(&key(1).id).await, Ok(Some(key(1))));
    assert_eq!(
        store.assess(spend(token(NOW, 1), 1)).await,
        Ok(Outcome::Duplicate)
    );
    assert_eq!(
        store.low_water_mark().await,
        Ok(NOW),
        "only a new store takes the time of opening"
    );
}

#[tokio::test]
async fn a_second_handle_sees_at_once_what_the_first_wrote() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("store.db");
    let (server, command) = (open(&path, NOW), open(&path, NOW));
    for n in 0..20 {
        assert_eq!(server.site_key(&key(n).id).await, Ok(None));
        command.create_site_key(key(n)).await.unwrap();
        assert_eq!(server.site_key(&key(n).id).await, Ok(Some(key(n))));
        assert!(
            command
                .delete_site_key(&project(), &key(n).id)
                .await
                .unwrap()
        );
        assert_eq!(server.site_key(&key(n).id).await, Ok(None));
    }
    assert_eq!(
        server.assess(spend(token(NOW, 1), 0)).await,
        Ok(Outcome::First)
    );
    assert_eq!(
        command.assess(spend(token(NOW, 1), 1)).await,
        Ok(Outcome::Duplicate)
    );
    command.raise_low_water_mark(NOW.after(1)).await.unwrap();
    assert_eq!(
        server.assess(spend(token(NOW, 2), 0)).await,
        Ok(Outcome::Duplicate)
    );
}

#[tokio::test]
async fn site_keys_of_an_older_database_keep_their_settings() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("store.db");
    let older = Connection::open(&path).unwrap();
    for step in [
        include_str!("../schema/1.sql"),
        include_str!("../schema/2.sql"),
        "INSERT INTO store (one, low_water_mark) VALUES (1, 5);
         INSERT INTO site_key VALUES ('6L00000000000000000000000000000000000001', 'p', 'key', 1, 0, '[\"example.com\"]', \
         x'010203', x'0101010101010101010101010101010101010101010101010101010101010101', 1800000000000)",
    ] {
        older.execute_batch(step).unwrap();
    }
    let application = i32::from_be_bytes(*b"tchS");
    older
        .pragma_update(None, "application_id", application)
        .unwrap();
    older.pragma_update(None, "user_version", 2).unwrap();
    drop(older);
    let store = open(&path, NOW);
    assert_eq!(store.site_key(&key(1).id).await, Ok(Some(key(1))));
    assert_eq!(store.low_water_mark().await, Ok(Millis(5)));
}

#[test]
fn a_newer_database_is_refused_untouched() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("store.db");
    drop(open(&path, NOW));
    alter(&path, "PRAGMA user_version = 99");
    let before = fs::read(&path).unwrap();
    let error = SqliteStore::open(&path, &SqliteOptions::default(), NOW)
        .map(|_| ())
        .unwrap_err();
    assert!(
        matches!(
            error,
            OpenError::Newer {
                found: 99,
                known: migrations::NEWEST
            }
        ),
        "{error}"
    );
    assert!(error.to_string().contains("newer release"));
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_file_that_is_not_a_store_is_refused_untouched() {
    let folder = TempDir::new().unwrap();
    let foreign = [
        (
            "tables of another program",
            "CREATE TABLE users (name TEXT)",
        ),
        ("another program's version", "PRAGMA user_version = 1"),
        ("another program's mark", "PRAGMA application_id = 7"),
    ];
    for (n, (what, sql)) in foreign.iter().enumerate() {
        let path = folder.path().join(format!("{n}.db"));
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        let before = fs::read(&path).unwrap();
        let error = SqliteStore::open(&path, &SqliteOptions::default(), NOW)
            .map(|_| ())
            .unwrap_err();
        assert!(matches!(error, OpenError::NotAStore), "{what}: {error}");
        assert_eq!(fs::read(&path).unwrap(), before, "{what}");
    }
    let text = folder.path().join("notes.txt");
    fs::write(&text, "x".repeat(5_000)).unwrap();
    assert!(matches!(
        SqliteStore::open(&text, &SqliteOptions::default(), NOW).map(|_| ()),
        Err(OpenError::Sqlite(_))
    ));
    let nowhere = folder.path().join("no/such/folder.db");
    assert!(matches!(
        SqliteStore::open(&nowhere, &SqliteOptions::default(), NOW).map(|_| ()),
        Err(OpenError::Io(_))
    ));
}

#[test]
fn an_odd_path_is_a_path() {
    let folder = TempDir::new().unwrap();
    for name in ["file:x?mode=memory", ":memory:", "with space é.db"] {
        let path = folder.path().join(name);
        drop(open(&path, NOW));
        assert!(path.exists(), "{name}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_files_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().unwrap();
    let store = open(&folder.path().join("store.db"), NOW);
    store.health().await.unwrap();
    let modes: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().metadata().unwrap().permissions().mode() & 0o777)
        .collect();
    assert_eq!(modes, [0o600; 3], "database, log and index");
}

#[tokio::test]
async fn the_disk_confirms_a_write_unless_told_otherwise() {
    let folder = TempDir::new().unwrap();
    for (durability, expected) in [(Durability::Full, 2), (Durability::Off, 0)] {
        let options = SqliteOptions {
            durability,
            ..SqliteOptions::default()
        };
        let store = SqliteStore::open(&folder.path().join("store.db"), &options, NOW).unwrap();
        let level = store
            .write(|c| Ok(c.pragma_query_value(None, "synchronous", |row| row.get::<_, i32>(0))?))
            .await;
        assert_eq!(level, Ok(expected));
    }
    assert_eq!(SqliteOptions::default().durability, Durability::Full);
}

#[tokio::test]
async fn a_reader_cannot_write() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder.path().join("store.db"), NOW);
    assert!(store.read(probe::write).await.is_err());
    assert_eq!(store.low_water_mark().await, Ok(NOW));
}

#[tokio::test]
async fn a_corrupt_record_is_an_error_of_its_own() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("store.db");
    let store = open(&path, NOW);
    for n in [1, 2] {
        store.create_site_key(key(n)).await.unwrap();
    }
    let damage = "UPDATE site_key SET domains = 'not json' WHERE id = ?1";
    Connection::open(&path)
        .unwrap()
        .execute(damage, params![key(1).id])
        .unwrap();
    assert!(matches!(
        store.site_key(&key(1).id).await,
        Err(StoreError::Corrupt(_))
    ));
    assert_eq!(store.site_key(&key(2).id).await, Ok(Some(key(2))));
}

fn alter(path: &Path, sql: &str) {
    let connection = Connection::open(path).unwrap();
    connection.execute_batch(sql).unwrap();
    // Everything into the file itself, so that its bytes can be compared.
    connection
        .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
        .unwrap();
}
