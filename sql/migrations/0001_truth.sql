-- Up Migration

-- The truth of a sale. Redis proposes; these constraints dispose: selling a unit twice, or over a
-- shopper's limit, is impossible here whatever a process, a script or a bug says.

CREATE TABLE sales (
  id text PRIMARY KEY CHECK (id ~ '^[A-Za-z0-9_-]{1,64}$'),
  -- Stands for the sale inside entry and hold ids.
  tag text NOT NULL UNIQUE CHECK (tag ~ '^[a-z2-7]{6}$'),
  -- Under this key shoppers and attempts become ids; never leaves the servers.
  id_key bytea NOT NULL CHECK (octet_length(id_key) = 32),
  title text NOT NULL,
  sku text NOT NULL,
  source text NOT NULL CHECK (source IN ('inventory', 'own')),
  kind text NOT NULL CHECK (kind IN ('lottery', 'rush')),
  phase text NOT NULL CHECK (phase IN ('scheduled', 'lobby', 'drawing', 'live', 'paused', 'sold_out', 'closed')),
  -- Raised by every change that the public view shows; copies of a lower version are ignored.
  version integer NOT NULL DEFAULT 1,
  quantity integer NOT NULL CHECK (quantity > 0),
  pool_count integer NOT NULL CHECK (pool_count BETWEEN 1 AND 64),
  lane_count integer NOT NULL CHECK (lane_count BETWEEN 1 AND 256 AND lane_count >= pool_count),
  limit_per_shopper integer NOT NULL CHECK (limit_per_shopper > 0),
  identity text NOT NULL CHECK (identity IN ('anonymous', 'merchant')),
  challenge text NOT NULL CHECK (challenge IN ('off', 'auto', 'on')),
  beacon_source text,
  beacon_round bigint,
  beacon text,
  image_url text,
  price_amount bigint,
  price_currency text,
  description text,
  message text,
  checkout_url text,
  lobby_at timestamptz NOT NULL,
  draw_at timestamptz NOT NULL,
  opens_at timestamptz NOT NULL,
  closes_at timestamptz NOT NULL,
  claim_window_seconds integer NOT NULL CHECK (claim_window_seconds BETWEEN 1 AND 86400),
  purchase_window_seconds integer NOT NULL CHECK (purchase_window_seconds BETWEEN 1 AND 86400),
  payment_extension_seconds integer NOT NULL CHECK (payment_extension_seconds BETWEEN 1 AND 86400),
  -- The admission token bucket: what it holds as of tokens_at; a token is for an offer.
  rate_per_second double precision NOT NULL CHECK (rate_per_second > 0),
  burst integer NOT NULL CHECK (burst > 0),
  tokens double precision NOT NULL DEFAULT 0 CHECK (tokens >= 0),
  tokens_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- The draw: SHA-256(secret) is public from the first moment, the secret from the close.
  secret bytea NOT NULL CHECK (octet_length(secret) = 32),
  commitment bytea NOT NULL CHECK (commitment = sha256(secret)),
  next_bucket integer NOT NULL DEFAULT 0 CHECK (next_bucket >= 0),
  next_ticket bigint NOT NULL DEFAULT 1 CHECK (next_ticket >= 1),
  -- Tickets up to here are rows.
  drawn_to bigint NOT NULL DEFAULT 0,
  -- Tickets up to here were offered, or had left.
  serving bigint NOT NULL DEFAULT 0,
  went_live_at timestamptz,
  closed_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK (lobby_at <= draw_at AND draw_at <= opens_at AND opens_at < closes_at),
  CHECK (drawn_to < next_ticket),
  CHECK (serving <= drawn_to),
  CHECK ((price_amount IS NULL) = (price_currency IS NULL))
) WITH (fillfactor = 50);

