-- In the order in which they were kept, which the number tells. A removed sketch's number is not given again.
CREATE TABLE sketch (
    number  INTEGER PRIMARY KEY AUTOINCREMENT,
    kept_at INTEGER NOT NULL,
    bytes   BLOB    NOT NULL CHECK (length(bytes) <= 128)
) STRICT;
CREATE INDEX sketch_by_time ON sketch (kept_at);
