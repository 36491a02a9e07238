-- Why a link is not followed is a name; the sentence belongs to whoever shows it.
ALTER TABLE links ADD COLUMN inert TEXT;
UPDATE links SET inert = 'two_user_ids' WHERE active = 0;
ALTER TABLE links DROP COLUMN why_inert;
ALTER TABLE links DROP COLUMN active;

-- What people decided about who is who. The id is the place in the log.
CREATE TABLE identity_edits (
  id BIGINT PRIMARY KEY,
  edited_at BIGINT NOT NULL,
  edited_by TEXT NOT NULL,
  reason TEXT NOT NULL,
  -- what was to be changed, as JSON
  changes TEXT NOT NULL,
  -- why it could not be carried out; nothing where it was
  refusal TEXT,
  -- the edit that this one takes back
  undoes BIGINT
);
CREATE INDEX identity_edits_by_undoes ON identity_edits (undoes);

-- Whom an edit is about: the customers before and after it.
CREATE TABLE identity_edit_customers (
  customer BIGINT NOT NULL,
  edit BIGINT NOT NULL,
  PRIMARY KEY (customer, edit)
) CLUSTERED;
