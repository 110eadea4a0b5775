-- PostgreSQL has the arrivals up to a number: they are trimmed here, and gateways told to drop their journals.
-- KEYS  lane hash · arrivals stream · news channel
-- ARGV  epoch int · layout int · seq int
-- REPLY { 'OK', stored } | { 'FENCED', epoch }
-- COST  O(records trimmed)
-- KEEPS `stored` never falls and never passes `seq`; an arrival beyond it is never trimmed
-- INCLUDE fence
-- INCLUDE tell

local lane, arrivals, news = KEYS[1], KEYS[2], KEYS[3]
local epoch, layout, seq = ARGV[1], ARGV[2], tonumber(ARGV[3])
local fenced = fence(lane, epoch, layout)
if fenced then return fenced end

local state = redis.call('HMGET', lane, 'stored', 'seq')
local stored = tonumber(state[1])
local upTo = math.min(seq, tonumber(state[2]))
if upTo <= stored then return { 'OK', stored } end

redis.call('HSET', lane, 'stored', string.format('%.0f', upTo))
redis.call('XTRIM', arrivals, 'MINID', string.format('%.0f-0', upTo + 1))
tell(lane, news, epoch, { t = 'stored', seq = upTo })
return { 'OK', upTo }
