-- PostgreSQL has decided: what it wrote is mirrored, and what it decided on is pending no more. What was shown of the
-- SKU before is dropped, with whatever is being made to be shown.
-- KEYS  stockLevels hash location→rev|onHand|allocated|reserved|safetyStock|sellable · stockPending hash reservation→ms|location=quantity,… · display string · filling string token
-- ARGV  ended text · (locationId text · row text)*
-- REPLY { 'OK', 1 | 0 } where 1: something differs from what was known before
-- COST  O(rows + reservations that ended)
-- KEEPS an older row never replaces a newer one; levels that nobody asks for are not mirrored
-- INCLUDE stock-write
-- INCLUDE unrepeated

local stockLevels, stockPending, display, filling = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local ended = ARGV[1]
unrepeated()
if ended ~= '' then
  local ids = {}
  for reservationId in string.gmatch(ended, '[^,]+') do ids[#ids + 1] = reservationId end
  redis.call('HDEL', stockPending, unpack(ids))
end

local places, rows = {}, {}
for at = 2, #ARGV, 2 do
  local locationId, row = ARGV[at], ARGV[at + 1]
  places[#places + 1] = locationId
  rows[#rows + 1] = row
end
-- A load that has begun counts: it may have read its rows before these were written.
local there = redis.call('HMGET', stockLevels, '.', unpack(places))
local asked = there[1]
local changed = not asked
local written = {}
for nth, row in ipairs(rows) do
  local place = places[nth]
  if asked and stockWrite(stockLevels, place, written[place] or there[nth + 1], row) then
    written[place], changed = row, true
  end
end
if changed then redis.call('DEL', display, filling) end
return { 'OK', changed and 1 or 0 }
