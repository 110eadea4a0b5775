-- Frees units whose holds have ended. Only their own holder's giving counts: a late one must not free a unit
-- that somebody else has by now.
-- KEYS  lane hash · pool zset of units · taken hash unit→holder|ms · pending hash unit→holdId · news channel
-- ARGV  epoch int · layout int · (unit int · holder text)*
-- REPLY { 'OK', 1 | 0* } | { 'FENCED', epoch }
-- COST  O(gifts · log units)
-- KEEPS a unit is in the pool or taken by exactly one holder; only that holder frees it
-- INCLUDE fence
-- INCLUDE holder-of
-- INCLUDE tell

local lane, pool, taken, pending, news = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local epoch, layout = ARGV[1], ARGV[2]
local fenced = fence(lane, epoch, layout)
if fenced then return fenced end

local wasEmpty = redis.call('ZCARD', pool) == 0
local reply = { 'OK' }
for at = 3, #ARGV, 2 do
  local unit, holder = ARGV[at], ARGV[at + 1]
  local mine = holderOf(redis.call('HGET', taken, unit)) == holder
  if mine then
    redis.call('HDEL', taken, unit)
    redis.call('HDEL', pending, unit)
    redis.call('ZADD', pool, unit, unit)
  end
  reply[#reply + 1] = mine and 1 or 0
end
-- Gateways answer for an empty pool by themselves until they hear of this.
if wasEmpty and redis.call('ZCARD', pool) > 0 then tell(lane, news, epoch, { t = 'free' }) end
return reply
