-- Begins tries of a rush's shoppers: who may buy has one try under way at a time, on whatever gateway.
-- KEYS  lane hash · cards hash shopperKey→card · attempts hash shopperKey→tryId|ms
-- ARGV  epoch int · layout int · staleMs ms · (key text · tryId text)*
-- REPLY { 'OK', { 'begun', attempt } | { 'held', card } | { 'limit' } | { 'busy' } | { 'shut', phase }* } |
--       { 'FENCED', epoch }
-- COST  O(tries)
-- KEEPS a shopper has one try at a time, and none while they hold a unit or have bought all they may
-- INCLUDE fence
-- INCLUDE now-ms
-- INCLUDE unpack-card
-- INCLUDE is-final
-- INCLUDE holder-of

local lane, cards, attempts = KEYS[1], KEYS[2], KEYS[3]
local epoch, layout, staleMs = ARGV[1], ARGV[2], ARGV[3]
local fenced = fence(lane, epoch, layout)
if fenced then return fenced end

local state = redis.call('HMGET', lane, 'phase', 'limit')
local phase, limit = state[1], tonumber(state[2])
-- Sold out, a unit that came back is sold before the phase has followed.
local open = phase == 'live' or phase == 'sold_out'
local now = nowMs()

local reply = { 'OK' }
for at = 4, #ARGV, 2 do
  local key, tryId = ARGV[at], ARGV[at + 1]
  local packed = redis.call('HGET', cards, key)
  local card = packed and unpackCard(packed)
  if card and not isFinal(card) then
    reply[#reply + 1] = { 'held', packed }
  elseif card and tonumber(card.bought) >= limit then
    reply[#reply + 1] = { 'limit' }
  elseif not open then
    reply[#reply + 1] = { 'shut', phase }
  else
    local _, since = holderOf(redis.call('HGET', attempts, key))
    if since and tonumber(now) - tonumber(since) < tonumber(staleMs) then
      reply[#reply + 1] = { 'busy' }
    else
      redis.call('HSET', attempts, key, tryId .. '|' .. now)
      reply[#reply + 1] = { 'begun', card and tonumber(card.attempt) + 1 or 1 }
    end
  end
end
return reply
