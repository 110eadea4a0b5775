-- Fills a new epoch's records of units, free and taken, while the pointer still shows a lower epoch, or none.
-- KEYS  lane hash · pool zset of units · taken hash unit→holder|ms
-- ARGV  epoch int · (unit int · holder text)*
-- REPLY { 'OK' } | { 'FENCED', epoch }
-- COST  O(units · log units)
-- KEEPS a unit is in the pool or taken by exactly one holder; a living epoch is never written to by a rebuild
-- INCLUDE unborn
-- INCLUDE now-ms

local lane, pool, taken = KEYS[1], KEYS[2], KEYS[3]
local epoch = ARGV[1]
local fenced = unborn(lane, epoch)
if fenced then return fenced end

local now = nowMs()
for at = 2, #ARGV, 2 do
  local unit, holder = ARGV[at], ARGV[at + 1]
  if holder == '' then
    redis.call('HDEL', taken, unit)
    redis.call('ZADD', pool, unit, unit)
  else
    redis.call('ZREM', pool, unit)
    redis.call('HSET', taken, unit, holder .. '|' .. now)
  end
end
return { 'OK' }
