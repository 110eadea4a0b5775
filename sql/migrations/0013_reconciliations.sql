-- Up Migration

-- Looks at all stock for what does not agree: levels with their ledger, promises with the orders and sales that they
-- are of, the hot store with PostgreSQL. A look is done page by page, each in a transaction of its own with the place
-- that it has come to, so that any worker goes on with it.
CREATE TABLE reconciliations (
  id text PRIMARY KEY,
  -- Null: all SKUs.
  sku text COLLATE "C",
  requested_by text NOT NULL,
  -- Whether what is found is repaired at once, as far as it can be.
  apply boolean NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done')),
  -- The last level that was looked at.
  after_sku text COLLATE "C" NOT NULL DEFAULT '',
  after_location text COLLATE "C" NOT NULL DEFAULT '',
  levels integer NOT NULL DEFAULT 0,
  requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_at timestamptz,
  CHECK ((state = 'done') = (ended_at IS NOT NULL))
) WITH (fillfactor = 50);
CREATE INDEX reconciliations_by_time ON reconciliations (requested_at, id);
CREATE INDEX reconciliations_to_do ON reconciliations (requested_at, id) WHERE state <> 'done';

CREATE TABLE reconciliation_differences (
  reconciliation_id text NOT NULL REFERENCES reconciliations,
  kind text NOT NULL CHECK (kind IN ('level_differs_from_ledger', 'promises_differ_from_orders', 'hot_differs_from_truth')),
  sku text COLLATE "C" NOT NULL,
  location_id text COLLATE "C" NOT NULL,
  -- What is there and what should be, by quantity; only those that differ.
  found jsonb NOT NULL,
  proposed jsonb NOT NULL,
  -- 'gone': when it was to be repaired it agreed again. 'refused': no level may become so; the reason says why.
  state text NOT NULL DEFAULT 'proposed' CHECK (state IN ('proposed', 'applied', 'gone', 'refused')),
  reason text,
  decided_by text,
  decided_at timestamptz,
  PRIMARY KEY (reconciliation_id, sku, location_id, kind),
  CHECK ((state = 'proposed') = (decided_at IS NULL))
);
CREATE INDEX reconciliation_differences_proposed ON reconciliation_differences (reconciliation_id)
  WHERE state = 'proposed';

-- Which sales have units of a level.
CREATE INDEX sales_of_level ON sales (sku, location_id) WHERE location_id IS NOT NULL;

-- Down Migration

DROP INDEX sales_of_level;
DROP TABLE reconciliation_differences, reconciliations;
