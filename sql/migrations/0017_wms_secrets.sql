-- Up Migration

-- The secret that a location shares with its warehouse, where it has one of its own: one row for each location that
-- ever had one. A table beside the locations, so that no statement which reads a location has the secret in its hands.
-- Signatures need the secret itself, so a hash would not do: it is sealed (AES-256-GCM) under a key of DROPGATE_SECRET,
-- which is not in the database.
CREATE TABLE location_wms_secrets (
  location_id text COLLATE "C" PRIMARY KEY REFERENCES locations,
  -- NULL: WMS_SECRET signs for it again.
  sealed bytea,
  -- What signed before: NULL is WMS_SECRET here too. It is believed until then.
  previous_sealed bytea,
  previous_until timestamptz NOT NULL,
  set_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK (sealed IS NOT NULL OR previous_sealed IS NOT NULL)
);

-- Down Migration

DROP TABLE location_wms_secrets;
