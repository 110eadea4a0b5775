-- Mirrors all levels of a SKU, as they were read after the load had begun.
-- KEYS  stockLevels hash location→rev|onHand|allocated|reserved|safetyStock|sellable
-- ARGV  token text · keepMs ms · (locationId text · row text)*
-- REPLY { 'OK', 1 | 0 } where 0: the load was dropped meanwhile, or is done
-- COST  O(locations)
-- KEEPS an older row never replaces a newer one; a load that began before a drop marks nothing as whole
-- INCLUDE stock-write
-- INCLUDE unrepeated

local stockLevels = KEYS[1]
local token, keepMs = ARGV[1], ARGV[2]
unrepeated()
if redis.call('HGET', stockLevels, '.') ~= token then return { 'OK', 0 } end
for at = 3, #ARGV, 2 do
  local locationId, row = ARGV[at], ARGV[at + 1]
  stockWrite(stockLevels, locationId, redis.call('HGET', stockLevels, locationId), row)
end
redis.call('HSET', stockLevels, '.', 'loaded')
redis.call('PEXPIRE', stockLevels, keepMs)
return { 'OK', 1 }
