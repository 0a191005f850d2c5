"""Every question that the ledger puts to its database, by name. The tables are in `migrations/`.

They are written for SQLite, in words that PostgreSQL knows too; `dialect.py` says the little that differs.
"""

from __future__ import annotations

BEGIN = "BEGIN IMMEDIATE"
COMMIT = "COMMIT"
ROLLBACK = "ROLLBACK"

# --- the file --------------------------------------------------------------------------------------

WAIT, WAIT_NOT = "PRAGMA synchronous = FULL", "PRAGMA synchronous = NORMAL"
WRITE_AHEAD = "PRAGMA journal_mode = WAL"
SETTINGS = (
    WAIT,
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA trusted_schema = OFF",
)
ONLY_READ = "PRAGMA query_only = ON"
VERSION = "PRAGMA user_version"
SET_VERSION = "PRAGMA user_version = {:d}"
APPLICATION = "PRAGMA application_id"
SET_APPLICATION = "PRAGMA application_id = {:d}"
SCHEMA = "SELECT type, name, tbl_name, sql FROM sqlite_master"
CHECK = "PRAGMA integrity_check(1)"
COMPACT = "VACUUM"
CHECKPOINT = "PRAGMA wal_checkpoint(TRUNCATE)"
ONE_FILE = "PRAGMA journal_mode = DELETE"
ATTACH = "ATTACH DATABASE ? AS other"

ANYTHING = """
SELECT (SELECT count(*) FROM events) + (SELECT count(*) FROM claims) + (SELECT count(*) FROM messages)
  + (SELECT count(*) FROM receipts)
"""
SET_META = "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO NOTHING"
PUT_META = "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
REMOVE_META = "DELETE FROM meta WHERE key = ?"
META = "SELECT value FROM meta WHERE key = ?"
SEALED, ARRIVING = "sealed", "arriving"
MOVED = "SELECT key, value FROM meta WHERE key IN ('sealed', 'arriving')"
NEWEST = "newest"
BEGUN = f"{MOVED} UNION ALL SELECT '{NEWEST}', CAST(coalesce(max(number), 0) AS TEXT) FROM events"

# --- events ----------------------------------------------------------------------------------------

ADD_EVENT = """
INSERT INTO events (kind, at, recorded, by, contact, wave, step, post, network, name, value, url, numbers, due, owner)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING number
"""
ADD_PERSONAL = "INSERT INTO personal (event, text, address) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"

_EVENTS = """
SELECT number, kind, at, recorded, by, contact, wave, step, post, network, name, value, url, numbers, due, owner,
  address, text
FROM events LEFT JOIN personal ON personal.event = events.number
"""
EVENTS = f"{_EVENTS} WHERE number > ? ORDER BY number"
EVENTS_OF_CONTACT = f"{_EVENTS} WHERE contact = ? AND number > ? ORDER BY number"
EVENTS_OF_POST = f"{_EVENTS} WHERE post = ? AND number > ? ORDER BY number"
EVENTS_OF_KIND = f"{_EVENTS} WHERE kind = ? ORDER BY number"
EVENT = f"{_EVENTS} WHERE number = ?"


def events_page(kinds: int) -> str:
    """Events after a number, of so many kinds or of all, and how many at most.

    Cast, the kinds' index is of no use: for each page, it would sort all that follow.
    """
    of_kinds = f" AND CAST(kind AS TEXT) IN ({', '.join('?' * kinds)})" if kinds else ""
    return f"{_EVENTS} WHERE number > ?{of_kinds} ORDER BY number LIMIT ?"


LATEST_ABOUT_POSTS = "SELECT post, max(number) FROM events WHERE post IS NOT NULL AND kind <> 'counted' GROUP BY post"

# --- what they come to -----------------------------------------------------------------------------

STATES = "SELECT kind, id, body FROM state"
STATES_TO_SEND = "SELECT kind, id, body FROM state WHERE kind IN ('hold', 'address', 'mailbox')"
STATE = "SELECT body FROM state WHERE kind = ? AND id = ?"
PUT_STATE = (
    "INSERT INTO state (kind, id, body) VALUES (?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body"
)
REMOVE_STATE = "DELETE FROM state WHERE kind = ? AND id = ?"
REMOVE_STATES = "DELETE FROM state"

# --- receipts and claims ---------------------------------------------------------------------------

