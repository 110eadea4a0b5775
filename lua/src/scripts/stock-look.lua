-- Reads what a SKU has at each location, and how much of it is pending there.
-- KEYS  stockLevels hash location→rev|onHand|allocated|reserved|safetyStock|sellable · stockPending hash reservation→ms|location=quantity,…
-- ARGV  staleMs ms · keepMs ms
-- REPLY { 'OK', (location, row, held)* } | { 'LOAD', token }
-- COST  O(locations + pending)
-- KEEPS levels that are not mirrored whole are shown to nobody
-- INCLUDE now-ms
-- INCLUDE stock-loaded
-- INCLUDE stock-held

local stockLevels, stockPending = KEYS[1], KEYS[2]
local staleMs, keepMs = ARGV[1], ARGV[2]
local token = stockLoaded(stockLevels, keepMs)
if token then return { 'LOAD', token } end

local held = stockHeld(stockPending, staleMs, nowMs())
local reply = { 'OK' }
local all = redis.call('HGETALL', stockLevels)
for nth = 1, #all, 2 do
  if all[nth] ~= '.' then
    reply[#reply + 1] = all[nth]
    reply[#reply + 1] = all[nth + 1]
    reply[#reply + 1] = held[all[nth]] or 0
  end
end
return reply
