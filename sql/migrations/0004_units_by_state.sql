-- Up Migration

-- A tick asks for units by number that are free. Of a young sale, which PostgreSQL has not counted yet, it may think
-- that few are free and look through all of them for each number: 220 ms a tick of 500. With the number at its end
-- this index answers that as well as the primary key does, whichever is taken.
DROP INDEX units_by_state;
CREATE INDEX units_by_state ON units (sale_id, state, unit);

-- Down Migration

DROP INDEX units_by_state;
CREATE INDEX units_by_state ON units (sale_id, state);
