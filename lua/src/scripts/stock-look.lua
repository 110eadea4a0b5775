-- Reads what a SKU has at each location, and how much of it is pending there.
-- KEYS  stockLevels hash location→rev|onHand|allocated|reserved|safetyStock|sellable · stockPending hash reservation→ms|location=quantity,…
-- ARGV  staleMs ms · keepMs ms
-- REPLY { 'OK', (location,row),… and a field '.', (location=held),… } | { 'LOAD', token }
-- COST  O(locations + pending)
-- KEEPS levels that are not mirrored whole are shown to nobody
-- INCLUDE now-ms
-- INCLUDE stock-loaded
-- INCLUDE stock-held
-- INCLUDE unrepeated

local stockLevels, stockPending = KEYS[1], KEYS[2]
local staleMs, keepMs = ARGV[1], ARGV[2]
unrepeated()
local rows, state = redis.call('HGETALL', stockLevels), nil
for nth = 1, #rows, 2 do
  if rows[nth] == '.' then state = rows[nth + 1] end
end
local token = stockLoaded(stockLevels, state, keepMs)
if token then return { 'LOAD', token } end

local pending = {}
for place, quantity in pairs(stockHeld(stockPending, staleMs, nowMs())) do
  pending[#pending + 1] = place .. '=' .. quantity
end
return { 'OK', table.concat(rows, ','), table.concat(pending, ',') }
