-- PostgreSQL has decided: what it wrote is mirrored, and what it decided on is pending no more. What was shown of the
-- SKU before is dropped, with whatever is being made to be shown.
-- KEYS  stockLevels hash location→rev|onHand|allocated|reserved|safetyStock|sellable · stockPending hash reservation→ms|location=quantity,… · display string · filling string token
-- ARGV  ended text · keepMs ms · (locationId text · row text)*
-- REPLY { 'OK', 1 | 0 } where 1: something differs from what was known before
-- COST  O(rows + reservations that ended)
-- KEEPS an older row never replaces a newer one; levels that nobody asks for are not mirrored
-- INCLUDE stock-write

local stockLevels, stockPending, display, filling = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local ended, keepMs = ARGV[1], ARGV[2]
for reservationId in string.gmatch(ended, '[^,]+') do redis.call('HDEL', stockPending, reservationId) end

-- A load that has begun counts: it may have read its rows before these were written.
local asked = redis.call('EXISTS', stockLevels) == 1
local changed = not asked
for at = 3, #ARGV, 2 do
  local locationId, row = ARGV[at], ARGV[at + 1]
  if asked and stockWrite(stockLevels, locationId, row) then changed = true end
end
if asked then redis.call('PEXPIRE', stockLevels, keepMs) end
if changed then redis.call('DEL', display, filling) end
return { 'OK', changed and 1 or 0 }
