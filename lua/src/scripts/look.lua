-- Reads cards.
-- KEYS  lane hash · cards hash shopperKey→card
-- ARGV  epoch int · layout int · (key text)*
-- REPLY { 'OK', card | nil* } | { 'FENCED', epoch }
-- COST  O(keys)
-- KEEPS changes nothing
-- INCLUDE fence

local lane, cards = KEYS[1], KEYS[2]
local epoch, layout = ARGV[1], ARGV[2]
local fenced = fence(lane, epoch, layout)
if fenced then return fenced end

local reply = { 'OK' }
for at = 3, #ARGV, 1 do
  local key = ARGV[at]
  reply[#reply + 1] = redis.call('HGET', cards, key)
end
return reply
