-- What is deleted can come back for a while: it is marked first, and goes for good later.
ALTER TABLE boards ADD COLUMN deleted_at BIGINT;
ALTER TABLE boards ADD COLUMN deleted_by TEXT;
ALTER TABLE queries ADD COLUMN deleted_at BIGINT;
ALTER TABLE queries ADD COLUMN deleted_by TEXT;

-- What people wrote beside the days on which something happened that charts do not tell.
CREATE TABLE notes (
  id BIGINT PRIMARY KEY,
  -- counts every change, from 1
  version BIGINT NOT NULL,
  -- a day of the calendar, as 2026-03-01
  day TEXT NOT NULL,
  text TEXT NOT NULL,
  -- who wrote it first
  owner TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  changed_by TEXT NOT NULL
);
