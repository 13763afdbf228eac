-- Notices to owners: queued with what they tell of, sent by a sweep.

CREATE TABLE notices (
    number   INTEGER PRIMARY KEY,
    id       BLOB NOT NULL UNIQUE,
    user     BLOB NOT NULL,
    "case"   BLOB,                            -- none: about the account
    office   TEXT,
    state    TEXT NOT NULL,
    created  INTEGER NOT NULL,
    due      INTEGER
) STRICT;

CREATE INDEX notices_by_state ON notices (state, created, id);
CREATE INDEX notices_by_office ON notices (office, state, created, id) WHERE office IS NOT NULL;
CREATE INDEX notices_due ON notices (due, id) WHERE due IS NOT NULL;
