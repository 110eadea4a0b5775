-- Reads free units in order, and how many are free and taken in all.
-- KEYS  lane hash · pool zset of units · taken hash unit→holder|ms
-- ARGV  epoch int · layout int · after int · count int
-- REPLY { 'OK', free, taken, { unit* } } | { 'FENCED', epoch }
-- COST  O(log units + units read)
-- KEEPS changes nothing
-- INCLUDE fence

local lane, pool, taken = KEYS[1], KEYS[2], KEYS[3]
local epoch, layout, after, count = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local fenced = fence(lane, epoch, layout)
if fenced then return fenced end

local units = redis.call('ZRANGEBYSCORE', pool, '(' .. after, '+inf', 'LIMIT', 0, count)
return { 'OK', redis.call('ZCARD', pool), redis.call('HLEN', taken), units }
