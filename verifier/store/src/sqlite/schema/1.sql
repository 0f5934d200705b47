-- One row.
CREATE TABLE store (
    one            INTEGER PRIMARY KEY CHECK (one = 1),
    low_water_mark INTEGER NOT NULL
) STRICT;

-- At most one row, which every readiness probe fills with other bytes.
CREATE TABLE probe (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    count INTEGER NOT NULL,
    bytes BLOB    NOT NULL
) STRICT;

CREATE TABLE site_key (
    id                TEXT    NOT NULL PRIMARY KEY,
    project           TEXT    NOT NULL,
    display_name      TEXT    NOT NULL,
    integration       INTEGER NOT NULL CHECK (integration BETWEEN 1 AND 4),
    allow_all_domains INTEGER NOT NULL CHECK (allow_all_domains IN (0, 1)),
    domains           TEXT    NOT NULL, -- a JSON array of strings
    sealed_secret     BLOB    NOT NULL,
    secret_hash       BLOB    NOT NULL UNIQUE CHECK (length(secret_hash) = 32),
    created_at        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX site_key_by_project ON site_key (project, id);

CREATE TABLE api_key (
    id         TEXT    NOT NULL PRIMARY KEY,
    project    TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    hash       BLOB    NOT NULL UNIQUE CHECK (length(hash) = 32),
    scopes     TEXT    NOT NULL, -- a JSON array of strings
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX api_key_by_project ON api_key (project, id);

-- The id begins with its time: marks are inserted almost in order, and the old ones are a range of the key.
CREATE TABLE spent (
    token_id BLOB NOT NULL PRIMARY KEY CHECK (length(token_id) = 16)
) STRICT, WITHOUT ROWID;

CREATE TABLE assessment (
    id             BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    project        TEXT    NOT NULL,
    site_key       TEXT    NOT NULL,
    created_at     INTEGER NOT NULL,
    action         TEXT    NOT NULL,
    score          REAL    NOT NULL CHECK (score BETWEEN 0.0 AND 1.0),
    reasons        BLOB    NOT NULL,
    valid          INTEGER NOT NULL CHECK (valid IN (0, 1)),
    invalid_reason INTEGER NOT NULL,
    account_hash   BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX assessment_by_time ON assessment (created_at);

CREATE TABLE annotation (
    assessment   BLOB    NOT NULL REFERENCES assessment (id) ON DELETE CASCADE,
    seq          INTEGER NOT NULL,
    annotation   INTEGER NOT NULL,
    reasons      BLOB    NOT NULL,
    account_hash BLOB,
    at           INTEGER NOT NULL,
    PRIMARY KEY (assessment, seq)
) STRICT, WITHOUT ROWID;

-- With a rowid: answers are kilobytes, and wide rows in the key's own tree would make every lookup slow.
CREATE TABLE first_answer (
    key        BLOB    NOT NULL PRIMARY KEY CHECK (length(key) = 32),
    request    BLOB    NOT NULL CHECK (length(request) = 32),
    answer     BLOB    NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX first_answer_by_expiry ON first_answer (expires_at);
