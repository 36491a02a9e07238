-- Who is told when a metric is not as it should be.
CREATE TABLE alerts (
  id BIGINT PRIMARY KEY,
  -- counts every change, from 1
  version BIGINT NOT NULL,
  metric TEXT NOT NULL,
  -- grain, clock, and when it fires, as JSON
  rule TEXT NOT NULL,
  webhook_url TEXT,
  -- needed as it is for signing
  webhook_secret TEXT,
  is_on BIGINT NOT NULL,
  owner TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  changed_by TEXT NOT NULL,
  -- where the last span ended that was judged; spans that ended before it are not judged again
  judged_until BIGINT NOT NULL,
  -- what was found then, as JSON
  judgement TEXT
);

-- What alerts had to tell: once for each alert and span.
CREATE TABLE alert_firings (
  id BIGINT PRIMARY KEY,
  alert BIGINT NOT NULL,
  span_begin BIGINT NOT NULL,
  span_end BIGINT NOT NULL,
  metric TEXT NOT NULL,
  metric_version BIGINT NOT NULL,
  fired_at BIGINT NOT NULL,
  judgement TEXT NOT NULL,
  UNIQUE (alert, span_begin)
);

-- Firings on their way to somebody's server.
CREATE TABLE alert_deliveries (
  firing BIGINT PRIMARY KEY,
  n_attempts BIGINT NOT NULL,
  -- when it is tried next; null once it arrived or was given up
  next_at BIGINT,
  delivered_at BIGINT
);
CREATE INDEX alert_deliveries_due ON alert_deliveries (next_at);

CREATE TABLE alert_attempts (
  firing BIGINT NOT NULL,
  attempt BIGINT NOT NULL,
  at BIGINT NOT NULL,
  -- of HTTP; null where no answer came
  status BIGINT,
  message TEXT NOT NULL,
  PRIMARY KEY (firing, attempt)
) CLUSTERED;

-- Up to which firing somebody has looked.
CREATE TABLE alert_readers (
  reader TEXT NOT NULL PRIMARY KEY,
  firing BIGINT NOT NULL
) CLUSTERED;
