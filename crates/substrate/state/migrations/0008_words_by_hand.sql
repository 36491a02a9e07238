-- What people say by hand of who belongs where: each word, in the order of the log, with what was
-- said there before. What holds is in household_removals, account_verdicts and account_domains.

CREATE TABLE relation_edits (
  -- the place in the log
  id BIGINT PRIMARY KEY,
  edited_at BIGINT NOT NULL,
  edited_by TEXT NOT NULL,
  refusal TEXT,
  -- the one that it takes back
  undoes BIGINT
);
CREATE INDEX relation_edits_by_undoes ON relation_edits (undoes);

CREATE TABLE relation_edit_words (
  edit BIGINT NOT NULL,
  ordinal BIGINT NOT NULL,
  -- domain, member, household
  about TEXT NOT NULL,
  -- 0 where it is about a household
  account BIGINT NOT NULL,
  -- the domain or the household
  name TEXT NOT NULL,
  -- 0 where it is about a domain
  identifier BIGINT NOT NULL,
  before_is_so BIGINT,
  before_at BIGINT,
  before_by TEXT,
  after_is_so BIGINT,
  after_at BIGINT,
  after_by TEXT,
  PRIMARY KEY (edit, ordinal)
) CLUSTERED;
CREATE INDEX relation_edit_words_by_identifier ON relation_edit_words (identifier);
