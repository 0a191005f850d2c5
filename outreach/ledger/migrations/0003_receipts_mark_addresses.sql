-- A receipt also says by a keyed hash which address its letter went to; '' for older ones, and for posts.
ALTER TABLE receipts ADD COLUMN recipient TEXT NOT NULL DEFAULT '';
