-- Ids that may be taken once, such as those of challenges that were answered.
CREATE TABLE taken (
    id BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX taken_by_time ON taken (at);
