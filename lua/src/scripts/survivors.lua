-- Reads what an epoch that has ended, or was lost sight of, still has of its log. Asked without a fence:
-- the caller has the lane's lock in PostgreSQL and compares the numbers with what is stored.
-- KEYS  arrivals stream
-- ARGV  after int · count int
-- REPLY { 'OK', { record* } }
-- COST  O(records read)
-- KEEPS changes nothing
-- INCLUDE pack-records

local arrivals = KEYS[1]
local after, count = ARGV[1], ARGV[2]
return { 'OK', packRecords(redis.call('XRANGE', arrivals, string.format('(%s-0', after), '+', 'COUNT', count)) }
