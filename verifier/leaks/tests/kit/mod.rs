//! A folder with a database, and keys that are sealed by nothing.

#![allow(
    clippy::unwrap_used,
    dead_code,
    reason = "each test file uses its own part of the kit"
)]

use std::{
    fs,
    ops::ControlFlow,
    path::PathBuf,
    sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering},
    },
};

use rusqlite::Connection;
use tempfile::TempDir;
use touchstone_leaks::{
    Bucket, Database, Ended, EpochKey, Format, KeySafe, Leaks, NewEpoch, Progress, Source, Tally,
    import,
};

pub static KEY: LazyLock<EpochKey> = LazyLock::new(|| EpochKey::from_bytes(&[7; 32]).unwrap());
pub static OTHER_KEY: LazyLock<EpochKey> =
    LazyLock::new(|| EpochKey::from_bytes(&[9; 32]).unwrap());

/// Opens one key alone.
pub struct Safe(pub &'static EpochKey);

impl KeySafe for Safe {
    fn open(&self, sealed: &[u8]) -> Option<EpochKey> {
        AnySafe
            .open(sealed)
            .filter(|_| sealed == self.0.to_bytes().as_slice())
    }
}

/// Opens any.
pub struct AnySafe;

impl KeySafe for AnySafe {
    fn open(&self, sealed: &[u8]) -> Option<EpochKey> {
        EpochKey::from_bytes(sealed.try_into().ok()?)
    }
}

/// An epoch under `KEY`, of this name.
pub fn epoch(name: u8) -> NewEpoch {
    epoch_under(&KEY, name)
}

fn epoch_under(key: &EpochKey, name: u8) -> NewEpoch {
    NewEpoch {
        id: [name; 8],
        sealed_key: key.to_bytes().to_vec(),
    }
}

/// Lets an import run.
pub fn never(_: &Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

pub struct Folder {
    folder: TempDir,
    lists: AtomicU32,
}

impl Folder {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            lists: AtomicU32::new(0),
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn database(&self) -> PathBuf {
        self.path("leaks.db")
    }

    pub fn open(&self) -> Database {
        Database::open(&self.database(), &Safe(&KEY), &epoch(1)).unwrap()
    }

    /// A list of this content.
    pub fn list(&self, content: &str) -> Source {
        let number = self.lists.fetch_add(1, Ordering::Relaxed);
        let path = self.path(&format!("list-{number}.txt"));
        fs::write(&path, content).unwrap();
        Source::at(&path).unwrap()
    }

    pub fn import(&self, content: &str, format: Format) -> (Ended, Tally) {
        self.import_under(&KEY, 1, content, format)
    }

    pub fn import_under(
        &self,
        key: &'static EpochKey,
        epoch: u8,
        content: &str,
        format: Format,
    ) -> (Ended, Tally) {
        let epoch = epoch_under(key, epoch);
        let database = Database::open(&self.database(), &Safe(key), &epoch).unwrap();
        import(&database, &self.list(content), format, &mut never).unwrap()
    }

    pub fn leaks(&self, key: &'static EpochKey) -> Leaks {
        Leaks::new(&self.database(), Box::new(Safe(key)))
    }

    pub fn answer(&self, bucket: Bucket) -> Vec<Vec<u8>> {
        let answer = self.leaks(&KEY).answer(bucket, None).unwrap().unwrap();
        answer.prefixes().map(<[u8]>::to_vec).collect()
    }

    /// Everything that is kept of pairs.
    pub fn rows(&self) -> Vec<(u32, Vec<u8>)> {
        let connection = Connection::open(self.database()).unwrap();
        let mut rows = connection
            .prepare("SELECT bucket, prefix FROM pair")
            .unwrap();
        let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
        rows.unwrap().collect::<Result<_, _>>().unwrap()
    }
}
