-- What was read of the mailbox: how far in each folder, and the messages that mattered, each once. `key` is the
-- Message-ID, or a digest where there is none. Who wrote and what stands apart, so that it can be blanked.
CREATE TABLE mail_folders (
  account TEXT NOT NULL,
  folder TEXT NOT NULL,
  cursor TEXT NOT NULL,
  PRIMARY KEY (account, folder)
) STRICT, WITHOUT ROWID;

CREATE TABLE mail_files (
  account TEXT NOT NULL,
  folder TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (account, folder, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE messages (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  place TEXT NOT NULL,
  kind TEXT NOT NULL,
  rule TEXT NOT NULL,
  rung TEXT,
  contact TEXT,
  at TEXT NOT NULL,
  recorded TEXT NOT NULL
) STRICT;

CREATE INDEX messages_waiting ON messages (number) WHERE contact IS NULL;

CREATE TABLE messages_personal (
  message INTEGER PRIMARY KEY REFERENCES messages (number),
  sender TEXT,
  subject TEXT,
  text TEXT,
  proposed TEXT
) STRICT;

-- Which events a message led to, so that they can be taken back where it was somebody else's.
CREATE TABLE message_events (
  message INTEGER NOT NULL REFERENCES messages (number),
  event INTEGER NOT NULL REFERENCES events (number),
  PRIMARY KEY (message, event)
) STRICT, WITHOUT ROWID;
