-- What sending needs to know of a claim and its tries. `date` is the Date header, fixed at the first try and
-- used by each; `committed` is the mark before the last byte: from then on, until `outcome`, nobody can know.
-- `released`: a person said that it was not sent, so that it may be tried again.
ALTER TABLE claims ADD COLUMN date TEXT;
ALTER TABLE attempts ADD COLUMN digest TEXT;
ALTER TABLE attempts ADD COLUMN address TEXT;
ALTER TABLE attempts ADD COLUMN domain TEXT;
ALTER TABLE attempts ADD COLUMN committed TEXT;
ALTER TABLE attempts ADD COLUMN released TEXT;

CREATE INDEX attempts_by_commit ON attempts (committed) WHERE committed IS NOT NULL;
CREATE INDEX attempts_by_domain ON attempts (domain, committed) WHERE committed IS NOT NULL;
CREATE INDEX attempts_unfinished ON attempts (claim) WHERE ended IS NULL;
