-- Questions in SQL that somebody saved, for everybody who may ask in SQL.
CREATE TABLE queries (
  id BIGINT PRIMARY KEY,
  name TEXT NOT NULL,
  query TEXT NOT NULL,
  -- how the answer is shown, as JSON of the page's own
  look TEXT,
  -- who saved it first
  owner TEXT NOT NULL,
  changed_at BIGINT NOT NULL
);
