-- Takes shoppers out of the line who wait for a turn, or for the place they missed to be asked for again.
-- KEYS  lane hash · cards hash shopperKey→card · arrivals stream
-- ARGV  epoch int · layout int · (key text · entryId text · attempt int)*
-- REPLY { 'OK', { 'left', seq } | { 'same' } | { 'hold' } | { 'wrong' } | { 'none' }* } | { 'FENCED', epoch }
-- COST  O(leaves)
-- KEEPS whoever left has an arrival that says so; an offered or held entry is left to PostgreSQL
-- INCLUDE fence
-- INCLUDE now-ms
-- INCLUDE unpack-card
-- INCLUDE pack-card

local lane, cards, arrivals = KEYS[1], KEYS[2], KEYS[3]
local epoch, layout = ARGV[1], ARGV[2]
local fenced = fence(lane, epoch, layout)
if fenced then return fenced end

local state = redis.call('HMGET', lane, 'bucket', 'seq')
local bucket, seq = state[1], tonumber(state[2])
local now = nowMs()
local went, waited = 0, 0

local reply = { 'OK' }
for at = 3, #ARGV, 3 do
  local key, entryId, attempt = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2])
  local packed = redis.call('HGET', cards, key)
  local card = packed and unpackCard(packed)
  if not card or tonumber(card.attempt) < attempt then
    reply[#reply + 1] = { 'none' }
  elseif tonumber(card.attempt) > attempt then
    reply[#reply + 1] = { 'wrong' }
  elseif card.state == 'l' or card.state == 'L' then
    reply[#reply + 1] = { 'same' }
  elseif card.state == 'o' or card.state == 'h' then
    reply[#reply + 1] = { 'hold' }
  elseif card.state == 'w' or card.state == 'm' then
    if card.state == 'w' then waited = waited + 1 end
    seq = seq + 1
    went = went + 1
    card.state = 'L'
    redis.call('HSET', cards, key, packCard(card))
    redis.call('XADD', arrivals, string.format('%.0f-0', seq), 'kind', 'leave', 'entry', entryId, 'key', key,
      'attempt', card.attempt, 'bucket', bucket, 'ms', now)
    reply[#reply + 1] = { 'left', seq }
  else
    reply[#reply + 1] = { 'wrong' }
  end
end

if went > 0 then
  redis.call('HSET', lane, 'seq', string.format('%.0f', seq))
end
-- Not by nothing: Lua has a -0, which is no number for Redis.
if waited > 0 then redis.call('HINCRBY', lane, 'waiting', -waited) end
return reply
