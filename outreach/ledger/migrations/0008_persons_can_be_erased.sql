-- A person can be erased. Then, and only then, an event may name a token where it named them, and lose words: while
-- `erasing` has a row, inside the one transaction that erases. What happened, when, by whom and in which order
-- stays as it was even then.
CREATE TABLE erasing (
  token TEXT PRIMARY KEY NOT NULL,
  what TEXT NOT NULL
) STRICT;

DROP TRIGGER events_are_never_changed;

CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
WHEN NOT EXISTS (SELECT 1 FROM erasing)
  OR NEW.number IS NOT OLD.number OR NEW.kind IS NOT OLD.kind OR NEW.at IS NOT OLD.at
  OR NEW.recorded IS NOT OLD.recorded OR NEW."by" IS NOT OLD."by" OR NEW.wave IS NOT OLD.wave
  OR NEW.step IS NOT OLD.step OR NEW.post IS NOT OLD.post OR NEW.network IS NOT OLD.network
BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
