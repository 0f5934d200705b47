-- Accounts that are known by identifiers which others may share. Ids and identifiers are keyed hashes, names are sealed.
CREATE TABLE related_account (
    project   TEXT    NOT NULL,
    account   BLOB    NOT NULL CHECK (length(account) = 16),
    name      BLOB    NOT NULL CHECK (length(name) <= 1152),
    seen_at   INTEGER NOT NULL, -- to a day
    group_id  BLOB,             -- of the related ones
    joined_at INTEGER,          -- since when it has been related to anybody
    PRIMARY KEY (project, account)
) STRICT, WITHOUT ROWID;
CREATE INDEX related_account_by_group ON related_account (project, group_id, account, joined_at)
    WHERE group_id IS NOT NULL;
CREATE INDEX related_account_by_time ON related_account (seen_at);

CREATE TABLE related_group (
    project TEXT    NOT NULL,
    id      BLOB    NOT NULL CHECK (length(id) = 16),
    born_at INTEGER NOT NULL,
    PRIMARY KEY (project, id)
) STRICT, WITHOUT ROWID;

-- Who has which identifier, as long as it is not common.
CREATE TABLE shared_identifier (
    project    TEXT NOT NULL,
    identifier BLOB NOT NULL CHECK (length(identifier) = 16),
    account    BLOB NOT NULL,
    PRIMARY KEY (project, identifier, account)
) STRICT, WITHOUT ROWID;
CREATE INDEX shared_identifier_by_account ON shared_identifier (project, account, identifier);

-- Identifiers that too many have to say anything about anybody.
CREATE TABLE common_identifier (
    project    TEXT    NOT NULL,
    identifier BLOB    NOT NULL CHECK (length(identifier) = 16),
    seen_at    INTEGER NOT NULL, -- to a day
    PRIMARY KEY (project, identifier)
) STRICT, WITHOUT ROWID;
CREATE INDEX common_identifier_by_time ON common_identifier (seen_at);
