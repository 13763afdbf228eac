-- So that claims whose terms are over can be found, and given back.
CREATE INDEX claims_by_end ON claims (until) WHERE until IS NOT NULL;
