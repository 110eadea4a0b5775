-- Gives drawn entries their tickets; with the last of a bucket's, tells the gateways that it is drawn.
-- KEYS  lane hash · cards hash shopperKey→card · news channel
-- ARGV  epoch int · layout int · drawn text · (key text · attempt int · ticket int)*
-- REPLY { 'OK', count } | { 'FENCED', epoch }
-- COST  O(tickets)
-- KEEPS a ticket once set is never changed
-- INCLUDE fence
-- INCLUDE with-ticket
-- INCLUDE tell

local lane, cards, news = KEYS[1], KEYS[2], KEYS[3]
local epoch, layout, drawn = ARGV[1], ARGV[2], ARGV[3]
local fenced = fence(lane, epoch, layout)
if fenced then return fenced end

local keys, tickets = {}, {}
for at = 4, #ARGV, 3 do
  local key, attempt, ticket = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  keys[#keys + 1] = key
  tickets[#tickets + 1] = { attempt = attempt, ticket = ticket }
end

-- All cards in two calls: with with-ticket 2.5 to 3 µs a card, one by one and unpacked 5.
local writes, set = {}, {}
if #keys > 0 then
  for i, packed in ipairs(redis.call('HMGET', cards, unpack(keys))) do
    local card = packed and withTicket(packed, tickets[i].attempt, tickets[i].ticket)
    -- Named twice in one call, a card has its ticket from the first time.
    if card and not set[keys[i]] then
      set[keys[i]] = true
      writes[#writes + 1] = keys[i]
      writes[#writes + 1] = card
    end
  end
end
if #writes > 0 then redis.call('HSET', cards, unpack(writes)) end

-- '' while batches of the bucket are still to come.
if drawn ~= '' then tell(lane, news, epoch, { t = 'drawn', bucket = tonumber(drawn) }) end
return { 'OK', #writes / 2 }
