-- Writes what PostgreSQL says of entries, unless the card there is as new; names those written to the gateways.
-- KEYS  lane hash · cards hash shopperKey→card · news channel
-- ARGV  epoch int · layout int · publish flag · (key text · card text)*
-- REPLY { 'OK', 'written' | 'old' | 'left'* } | { 'FENCED', epoch }
-- COST  O(cards)
-- KEEPS (attempt, rev) of a card never falls; a leave that is not stored yet is not hidden by an offer, nor by
--       a place in line; a ticket is not lost to a card that was read before the draw
-- INCLUDE fence
-- INCLUDE unpack-card
-- INCLUDE pack-card
-- INCLUDE tell

local lane, cards, news = KEYS[1], KEYS[2], KEYS[3]
local epoch, layout, publish = ARGV[1], ARGV[2], ARGV[3]
local fenced = fence(lane, epoch, layout)
if fenced then return fenced end

local waiting = 0
local written = {}

-- Puts the card there unless what is there is as new; says which it was.
local function write(key, card)
  local packed = redis.call('HGET', cards, key)
  local there = packed and unpackCard(packed)
  local same = there and there.attempt == card.attempt
  if same and there.state == 'L' and card.state == 'o' then return 'left' end
  if there then
    local attemptThere, attempt = tonumber(there.attempt), tonumber(card.attempt)
    if attemptThere > attempt then return 'old' end
    if same and tonumber(there.rev) >= tonumber(card.rev) then return 'old' end
  end
  if same and card.ticket == '' then card.ticket = there.ticket end
  -- The leave is among the arrivals and will be stored; until then nobody shall be seen waiting again.
  if same and there.state == 'L' and (card.state == 'w' or card.state == 'm') then card.state = 'L' end
  if there and there.state == 'w' then waiting = waiting - 1 end
  if card.state == 'w' then waiting = waiting + 1 end
  redis.call('HSET', cards, key, packCard(card))
  written[#written + 1] = key
  return 'written'
end

local reply = { 'OK' }
for at = 4, #ARGV, 2 do
  local key, card = ARGV[at], ARGV[at + 1]
  reply[#reply + 1] = write(key, unpackCard(card))
end

if waiting ~= 0 then redis.call('HINCRBY', lane, 'waiting', waiting) end
if publish == '1' and #written > 0 then tell(lane, news, epoch, { t = 'cards', keys = written }) end
return reply
