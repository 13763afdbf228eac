-- The record. Times are nanoseconds since 1970 in UTC; identifiers are their octets; states are names.

CREATE TABLE streams (
    id    INTEGER PRIMARY KEY,
    name  BLOB NOT NULL UNIQUE               -- its kind in one octet, then the entity's id
) STRICT;

CREATE TABLE entries (
    id      INTEGER PRIMARY KEY,
    stream  INTEGER NOT NULL REFERENCES streams (id),
    place   INTEGER NOT NULL,                -- from 0, without gaps
    octets  BLOB NOT NULL,
    UNIQUE (stream, place)
) STRICT;

CREATE TABLE writers (
    id       INTEGER PRIMARY KEY,
    name     BLOB NOT NULL UNIQUE,
    opening  BLOB NOT NULL                   -- heads found: writer (16), length (8), hash (32), and so on
) STRICT;

-- No reference to entries: a link outlives an entry that somebody removed, and tells of it.
CREATE TABLE links (
    writer  INTEGER NOT NULL REFERENCES writers (id),
    number  INTEGER NOT NULL,                -- from 0, which is the opening
    stream  INTEGER,
    place   INTEGER,
    hash    BLOB NOT NULL,
    PRIMARY KEY (writer, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE receipts (
    number   INTEGER PRIMARY KEY,
    command  BLOB NOT NULL UNIQUE,
    digest   BLOB NOT NULL,
    lengths  BLOB NOT NULL,                  -- stream (17), length (8), and so on
    outcome  BLOB NOT NULL
) STRICT;

CREATE TABLE claims (
    space   TEXT NOT NULL,
    digest  BLOB NOT NULL,
    holder  BLOB NOT NULL,
    until   INTEGER,                         -- none: for ever
    PRIMARY KEY (space, digest)
) STRICT, WITHOUT ROWID;

CREATE TABLE documents (
    id          INTEGER PRIMARY KEY,
    commitment  BLOB NOT NULL UNIQUE,
    kind        TEXT NOT NULL,
    salt        BLOB NOT NULL,
    octets      BLOB NOT NULL
) STRICT;

-- The rows that lists and searches use. Identifiers are random, so rows lie in the order in which they were
-- written, where those that change are near each other; only the narrow indexes are all over the place.

CREATE TABLE accounts (
    number        INTEGER PRIMARY KEY,
    id            BLOB NOT NULL UNIQUE,
    role          TEXT NOT NULL,
    office        TEXT,
    state         TEXT NOT NULL,
    registration  BLOB,
    created       INTEGER NOT NULL,
    due           INTEGER
) STRICT;

CREATE INDEX accounts_by_role ON accounts (role, created, id);
CREATE INDEX accounts_by_office ON accounts (office, role, created, id) WHERE office IS NOT NULL;
CREATE INDEX accounts_due ON accounts (due, id) WHERE due IS NOT NULL;

CREATE TABLE cases (
    number     INTEGER PRIMARY KEY,
    id         BLOB NOT NULL UNIQUE,
    user       BLOB NOT NULL,
    office     TEXT,
    state      TEXT NOT NULL,
    lineage    BLOB NOT NULL,
    created    INTEGER NOT NULL,
    not_after  INTEGER,
    hidden     INTEGER NOT NULL,
    due        INTEGER
) STRICT;

CREATE INDEX cases_by_state ON cases (state, hidden, created, id);
CREATE INDEX cases_by_office ON cases (office, state, hidden, created, id) WHERE office IS NOT NULL;
CREATE INDEX cases_by_user ON cases (user, created, id);
CREATE INDEX cases_by_end ON cases (state, hidden, not_after, id, office) WHERE not_after IS NOT NULL;
CREATE INDEX cases_due ON cases (due, id) WHERE due IS NOT NULL;

CREATE TABLE certificates (
    number       INTEGER PRIMARY KEY,
    serial       BLOB NOT NULL,              -- number of octets, then the octets: compares as the integer
    issuer       BLOB NOT NULL,
    "case"       BLOB NOT NULL,
    thumbprint   BLOB,
    subject_key  BLOB NOT NULL,
    not_after    INTEGER NOT NULL,
    partition    INTEGER,                    -- none: not on the CRL
    entry        BLOB,
    UNIQUE (serial, issuer)
) STRICT;

CREATE INDEX certificates_by_thumbprint ON certificates (thumbprint) WHERE thumbprint IS NOT NULL;
CREATE INDEX certificates_by_subject_key ON certificates (subject_key);
CREATE INDEX certificates_listed ON certificates (issuer, partition, serial) WHERE partition IS NOT NULL;

CREATE TABLE authorities (
    id   BLOB PRIMARY KEY NOT NULL,
    due  INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX authorities_due ON authorities (due, id) WHERE due IS NOT NULL;

-- The user directory: personal data.

CREATE TABLE user_versions (
    id          INTEGER PRIMARY KEY,
    user        BLOB NOT NULL,
    commitment  BLOB NOT NULL,
    salt        BLOB NOT NULL,
    octets      BLOB NOT NULL,
    UNIQUE (user, commitment)
) STRICT;

-- What a version is found by: a letter for the kind of term, then the normalised text.
CREATE TABLE user_terms (
    term     TEXT NOT NULL,
    version  INTEGER NOT NULL REFERENCES user_versions (id) ON DELETE CASCADE,
    PRIMARY KEY (term, version)
) STRICT, WITHOUT ROWID;

CREATE INDEX user_terms_by_version ON user_terms (version, term);
