-- The record of what happened. Instants are UTC, written YYYY-MM-DDTHH:MM:SS.ffffff+00:00, so that
-- they sort as text. Nothing is ever dropped or changed here but `state`, which can be rebuilt, and
-- `personal`, which can be blanked.

CREATE TABLE meta (
  key TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE events (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  at TEXT NOT NULL,
  recorded TEXT NOT NULL,
  by TEXT NOT NULL,
  contact TEXT,
  wave TEXT,
  step INTEGER,
  post TEXT,
  network TEXT,
  name TEXT,
  value TEXT,
  url TEXT,
  numbers TEXT NOT NULL,
  due TEXT,
  owner TEXT
) STRICT;

CREATE INDEX events_by_contact ON events (contact, number) WHERE contact IS NOT NULL;
CREATE INDEX events_by_post ON events (post, number) WHERE post IS NOT NULL;
CREATE INDEX events_by_kind ON events (kind, number);

CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;

CREATE TRIGGER events_are_never_removed BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are never removed'); END;

-- What people wrote and their addresses, apart from what happened, so that it can be blanked.
CREATE TABLE personal (
  event INTEGER PRIMARY KEY REFERENCES events (number),
  text TEXT,
  address TEXT
) STRICT;

-- The right to one effect, for ever: whoever has the row may try, nobody else ever.
CREATE TABLE claims (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  campaign TEXT NOT NULL,
  at TEXT NOT NULL,
  by TEXT NOT NULL,
  wave TEXT,
  step INTEGER,
  contact TEXT,
  address TEXT,
  post TEXT,
  revision INTEGER,
  network TEXT,
  account TEXT,
  part INTEGER,
  CHECK ((post IS NULL AND wave IS NOT NULL AND step IS NOT NULL AND contact IS NOT NULL)
    OR (wave IS NULL AND post IS NOT NULL AND revision IS NOT NULL AND network IS NOT NULL
      AND account IS NOT NULL AND part IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX one_letter_per_contact ON claims (campaign, wave, step, contact) WHERE wave IS NOT NULL;
CREATE UNIQUE INDEX one_letter_per_address ON claims (campaign, wave, step, address)
  WHERE wave IS NOT NULL AND address IS NOT NULL;
CREATE UNIQUE INDEX one_part_per_account ON claims (campaign, post, revision, network, account, part)
  WHERE post IS NOT NULL;

-- The tries under a claim; `ended` and `outcome` are written once, when the try is over.
CREATE TABLE attempts (
  claim INTEGER NOT NULL REFERENCES claims (id),
  number INTEGER NOT NULL,
  began TEXT NOT NULL,
  ended TEXT,
  outcome TEXT,
  detail TEXT,
  PRIMARY KEY (claim, number)
) STRICT;

CREATE TABLE receipts (
  id TEXT NOT NULL,
  at TEXT NOT NULL,
  via TEXT NOT NULL,
  proof TEXT NOT NULL,
  ledger TEXT NOT NULL,
  PRIMARY KEY (id, at, via, proof, ledger)
) STRICT;

-- What the events come to, by subject: the fold, kept with them in the same transaction.
CREATE TABLE state (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
