-- Under which version of the rules of identity a link was judged.
ALTER TABLE links ADD COLUMN version BIGINT NOT NULL DEFAULT 0;

-- When the first event that carries an identifier reached us (nothing for those from before this
-- column: first_seen stands in), and whether it was seen with too many people to point to any.
ALTER TABLE identifiers ADD COLUMN recorded_at BIGINT;
ALTER TABLE identifiers ADD COLUMN shared BIGINT NOT NULL DEFAULT 0;

-- The rules of identity, every version of them; the last one holds. Written by the processor, in
-- the transaction that judges every link by them.
CREATE TABLE identity_rules (
  version BIGINT PRIMARY KEY,
  -- the place in the log
  position BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  changed_by TEXT NOT NULL,
  -- as JSON
  rules TEXT NOT NULL,
  n_links_turned BIGINT NOT NULL,
  n_identifiers_moved BIGINT NOT NULL
);

-- Who was whom, when: changes by the customers on both sides.
CREATE INDEX identity_changes_by_from ON identity_changes (from_customer);
CREATE INDEX identity_changes_by_to ON identity_changes (to_customer);

-- Whom a decision is about.
CREATE INDEX identity_edit_customers_by_edit ON identity_edit_customers (edit);
