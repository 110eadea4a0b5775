-- Reads what the sale's gateways were told last.
-- KEYS  sale hash
-- ARGV  none
-- REPLY { 'OK', nil | { phase, version, serving, waiting, rate, at } }
-- COST  O(1)
-- KEEPS changes nothing

local sale = KEYS[1]
local told = redis.call('HMGET', sale, 'phase', 'version', 'serving', 'waiting', 'rate', 'at')
return { 'OK', told[1] and told }
