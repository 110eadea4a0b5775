-- Reads what is shown of a SKU; when there is nothing, one of all who ask is told to make it.
-- KEYS  display string · filling string token
-- ARGV  fillMs ms
-- REPLY { 'OK', text } | { 'FILL', token } | { 'WAIT' }
-- COST  O(1)
-- KEEPS at most one filler at a time, and another one once it has taken fillMs
-- INCLUDE unrepeated

local display, filling = KEYS[1], KEYS[2]
local fillMs = ARGV[1]
unrepeated()
local text = redis.call('GET', display)
if text then return { 'OK', text } end
-- One script runs at a time and takes longer than a microsecond, so no two tokens are one.
local time = redis.call('TIME')
local token = time[1] .. '.' .. time[2]
if redis.call('SET', filling, token, 'NX', 'PX', fillMs) then return { 'FILL', token } end
return { 'WAIT' }
