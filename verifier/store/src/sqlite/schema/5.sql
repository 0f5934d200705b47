-- The second factor: challenges under way. What is asked of an address, under a request token, for an account.
CREATE TABLE factor (
    account       BLOB    NOT NULL CHECK (length(account) = 32),
    request       BLOB    NOT NULL CHECK (length(request) = 16),
    code          BLOB    NOT NULL CHECK (length(code) = 32),
    attempts_left INTEGER NOT NULL CHECK (attempts_left >= 0),
    sent_at       INTEGER NOT NULL,
    ends_at       INTEGER NOT NULL,
    met_by        BLOB CHECK (length(met_by) = 16),
    PRIMARY KEY (account, request)
) STRICT, WITHOUT ROWID;
CREATE INDEX factor_by_end ON factor (ends_at);

-- Addresses that were proved, and when last.
CREATE TABLE proved (
    account BLOB    NOT NULL CHECK (length(account) = 32),
    address BLOB    NOT NULL CHECK (length(address) = 32),
    at      INTEGER NOT NULL,
    PRIMARY KEY (account, address)
) STRICT, WITHOUT ROWID;
CREATE INDEX proved_by_time ON proved (at);

-- What may happen so often within a time, such as codes to one address.
CREATE TABLE quota (
    id      BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    count   INTEGER NOT NULL,
    ends_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX quota_by_end ON quota (ends_at);

-- Messages that wait to be sent.
CREATE TABLE message (
    id      BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    sealed  BLOB    NOT NULL CHECK (length(sealed) <= 4096),
    due_at  INTEGER NOT NULL,
    dead_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX message_by_due ON message (due_at);
CREATE INDEX message_by_end ON message (dead_at);