-- One hash slot of a sale. epoch, run_id, last_seq and closed_to are what fencing and intake go by.
CREATE TABLE lanes (
  sale_id text NOT NULL REFERENCES sales,
  lane smallint NOT NULL CHECK (lane BETWEEN 0 AND 255),
  -- 0 until Redis has been filled for the first time.
  epoch integer NOT NULL DEFAULT 0 CHECK (epoch >= 0),
  layout integer NOT NULL DEFAULT 1,
  -- The Redis server that holds this epoch; another one's lane is fenced.
  run_id text,
  -- 'rebuilding' from the moment the epoch is raised until Redis' pointer has flipped.
  state text NOT NULL DEFAULT 'rebuilding' CHECK (state IN ('rebuilding', 'ready')),
  -- Arrivals up to here are rows of entries (or leaves that were applied).
  last_seq bigint NOT NULL DEFAULT 0 CHECK (last_seq >= 0),
  -- The highest bucket whose closing marker intake has met.
  closed_to integer NOT NULL DEFAULT -1 CHECK (closed_to >= -1),
  -- Since when the present epoch counts; closing waits a while after it.
  ready_at timestamptz,
  PRIMARY KEY (sale_id, lane)
) WITH (fillfactor = 50);

-- Where each bucket ended in each lane: arrivals up to to_seq belong to it or to an earlier one.
CREATE TABLE lane_closings (
  sale_id text NOT NULL,
  lane smallint NOT NULL,
  bucket integer NOT NULL CHECK (bucket >= 0),
  to_seq bigint NOT NULL,
  PRIMARY KEY (sale_id, lane, bucket),
  FOREIGN KEY (sale_id, lane) REFERENCES lanes
);

CREATE TABLE entries (
  entry_id text PRIMARY KEY,
  sale_id text NOT NULL,
  lane smallint NOT NULL,
  shopper text NOT NULL,
  shopper_key text NOT NULL,
  attempt integer NOT NULL CHECK (attempt >= 1),
  state text NOT NULL DEFAULT 'waiting'
    CHECK (state IN ('waiting', 'offered', 'held', 'purchased', 'left', 'missed', 'released', 'expired')),
  -- Raised by every update; an older card or frame is ignored.
  rev integer NOT NULL DEFAULT 0,
  misses smallint NOT NULL DEFAULT 0 CHECK (misses BETWEEN 0 AND 2),
  bucket integer NOT NULL CHECK (bucket >= 0),
  seq bigint NOT NULL,
  -- Set by a rejoin, cleared by the offer that answers it.
  rejoined_at timestamptz,
  -- The hold of an offered, held or purchased entry; of a missed one the last it had.
  hold_id text,
  joined_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (sale_id, shopper, attempt),
  UNIQUE (sale_id, lane, seq),
  FOREIGN KEY (sale_id, lane) REFERENCES lanes,
  CHECK (state NOT IN ('offered', 'held', 'purchased') OR hold_id IS NOT NULL)
) WITH (fillfactor = 85);
-- One entry of a shopper that is not final.
CREATE UNIQUE INDEX entries_one_open ON entries (sale_id, shopper)
  WHERE state IN ('waiting', 'offered', 'held') OR (state = 'missed' AND misses < 2);
CREATE INDEX entries_rejoined ON entries (sale_id) WHERE rejoined_at IS NOT NULL;

-- A frozen list and the order drawn from it. The digest binds the list before the order exists.
CREATE TABLE draw_buckets (
  sale_id text NOT NULL REFERENCES sales,
  bucket integer NOT NULL CHECK (bucket >= 0),
  state text NOT NULL DEFAULT 'frozen' CHECK (state IN ('frozen', 'reserved', 'drawn')),
  count bigint NOT NULL CHECK (count >= 0),
  digest bytea NOT NULL CHECK (octet_length(digest) = 32),
  seed bytea CHECK (octet_length(seed) = 32),
  first_ticket bigint,
  recovered boolean NOT NULL DEFAULT false,
  frozen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  sealed_at timestamptz,
  -- When every lane's cards had the tickets and the gateways were told.
  told_at timestamptz,
  PRIMARY KEY (sale_id, bucket),
  CHECK ((state = 'frozen') = (first_ticket IS NULL)),
  CHECK ((state = 'frozen') = (seed IS NULL))
);

