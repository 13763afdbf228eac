-- A CRL is read from its index alone: a million rows in order, without a look into the table for each.

DROP INDEX certificates_listed;

CREATE INDEX certificates_listed ON certificates (issuer, partition, serial, not_after, entry)
    WHERE partition IS NOT NULL;
