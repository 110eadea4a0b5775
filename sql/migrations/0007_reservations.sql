-- Up Migration

-- Stock that is promised: reservations of ordinary checkouts, and the orders of sales once they are confirmed. Both go
-- the way of holds (contracts/src/states/hold.ts) and are picked, packed and shipped alike.

CREATE TABLE reservations (
  id text PRIMARY KEY,
  -- The merchant's; at most one reservation of an order id is alive or sold. One that ended may be tried again.
  order_id text COLLATE "C" NOT NULL,
  -- Of a sale: the confirmed hold that this is the order of.
  hold_id text UNIQUE REFERENCES holds DEFERRABLE INITIALLY DEFERRED,
  sale_id text REFERENCES sales,
  state text NOT NULL CHECK (state IN
    ('active', 'pending', 'confirmed', 'allocated', 'released', 'expired', 'cancelled')),
  -- Raised by every update.
  rev integer NOT NULL DEFAULT 1,
  -- What was asked, as it was read: a retry is compared with it, and a new plan is made from it.
  request jsonb NOT NULL,
  plan jsonb,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz,
  extended boolean NOT NULL DEFAULT false,
  confirmed_at timestamptz,
  ended_at timestamptz,
  end_reason text,
  -- Of a late confirm that found the stock once more: the expired reservation it stands for.
  replaces text UNIQUE REFERENCES reservations,
  CHECK ((hold_id IS NULL) = (sale_id IS NULL)),
  CHECK (state NOT IN ('active', 'pending') OR expires_at IS NOT NULL),
  CHECK (hold_id IS NULL OR state NOT IN ('active', 'pending', 'expired', 'released')),
  CHECK ((state IN ('released', 'expired', 'cancelled')) = (ended_at IS NOT NULL))
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX reservations_one_per_order ON reservations (order_id)
  WHERE state IN ('active', 'pending', 'confirmed', 'allocated', 'cancelled');
CREATE INDEX reservations_due ON reservations (expires_at) WHERE state IN ('active', 'pending');
-- A sale's order whose level is yet to be booked, in batches, by the tick.
CREATE INDEX reservations_to_allocate ON reservations (sale_id) WHERE state = 'confirmed';
CREATE INDEX reservations_by_time ON reservations (created_at, id);

-- What of a reservation lies where. quantity − picked − released of it is bound in its level: in `reserved` until the
-- order is allocated, in `allocated` from then on. When a reservation ends, what was not picked is released.
CREATE TABLE reservation_lines (
  reservation_id text NOT NULL REFERENCES reservations,
  line integer NOT NULL CHECK (line >= 1),
  sku text COLLATE "C" NOT NULL,
  location_id text COLLATE "C" NOT NULL,
  quantity integer NOT NULL CHECK (quantity BETWEEN 1 AND 1000000000),
  picked integer NOT NULL DEFAULT 0 CHECK (picked >= 0),
  -- What the warehouse says of it; told out of order, so neither has to be less than the other.
  packed integer NOT NULL DEFAULT 0 CHECK (packed BETWEEN 0 AND quantity),
  shipped integer NOT NULL DEFAULT 0 CHECK (shipped BETWEEN 0 AND quantity),
  -- Given back, or looked for elsewhere after a short pick.
  released integer NOT NULL DEFAULT 0 CHECK (released >= 0),
  PRIMARY KEY (reservation_id, line),
  FOREIGN KEY (sku, location_id) REFERENCES inventory_levels,
  CHECK (picked + released <= quantity)
) WITH (fillfactor = 70);
-- Which orders a level is promised to.
CREATE INDEX reservation_lines_bound ON reservation_lines (sku, location_id) WHERE picked + released < quantity;

CREATE TRIGGER reservations_moves BEFORE UPDATE OF state ON reservations FOR EACH ROW
  WHEN (OLD.state <> NEW.state AND NOT (OLD.state || '>' || NEW.state = ANY (ARRAY[
    'active>pending', 'active>confirmed', 'active>released', 'active>expired',
    'pending>confirmed', 'pending>released', 'pending>expired',
    'confirmed>allocated', 'confirmed>cancelled', 'allocated>cancelled'])))
  EXECUTE FUNCTION refuse_move();

-- The story of an order.
CREATE INDEX inventory_transactions_by_reservation ON inventory_transactions (reference_id, id)
  WHERE reference_type = 'reservation';

-- What somebody should look at. One open alert for each kind and subject, however often it is found.
CREATE TABLE alerts (
  id text PRIMARY KEY,
  kind text NOT NULL,
  -- What it is about, such that finding it again names the same: an event id, a level, a transfer.
  subject text NOT NULL,
  sku text COLLATE "C",
  location_id text COLLATE "C",
  detail text NOT NULL,
  data jsonb NOT NULL DEFAULT '{}',
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'acknowledged', 'resolved')),
  times integer NOT NULL DEFAULT 1,
  first_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  decided_by text,
  decided_at timestamptz,
  CHECK ((state = 'open') = (decided_at IS NULL))
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX alerts_one_open ON alerts (kind, subject) WHERE state = 'open';
CREATE INDEX alerts_by_time ON alerts (first_at, id);

-- Down Migration

DROP INDEX inventory_transactions_by_reservation;
DROP TABLE alerts, reservation_lines, reservations;
