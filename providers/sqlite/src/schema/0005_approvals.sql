-- Approvals: what others must agree to before it is done.
CREATE TABLE approvals (
    id BLOB PRIMARY KEY NOT NULL,
    office TEXT,
    state TEXT NOT NULL,
    act TEXT NOT NULL,
    "case" BLOB,
    created INTEGER NOT NULL,
    due INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX approvals_by_state ON approvals (state, created, id);
CREATE INDEX approvals_by_office ON approvals (office, state, created, id) WHERE office IS NOT NULL;
CREATE INDEX approvals_due ON approvals (due, id) WHERE due IS NOT NULL;
