-- Up Migration

-- When the present password was set: one that somebody else has seen lapses some time after that. Those that are there
-- count from now on, so that an upgrade locks nobody out.
ALTER TABLE operators ADD COLUMN password_set_at timestamptz NOT NULL DEFAULT clock_timestamp();

-- Down Migration

ALTER TABLE operators DROP COLUMN password_set_at;
