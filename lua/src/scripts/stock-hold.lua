-- Holds quantities of a SKU for reservations that PostgreSQL is about to judge: all lines of one, or none.
-- KEYS  stockLevels hash location→rev|onHand|allocated|reserved|safetyStock|sellable · stockPending hash reservation→ms|location=quantity,…
-- ARGV  staleMs ms · keepMs ms · (reservationId text · lines text)*
-- REPLY { 'OK', { 'held' } | { 'short', (location, available)* }* } | { 'LOAD', token }
-- COST  O(locations + pending + lines)
-- KEEPS what is pending at a location is never more than what its mirrored level has available
-- INCLUDE now-ms
-- INCLUDE stock-loaded
-- INCLUDE stock-held

local stockLevels, stockPending = KEYS[1], KEYS[2]
local staleMs, keepMs = ARGV[1], ARGV[2]
local token = stockLoaded(stockLevels, keepMs)
if token then return { 'LOAD', token } end

local now = nowMs()
local held, known = stockHeld(stockPending, staleMs, now)
local left = {}
local function availableAt(place)
  if left[place] == nil then
    local row = redis.call('HGET', stockLevels, place)
    local onHand, allocated, reserved, safety, sellable =
      string.match(row or '', '^%d+|(%d+)|(%d+)|(%d+)|(%d+)|(%d)$')
    left[place] = sellable == '1' and onHand - allocated - reserved - safety - (held[place] or 0) or -math.huge
  end
  return left[place]
end

local reply = { 'OK' }
for at = 3, #ARGV, 2 do
  local reservationId, lines = ARGV[at], ARGV[at + 1]
  -- Proposed again, by who had no answer or has another plan: what it held before is its own to take.
  if known[reservationId] then
    for place, quantity in string.gmatch(known[reservationId], '([%w_-]+)=(%d+)') do
      left[place] = availableAt(place) + tonumber(quantity)
    end
    redis.call('HDEL', stockPending, reservationId)
    known[reservationId] = nil
  end
  local wanted, short = {}, { 'short' }
  for place, quantity in string.gmatch(lines, '([%w_-]+)=(%d+)') do
    wanted[place] = (wanted[place] or 0) + tonumber(quantity)
  end
  for place, quantity in pairs(wanted) do
    if availableAt(place) < quantity then
      short[#short + 1] = place
      short[#short + 1] = math.max(0, availableAt(place))
    end
  end
  if #short == 1 then
    for place, quantity in pairs(wanted) do left[place] = left[place] - quantity end
    redis.call('HSET', stockPending, reservationId, now .. '|' .. lines)
    known[reservationId] = lines
  end
  reply[#reply + 1] = #short == 1 and { 'held' } or short
end
redis.call('PEXPIRE', stockPending, keepMs)
return reply