-- From–to of each lane in a frozen bucket: after from_seq, up to and with to_seq.
CREATE TABLE draw_bucket_ranges (
  sale_id text NOT NULL,
  bucket integer NOT NULL,
  lane smallint NOT NULL,
  from_seq bigint NOT NULL,
  to_seq bigint NOT NULL CHECK (to_seq >= from_seq),
  PRIMARY KEY (sale_id, bucket, lane),
  FOREIGN KEY (sale_id, bucket) REFERENCES draw_buckets
);

-- Appended, never changed: a ticket once drawn is that entry's for good.
CREATE TABLE tickets (
  sale_id text NOT NULL REFERENCES sales,
  ticket bigint NOT NULL CHECK (ticket >= 1),
  entry_id text NOT NULL UNIQUE REFERENCES entries,
  bucket integer NOT NULL,
  PRIMARY KEY (sale_id, ticket)
);

CREATE TABLE units (
  sale_id text NOT NULL,
  unit integer NOT NULL CHECK (unit >= 1),
  -- The lane whose pool has it.
  lane smallint NOT NULL,
  state text NOT NULL DEFAULT 'free' CHECK (state IN ('free', 'held', 'sold', 'returned')),
  hold_id text UNIQUE,
  PRIMARY KEY (sale_id, unit),
  FOREIGN KEY (sale_id, lane) REFERENCES lanes,
  CHECK ((state IN ('held', 'sold')) = (hold_id IS NOT NULL))
) WITH (fillfactor = 70);
CREATE INDEX units_by_state ON units (sale_id, state);

