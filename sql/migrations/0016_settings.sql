-- Up Migration

-- Who made and who took away keys; null: before it was written down.
ALTER TABLE api_keys ADD COLUMN created_by text, ADD COLUMN revoked_by text,
  -- To some minutes: a busy key is not written at each call.
  ADD COLUMN used_at timestamptz;
CREATE INDEX api_keys_by_time ON api_keys (created_at, id);
ALTER TABLE shopper_keys ADD COLUMN created_by text, ADD COLUMN revoked_by text;
CREATE INDEX shopper_keys_by_time ON shopper_keys (created_at, kid);
-- A new key is published first and signs some time later, when every checkout has had the time to learn of it. Of those
-- whose time has come the latest signs. `retired_at` may lie ahead: until then passes of the key are out.
ALTER TABLE signing_keys ADD COLUMN created_by text,
  ADD COLUMN signs_from timestamptz NOT NULL DEFAULT clock_timestamp();
UPDATE signing_keys SET signs_from = created_at;

-- Who made, changed or took away what of the settings.
CREATE TABLE settings_acts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  act text NOT NULL,
  subject text COLLATE "C" NOT NULL,
  actor text NOT NULL,
  data jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX settings_acts_of ON settings_acts (subject, id);
CREATE TRIGGER settings_acts_append_only BEFORE UPDATE OR DELETE ON settings_acts
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE webhooks (
  id text PRIMARY KEY,
  url text NOT NULL,
  description text,
  events text[] NOT NULL CHECK (cardinality(events) > 0),
  -- Null: it is enabled.
  disabled_by text CHECK (disabled_by IN ('operator', 'failing')),
  -- Sealed with DROPGATE_SECRET.
  secret bytea NOT NULL,
  -- Until then events are signed with the one before as well.
  previous_secret bytea,
  previous_until timestamptz,
  -- Since when nothing was delivered, though it was tried.
  failing_since timestamptz,
  delivered_at timestamptz,
  last_error text,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  created_by text NOT NULL,
  CHECK ((previous_secret IS NULL) = (previous_until IS NULL))
) WITH (fillfactor = 50);
CREATE INDEX webhooks_by_time ON webhooks (created_at, id);

-- What webhooks are told: written in the transaction of what happened, sent by whichever worker comes first. No foreign
-- key: each order that is confirmed would lock the webhook's row. What is left of a removed webhook is swept.
CREATE TABLE webhook_deliveries (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  webhook_id text NOT NULL,
  -- By which a receiver knows an event that comes twice.
  event_id text NOT NULL,
  type text NOT NULL,
  -- Events of one subject reach a webhook in the order of their ids, which is that of their transactions: whoever changes
  -- a subject has locked it.
  subject text COLLATE "C" NOT NULL,
  body jsonb NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'dead')),
  -- Tries since it happened or was sent again; counted before the first byte leaves.
  attempts integer NOT NULL DEFAULT 0,
  -- Raised by every claim, so that only the newest writes how it went.
  claim integer NOT NULL DEFAULT 0,
  -- Not sent before. While it is being sent: when another worker may think its sender dead.
  next_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_status integer,
  last_ms integer,
  last_answer text,
  last_error text,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  sent_at timestamptz,
  CHECK ((state = 'sent') = (sent_at IS NOT NULL))
) WITH (fillfactor = 80);
-- Small: what is sent leaves them.
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook_id, next_at, id) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_in_line ON webhook_deliveries (webhook_id, subject, id) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_tests ON webhook_deliveries (next_at) WHERE state = 'waiting' AND type = 'webhook.test';
CREATE INDEX webhook_deliveries_dead ON webhook_deliveries (webhook_id, id) WHERE state = 'dead';
-- As they are looked at, and swept.
CREATE INDEX webhook_deliveries_of ON webhook_deliveries (webhook_id, id);
CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (created_at) WHERE state <> 'waiting';

CREATE TRIGGER webhook_deliveries_moves BEFORE UPDATE OF state ON webhook_deliveries FOR EACH ROW
  WHEN (OLD.state <> NEW.state AND NOT (OLD.state || '>' || NEW.state = ANY (ARRAY[
    'waiting>sent', 'waiting>dead', 'dead>waiting', 'sent>waiting'])))
  EXECUTE FUNCTION refuse_move();

