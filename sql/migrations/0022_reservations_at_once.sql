-- Up Migration

-- A plan is kept as it was written and only ever read whole: taken apart on its way in it cost as much as its row.
ALTER TABLE reservations ALTER COLUMN plan TYPE json USING plan::json;

-- Nearly all reservations are no sale's and stand for no other: they need no entry that says so.
ALTER TABLE reservations DROP CONSTRAINT reservations_hold_id_key, DROP CONSTRAINT reservations_replaces_key;
CREATE UNIQUE INDEX reservations_of_hold ON reservations (hold_id) WHERE hold_id IS NOT NULL;
CREATE UNIQUE INDEX reservations_replacing ON reservations (replaces) WHERE replaces IS NOT NULL;

-- Whether anybody listens is looked up once for all that are born together.
CREATE FUNCTION tell_of_births() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM webhooks WHERE disabled_by IS NULL AND 'reservation.state' = ANY (events)) THEN
    PERFORM tell_webhooks('reservation.state', 'reservation ' || b.id, clock_timestamp(), jsonb_build_object(
      'reservationId', b.id, 'orderId', b.order_id, 'holdId', b.hold_id, 'state', b.state))
    FROM born b WHERE b.state <> 'confirmed';
  END IF;
  RETURN NULL;
END $$;
DROP TRIGGER reservations_tell_of_birth ON reservations;
CREATE TRIGGER reservations_tell_of_birth AFTER INSERT ON reservations REFERENCING NEW TABLE AS born
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_births();

-- For a statement that decides by itself that its transaction must not be.
CREATE FUNCTION refuse_as(code text, why text) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = code, MESSAGE = why;
END $$;

-- Down Migration

DROP FUNCTION refuse_as(text, text);
DROP TRIGGER reservations_tell_of_birth ON reservations;
DROP FUNCTION tell_of_births();
CREATE TRIGGER reservations_tell_of_birth AFTER INSERT ON reservations FOR EACH ROW
  WHEN (NEW.state <> 'confirmed') EXECUTE FUNCTION tell_of_reservation();
DROP INDEX reservations_of_hold, reservations_replacing;
ALTER TABLE reservations ADD CONSTRAINT reservations_hold_id_key UNIQUE (hold_id),
  ADD CONSTRAINT reservations_replaces_key UNIQUE (replaces);
ALTER TABLE reservations ALTER COLUMN plan TYPE jsonb USING plan::jsonb;
