-- Up Migration

-- How the waiting room looks: each change is a row, and the newest of a sale, or of none for all sales, is what counts.
CREATE TABLE theme_changes (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  sale_id text REFERENCES sales,
  actor text NOT NULL,
  -- Null: the sale's own was taken away.
  theme jsonb,
  CHECK (sale_id IS NOT NULL OR theme IS NOT NULL)
);
CREATE INDEX theme_changes_of ON theme_changes (sale_id, id);
CREATE TRIGGER theme_changes_append_only BEFORE UPDATE OR DELETE ON theme_changes
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Who wants to be told by mail. The only place where an address is: its row goes when the sale or the entry is over, or
-- when its shopper takes it back. An entry that was just acknowledged is no row yet, so nothing refers to entries.
CREATE TABLE notifications (
  entry_id text PRIMARY KEY,
  sale_id text NOT NULL REFERENCES sales,
  email text NOT NULL,
  language text NOT NULL,
  -- Asked while everything was sold: told once when units come back.
  wants_returned boolean NOT NULL,
  asked_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX notifications_by_sale ON notifications (sale_id);
CREATE INDEX notifications_of_address ON notifications (sale_id, lower(email));
CREATE INDEX notifications_returned ON notifications (sale_id) WHERE wants_returned;

-- Mails to send and how they went; to whom is never in it.
CREATE TABLE notification_mails (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- By which a mailbox knows a mail that comes twice.
  mail_id text NOT NULL UNIQUE,
  sale_id text NOT NULL REFERENCES sales,
  entry_id text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('turn', 'returned')),
  -- An offer is told once.
  hold_id text UNIQUE REFERENCES holds,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sending', 'sent', 'lapsed', 'dead')),
  -- Times at which sending was begun; counted before the first byte leaves.
  attempts integer NOT NULL DEFAULT 0,
  -- Not begun before. While it is being sent: when another worker may think its sender dead.
  next_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_error text,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  settled_at timestamptz,
  CHECK ((kind = 'turn') = (hold_id IS NOT NULL)),
  CHECK ((state IN ('sent', 'lapsed', 'dead')) = (settled_at IS NOT NULL))
) WITH (fillfactor = 70);
-- Small: what is settled leaves it.
CREATE INDEX notification_mails_due ON notification_mails (next_at) WHERE state IN ('waiting', 'sending');
CREATE INDEX notification_mails_by_sale ON notification_mails (sale_id, id);
CREATE INDEX notification_mails_dead ON notification_mails (id) WHERE state = 'dead';
CREATE TRIGGER notification_mails_moves BEFORE UPDATE OF state ON notification_mails FOR EACH ROW
  WHEN (OLD.state <> NEW.state AND NOT (OLD.state || '>' || NEW.state = ANY (ARRAY[
    'waiting>sending', 'sending>waiting', 'sending>sent', 'sending>lapsed', 'sending>dead'])))
  EXECUTE FUNCTION refuse_move();

-- Links that take an entry along to another device, each once.
CREATE TABLE entry_links (
  -- SHA-256 of 256 random bits: who reads this table has no link.
  secret_hash bytea PRIMARY KEY CHECK (octet_length(secret_hash) = 32),
  sale_id text NOT NULL REFERENCES sales,
  entry_id text NOT NULL,
  -- What the entry's token says.
  shopper text NOT NULL,
  attempt integer NOT NULL,
  bucket integer NOT NULL,
  made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX entry_links_of ON entry_links (entry_id, made_at);
CREATE INDEX entry_links_over ON entry_links (expires_at);

-- Down Migration

DROP TABLE entry_links, notification_mails, notifications, theme_changes;
