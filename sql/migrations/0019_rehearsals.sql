-- Up Migration

-- A copy of a sale for a dry run: only simulated shoppers take part, and what it leaves may be removed again.
ALTER TABLE sales ADD COLUMN rehearsal boolean NOT NULL DEFAULT false;
ALTER TABLE sales ADD CHECK (NOT rehearsal OR source = 'own');
CREATE TRIGGER sales_rehearsal_stays BEFORE UPDATE OF rehearsal ON sales FOR EACH ROW
  WHEN (OLD.rehearsal <> NEW.rehearsal) EXECUTE FUNCTION refuse_change();

CREATE TABLE rehearsals (
  id text PRIMARY KEY,
  rehearsed text NOT NULL REFERENCES sales,
  -- The copy; null once it was removed.
  sale_id text UNIQUE REFERENCES sales,
  state text NOT NULL DEFAULT 'waiting'
    CHECK (state IN ('waiting', 'running', 'ended', 'stopped', 'interrupted')),
  shoppers integer NOT NULL CHECK (shoppers > 0),
  behaviour text NOT NULL,
  speed double precision NOT NULL CHECK (speed >= 1),
  -- What the course follows from, and the course that should follow.
  shape jsonb NOT NULL,
  predicted jsonb NOT NULL,
  started_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- The worker that runs it, and when that was last known to.
  worker text,
  beat_at timestamptz,
  -- The key with which its shop confirms; revoked at the end.
  api_key_id text REFERENCES api_keys,
  started_at timestamptz,
  stop_wanted boolean NOT NULL DEFAULT false,
  ended_at timestamptz,
  outcome jsonb,
  CHECK ((state IN ('ended', 'stopped', 'interrupted')) = (ended_at IS NOT NULL)),
  CHECK (state = 'waiting' OR worker IS NOT NULL OR ended_at IS NOT NULL)
);
-- One at a time of a sale.
CREATE UNIQUE INDEX rehearsals_one_open ON rehearsals (rehearsed) WHERE state IN ('waiting', 'running');
CREATE INDEX rehearsals_of ON rehearsals (rehearsed, created_at);
CREATE INDEX rehearsals_to_do ON rehearsals (created_at) WHERE state IN ('waiting', 'running');
CREATE INDEX rehearsals_to_remove ON rehearsals (ended_at) WHERE sale_id IS NOT NULL;

-- History stays, but for a rehearsal's that is over. Real sales' rows are as safe as before: a sale cannot become one.
CREATE FUNCTION refuse_change_but_rehearsals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND EXISTS (
    SELECT 1 FROM sales s WHERE s.id = OLD.sale_id AND s.rehearsal AND s.phase = 'closed') THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER ledger_append_only ON ledger;
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON ledger
  FOR EACH ROW EXECUTE FUNCTION refuse_change_but_rehearsals();
DROP TRIGGER ledger_pages_append_only ON ledger_pages;
CREATE TRIGGER ledger_pages_append_only BEFORE UPDATE OR DELETE ON ledger_pages
  FOR EACH ROW EXECUTE FUNCTION refuse_change_but_rehearsals();
DROP TRIGGER tickets_append_only ON tickets;
CREATE TRIGGER tickets_append_only BEFORE UPDATE OR DELETE ON tickets
  FOR EACH ROW EXECUTE FUNCTION refuse_change_but_rehearsals();
DROP TRIGGER lane_closings_append_only ON lane_closings;
CREATE TRIGGER lane_closings_append_only BEFORE UPDATE OR DELETE ON lane_closings
  FOR EACH ROW EXECUTE FUNCTION refuse_change_but_rehearsals();
DROP TRIGGER entries_stay ON entries;
CREATE TRIGGER entries_stay BEFORE DELETE OR UPDATE OF entry_id, sale_id ON entries
  FOR EACH ROW EXECUTE FUNCTION refuse_change_but_rehearsals();

-- Each entry that is removed is looked for among all holds; without an index all of them would be read for it.
CREATE INDEX holds_of_entry ON holds USING hash (entry_id);

-- Down Migration

DROP INDEX holds_of_entry;
DROP TRIGGER entries_stay ON entries;
CREATE TRIGGER entries_stay BEFORE DELETE OR UPDATE OF entry_id, sale_id ON entries
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP TRIGGER lane_closings_append_only ON lane_closings;
CREATE TRIGGER lane_closings_append_only BEFORE UPDATE OR DELETE ON lane_closings
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP TRIGGER tickets_append_only ON tickets;
CREATE TRIGGER tickets_append_only BEFORE UPDATE OR DELETE ON tickets
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP TRIGGER ledger_pages_append_only ON ledger_pages;
CREATE TRIGGER ledger_pages_append_only BEFORE UPDATE OR DELETE ON ledger_pages
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP TRIGGER ledger_append_only ON ledger;
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON ledger
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP FUNCTION refuse_change_but_rehearsals();
DROP TABLE rehearsals;
DROP TRIGGER sales_rehearsal_stays ON sales;
ALTER TABLE sales DROP COLUMN rehearsal;
