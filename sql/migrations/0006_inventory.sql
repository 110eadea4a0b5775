-- Up Migration

-- Stock: what is sold, where it lies, how much of it, and every change there ever was. What merchants bring (SKUs)
-- is compared byte for byte and sorted so too: the order in which levels are locked must be the same everywhere.

CREATE TABLE products (
  sku text COLLATE "C" PRIMARY KEY CHECK (char_length(sku) BETWEEN 1 AND 64 AND sku !~ '[\u0001-\u001f\u007f-\u009f]'),
  title text NOT NULL,
  price_amount bigint NOT NULL CHECK (price_amount >= 0),
  price_currency text NOT NULL CHECK (price_currency ~ '^[A-Z]{3}$'),
  weight_grams integer NOT NULL CHECK (weight_grams >= 0),
  length_mm integer NOT NULL CHECK (length_mm >= 0),
  width_mm integer NOT NULL CHECK (width_mm >= 0),
  height_mm integer NOT NULL CHECK (height_mm >= 0),
  hazmat boolean NOT NULL,
  oversized boolean NOT NULL,
  refrigerated boolean NOT NULL,
  preorder boolean NOT NULL,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE locations (
  id text COLLATE "C" PRIMARY KEY CHECK (id ~ '^[A-Za-z0-9_-]{1,64}$'),
  name text NOT NULL,
  type text NOT NULL CHECK (type IN ('warehouse', 'sortation', 'delivery_station', 'store')),
  line1 text,
  city text,
  region text,
  postal_code text NOT NULL,
  country text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
  lat double precision NOT NULL CHECK (lat BETWEEN -90 AND 90),
  lon double precision NOT NULL CHECK (lon BETWEEN -180 AND 180),
  -- By IANA's name: cut-offs and operating days are the location's own.
  time_zone text NOT NULL,
  -- [{method, cutoff: "17:00"}]
  shipping_methods jsonb NOT NULL CHECK (jsonb_typeof(shipping_methods) = 'array'),
  handles_hazmat boolean NOT NULL,
  handles_oversized boolean NOT NULL,
  handles_refrigerated boolean NOT NULL,
  -- 'US', 'US-WA', 'US:98'
  service_regions text[] NOT NULL,
  -- 1 is Monday.
  operating_days integer[] NOT NULL CHECK (operating_days <@ ARRAY[1, 2, 3, 4, 5, 6, 7]),
  capacity_per_day integer NOT NULL CHECK (capacity_per_day >= 0),
  -- The part of its capacity that is in use.
  current_utilization double precision NOT NULL CHECK (current_utilization BETWEEN 0 AND 1),
  wms_url text,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- How much of a SKU a location has. What is available is computed, never stored: a stored one could be wrong. Every
-- quantity is the sum of its transactions. No index names a quantity, a flag or a time and pages are left room, so
-- that a change of a hot level stays on its page (HOT) and touches no index.
CREATE TABLE inventory_levels (
  sku text COLLATE "C" NOT NULL REFERENCES products,
  location_id text COLLATE "C" NOT NULL REFERENCES locations,
  on_hand integer NOT NULL DEFAULT 0 CHECK (on_hand BETWEEN 0 AND 1000000000),
  allocated integer NOT NULL DEFAULT 0 CHECK (allocated BETWEEN 0 AND 1000000000),
  reserved integer NOT NULL DEFAULT 0 CHECK (reserved BETWEEN 0 AND 1000000000),
  damaged integer NOT NULL DEFAULT 0 CHECK (damaged BETWEEN 0 AND 1000000000),
  in_transit_in integer NOT NULL DEFAULT 0 CHECK (in_transit_in BETWEEN 0 AND 1000000000),
  in_transit_out integer NOT NULL DEFAULT 0 CHECK (in_transit_out BETWEEN 0 AND 1000000000),
  reorder_point integer NOT NULL DEFAULT 0 CHECK (reorder_point BETWEEN 0 AND 1000000000),
  safety_stock integer NOT NULL DEFAULT 0 CHECK (safety_stock BETWEEN 0 AND 1000000000),
  max_stock integer CHECK (max_stock BETWEEN 0 AND 1000000000),
  sellable boolean NOT NULL DEFAULT true,
  receiving_blocked boolean NOT NULL DEFAULT false,
  last_counted_at timestamptz,
  last_updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_ordered_at timestamptz,
  -- Raised by every update; a decision about an older one is not written.
  rev integer NOT NULL DEFAULT 0,
  PRIMARY KEY (sku, location_id)
) WITH (fillfactor = 70);
CREATE INDEX inventory_levels_by_location ON inventory_levels (location_id, sku);

-- Append-only: one row for each change of a level, quantities as deltas; or a note, which moves nothing: a product, a
-- location or a threshold was changed, an adjustment asked for. No foreign keys: the writer has the level locked, and
-- two look-ups a row would be half of what a row costs.
CREATE TABLE inventory_transactions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Orders the pages, as in ledger.
  tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- When it happened in the world, which may be told late.
  effective_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  type text NOT NULL,
  note boolean NOT NULL DEFAULT false,
  sku text COLLATE "C",
  location_id text COLLATE "C",
  on_hand integer NOT NULL DEFAULT 0,
  allocated integer NOT NULL DEFAULT 0,
  reserved integer NOT NULL DEFAULT 0,
  damaged integer NOT NULL DEFAULT 0,
  in_transit_in integer NOT NULL DEFAULT 0,
  in_transit_out integer NOT NULL DEFAULT 0,
  reference_type text,
  reference_id text,
  actor text NOT NULL,
  data jsonb NOT NULL DEFAULT '{}',
  CHECK (note = (on_hand = 0 AND allocated = 0 AND reserved = 0 AND damaged = 0 AND in_transit_in = 0
    AND in_transit_out = 0)),
  CHECK (note OR (sku IS NOT NULL AND location_id IS NOT NULL)),
  CHECK ((reference_type IS NULL) = (reference_id IS NULL))
);
CREATE INDEX inventory_transactions_by_level ON inventory_transactions (sku, location_id, id);
CREATE INDEX inventory_transactions_by_tx ON inventory_transactions (tx, id);

-- Pages over all of it, hashed as ledger_pages are.
CREATE TABLE inventory_pages (
  page integer PRIMARY KEY CHECK (page >= 1),
  from_tx xid8 NOT NULL,
  to_tx xid8 NOT NULL,
  rows bigint NOT NULL CHECK (rows > 0),
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  closed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Stock that somebody corrects by hand. Above a threshold it waits until somebody approves it.
CREATE TABLE adjustments (
  id text PRIMARY KEY,
  sku text COLLATE "C" NOT NULL REFERENCES products,
  location_id text COLLATE "C" NOT NULL REFERENCES locations,
  delta integer NOT NULL CHECK (delta <> 0 AND delta BETWEEN -1000000000 AND 1000000000),
  reason text NOT NULL,
  state text NOT NULL CHECK (state IN ('applied', 'awaiting_approval', 'approved', 'rejected')),
  requested_by text NOT NULL,
  decided_by text,
  requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  decided_at timestamptz,
  CHECK ((state IN ('approved', 'rejected')) = (decided_by IS NOT NULL)),
  CHECK ((decided_by IS NULL) = (decided_at IS NULL))
) WITH (fillfactor = 70);
CREATE INDEX adjustments_by_time ON adjustments (requested_at, id);
CREATE INDEX adjustments_awaiting ON adjustments (requested_at, id) WHERE state = 'awaiting_approval';
CREATE TRIGGER adjustments_moves BEFORE UPDATE OF state ON adjustments FOR EACH ROW
  WHEN (OLD.state <> NEW.state AND OLD.state <> 'awaiting_approval' OR NEW.state = 'applied')
  EXECUTE FUNCTION refuse_move();

-- The text of a transaction that its page's hash covers.
CREATE FUNCTION inventory_text(t inventory_transactions) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT concat_ws('|', t.id, t.tx, to_char(t.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
    to_char(t.effective_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), t.type, t.note,
    coalesce(to_json(t.sku)::text, ''), coalesce(t.location_id, ''), t.on_hand, t.allocated, t.reserved, t.damaged,
    t.in_transit_in, t.in_transit_out, coalesce(to_json(t.reference_type)::text, ''),
    coalesce(to_json(t.reference_id)::text, ''), to_json(t.actor)::text, t.data::text) || E'\n'
$$;

CREATE TRIGGER inventory_transactions_append_only BEFORE UPDATE OR DELETE ON inventory_transactions
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER inventory_pages_append_only BEFORE UPDATE OR DELETE ON inventory_pages
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Down Migration

DROP FUNCTION inventory_text;
DROP TABLE adjustments, inventory_pages, inventory_transactions, inventory_levels, locations, products;
