-- Brings a unit's record to what PostgreSQL says, if it still is what was seen: for repairs, withdrawals, moves.
-- KEYS  lane hash · pool zset of units · taken hash unit→holder|ms · pending hash unit→holdId · news channel
-- ARGV  epoch int · layout int · (unit int · seen text · becomes text)*
-- REPLY { 'OK', 1 | 0* } | { 'FENCED', epoch }
-- COST  O(marks · log units)
-- KEEPS a unit is in the pool, or taken by exactly one holder, or not this lane's
-- INCLUDE fence
-- INCLUDE now-ms
-- INCLUDE holder-of
-- INCLUDE tell

local lane, pool, taken, pending, news = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local epoch, layout = ARGV[1], ARGV[2]
local fenced = fence(lane, epoch, layout)
if fenced then return fenced end

local FREE, ABSENT = '', '-'
local now = nowMs()

local wasEmpty = redis.call('ZCARD', pool) == 0
local reply = { 'OK' }
for at = 3, #ARGV, 3 do
  local unit, seen, becomes = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  local is = holderOf(redis.call('HGET', taken, unit))
  if not is then is = redis.call('ZSCORE', pool, unit) and FREE or ABSENT end
  local matches = is == seen
  if matches and is ~= becomes then
    redis.call('ZREM', pool, unit)
    redis.call('HDEL', taken, unit)
    redis.call('HDEL', pending, unit)
    if becomes == FREE then
      redis.call('ZADD', pool, unit, unit)
    elseif becomes ~= ABSENT then
      redis.call('HSET', taken, unit, becomes .. '|' .. now)
    end
  end
  reply[#reply + 1] = matches and 1 or 0
end
-- Gateways answer for an empty pool by themselves until they hear of this.
if wasEmpty and redis.call('ZCARD', pool) > 0 then tell(lane, news, epoch, { t = 'free' }) end
return reply
