-- Who was forgotten, whose data rest, and who asked for what.

-- One row per erasure; the id is its place in the log. Nothing here tells who it was.
CREATE TABLE erasures (
  id BIGINT PRIMARY KEY,
  -- points to nobody any more
  customer BIGINT NOT NULL,
  ordered_at BIGINT NOT NULL,
  ordered_by TEXT NOT NULL,
  reason TEXT NOT NULL,
  request BIGINT,
  -- why it was not carried out; nothing where it was
  refusal TEXT,
  -- from when on nobody sees the customer
  carried_out_at BIGINT,
  finished_at BIGINT,
  -- the step at work, by its number, and how far it has got
  step BIGINT NOT NULL,
  n_done BIGINT NOT NULL,
  n_total BIGINT NOT NULL,
  -- why the step is being tried again
  trouble TEXT,
  n_identifiers BIGINT NOT NULL,
  -- what went, and from where, as JSON
  counts TEXT NOT NULL,
  certificate TEXT,
  lifted_at BIGINT,
  lifted_by TEXT
);
CREATE INDEX erasures_open ON erasures (id) WHERE finished_at IS NULL;
CREATE INDEX erasures_by_customer ON erasures (customer);

-- Numbers that are never given again, and whose rows go wherever they are found.
CREATE TABLE erased_identifiers (
  id BIGINT PRIMARY KEY,
  erasure BIGINT NOT NULL
);

-- Keyed hashes of identifiers that were erased; the key lies elsewhere.
CREATE TABLE tombstones (
  digest TEXT NOT NULL,
  erasure BIGINT NOT NULL,
  erased_at BIGINT NOT NULL,
  -- whether another customer has given it too: it keeps out only what came under it until then
  shared BIGINT NOT NULL,
  PRIMARY KEY (digest)
) CLUSTERED;
CREATE INDEX tombstones_by_erasure ON tombstones (erasure);

-- Log entries that hold events which a tombstone kept out.
CREATE TABLE log_strips (
  position BIGINT PRIMARY KEY
);

-- Whose data are not to be used for now; by identifier, since customers merge and part.
CREATE TABLE suspensions (
  identifier BIGINT PRIMARY KEY,
  since BIGINT NOT NULL,
  suspended_by TEXT NOT NULL,
  reason TEXT NOT NULL,
  request BIGINT
);

-- What customers asked for, and by when it is due.
CREATE TABLE privacy_requests (
  id BIGINT PRIMARY KEY,
  kind TEXT NOT NULL,
  -- open, in_progress, done, refused
  status TEXT NOT NULL,
  is_closed BIGINT NOT NULL,
  customer BIGINT,
  contact TEXT,
  note TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  extension_reason TEXT NOT NULL,
  handled_by TEXT,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  closed_at BIGINT,
  outcome TEXT NOT NULL,
  erasure BIGINT
);
CREATE INDEX privacy_requests_by_due ON privacy_requests (is_closed, due_at, id);
CREATE INDEX privacy_requests_by_customer ON privacy_requests (customer);
