-- Whose key the match prefixes were made under: one row, made with the file.
CREATE TABLE epoch (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  id BLOB NOT NULL CHECK (length(id) = 8),
  sealed_key BLOB NOT NULL
) STRICT;

-- What is kept of leaked pairs. One range of the tree is one answer.
CREATE TABLE pair (
  bucket INTEGER NOT NULL,
  prefix BLOB NOT NULL CHECK (length(prefix) = 6),
  PRIMARY KEY (bucket, prefix)
) STRICT, WITHOUT ROWID;

-- SHA-1 hashes of passwords alone, as they were downloaded.
CREATE TABLE pwned (
  hash BLOB NOT NULL CHECK (length(hash) = 20),
  count INTEGER NOT NULL,
  PRIMARY KEY (hash)
) STRICT, WITHOUT ROWID;

-- The files that were imported, and how far. Written in the transaction that writes what was read.
CREATE TABLE list (
  id BLOB PRIMARY KEY CHECK (length(id) = 32),
  name TEXT NOT NULL,
  position INTEGER NOT NULL,
  is_done INTEGER NOT NULL,
  lines INTEGER NOT NULL,
  taken INTEGER NOT NULL,
  added INTEGER NOT NULL,
  blank INTEGER NOT NULL,
  too_long INTEGER NOT NULL,
  not_text INTEGER NOT NULL,
  no_delimiter INTEGER NOT NULL,
  no_user INTEGER NOT NULL,
  no_password INTEGER NOT NULL,
  no_hash INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
