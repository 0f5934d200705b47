-- Ids that may be taken once, such as those of challenges that were answered.
CREATE TABLE taken (
    id BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX taken_by_time ON taken (at);

-- Site keys with all their settings. Made anew because a check cannot be changed.
CREATE TABLE site_key_3 (
    id                TEXT    NOT NULL PRIMARY KEY,
    project           TEXT    NOT NULL,
    display_name      TEXT    NOT NULL,
    integration       INTEGER NOT NULL CHECK (integration BETWEEN 1 AND 8),
    allow_all_domains INTEGER NOT NULL CHECK (allow_all_domains IN (0, 1)),
    domains           TEXT    NOT NULL, -- a JSON array of strings
    settings          BLOB    NOT NULL,
    policy            BLOB    NOT NULL,
    sealed_secret     BLOB    NOT NULL,
    secret_hash       BLOB    NOT NULL UNIQUE CHECK (length(secret_hash) = 32),
    created_at        INTEGER NOT NULL,
    revision          INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO site_key_3
SELECT id, project, display_name, integration, allow_all_domains, domains, x'', x'', sealed_secret, secret_hash,
       created_at, 0
FROM site_key;
DROP TABLE site_key;
ALTER TABLE site_key_3 RENAME TO site_key;
CREATE INDEX site_key_by_project ON site_key (project, id);

-- The ranges of one key never overlap. Addresses are those of IPv6; IPv4 is mapped into it.
CREATE TABLE ip_override (
    site_key TEXT    NOT NULL,
    first    BLOB    NOT NULL CHECK (length(first) = 16),
    last     BLOB    NOT NULL CHECK (length(last) = 16),
    net      TEXT    NOT NULL,
    verdict  INTEGER NOT NULL CHECK (verdict = 1),
    PRIMARY KEY (site_key, first)
) STRICT, WITHOUT ROWID;

CREATE TABLE firewall_policy (
    project  TEXT    NOT NULL,
    id       TEXT    NOT NULL,
    position INTEGER NOT NULL,
    policy   BLOB    NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (project, id)
) STRICT;
CREATE INDEX firewall_policy_by_position ON firewall_policy (project, position);

-- Assessments by score. The action is empty where none was given, and for those beyond the bound of a day.
CREATE TABLE score_count (
    site_key TEXT    NOT NULL,
    day      INTEGER NOT NULL,
    action   TEXT    NOT NULL,
    bucket   INTEGER NOT NULL CHECK (bucket BETWEEN 0 AND 100),
    count    INTEGER NOT NULL,
    PRIMARY KEY (site_key, day, action, bucket)
) STRICT, WITHOUT ROWID;
CREATE INDEX score_count_by_day ON score_count (day);

CREATE TABLE challenge_count (
    site_key   TEXT    NOT NULL,
    day        INTEGER NOT NULL,
    page_loads INTEGER NOT NULL,
    no_captcha    INTEGER NOT NULL,
    failed     INTEGER NOT NULL,
    passed     INTEGER NOT NULL,
    PRIMARY KEY (site_key, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX challenge_count_by_day ON challenge_count (day);
