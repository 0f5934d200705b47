use std::{
    fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::{Connection, Transaction, TransactionBehavior, config::DbConfig};

use super::{
    DatabaseError, EpochId, KeySafe,
    connection::{check, connect, epoch_id, epoch_key, io_error, sqlite},
};
use crate::{BlindedPoint, Bucket, EpochKey, MATCH_PREFIX_BYTES, cipher::POINT_BYTES};

/// Answers questions about leaked pairs from a database that others may be importing into, replacing or removing meanwhile.
pub struct Leaks {
    path: PathBuf,
    safe: Box<dyn KeySafe>,
    idle: Mutex<Vec<Session>>,
}

/// What is answered about a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The client's point under our key as well; none if it sent none.
    pub reencrypted: Option<[u8; POINT_BYTES]>,
    prefixes: Vec<u8>,
}

impl Answer {
    /// The match prefixes of the bucket, each of [`MATCH_PREFIX_BYTES`], in order. Made under the key that the point was multiplied
    /// with.
    pub fn prefixes(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.prefixes.chunks_exact(MATCH_PREFIX_BYTES)
    }
}

impl Leaks {
    /// The database at a path, whether there is one yet or not.
    pub fn new(path: &Path, safe: Box<dyn KeySafe>) -> Self {
        Self {
            path: path.to_owned(),
            safe,
            idle: Mutex::new(Vec::new()),
        }
    }

    /// Whether there is a database now.
    pub fn is_there(&self) -> bool {
        self.path.exists()
    }

    /// Answers from what was committed until now; none if there is no database. Blocks on the disk, and takes one scalar
    /// multiplication and one range of the file.
    ///
    /// # Errors
    /// See [`DatabaseError`].
    pub fn answer(
        &self,
        bucket: Bucket,
        point: Option<&BlindedPoint>,
    ) -> Result<Option<Answer>, DatabaseError> {
        self.with_session(|session| session.answer(&self.path, &*self.safe, bucket, point))
    }

    /// Passwords whose SHA-1 hashes start with 20 bits: the hashes' other bytes and bits, and how often each was seen. None if
    /// there is no database.
    ///
    /// # Errors
    /// See [`DatabaseError`].
    pub fn pwned(
        &self,
        range: crate::PwnedRange,
    ) -> Result<Option<Vec<(crate::PwnedHash, u64)>>, DatabaseError> {
        self.with_session(|session| {
            crate::pwned::range(&session.connection, range).map_err(sqlite(&self.path))
        })
    }

    fn with_session<T>(
        &self,
        work: impl FnOnce(&mut Session) -> Result<T, DatabaseError>,
    ) -> Result<Option<T>, DatabaseError> {
        let Some(file) = file_id(&self.path)? else {
            return Ok(None);
        };
        let idle = self.idle().pop().filter(|session| session.file == file);
        let session = match idle {
            Some(session) => Some(session),
            None => Session::open(&self.path, file)?,
        };
        let Some(mut session) = session else {
            return Ok(None);
        };
        let done = work(&mut session)?;
        let mut idle = self.idle();
        if idle.len() < MAX_IDLE {
            idle.push(session);
        }
        Ok(Some(done))
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Session>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection, with the key of the epoch that it last saw.
struct Session {
    connection: Connection,
    file: FileId,
    key: Option<(EpochId, Arc<EpochKey>)>,
}

impl Session {
    /// None while the file is being made.
    fn open(path: &Path, file: FileId) -> Result<Option<Self>, DatabaseError> {
        let connection = connect(path)?;
        if !check(&connection, path)? {
            return Ok(None);
        }
        let prepare = || {
            // Closing would remove the log by its name, which may belong to another file by then.
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
            connection.pragma_update(None, "query_only", true)
        };
        prepare().map_err(sqlite(path))?;
        Ok(Some(Self {
            connection,
            file,
            key: None,
        }))
    }

    fn answer(
        &mut self,
        path: &Path,
        safe: &dyn KeySafe,
        bucket: Bucket,
        point: Option<&BlindedPoint>,
    ) -> Result<Answer, DatabaseError> {
        let failed = sqlite(path);
        // One snapshot for key and prefixes: an answer never mixes two epochs.
        let snapshot = Transaction::new_unchecked(&self.connection, TransactionBehavior::Deferred)
            .map_err(&failed)?;
        let id = epoch_id(&snapshot).map_err(&failed)?;
        let damaged = || DatabaseError::Damaged(path.to_owned(), "it has no epoch".to_owned());
        let id = id.ok_or_else(damaged)?;
        let known = self.key.as_ref().filter(|(known, _)| *known == id);
        let key = match known {
            Some((_, key)) => key.clone(),
            None => Arc::new(epoch_key(&snapshot, path, safe)?),
        };
        let prefixes = prefixes(&snapshot, bucket).map_err(&failed)?;
        drop(snapshot);
        let reencrypted = point.map(|point| key.reencrypt(point));
        self.key = Some((id, key));
        Ok(Answer {
            reencrypted,
            prefixes,
        })
    }
}

fn prefixes(snapshot: &Connection, bucket: Bucket) -> rusqlite::Result<Vec<u8>> {
    let query = "SELECT prefix FROM pair WHERE bucket = ?1 ORDER BY prefix LIMIT ?2";
    let mut statement = snapshot.prepare_cached(query)?;
    let mut rows = statement.query((bucket.number(), MAX_PREFIXES))?;
    let mut prefixes = Vec::new();
    while let Some(row) = rows.next()? {
        prefixes.extend_from_slice(row.get_ref(0)?.as_blob()?);
    }
    Ok(prefixes)
}

/// Which file it is, to notice that it was replaced.
type FileId = (u64, u64);

fn file_id(path: &Path) -> Result<Option<FileId>, DatabaseError> {
    match fs::metadata(path) {
        Ok(data) => Ok(Some((data.dev(), data.ino()))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(io_error(path)(error)),
    }
}

/// Most match prefixes in an answer: a million, or 8 MB over gRPC and 12 MB over REST. What a bucket has beyond that is not found.
pub const MAX_PREFIXES: u32 = 1 << 20;
/// Connections that are kept open; each has a page cache of 2 MB.
const MAX_IDLE: usize = 8;
