-- Gives drawn entries their tickets; with the last of a bucket's, tells the gateways that it is drawn.
-- KEYS  lane hash · cards hash shopperKey→card · news channel
-- ARGV  epoch int · layout int · drawn text · (key text · attempt int · ticket int)*
-- REPLY { 'OK', count } | { 'FENCED', epoch }
-- COST  O(tickets)
-- KEEPS a ticket once set is never changed
-- INCLUDE fence
-- INCLUDE unpack-card
-- INCLUDE pack-card
-- INCLUDE tell

local lane, cards, news = KEYS[1], KEYS[2], KEYS[3]
local epoch, layout, drawn = ARGV[1], ARGV[2], ARGV[3]
local fenced = fence(lane, epoch, layout)
if fenced then return fenced end

local count = 0
for at = 4, #ARGV, 3 do
  local key, attempt, ticket = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  local packed = redis.call('HGET', cards, key)
  local card = packed and unpackCard(packed)
  if card and card.attempt == attempt and card.ticket == '' then
    card.ticket = ticket
    redis.call('HSET', cards, key, packCard(card))
    count = count + 1
  end
end

-- '' while batches of the bucket are still to come.
if drawn ~= '' then tell(lane, news, epoch, { t = 'drawn', bucket = tonumber(drawn) }) end
return { 'OK', count }
