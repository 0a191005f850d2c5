-- What a message seems to be until a person says it, and what they said.
ALTER TABLE messages ADD COLUMN proposal TEXT;
ALTER TABLE messages ADD COLUMN sorted TEXT;
DROP INDEX messages_waiting;
CREATE INDEX messages_waiting ON messages (number) WHERE contact IS NULL AND sorted IS NULL;
