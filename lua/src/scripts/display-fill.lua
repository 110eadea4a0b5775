-- Keeps what is to be shown of a SKU, unless it was dropped since its making began.
-- KEYS  display string · filling string token
-- ARGV  token text · showMs ms · text text
-- REPLY { 'OK', 1 | 0 }
-- COST  O(1)
-- KEEPS what was read before a change is not shown after it
-- INCLUDE unrepeated

local display, filling = KEYS[1], KEYS[2]
local token, showMs, text = ARGV[1], ARGV[2], ARGV[3]
unrepeated()
if redis.call('GET', filling) ~= token then return { 'OK', 0 } end
redis.call('SET', display, text, 'PX', showMs)
redis.call('DEL', filling)
return { 'OK', 1 }
