-- Up to which entry of the log everybody who changed has been compared with all others; no row
-- before that was so for the first time.
CREATE TABLE linkage_followed (
  id BIGINT PRIMARY KEY,
  position BIGINT NOT NULL
);
