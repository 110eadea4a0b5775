-- Takes tokens of a rush's bucket for tries that could buy, after putting back those that were not spent. The bucket
-- is full until the first is taken; a sale whose slot was lost while it sold begins empty (told.lua says so).
-- KEYS  sale hash
-- ARGV  rate text · burst int · wanted int · unspent int
-- REPLY { 'OK', granted, waitMs }
-- COST  O(1)
-- KEEPS granted − put back ≤ burst + rate × time, by this server's clock
-- INCLUDE now-ms

local sale = KEYS[1]
local rate, burst, wanted, unspent = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local there = redis.call('HMGET', sale, 'phase', 'tokens', 'tokensAt')
-- Nobody has told this slot anything yet: it may have been lost, and knows nothing of what was spent.
if not there[1] then return { 'OK', 0, 100 } end

local now = tonumber(nowMs())
local tokens = tonumber(there[2] or burst)
local since = math.max(0, now - tonumber(there[3] or now))
tokens = math.min(tonumber(burst), tokens + tonumber(rate) * since / 1000)
tokens = math.min(tonumber(burst), tokens + tonumber(unspent))
local granted = math.min(tonumber(wanted), math.floor(tokens))
tokens = tokens - granted
redis.call('HSET', sale, 'tokens', string.format('%.6f', tokens), 'tokensAt', string.format('%.0f', now))
return { 'OK', granted, math.ceil((1 - (tokens - math.floor(tokens))) * 1000 / tonumber(rate)) }
