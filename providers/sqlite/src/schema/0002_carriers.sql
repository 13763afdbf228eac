-- The register of key carriers.

CREATE TABLE carriers (
    number   INTEGER PRIMARY KEY,
    id       BLOB NOT NULL UNIQUE,
    serial   TEXT NOT NULL,
    model    TEXT NOT NULL,
    office   TEXT NOT NULL,
    state    TEXT NOT NULL,
    user     BLOB,
    created  INTEGER NOT NULL
) STRICT;

CREATE INDEX carriers_by_state ON carriers (state, created, id);
CREATE INDEX carriers_by_office ON carriers (office, state, created, id);
CREATE INDEX carriers_by_user ON carriers (user, state, created, id, office) WHERE user IS NOT NULL;
