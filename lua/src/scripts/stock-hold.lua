-- Holds quantities of a SKU for reservations that PostgreSQL is about to judge: all lines of one, or none.
-- KEYS  stockLevels hash location→rev|onHand|allocated|reserved|safetyStock|sellable · stockPending hash reservation→ms|location=quantity,…
-- ARGV  staleMs ms · keepMs ms · (reservationId text · lines text)*
-- REPLY { 'OK', { 'held' } | { 'short', (location, available)* }* } | { 'LOAD', token }
-- COST  O(locations + pending + lines)
-- KEEPS what is pending at a location is never more than what its mirrored level has available
-- INCLUDE now-ms
-- INCLUDE stock-loaded
-- INCLUDE stock-held
-- INCLUDE unrepeated

local stockLevels, stockPending = KEYS[1], KEYS[2]
local staleMs, keepMs = ARGV[1], ARGV[2]
unrepeated()

-- All that is looked at, in one look.
local wanted, asked, left = {}, { '.' }, {}
for at = 3, #ARGV, 2 do
  local reservationId, lines = ARGV[at], ARGV[at + 1]
  local quantities = {}
  for place, quantity in string.gmatch(lines, '([%w_-]+)=(%d+)') do
    quantities[place] = (quantities[place] or 0) + tonumber(quantity)
    if not left[place] then
      asked[#asked + 1] = place
      left[place] = -math.huge
    end
  end
  wanted[#wanted + 1] = { reservationId = reservationId, lines = lines, quantities = quantities }
end
local found = redis.call('HMGET', stockLevels, unpack(asked))
local token = stockLoaded(stockLevels, found[1], keepMs)
if token then return { 'LOAD', token } end

local now = nowMs()
local held, known = stockHeld(stockPending, staleMs, now)
local isNew = next(known) == nil
for nth = 2, #asked do
  local place = asked[nth]
  local onHand, allocated, reserved, safety, sellable =
    string.match(found[nth] or '', '^%d+|(%d+)|(%d+)|(%d+)|(%d+)|(%d)$')
  if sellable == '1' then left[place] = onHand - allocated - reserved - safety - (held[place] or 0) end
end

local reply = { 'OK' }
for _, hold in ipairs(wanted) do
  local reservationId = hold.reservationId
  -- Proposed again, by who had no answer or has another plan: what it held before is its own to take.
  if known[reservationId] then
    for place, quantity in string.gmatch(known[reservationId], '([%w_-]+)=(%d+)') do
      if left[place] then left[place] = left[place] + tonumber(quantity) end
    end
    redis.call('HDEL', stockPending, reservationId)
    known[reservationId] = nil
    isNew = isNew or next(known) == nil
  end
  local short = { 'short' }
  for place, quantity in pairs(hold.quantities) do
    if left[place] < quantity then
      short[#short + 1] = place
      short[#short + 1] = math.max(0, left[place])
    end
  end
  if #short == 1 then
    for place, quantity in pairs(hold.quantities) do left[place] = left[place] - quantity end
    redis.call('HSET', stockPending, reservationId, now .. '|' .. hold.lines)
    known[reservationId] = hold.lines
  end
  reply[#reply + 1] = #short == 1 and { 'held' } or short
end
-- What is pending counts for seconds; that its hash goes by itself is for a SKU that nobody asks for any more.
if isNew then redis.call('PEXPIRE', stockPending, keepMs) end
return reply
