-- Forgets what is mirrored and shown of a SKU, so that it is loaded anew from the truth. What is pending stays.
-- KEYS  stockLevels hash location→rev|onHand|allocated|reserved|safetyStock|sellable · display string · filling string token
-- ARGV  shownOnly flag
-- REPLY { 'OK' }
-- COST  O(locations)
-- KEEPS a load or a filling that has begun before comes to nothing
-- INCLUDE unrepeated

local stockLevels, display, filling = KEYS[1], KEYS[2], KEYS[3]
local shownOnly = ARGV[1]
unrepeated()
if shownOnly ~= '1' then redis.call('DEL', stockLevels) end
redis.call('DEL', display, filling)
return { 'OK' }
