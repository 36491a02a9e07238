-- Which customers may be one person, and what people said about it.

-- One run over all customers.
CREATE TABLE linkage_runs (
  id BIGINT PRIMARY KEY,
  -- running, done, cancelled, failed, interrupted
  state TEXT NOT NULL,
  started_at BIGINT NOT NULL,
  started_by TEXT NOT NULL,
  finished_at BIGINT,
  message TEXT,
  n_records BIGINT NOT NULL,
  n_compared BIGINT NOT NULL,
  n_links BIGINT NOT NULL,
  n_review BIGINT NOT NULL,
  n_held_apart BIGINT NOT NULL,
  n_withdrawn BIGINT NOT NULL,
  undone_at BIGINT,
  undone_by TEXT
);

-- A pair is named by one identifier of each side, the smaller number first: customers merge and
-- part, identifiers stay. Each side's fields are kept as they were when the pair was found, so that
-- what people said about it still teaches when the two have become one.
CREATE TABLE linkage_pairs (
  id BIGINT PRIMARY KEY,
  a BIGINT NOT NULL,
  b BIGINT NOT NULL,
  -- open, same, different, skipped, linking (before its entry is in the log), linked
  state TEXT NOT NULL,
  -- in millionths
  probability BIGINT NOT NULL,
  -- |probability - 1/2|, likewise: what a reviewer is asked first
  certainty BIGINT NOT NULL,
  -- in thousandths of a bit
  weight BIGINT NOT NULL,
  -- which run found it; nothing for one that was found as its record came
  run BIGINT,
  found_at BIGINT NOT NULL,
  -- why identity would not join the two by itself
  held_apart TEXT,
  -- both sides and the evidence, as JSON
  evidence TEXT NOT NULL,
  decided_at BIGINT,
  decided_by TEXT,
  -- the decision that joined them, a place in the log, and the two identifiers that it joined
  decision BIGINT,
  joined_a BIGINT,
  joined_b BIGINT
);
CREATE UNIQUE INDEX linkage_pairs_by_ends ON linkage_pairs (a, b);
CREATE INDEX linkage_pairs_by_b ON linkage_pairs (b);
CREATE INDEX linkage_pairs_by_certainty ON linkage_pairs (state, certainty, id);
CREATE INDEX linkage_pairs_by_probability ON linkage_pairs (state, probability, id);
CREATE INDEX linkage_pairs_by_run ON linkage_pairs (run);

-- The decisions of a run are those that it made.
CREATE INDEX identity_edits_by_author ON identity_edits (edited_by, id);
