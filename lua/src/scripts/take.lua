-- Takes the lowest free units for holds that are about to be made, one each as far as they go.
-- KEYS  lane hash · pool zset of units · taken hash unit→holder|ms · pending hash unit→holdId
-- ARGV  epoch int · layout int · (holdId text)*
-- REPLY { 'OK', unit* } | { 'FENCED', epoch }
-- COST  O(holds · log units)
-- KEEPS a unit is in the pool or taken by exactly one holder
-- INCLUDE fence
-- INCLUDE now-ms

local lane, pool, taken, pending = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local epoch, layout = ARGV[1], ARGV[2]
local fenced = fence(lane, epoch, layout)
if fenced then return fenced end

local now = nowMs()
-- Unit and score by turns, lowest first.
local free = redis.call('ZPOPMIN', pool, #ARGV - 2)
local reply = { 'OK' }
for at = 3, #ARGV, 1 do
  local holdId = ARGV[at]
  local unit = free[(at - 3) * 2 + 1]
  if not unit then break end
  redis.call('HSET', taken, unit, holdId .. '|' .. now)
  redis.call('HSET', pending, unit, holdId)
  reply[#reply + 1] = tonumber(unit)
end
return reply
