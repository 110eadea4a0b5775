-- Up Migration

-- What warehouses told us, each event once by its id. One that cannot be applied yet waits here with its reason, is
-- shown and tried again; none is dropped.
CREATE TABLE wms_inbox (
  event_id text COLLATE "C" PRIMARY KEY,
  event_type text NOT NULL,
  -- Perhaps of a place that we do not know yet: no foreign key.
  location_id text COLLATE "C" NOT NULL,
  sequence bigint CHECK (sequence >= 1),
  happened_at timestamptz NOT NULL,
  body jsonb NOT NULL,
  -- Of the body as it was read; another one under the same id is a conflict.
  body_hash bytea NOT NULL CHECK (octet_length(body_hash) = 32),
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'applied', 'discarded')),
  reason text,
  tries integer NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  duplicates integer NOT NULL DEFAULT 0,
  -- In the order in which they came.
  nth bigint GENERATED ALWAYS AS IDENTITY,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  decided_at timestamptz,
  CHECK ((state = 'waiting') = (decided_at IS NULL))
) WITH (fillfactor = 70);
CREATE INDEX wms_inbox_due ON wms_inbox (next_at) WHERE state = 'waiting';
CREATE INDEX wms_inbox_by_time ON wms_inbox (nth);
CREATE INDEX wms_inbox_sequenced ON wms_inbox (location_id, sequence) WHERE sequence IS NOT NULL;

-- The number that a location's next event must have, where it numbers them. Its lock is also the turn to apply: events
-- are applied by one worker at a time, in large batches.
CREATE TABLE wms_sequences (
  location_id text COLLATE "C" PRIMARY KEY,
  next_sequence bigint NOT NULL DEFAULT 1
) WITH (fillfactor = 50);

-- Counts that were applied: an event that is told late and happened before one must not change what it established.
CREATE TABLE wms_counts (
  event_id text COLLATE "C" PRIMARY KEY,
  sku text COLLATE "C" NOT NULL,
  location_id text COLLATE "C" NOT NULL,
  counted_at timestamptz NOT NULL,
  actual integer NOT NULL CHECK (actual >= 0)
);
CREATE INDEX wms_counts_of_level ON wms_counts (sku, location_id, counted_at);
ALTER TABLE adjustments ADD COLUMN count_event_id text COLLATE "C" UNIQUE, ADD COLUMN counted_at timestamptz,
  ADD COLUMN actual_count integer CHECK (actual_count >= 0),
  -- The revision of its level when the count was last looked at.
  ADD COLUMN reviewed_rev integer,
  ADD CHECK ((count_event_id IS NULL) = (counted_at IS NULL)), ADD CHECK ((counted_at IS NULL) = (actual_count IS NULL));

-- Stock that goes from one location to another: in transit is what was shipped and not received.
CREATE TABLE transfers (
  transfer_id text COLLATE "C" PRIMARY KEY,
  from_location_id text COLLATE "C" NOT NULL,
  to_location_id text COLLATE "C" NOT NULL CHECK (to_location_id <> from_location_id),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  closed_at timestamptz
) WITH (fillfactor = 70);
CREATE INDEX transfers_by_time ON transfers (created_at, transfer_id);
CREATE TABLE transfer_items (
  transfer_id text COLLATE "C" NOT NULL REFERENCES transfers,
  sku text COLLATE "C" NOT NULL,
  requested integer NOT NULL DEFAULT 0 CHECK (requested >= 0),
  shipped integer NOT NULL DEFAULT 0 CHECK (shipped >= 0),
  received integer NOT NULL DEFAULT 0 CHECK (received >= 0),
  PRIMARY KEY (transfer_id, sku)
) WITH (fillfactor = 70);

-- Stock that is on its way from a supplier.
CREATE TABLE purchase_orders (
  purchase_order_id text COLLATE "C" NOT NULL,
  sku text COLLATE "C" NOT NULL REFERENCES products,
  location_id text COLLATE "C" NOT NULL REFERENCES locations,
  expected integer NOT NULL CHECK (expected >= 1),
  received integer NOT NULL DEFAULT 0 CHECK (received >= 0),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (purchase_order_id, sku)
) WITH (fillfactor = 70);

-- Down Migration

DROP TABLE purchase_orders, transfer_items, transfers, wms_counts, wms_sequences, wms_inbox;
ALTER TABLE adjustments DROP COLUMN count_event_id, DROP COLUMN counted_at, DROP COLUMN actual_count, DROP COLUMN reviewed_rev;
