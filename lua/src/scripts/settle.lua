-- PostgreSQL has decided on takes: they stop being pending, whichever way it went.
-- KEYS  lane hash · pending hash unit→holdId
-- ARGV  epoch int · layout int · (unit int · holdId text)*
-- REPLY { 'OK', 1 | 0* } | { 'FENCED', epoch }
-- COST  O(takes)
-- KEEPS a take stays pending until its own fate is known
-- INCLUDE fence

local lane, pending = KEYS[1], KEYS[2]
local epoch, layout = ARGV[1], ARGV[2]
local fenced = fence(lane, epoch, layout)
if fenced then return fenced end

local reply = { 'OK' }
for at = 3, #ARGV, 2 do
  local unit, holdId = ARGV[at], ARGV[at + 1]
  local mine = redis.call('HGET', pending, unit) == holdId
  if mine then redis.call('HDEL', pending, unit) end
  reply[#reply + 1] = mine and 1 or 0
end
return reply
