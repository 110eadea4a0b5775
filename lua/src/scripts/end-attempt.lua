-- Ends tries of a rush's shoppers, whatever came of them: the next one may begin.
-- KEYS  lane hash · attempts hash shopperKey→tryId|ms
-- ARGV  epoch int · layout int · (key text · tryId text)*
-- REPLY { 'OK', 1 | 0* } | { 'FENCED', epoch }
-- COST  O(tries)
-- KEEPS only the try that is under way ends itself; a late one does not end its successor
-- INCLUDE fence
-- INCLUDE holder-of

local lane, attempts = KEYS[1], KEYS[2]
local epoch, layout = ARGV[1], ARGV[2]
local fenced = fence(lane, epoch, layout)
if fenced then return fenced end

local reply = { 'OK' }
for at = 3, #ARGV, 2 do
  local key, tryId = ARGV[at], ARGV[at + 1]
  local mine = holderOf(redis.call('HGET', attempts, key)) == tryId
  if mine then redis.call('HDEL', attempts, key) end
  reply[#reply + 1] = mine and 1 or 0
end
return reply
