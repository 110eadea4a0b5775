-- Fills a new epoch's cards while the pointer still shows a lower epoch, or none.
-- KEYS  lane hash · cards hash shopperKey→card
-- ARGV  epoch int · (key text · card text)*
-- REPLY { 'OK' } | { 'FENCED', epoch }
-- COST  O(cards)
-- KEEPS a lane's living epoch is never written to by a rebuild
-- INCLUDE unborn

local lane, cards = KEYS[1], KEYS[2]
local epoch = ARGV[1]
local fenced = unborn(lane, epoch)
if fenced then return fenced end

for at = 2, #ARGV, 2 do
  local key, card = ARGV[at], ARGV[at + 1]
  redis.call('HSET', cards, key, card)
end
return { 'OK' }
