-- Who belongs to whom. By identifier wherever somebody spoke, so that nothing moves in a merge.

-- Who referred and who mentions whom: one row for each thing that an event says.
CREATE TABLE relations (
  -- the identifier that spoke
  speaker BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  ordinal BIGINT NOT NULL,
  kind TEXT NOT NULL,
  -- outward: the speaker acted; inward: the other did
  way TEXT NOT NULL,
  -- the identifier that was named; its kind is empty for a referral code
  other_kind TEXT NOT NULL,
  other_value TEXT NOT NULL,
  said_at BIGINT NOT NULL,
  source BIGINT NOT NULL,
  message_id TEXT NOT NULL,
  PRIMARY KEY (speaker, seq, ordinal)
) CLUSTERED;
CREATE INDEX relations_by_other ON relations (other_value, other_kind);

-- Whose a referral code is, as each identifier said first.
CREATE TABLE referral_codes (
  code TEXT NOT NULL,
  identifier BIGINT NOT NULL,
  said_at BIGINT NOT NULL,
  message_id TEXT NOT NULL,
  PRIMARY KEY (code, identifier)
) CLUSTERED;
CREATE INDEX referral_codes_by_identifier ON referral_codes (identifier);

-- Somebody's place in an account: the latest word of each identifier about each thing (joined,
-- left, role).
CREATE TABLE account_statements (
  account_key TEXT NOT NULL,
  identifier BIGINT NOT NULL,
  about TEXT NOT NULL,
  value TEXT NOT NULL,
  said_at BIGINT NOT NULL,
  source BIGINT NOT NULL,
  PRIMARY KEY (account_key, identifier, about)
) CLUSTERED;
CREATE INDEX account_statements_by_identifier ON account_statements (identifier, about);

-- Fingerprints of what shows that customers live together.
CREATE TABLE households (
  household TEXT NOT NULL,
  customer BIGINT NOT NULL,
  PRIMARY KEY (household, customer)
) CLUSTERED;
CREATE INDEX households_by_customer ON households (customer);

-- Who was taken out of a household by hand.
CREATE TABLE household_removals (
  identifier BIGINT NOT NULL,
  household TEXT NOT NULL,
  removed_at BIGINT NOT NULL,
  removed_by TEXT NOT NULL,
  PRIMARY KEY (identifier, household)
) CLUSTERED;

-- The domain of every e-mail address, and the domains above it.
CREATE TABLE email_domains (
  domain TEXT NOT NULL,
  identifier BIGINT NOT NULL,
  PRIMARY KEY (domain, identifier)
) CLUSTERED;
CREATE INDEX email_domains_by_identifier ON email_domains (identifier);

-- `rtrim` takes away what stands behind the last '@', `ltrim` what stands before the first '.':
-- both databases have these two functions.
INSERT INTO email_domains (domain, identifier)
  SELECT replace(value, rtrim(value, replace(value, '@', '')), ''), id
  FROM identifiers WHERE kind = 'email';
INSERT INTO email_domains (domain, identifier)
  SELECT substr(ltrim(domain, replace(domain, '.', '')), 2), identifier
  FROM email_domains WHERE domain LIKE '%.%.%'
  ON CONFLICT DO NOTHING;
INSERT INTO email_domains (domain, identifier)
  SELECT substr(ltrim(domain, replace(domain, '.', '')), 2), identifier
  FROM email_domains WHERE domain LIKE '%.%.%'
  ON CONFLICT DO NOTHING;

-- Domains that accounts claim; nobody's name stands where a trait says so.
CREATE TABLE account_domains (
  domain TEXT NOT NULL,
  account BIGINT NOT NULL,
  -- trait, hand
  origin TEXT NOT NULL,
  claimed_at BIGINT NOT NULL,
  claimed_by TEXT,
  PRIMARY KEY (domain, account, origin)
) CLUSTERED;
CREATE INDEX account_domains_by_account ON account_domains (account);

-- What people said of suggested members.
CREATE TABLE account_verdicts (
  account BIGINT NOT NULL,
  identifier BIGINT NOT NULL,
  is_member BIGINT NOT NULL,
  decided_at BIGINT NOT NULL,
  decided_by TEXT NOT NULL,
  PRIMARY KEY (account, identifier)
) CLUSTERED;
CREATE INDEX account_verdicts_by_identifier ON account_verdicts (identifier);
