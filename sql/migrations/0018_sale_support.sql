-- Up Migration

-- What has happened in a sale, added up: after each page of its ledger, by act, from the sale's beginning. Whoever wants
-- the figures of now adds the rows since the newest page to it, and never reads a sale's ledger from end to end.
CREATE TABLE ledger_tallies (
  sale_id text NOT NULL,
  page integer NOT NULL,
  -- The ledger's rows of transactions before this one are in it.
  to_tx xid8 NOT NULL,
  acts jsonb NOT NULL,
  PRIMARY KEY (sale_id, page),
  FOREIGN KEY (sale_id, page) REFERENCES ledger_pages
);
INSERT INTO ledger_tallies (sale_id, page, to_tx, acts)
SELECT p.sale_id, p.page, p.to_tx, (
  SELECT jsonb_object_agg(act, n) FROM (
    SELECT act, count(*) AS n FROM ledger l WHERE l.sale_id = p.sale_id AND l.tx < p.to_tx GROUP BY act) AS counted)
FROM ledger_pages p
WHERE p.page = (SELECT max(page) FROM ledger_pages m WHERE m.sale_id = p.sale_id);

-- Joins are in no ledger: each lane counts those that it stores.
ALTER TABLE lanes ADD COLUMN joined bigint NOT NULL DEFAULT 0 CHECK (joined >= 0);
UPDATE lanes l SET joined = (SELECT count(*) FROM entries e WHERE e.sale_id = l.sale_id AND e.lane = l.lane);

-- What each gateway says of itself with its heartbeat, so that any of them can tell the figures of all.
ALTER TABLE process_heartbeats ADD COLUMN figures jsonb;

-- Offers that are open, by sale.
CREATE INDEX holds_offered ON holds (sale_id) WHERE state = 'offered';

-- An operator gives a place back that was left, or missed. Whether Redis has been told is kept here, so that a death
-- between the commit and the telling leaves nobody in the dark.
ALTER TABLE entries ADD COLUMN restored_at timestamptz, ADD COLUMN restore_told boolean;
CREATE INDEX entries_restore_untold ON entries (sale_id) WHERE NOT restore_told;
DROP TRIGGER entries_moves ON entries;
CREATE TRIGGER entries_moves BEFORE UPDATE OF state ON entries FOR EACH ROW
  WHEN (OLD.state <> NEW.state AND NOT (OLD.state || '>' || NEW.state = ANY (ARRAY[
    'waiting>offered', 'waiting>left',
    'offered>held', 'offered>missed', 'offered>released', 'offered>left',
    'held>purchased', 'held>released', 'held>expired', 'held>left',
    'purchased>released', 'missed>left', 'missed>waiting', 'left>waiting', 'expired>purchased'])))
  EXECUTE FUNCTION refuse_move();

-- What was raised, or found again, since a moment.
CREATE INDEX alerts_by_last ON alerts (last_at);

-- Down Migration

DROP INDEX alerts_by_last;
DROP TRIGGER entries_moves ON entries;
CREATE TRIGGER entries_moves BEFORE UPDATE OF state ON entries FOR EACH ROW
  WHEN (OLD.state <> NEW.state AND NOT (OLD.state || '>' || NEW.state = ANY (ARRAY[
    'waiting>offered', 'waiting>left',
    'offered>held', 'offered>missed', 'offered>released', 'offered>left',
    'held>purchased', 'held>released', 'held>expired', 'held>left',
    'purchased>released', 'missed>left', 'missed>waiting', 'expired>purchased'])))
  EXECUTE FUNCTION refuse_move();
DROP INDEX entries_restore_untold;
ALTER TABLE entries DROP COLUMN restored_at, DROP COLUMN restore_told;
DROP INDEX holds_offered;
ALTER TABLE process_heartbeats DROP COLUMN figures;
ALTER TABLE lanes DROP COLUMN joined;
DROP TABLE ledger_tallies;
