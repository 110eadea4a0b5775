-- Up Migration

-- What warehouses are asked: written in the transaction of what makes it necessary, sent by whichever worker comes
-- first. A row that was sent stays, as what the warehouse was told.
CREATE TABLE wms_outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- By which the warehouse knows a request that comes twice.
  request_id text NOT NULL UNIQUE,
  kind text NOT NULL CHECK (kind IN ('pick', 'cancel', 'transfer', 'count')),
  location_id text COLLATE "C" NOT NULL REFERENCES locations,
  -- Requests of one key reach a location in the order of their ids: a cancellation never overtakes what it cancels.
  order_key text COLLATE "C" NOT NULL,
  order_id text COLLATE "C",
  body jsonb NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'dead')),
  -- Times at which sending it was begun, since it was asked or sent again; counted before the first byte leaves.
  attempts integer NOT NULL DEFAULT 0,
  -- Not sent before. While one is being sent: when another worker may think its sender dead.
  next_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_error text,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  sent_at timestamptz,
  CHECK ((state = 'sent') = (sent_at IS NOT NULL))
) WITH (fillfactor = 80);
-- Small: what is sent leaves them.
CREATE INDEX wms_outbox_due ON wms_outbox (location_id, next_at, id) WHERE state = 'waiting';
CREATE INDEX wms_outbox_in_line ON wms_outbox (location_id, order_key, id) WHERE state = 'waiting';
CREATE INDEX wms_outbox_dead ON wms_outbox (id) WHERE state = 'dead';
-- As they are looked at.
CREATE INDEX wms_outbox_by_order ON wms_outbox (order_id, id) WHERE order_id IS NOT NULL;
CREATE INDEX wms_outbox_by_location ON wms_outbox (location_id, id);

CREATE TRIGGER wms_outbox_moves BEFORE UPDATE OF state ON wms_outbox FOR EACH ROW
  WHEN (OLD.state <> NEW.state AND NOT (OLD.state || '>' || NEW.state = ANY (ARRAY[
    'waiting>sent', 'waiting>dead', 'dead>waiting'])))
  EXECUTE FUNCTION refuse_move();

-- Down Migration

DROP TABLE wms_outbox;
