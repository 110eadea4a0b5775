-- Up Migration

-- What an order waits for: no shelf had it, and the order allowed that. Filled oldest first when stock comes; what is
-- filled becomes a line of the reservation.
CREATE TABLE backorders (
  id text PRIMARY KEY,
  reservation_id text NOT NULL REFERENCES reservations,
  sku text COLLATE "C" NOT NULL REFERENCES products,
  quantity integer NOT NULL CHECK (quantity >= 1),
  filled integer NOT NULL DEFAULT 0 CHECK (filled BETWEEN 0 AND quantity),
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'filled', 'cancelled')),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_at timestamptz
) WITH (fillfactor = 70);
CREATE INDEX backorders_oldest ON backorders (sku, created_at, id) WHERE state = 'open';
CREATE INDEX backorders_of_reservation ON backorders (reservation_id);

-- Down Migration

DROP TABLE backorders;
