-- Charts that were put side by side.
CREATE TABLE boards (
  id BIGINT PRIMARY KEY,
  -- counts every change, from 1
  version BIGINT NOT NULL,
  name TEXT NOT NULL,
  note TEXT NOT NULL,
  -- as JSON, in their order
  cards TEXT NOT NULL,
  n_cards BIGINT NOT NULL,
  owner TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  changed_by TEXT NOT NULL,
  -- the link by which anybody may look: its secret, which can be shown again, and the digest by
  -- which it is found
  link_token TEXT,
  link_digest TEXT UNIQUE,
  link_created_at BIGINT
);
