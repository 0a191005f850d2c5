-- Where an answer to a message goes, and the thread that it goes on with.
ALTER TABLE messages ADD COLUMN refs TEXT;
ALTER TABLE messages_personal ADD COLUMN reply_to TEXT;
