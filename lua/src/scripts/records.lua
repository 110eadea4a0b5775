-- Reads what the lane records of units: '' free, '-' nothing, else holder|ms.
-- KEYS  lane hash · pool zset of units · taken hash unit→holder|ms
-- ARGV  epoch int · layout int · (unit int)*
-- REPLY { 'OK', record* } | { 'FENCED', epoch }
-- COST  O(units)
-- KEEPS changes nothing
-- INCLUDE fence

local lane, pool, taken = KEYS[1], KEYS[2], KEYS[3]
local epoch, layout = ARGV[1], ARGV[2]
local fenced = fence(lane, epoch, layout)
if fenced then return fenced end

local reply = { 'OK' }
for at = 3, #ARGV, 1 do
  local unit = ARGV[at]
  reply[#reply + 1] = redis.call('HGET', taken, unit) or (redis.call('ZSCORE', pool, unit) and '' or '-')
end
return reply