CREATE FUNCTION wire_time(at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');

CREATE FUNCTION tell_webhooks(what text, about text, happened_at timestamptz, said jsonb) RETURNS void
LANGUAGE sql AS $$
  WITH event AS MATERIALIZED (SELECT 'evt_' || replace(gen_random_uuid()::text, '-', '') AS id)
  INSERT INTO webhook_deliveries (webhook_id, event_id, type, subject, body)
  SELECT w.id, event.id, what, about, jsonb_build_object('id', event.id, 'type', what, 'at', wire_time(happened_at),
    'subject', about, 'data', said)
  FROM webhooks w, event WHERE w.disabled_by IS NULL AND what = ANY (w.events)
$$;

-- The triggers below come at the rows where all ways to an effect meet, so that none forgets to tell. Each looks first
-- whether anybody listens: of a confirm that is 7 µs where nobody does, and some 150 for the first webhook that does.
CREATE FUNCTION tell_of_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE what text := CASE NEW.act WHEN 'sale.phase' THEN 'sale.phase' WHEN 'cancelled' THEN 'hold.cancelled'
  ELSE 'hold.confirmed' END;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM webhooks WHERE disabled_by IS NULL AND what = ANY (events)) THEN
    RETURN NULL;
  END IF;
  IF what = 'sale.phase' THEN
    PERFORM tell_webhooks(what, 'sale ' || NEW.sale_id, NEW.at,
      jsonb_build_object('saleId', NEW.sale_id, 'from', NEW.data->'from', 'to', NEW.data->'to'));
  ELSE
    PERFORM tell_webhooks(what, 'hold ' || NEW.hold_id, NEW.at, jsonb_build_object('holdId', NEW.hold_id,
      'saleId', NEW.sale_id, 'entryId', NEW.entry_id, 'unit', NEW.unit,
      'sku', (SELECT sku FROM sales WHERE id = NEW.sale_id),
      'orderId', coalesce(NEW.data->>'orderId', (SELECT order_id FROM holds WHERE hold_id = NEW.hold_id)))
      || CASE WHEN what = 'hold.cancelled' THEN jsonb_build_object('reason', NEW.data->'reason') ELSE '{}' END);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_tells_webhooks AFTER INSERT ON ledger FOR EACH ROW
  WHEN (NEW.act IN ('confirmed', 'replaced', 'cancelled', 'sale.phase')) EXECUTE FUNCTION tell_of_ledger();

CREATE FUNCTION tell_of_reservation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM webhooks WHERE disabled_by IS NULL AND 'reservation.state' = ANY (events)) THEN
    PERFORM tell_webhooks('reservation.state', 'reservation ' || NEW.id, clock_timestamp(), jsonb_build_object(
      'reservationId', NEW.id, 'orderId', NEW.order_id, 'holdId', NEW.hold_id, 'state', NEW.state));
  END IF;
  RETURN NULL;
END $$;
-- `confirmed` is told as hold.confirmed where it is a sale's order; any other is allocated in the same transaction.
CREATE TRIGGER reservations_tell_of_birth AFTER INSERT ON reservations FOR EACH ROW
  WHEN (NEW.state <> 'confirmed') EXECUTE FUNCTION tell_of_reservation();
CREATE TRIGGER reservations_tell_of_move AFTER UPDATE OF state ON reservations FOR EACH ROW
  WHEN (OLD.state <> NEW.state AND NEW.state <> 'confirmed') EXECUTE FUNCTION tell_of_reservation();

CREATE FUNCTION tell_of_alert() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE what text := CASE NEW.state WHEN 'resolved' THEN 'alert.resolved' ELSE 'alert.opened' END;
BEGIN
  IF EXISTS (SELECT 1 FROM webhooks WHERE disabled_by IS NULL AND what = ANY (events)) THEN
    PERFORM tell_webhooks(what, 'alert ' || NEW.id, clock_timestamp(), jsonb_build_object('id', NEW.id,
      'kind', NEW.kind, 'subject', NEW.subject, 'sku', NEW.sku, 'locationId', NEW.location_id, 'detail', NEW.detail,
      'data', NEW.data, 'state', NEW.state, 'times', NEW.times, 'firstAt', wire_time(NEW.first_at),
      'lastAt', wire_time(NEW.last_at), 'decidedBy', NEW.decided_by, 'decidedAt', wire_time(NEW.decided_at)));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER alerts_tell_of_birth AFTER INSERT ON alerts FOR EACH ROW EXECUTE FUNCTION tell_of_alert();
CREATE TRIGGER alerts_tell_of_end AFTER UPDATE OF state ON alerts FOR EACH ROW
  WHEN (OLD.state <> NEW.state AND NEW.state = 'resolved') EXECUTE FUNCTION tell_of_alert();

-- Down Migration

DROP TRIGGER alerts_tell_of_end ON alerts;
DROP TRIGGER alerts_tell_of_birth ON alerts;
DROP TRIGGER reservations_tell_of_move ON reservations;
DROP TRIGGER reservations_tell_of_birth ON reservations;
DROP TRIGGER ledger_tells_webhooks ON ledger;
DROP FUNCTION tell_of_alert(), tell_of_reservation(), tell_of_ledger(), tell_webhooks(text, text, timestamptz, jsonb);
DROP FUNCTION wire_time(timestamptz);
DROP TABLE webhook_deliveries, webhooks, settings_acts;
ALTER TABLE signing_keys DROP COLUMN signs_from, DROP COLUMN created_by;
DROP INDEX shopper_keys_by_time, api_keys_by_time;
ALTER TABLE shopper_keys DROP COLUMN revoked_by, DROP COLUMN created_by;
ALTER TABLE api_keys DROP COLUMN used_at, DROP COLUMN revoked_by, DROP COLUMN created_by;