CREATE TABLE holds (
  hold_id text PRIMARY KEY,
  sale_id text NOT NULL REFERENCES sales,
  entry_id text REFERENCES entries,
  shopper text,
  unit integer,
  -- 1…limit among the shopper's live and sold holds.
  slot integer CHECK (slot >= 1),
  state text NOT NULL CHECK (state IN
    ('offered', 'active', 'pending', 'confirmed', 'allocated', 'released', 'expired', 'cancelled', 'void')),
  -- Raised by every update; Redis has followed when applied_rev has caught up.
  rev integer NOT NULL DEFAULT 1,
  applied_rev integer NOT NULL DEFAULT 0,
  offered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- When the shopper's gateway was told; an offer nobody was told of never lapses.
  published_at timestamptz,
  claim_by timestamptz,
  claimed_at timestamptz,
  expires_at timestamptz,
  extended boolean NOT NULL DEFAULT false,
  order_id text,
  ended_at timestamptz,
  -- Of a late confirm whose very unit was still free: the expired hold it stands for.
  replaces text UNIQUE REFERENCES holds,
  FOREIGN KEY (sale_id, unit) REFERENCES units,
  CHECK (state = 'void' OR (entry_id IS NOT NULL AND shopper IS NOT NULL AND unit IS NOT NULL AND slot IS NOT NULL)),
  CHECK (state NOT IN ('active', 'pending') OR expires_at IS NOT NULL),
  CHECK (state NOT IN ('confirmed', 'allocated') OR order_id IS NOT NULL)
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX holds_one_per_unit ON holds (sale_id, unit)
  WHERE state IN ('offered', 'active', 'pending', 'confirmed', 'allocated');
CREATE UNIQUE INDEX holds_slot ON holds (sale_id, shopper, slot)
  WHERE state IN ('offered', 'active', 'pending', 'confirmed', 'allocated');
CREATE UNIQUE INDEX holds_one_per_entry ON holds (entry_id)
  WHERE state IN ('offered', 'active', 'pending', 'confirmed', 'allocated');
CREATE INDEX holds_unapplied ON holds (sale_id) WHERE applied_rev < rev;
CREATE INDEX holds_offers_due ON holds (claim_by) WHERE state = 'offered';
CREATE INDEX holds_due ON holds (expires_at) WHERE state IN ('active', 'pending');
ALTER TABLE units ADD FOREIGN KEY (hold_id) REFERENCES holds DEFERRABLE INITIALLY DEFERRED;

CREATE TABLE orders (
  order_id text PRIMARY KEY,
  sale_id text NOT NULL REFERENCES sales,
  hold_id text NOT NULL UNIQUE REFERENCES holds DEFERRABLE INITIALLY DEFERRED,
  ship_to jsonb,
  confirmed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  cancelled_at timestamptz
);

-- Append-only. tx orders the pages: a page takes the rows of transactions older than every running one,
-- so no row can slip in behind a page that is closed.
CREATE TABLE ledger (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  sale_id text NOT NULL REFERENCES sales,
  act text NOT NULL,
  unit integer,
  hold_id text,
  entry_id text,
  actor text NOT NULL,
  data jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX ledger_by_sale ON ledger (sale_id, tx, id);
CREATE INDEX ledger_by_entry ON ledger (entry_id) WHERE entry_id IS NOT NULL;

-- hash = SHA-256(previous page's hash ‖ the rows' text); rows with from_tx ≤ tx < to_tx, in order of tx, id.
CREATE TABLE ledger_pages (
  sale_id text NOT NULL REFERENCES sales,
  page integer NOT NULL CHECK (page >= 1),
  from_tx xid8 NOT NULL,
  to_tx xid8 NOT NULL,
  rows bigint NOT NULL CHECK (rows > 0),
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  closed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (sale_id, page)
);

-- One row: when the service was last known to work. Windows are judged only while it is fresh, and what
-- it missed is added to every live window first.
CREATE TABLE service_heartbeat (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  beat_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 10);
INSERT INTO service_heartbeat DEFAULT VALUES;

-- Which processes are there; readyz asks for a worker.
CREATE TABLE process_heartbeats (
  name text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('gateway', 'worker')),
  beat_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  layout integer NOT NULL DEFAULT 1
) WITH (fillfactor = 10);

CREATE TABLE api_keys (
  id text PRIMARY KEY,
  name text NOT NULL,
  -- SHA-256 of the key: it has 256 random bits of its own, so it needs no salt and no slow hash.
  hash bytea NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
  scopes text[] NOT NULL CHECK (scopes <@ ARRAY['merchant', 'operator', 'admin'] AND cardinality(scopes) > 0),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  revoked_at timestamptz
);

CREATE TABLE idempotency_keys (
  api_key_id text NOT NULL,
  method text NOT NULL,
  path text NOT NULL,
  key text NOT NULL,
  body_hash bytea NOT NULL CHECK (octet_length(body_hash) = 32),
  -- Null while the first request runs; then its answer, byte for byte.
  status smallint,
  body bytea,
  -- Whose turn it is while it runs: a request that took over after a death has another one.
  run text NOT NULL,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (api_key_id, method, path, key),
  CHECK ((status IS NULL) = (body IS NULL))
);
CREATE INDEX idempotency_keys_old ON idempotency_keys (started_at);

-- Keys with which shops sign who their shoppers are. HS256 secrets are sealed with DROPGATE_SECRET.
CREATE TABLE shopper_keys (
  kid text PRIMARY KEY,
  alg text NOT NULL CHECK (alg IN ('HS256', 'EdDSA', 'ES256')),
  sealed_secret bytea,
  public_jwk jsonb,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  revoked_at timestamptz,
  CHECK ((alg = 'HS256') = (sealed_secret IS NOT NULL)),
  CHECK ((alg = 'HS256') = (public_jwk IS NULL))
);

-- Ed25519 keys that sign passes; private halves sealed with DROPGATE_SECRET. The newest signs, all that
-- are not retired verify.
CREATE TABLE signing_keys (
  kid text PRIMARY KEY,
  public_jwk jsonb NOT NULL,
  sealed_private bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  retired_at timestamptz
);

-- The text of a ledger row that its page's hash covers.
CREATE FUNCTION ledger_text(l ledger) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT concat_ws('|', l.id, l.tx, to_char(l.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), l.sale_id,
    l.act, coalesce(l.unit::text, ''), coalesce(l.hold_id, ''), coalesce(l.entry_id, ''),
    to_json(l.actor)::text, l.data::text) || E'\n'
$$;

-- Rows of these tables are history: whoever changes them has a bug or a bad intent.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON ledger
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_pages_append_only BEFORE UPDATE OR DELETE ON ledger_pages
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER tickets_append_only BEFORE UPDATE OR DELETE ON tickets
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER lane_closings_append_only BEFORE UPDATE OR DELETE ON lane_closings
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- The moves of the state machines, as contracts/src/states tells them (a test compares every pair).
CREATE FUNCTION refuse_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, OLD.state, NEW.state
    USING ERRCODE = 'check_violation';
END $$;
CREATE FUNCTION refuse_phase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a sale cannot go from % to %', OLD.phase, NEW.phase USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER holds_moves BEFORE UPDATE OF state ON holds FOR EACH ROW
  WHEN (OLD.state <> NEW.state AND NOT (OLD.state || '>' || NEW.state = ANY (ARRAY[
    'offered>active', 'offered>released', 'offered>expired',
    'active>pending', 'active>confirmed', 'active>released', 'active>expired',
    'pending>confirmed', 'pending>released', 'pending>expired',
    'confirmed>allocated', 'confirmed>cancelled', 'allocated>cancelled'])))
  EXECUTE FUNCTION refuse_move();
CREATE TRIGGER entries_moves BEFORE UPDATE OF state ON entries FOR EACH ROW
  WHEN (OLD.state <> NEW.state AND NOT (OLD.state || '>' || NEW.state = ANY (ARRAY[
    'waiting>offered', 'waiting>left',
    'offered>held', 'offered>missed', 'offered>released', 'offered>left',
    'held>purchased', 'held>released', 'held>expired', 'held>left',
    'purchased>released', 'missed>left', 'missed>waiting', 'expired>purchased'])))
  EXECUTE FUNCTION refuse_move();
CREATE TRIGGER units_moves BEFORE UPDATE OF state ON units FOR EACH ROW
  WHEN (OLD.state <> NEW.state AND NOT (OLD.state || '>' || NEW.state = ANY (ARRAY[
    'free>held', 'free>sold', 'free>returned', 'held>free', 'held>sold', 'sold>free'])))
  EXECUTE FUNCTION refuse_move();
CREATE TRIGGER sales_moves BEFORE UPDATE OF phase ON sales FOR EACH ROW
  WHEN (OLD.phase <> NEW.phase AND NOT (OLD.phase || '>' || NEW.phase = ANY (ARRAY[
    'scheduled>lobby', 'lobby>drawing', 'drawing>live', 'live>paused', 'paused>live',
    'live>sold_out', 'paused>sold_out', 'sold_out>live',
    'scheduled>closed', 'lobby>closed', 'drawing>closed', 'live>closed', 'paused>closed', 'sold_out>closed'])))
  EXECUTE FUNCTION refuse_phase();
-- What only rises.
CREATE FUNCTION refuse_fall() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%: serving, tickets, buckets and versions never go back', TG_TABLE_NAME
    USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER sales_rise BEFORE UPDATE ON sales FOR EACH ROW
  WHEN (NEW.serving < OLD.serving OR NEW.drawn_to < OLD.drawn_to OR NEW.next_ticket < OLD.next_ticket
    OR NEW.next_bucket < OLD.next_bucket OR NEW.version < OLD.version OR NEW.secret <> OLD.secret
    OR NEW.tag <> OLD.tag OR NEW.id_key <> OLD.id_key)
  EXECUTE FUNCTION refuse_fall();
CREATE TRIGGER lanes_rise BEFORE UPDATE ON lanes FOR EACH ROW
  WHEN (NEW.epoch < OLD.epoch OR NEW.last_seq < OLD.last_seq OR NEW.closed_to < OLD.closed_to)
  EXECUTE FUNCTION refuse_fall();

-- Down Migration

DROP TABLE signing_keys, shopper_keys, idempotency_keys, api_keys, process_heartbeats, service_heartbeat,
  ledger_pages, ledger, orders, units, holds, tickets, draw_bucket_ranges, draw_buckets, entries,
  lane_closings, lanes, sales CASCADE;
DROP FUNCTION refuse_change(), refuse_move(), refuse_phase(), refuse_fall();
DROP FUNCTION IF EXISTS ledger_text;
