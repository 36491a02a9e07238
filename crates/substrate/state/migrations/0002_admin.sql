-- Who may get in, where events come from, what was imported, and who changed what.

CREATE TABLE users (
  id BIGINT PRIMARY KEY,
  -- normalised: no blanks, lower case
  email TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  -- a PHC string (argon2id)
  password_hash TEXT NOT NULL,
  is_disabled BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  last_sign_in_at BIGINT
);

-- Secrets of sessions, links and tokens are kept as SHA-256 in hexadecimal digits.
CREATE TABLE sessions (
  digest TEXT NOT NULL PRIMARY KEY,
  user_id BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  last_used_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE invites (
  digest TEXT NOT NULL PRIMARY KEY,
  -- first_admin, invite, password_reset
  purpose TEXT NOT NULL,
  email TEXT,
  role TEXT NOT NULL,
  -- whose password is reset
  user_id BIGINT,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT
);

CREATE TABLE tokens (
  id BIGINT PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  -- separated by blanks
  scopes TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  last_used_at BIGINT,
  revoked_at BIGINT
);

CREATE TABLE audit (
  id BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  action TEXT NOT NULL,
  target TEXT NOT NULL,
  detail TEXT NOT NULL
);

CREATE TABLE sources (
  id BIGINT PRIMARY KEY,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  write_key TEXT NOT NULL UNIQUE,
  is_enabled BIGINT NOT NULL,
  store_ip BIGINT NOT NULL,
  plan_mode TEXT NOT NULL,
  -- the pinned tracking plan as JSON
  plan TEXT,
  pinned_at BIGINT,
  pinned_by TEXT,
  created_at BIGINT NOT NULL,
  deleted_at BIGINT
);

CREATE TABLE settings (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE imports (
  id BIGINT PRIMARY KEY,
  -- of the file's content
  fingerprint TEXT NOT NULL,
  file_name TEXT NOT NULL,
  mapping_name TEXT NOT NULL,
  mapping_hash TEXT NOT NULL,
  -- running, done, stopped, failed
  state TEXT NOT NULL,
  -- the row at which it goes on, from 0
  resume_row BIGINT NOT NULL,
  n_rows_total BIGINT,
  n_events BIGINT NOT NULL,
  n_duplicates BIGINT NOT NULL,
  n_rejected BIGINT NOT NULL,
  bytes_total BIGINT NOT NULL,
  bytes_done BIGINT NOT NULL,
  started_at BIGINT NOT NULL,
  finished_at BIGINT,
  message TEXT
);
CREATE INDEX imports_by_content ON imports (fingerprint, mapping_hash);

CREATE TABLE import_rejects (
  import_id BIGINT NOT NULL,
  ordinal BIGINT NOT NULL,
  row_number BIGINT NOT NULL,
  column_name TEXT,
  reason TEXT NOT NULL,
  PRIMARY KEY (import_id, ordinal)
) CLUSTERED;

-- Answers to requests that carried an Idempotency-Key.
CREATE TABLE idempotency (
  -- who asked for what
  scope TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  request_digest TEXT NOT NULL,
  -- NULL while the first request is still at work
  status BIGINT,
  body TEXT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (scope, idempotency_key)
) CLUSTERED;
