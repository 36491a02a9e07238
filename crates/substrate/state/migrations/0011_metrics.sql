-- What the house means by its numbers.
CREATE TABLE metrics (
  -- small letters, digits and hyphens; never changes
  metric TEXT NOT NULL PRIMARY KEY,
  -- counts every change, from 1
  revision BIGINT NOT NULL,
  -- counts what is measured, from 1
  version BIGINT NOT NULL,
  name TEXT NOT NULL,
  note TEXT NOT NULL,
  owner TEXT NOT NULL,
  -- what counts as good, as JSON
  good TEXT NOT NULL,
  is_archived BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  changed_by TEXT NOT NULL
) CLUSTERED;

-- What was measured under each version: rows are added and never changed.
CREATE TABLE metric_versions (
  metric TEXT NOT NULL,
  version BIGINT NOT NULL,
  -- both as JSON
  unit TEXT NOT NULL,
  measure TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  changed_by TEXT NOT NULL,
  PRIMARY KEY (metric, version)
) CLUSTERED;
