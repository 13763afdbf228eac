-- Registrations that are not complete: personal data, which no search finds.

CREATE TABLE drafts (
    user       BLOB NOT NULL,
    commitment BLOB NOT NULL,
    salt       BLOB NOT NULL,
    octets     BLOB NOT NULL,
    PRIMARY KEY (user, commitment)
) STRICT, WITHOUT ROWID;
