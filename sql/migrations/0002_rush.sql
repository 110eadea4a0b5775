-- Up Migration

-- Entries of a rush come from no lane's arrivals: their numbers only have to be unique and rise.
CREATE SEQUENCE rush_entries;

-- Down Migration

DROP SEQUENCE rush_entries;
