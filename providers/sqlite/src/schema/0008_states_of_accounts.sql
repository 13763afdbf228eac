-- Accounts of one state: registrations that are not complete are few among many.

CREATE INDEX accounts_by_state ON accounts (state, role, created, id);
CREATE INDEX accounts_by_office_and_state ON accounts (office, state, role, created, id)
    WHERE office IS NOT NULL;
