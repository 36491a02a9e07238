-- What the processor derives from the log, in log order.

-- One row: how far the log has been taken in, and the counters that move with it.
CREATE TABLE processor (
  id BIGINT PRIMARY KEY,
  position BIGINT NOT NULL,
  n_begun BIGINT NOT NULL,
  n_events BIGINT NOT NULL,
  n_refusals BIGINT NOT NULL
);
INSERT INTO processor (id, position, n_begun, n_events, n_refusals) VALUES (1, 0, 0, 0, 0);

-- Identity.
CREATE TABLE identifiers (
  id BIGINT PRIMARY KEY,
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  customer BIGINT NOT NULL,
  first_seen BIGINT NOT NULL
);
-- Value first: one range answers "which identifiers of any kind begin with …".
CREATE UNIQUE INDEX identifiers_by_value ON identifiers (value, kind);
CREATE INDEX identifiers_by_customer ON identifiers (customer);

CREATE TABLE links (
  a BIGINT NOT NULL,
  b BIGINT NOT NULL,
  rule TEXT NOT NULL,
  evidence TEXT NOT NULL,
  source BIGINT NOT NULL,
  occurred_at BIGINT NOT NULL,
  recorded_at BIGINT NOT NULL,
  position BIGINT NOT NULL,
  why_inert TEXT,
  active BIGINT NOT NULL,
  PRIMARY KEY (a, b, rule)
) CLUSTERED;
CREATE INDEX links_by_b ON links (b);

CREATE TABLE identity_changes (
  position BIGINT NOT NULL,
  ordinal BIGINT NOT NULL,
  identifier BIGINT NOT NULL,
  from_customer BIGINT NOT NULL,
  to_customer BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  cause TEXT NOT NULL,
  PRIMARY KEY (position, ordinal)
) CLUSTERED;
CREATE INDEX identity_changes_by_identifier ON identity_changes (identifier);

-- One blob per customer, read and written whole.
CREATE TABLE profiles (
  customer BIGINT PRIMARY KEY,
  fragments BYTEA NOT NULL
);

-- What lists show. Only last_seen and n_events change with every event; of these only last_seen is
-- indexed, so that the usual upsert moves one narrow index entry.
CREATE TABLE customers (
  id BIGINT PRIMARY KEY,
  name TEXT,
  name_folded TEXT NOT NULL,
  email TEXT,
  phone TEXT,
  country TEXT,
  city TEXT,
  company TEXT,
  first_seen BIGINT NOT NULL,
  last_seen BIGINT NOT NULL,
  n_events BIGINT NOT NULL,
  n_orders BIGINT NOT NULL,
  revenue_minor BIGINT NOT NULL,
  currency TEXT,
  is_known BIGINT NOT NULL
);
CREATE INDEX customers_by_last_seen ON customers (last_seen, id);
CREATE INDEX customers_by_first_seen ON customers (first_seen, id);
CREATE INDEX customers_by_name ON customers (name_folded, id);
CREATE INDEX customers_by_revenue ON customers (revenue_minor, id);
CREATE INDEX customers_by_orders ON customers (n_orders, id);
CREATE INDEX customers_known ON customers (id) WHERE is_known = 1;

CREATE TABLE accounts (
  id BIGINT PRIMARY KEY,
  key TEXT NOT NULL,
  name TEXT,
  name_folded TEXT,
  traits TEXT NOT NULL,
  first_seen BIGINT NOT NULL,
  last_seen BIGINT NOT NULL
);
CREATE UNIQUE INDEX accounts_by_key ON accounts (key);
CREATE INDEX accounts_by_name ON accounts (name_folded);

CREATE TABLE account_members (
  account BIGINT NOT NULL,
  customer BIGINT NOT NULL,
  since BIGINT NOT NULL,
  PRIMARY KEY (account, customer)
) CLUSTERED;
CREATE INDEX account_members_by_customer ON account_members (customer);

-- The catalogue as events have shown it.
CREATE TABLE products (
  id TEXT NOT NULL,
  name TEXT,
  category TEXT,
  price_minor BIGINT,
  currency TEXT,
  n_orders BIGINT NOT NULL,
  n_units BIGINT NOT NULL,
  revenue_minor BIGINT NOT NULL,
  first_seen BIGINT NOT NULL,
  last_seen BIGINT NOT NULL,
  PRIMARY KEY (id)
) CLUSTERED;

-- History: events not yet in files, and the files.
CREATE TABLE fresh_batches (
  position BIGINT PRIMARY KEY,
  n_events BIGINT NOT NULL,
  events BYTEA NOT NULL
);

CREATE TABLE runs (
  path TEXT NOT NULL,
  bucket BIGINT NOT NULL,
  level BIGINT NOT NULL,
  n_rows BIGINT NOT NULL,
  n_bytes BIGINT NOT NULL,
  min_customer BIGINT NOT NULL,
  max_customer BIGINT NOT NULL,
  min_time BIGINT NOT NULL,
  max_time BIGINT NOT NULL,
  PRIMARY KEY (path)
) CLUSTERED;

-- The debugger: events that were refused, flagged or doubles; numbered without gaps, so that the
-- oldest can give way without counting.
CREATE TABLE refusals (
  ordinal BIGINT PRIMARY KEY,
  seq BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  occurred_at BIGINT,
  source BIGINT NOT NULL,
  outcome TEXT NOT NULL,
  kind TEXT,
  name TEXT,
  customer BIGINT,
  identifier_kind TEXT,
  identifier_value TEXT,
  message_id TEXT,
  refusals TEXT NOT NULL
);
CREATE INDEX refusals_by_seq ON refusals (seq);

CREATE TABLE event_counts (
  hour BIGINT NOT NULL,
  source BIGINT NOT NULL,
  name TEXT NOT NULL,
  n_accepted BIGINT NOT NULL,
  n_refused BIGINT NOT NULL,
  n_duplicate BIGINT NOT NULL,
  PRIMARY KEY (hour, source, name)
) CLUSTERED;

CREATE TABLE observations (
  source BIGINT PRIMARY KEY,
  last_event_at BIGINT,
  observed TEXT
);

-- Message ids that were seen: recent ones by batch, older ones in sorted segments.
CREATE TABLE seen_recent (
  batch BIGINT PRIMARY KEY,
  staged_at BIGINT NOT NULL,
  in_window BYTEA NOT NULL,
  for_ever BYTEA NOT NULL
);

-- State: 0 being written, 1 in use, 2 to be taken away. Until: when its slice of time ends, the
-- largest number for ever.
CREATE TABLE seen_segments (
  id BIGINT PRIMARY KEY,
  state BIGINT NOT NULL,
  until BIGINT NOT NULL,
  n_ids BIGINT NOT NULL
);

CREATE TABLE seen_filters (
  segment BIGINT PRIMARY KEY,
  fences BYTEA NOT NULL,
  filter BYTEA NOT NULL
);

-- A block's key is segment * 2^32 + its number.
CREATE TABLE seen_blocks (
  block BIGINT PRIMARY KEY,
  ids BYTEA NOT NULL
);
