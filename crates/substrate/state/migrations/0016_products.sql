-- The catalogue as events have shown it. Nothing was ever put into the table of this name before.
DROP TABLE products;
CREATE TABLE products (
  id TEXT NOT NULL,
  name TEXT,
  brand TEXT,
  category TEXT,
  price_minor BIGINT,
  currency TEXT,
  url TEXT,
  image_url TEXT,
  first_seen BIGINT NOT NULL,
  -- when it was first shown on the last day on which it was
  last_seen BIGINT NOT NULL,
  PRIMARY KEY (id)
) CLUSTERED;