ADD_RECEIPT = """
INSERT INTO receipts (id, at, via, proof, ledger, recipient) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""
RECEIPTS = "SELECT id, at, via, proof, ledger, recipient FROM receipts ORDER BY id, at, via, proof, ledger"

_CLAIMS = """
SELECT id, campaign, at, by, wave, step, contact, address, post, revision, network, account, part, date FROM claims
"""
CLAIMS = f"{_CLAIMS} ORDER BY id"
ADD_LETTER_CLAIM = """
INSERT INTO claims (campaign, at, by, date, wave, step, contact, address) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING RETURNING id
"""
# Two questions, each with an index of its own: with OR, all letters of the wave would be looked through for each one.
_OF_WAVE = "campaign = ? AND wave = ? AND step = ?"
LETTER_CLAIM = (
    f"{_CLAIMS} WHERE {_OF_WAVE} AND contact = ? UNION {_CLAIMS} WHERE {_OF_WAVE} AND address = ? ORDER BY id"
)
ADD_PART_CLAIM = """
INSERT INTO claims (campaign, at, by, date, post, revision, network, account, part)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id
"""
PART_CLAIM = f"{_CLAIMS} WHERE campaign = ? AND post = ? AND revision = ? AND network = ? AND account = ? AND part = ?"

# --- attempts --------------------------------------------------------------------------------------

_ATTEMPTS = "SELECT claim, number, began, ended, outcome, detail, digest, address, committed, released FROM attempts"
ATTEMPTS_OF = f"{_ATTEMPTS} WHERE claim = ? ORDER BY number"
UNFINISHED = f"{_ATTEMPTS} WHERE ended IS NULL ORDER BY claim, number"
CLAIM = f"{_CLAIMS} WHERE id = ?"
BEGIN_ATTEMPT = """
INSERT INTO attempts (claim, number, began, digest, address, domain)
SELECT ?, coalesce(max(number), 0) + 1, ?, ?, ?, ? FROM attempts WHERE claim = ? RETURNING number
"""
COMMIT_ATTEMPT = """
UPDATE attempts SET committed = ? WHERE claim = ? AND number = ? AND ended IS NULL AND committed IS NULL
"""
END_ATTEMPT = "UPDATE attempts SET ended = ?, outcome = ?, detail = ? WHERE claim = ? AND number = ? AND ended IS NULL"
RELEASE_ATTEMPTS = "UPDATE attempts SET released = ? WHERE claim = ? AND released IS NULL"
# Those surely not sent do not count for the pace; those of which nobody knows do.
_COUNTED = "committed IS NOT NULL AND coalesce(outcome, '') NOT IN ('not-sent')"
_LETTERS = f"{_COUNTED} AND address IS NOT NULL"
LAST_EVENT = "SELECT coalesce(max(number), 0) FROM events"
LEFT_SINCE = f"SELECT count(*) FROM attempts WHERE {_LETTERS} AND committed > ?"
LEFT_TO_DOMAIN_SINCE = f"{LEFT_SINCE} AND domain = ?"
NTH_LEFT = f"SELECT committed FROM attempts WHERE {_LETTERS} ORDER BY committed DESC LIMIT 1 OFFSET ?"
NTH_LEFT_TO_DOMAIN = (
    f"SELECT committed FROM attempts WHERE {_LETTERS} AND domain = ? ORDER BY committed DESC LIMIT 1 OFFSET ?"
)
# Refused ones, too: what a network refuses costs as much as what it takes.
PARTS_ASKED_FOR = """
SELECT committed FROM attempts JOIN claims ON claims.id = attempts.claim
WHERE claims.post IS NOT NULL AND claims.network = ? AND claims.account = ? AND committed > ?
ORDER BY committed
"""
# What went out in each letter that left or may have: the digest of its last try.
SENT_DIGESTS = """
SELECT contact, wave, step, digest FROM attempts JOIN claims ON claims.id = attempts.claim
WHERE contact IS NOT NULL AND committed IS NOT NULL AND coalesce(outcome, '') NOT IN ('not-sent', 'refused')
ORDER BY claim, attempts.number
"""
CLAIMS_OF_POST = f"{_CLAIMS} WHERE campaign = ? AND post = ? AND network = ? ORDER BY id"

# --- the mailbox -----------------------------------------------------------------------------------

MAIL_CURSOR = "SELECT cursor FROM mail_folders WHERE account = ? AND folder = ?"
KEEP_MAIL_CURSOR = """
INSERT INTO mail_folders (account, folder, cursor) VALUES (?, ?, ?)
ON CONFLICT (account, folder) DO UPDATE SET cursor = excluded.cursor
"""
MAIL_FILE = "SELECT 1 FROM mail_files WHERE account = ? AND folder = ? AND name = ?"
KEEP_MAIL_FILE = "INSERT INTO mail_files (account, folder, name) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
MESSAGE_KNOWN = "SELECT 1 FROM messages WHERE key = ?"
ADD_MESSAGE = """
INSERT INTO messages (key, place, kind, rule, rung, contact, at, recorded, proposal, refs)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (key) DO NOTHING RETURNING number
"""
ADD_MESSAGE_PERSONAL = """
INSERT INTO messages_personal (message, sender, subject, text, proposed, reply_to) VALUES (?, ?, ?, ?, ?, ?)
"""
ADD_MESSAGE_EVENT = "INSERT INTO message_events (message, event) VALUES (?, ?)"
EVENTS_OF_MESSAGE = "SELECT event FROM message_events WHERE message = ? ORDER BY event"
GIVE_MESSAGE = "UPDATE messages SET contact = ?, rung = ? WHERE number = ?"
SORT_MESSAGE = "UPDATE messages SET sorted = ? WHERE number = ?"
_MESSAGES = """
SELECT number, key, place, kind, rule, rung, contact, at, sender, subject, text, proposed, proposal, sorted,
  reply_to, refs
FROM messages LEFT JOIN messages_personal ON messages_personal.message = messages.number
"""
MESSAGE = f"{_MESSAGES} WHERE number = ?"
WAITING_MESSAGES = f"{_MESSAGES} WHERE contact IS NULL AND sorted IS NULL ORDER BY number"
MESSAGES = f"{_MESSAGES} ORDER BY number"
COUNT_WAITING = "SELECT count(*) FROM messages WHERE contact IS NULL AND sorted IS NULL"

# --- whether anything happened ---------------------------------------------------------------------

MARK = """
SELECT (SELECT coalesce(max(number), 0) FROM events), (SELECT count(*) FROM messages),
  (SELECT count(*) FROM messages WHERE contact IS NULL AND sorted IS NULL)
"""

# --- comparing with a backup -----------------------------------------------------------------------

LAST = "SELECT coalesce(max(number), 0), count(*) FROM events"
MISSING_THERE = tuple(
    f"SELECT count(*) FROM (SELECT * FROM main.{table} EXCEPT SELECT * FROM other.{table})"
    for table in ("events", "claims", "attempts", "receipts")
)
ROWS = tuple(
    f"SELECT * FROM {table} ORDER BY 1, 2"
    for table in ("meta", "events", "personal", "claims", "attempts", "receipts", "messages")
)
