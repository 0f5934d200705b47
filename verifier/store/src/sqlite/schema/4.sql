-- What accounts are used to. The revision is the time of the last writing.
CREATE TABLE profile (
    account  BLOB    NOT NULL PRIMARY KEY CHECK (length(account) = 32),
    profile  BLOB    NOT NULL CHECK (length(profile) <= 1024),
    revision INTEGER NOT NULL
) STRICT;
CREATE INDEX profile_by_time ON profile (revision);

-- What of the visit to the account a later annotation speaks about.
ALTER TABLE assessment ADD COLUMN visit BLOB CHECK (length(visit) <= 64);
