-- Takes shoppers into the lane's open bucket; offering a join again changes nothing.
-- KEYS  lane hash · cards hash shopperKey→card · arrivals stream
-- ARGV  epoch int · layout int · acknowledged flag · (key text · entryId text · shopper text · attempt int)*
-- REPLY { 'OK', { 'new', card } | { 'same', card } | { 'again', attempt } | { 'limit' } | { 'notOpen' } |
--       { 'closed' }* } | { 'FENCED', epoch }
-- COST  O(joins)
-- KEEPS a shopper has one card; a new card is the successor of a final one, below the limit, and has an arrival
-- INCLUDE fence
-- INCLUDE now-ms
-- INCLUDE unpack-card
-- INCLUDE pack-card
-- INCLUDE is-final

local lane, cards, arrivals = KEYS[1], KEYS[2], KEYS[3]
local epoch, layout, acknowledged = ARGV[1], ARGV[2], ARGV[3]
local fenced = fence(lane, epoch, layout)
if fenced then return fenced end

local state = redis.call('HMGET', lane, 'phase', 'limit', 'bucket', 'seq')
local phase, limit, bucket, seq = state[1], tonumber(state[2]), state[3], tonumber(state[4])
local now = nowMs()
-- A join that has its receipt is owed its place, though the sale closed while its lane was lost.
local shut = acknowledged ~= '1' and (phase == 'scheduled' and 'notOpen' or phase == 'closed' and 'closed')
local came = 0

local reply = { 'OK' }
for at = 4, #ARGV, 4 do
  local key, entryId, shopper, attempt = ARGV[at], ARGV[at + 1], ARGV[at + 2], tonumber(ARGV[at + 3])
  local packed = redis.call('HGET', cards, key)
  local card = packed and unpackCard(packed)
  -- Without a card any attempt is taken: the card may have been lost with its lane, and PostgreSQL judges.
  local right = attempt
  if card then right = tonumber(card.attempt) + (isFinal(card) and 1 or 0) end

  if card and not isFinal(card) and attempt <= right then
    reply[#reply + 1] = { 'same', packed }
  elseif shut then
    reply[#reply + 1] = { shut }
  elseif card and isFinal(card) and tonumber(card.bought) >= limit then
    reply[#reply + 1] = { 'limit' }
  elseif attempt ~= right then
    reply[#reply + 1] = { 'again', right }
  else
    seq = seq + 1
    came = came + 1
    local new = packCard({
      attempt = string.format('%.0f', attempt), rev = '0', state = 'w', misses = '0',
      bought = card and card.bought or '0', bucket = bucket, seq = string.format('%.0f', seq),
      ticket = '', holdId = '', claimBy = '', expiresAt = '',
    })
    redis.call('HSET', cards, key, new)
    redis.call('XADD', arrivals, string.format('%.0f-0', seq), 'kind', 'join', 'entry', entryId, 'key', key,
      'shopper', shopper, 'attempt', string.format('%.0f', attempt), 'bucket', bucket, 'ms', now)
    reply[#reply + 1] = { 'new', new }
  end
end

if came > 0 then
  redis.call('HSET', lane, 'seq', string.format('%.0f', seq))
  redis.call('HINCRBY', lane, 'waiting', came)
  redis.call('HSETNX', lane, 'opened', now)
end
return reply
