-- Through which log position the rows of a file say whom they belong to, and how many customers
-- they are of. Of files that were written before, nobody knows either: 0.
ALTER TABLE runs ADD COLUMN written_through BIGINT NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN n_customers BIGINT NOT NULL DEFAULT 0;
