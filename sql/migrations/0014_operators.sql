-- Up Migration

-- Who may sign in to the console. Nobody is ever deleted, only disabled: ledgers name operators by id for good.
CREATE TABLE operators (
  id text PRIMARY KEY,
  email text COLLATE "C" NOT NULL UNIQUE CHECK (email = lower(email)),
  name text NOT NULL,
  role text NOT NULL CHECK (role IN ('viewer', 'operator', 'approver', 'admin')),
  -- A PHC string: salt and cost are in it.
  password_hash text NOT NULL CHECK (password_hash LIKE '$argon2id$%'),
  -- Somebody else has seen the password.
  must_change_password boolean NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_sign_in_at timestamptz,
  disabled_at timestamptz
) WITH (fillfactor = 70);
CREATE INDEX operators_by_time ON operators (created_at, id);
CREATE INDEX operators_admins ON operators (id) WHERE role = 'admin' AND disabled_at IS NULL;

-- Whoever writes it: without an admin nobody could make one. Two who demote each other at the same moment both saw the
-- other one there; so the second waits here, and then sees what the first has committed.
CREATE FUNCTION keep_an_admin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('dropgate admins'));
  IF NOT EXISTS (SELECT 1 FROM operators WHERE role = 'admin' AND disabled_at IS NULL AND id <> OLD.id) THEN
    RAISE EXCEPTION 'the last active admin stays one'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'operators_last_admin';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER operators_keep_an_admin BEFORE UPDATE OF role, disabled_at ON operators FOR EACH ROW
  WHEN (OLD.role = 'admin' AND OLD.disabled_at IS NULL AND (NEW.role <> 'admin' OR NEW.disabled_at IS NOT NULL))
  EXECUTE FUNCTION keep_an_admin();
CREATE TRIGGER operators_stay BEFORE DELETE ON operators FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE operator_sessions (
  -- SHA-256 of the cookie's token, which has 256 random bits of its own: who reads this table cannot sign in by it.
  token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
  operator_id text NOT NULL REFERENCES operators,
  opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- To the minute.
  seen_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 50);
CREATE INDEX operator_sessions_by_operator ON operator_sessions (operator_id, opened_at);

-- Tries to sign in, each count as one moment: when all of its tries are to be had again. Here and not in a gateway's
-- memory, so that ten gateways give no tenfold number of tries.
CREATE TABLE sign_in_tries (
  -- SHA-256 of what is counted: an account, an address, both, or a browser.
  key bytea PRIMARY KEY CHECK (octet_length(key) = 32),
  full_at timestamptz NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX sign_in_tries_over ON sign_in_tries (full_at);

-- What became of operators, and who did it.
CREATE TABLE operator_acts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  act text NOT NULL,
  operator_id text NOT NULL REFERENCES operators,
  actor text NOT NULL,
  data jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX operator_acts_of ON operator_acts (operator_id, id);
CREATE TRIGGER operator_acts_append_only BEFORE UPDATE OR DELETE ON operator_acts
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Down Migration

DROP TABLE operator_acts, sign_in_tries, operator_sessions, operators;
DROP FUNCTION keep_an_admin();
