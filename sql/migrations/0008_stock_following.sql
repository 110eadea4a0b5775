-- Up Migration

-- Up to where the ledger of stock was followed: all transactions before this one were mirrored to the hot store. One
-- row for all workers; each may move it on, none back.
CREATE TABLE stock_following (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  tx xid8 NOT NULL
);
INSERT INTO stock_following (tx) VALUES (pg_snapshot_xmin(pg_current_snapshot()));

-- Down Migration

DROP TABLE stock_following;
