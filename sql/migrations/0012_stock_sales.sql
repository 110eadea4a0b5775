-- Up Migration

-- Whence a sale has its units: the location whose level they are reserved in. Null: it brings its own. No sale stood on
-- the inventory before. The level is there, for units were taken from it, and a level that was written to is never gone.
ALTER TABLE sales ADD COLUMN location_id text COLLATE "C",
  ADD CHECK ((source = 'inventory') = (location_id IS NOT NULL)),
  ADD FOREIGN KEY (sku, location_id) REFERENCES inventory_levels;

-- Of the units it ever had, how many an operator has taken out again: they keep their numbers.
ALTER TABLE sales ADD COLUMN withdrawn integer NOT NULL DEFAULT 0 CHECK (withdrawn BETWEEN 0 AND quantity);
UPDATE sales s SET withdrawn =
  (SELECT count(*) FROM ledger l WHERE l.sale_id = s.id AND l.act = 'returned' AND l.actor = 'operator');

-- What a sale has taken and given back.
CREATE INDEX inventory_transactions_by_sale ON inventory_transactions (reference_id, id) WHERE reference_type = 'sale';

-- The orders of sales that are to be booked: the look for sales that have some reads no ordinary reservation.
CREATE INDEX reservations_to_book ON reservations (sale_id, created_at, id)
  WHERE state = 'confirmed' AND sale_id IS NOT NULL;

-- Down Migration

DROP INDEX reservations_to_book, inventory_transactions_by_sale;
ALTER TABLE sales DROP COLUMN location_id, DROP COLUMN withdrawn;
