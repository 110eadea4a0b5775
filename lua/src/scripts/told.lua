-- Keeps what the sale's gateways were told last, and tells them when something differs.
-- KEYS  sale hash · saleNews channel
-- ARGV  phase text · version int · serving int · waiting int · rate text · force flag
-- REPLY { 'OK', 'told' | 'same' | 'old' }
-- COST  O(1)
-- KEEPS neither version nor serving falls: of two workers the later one's word stays
-- INCLUDE now-ms

local sale, saleNews = KEYS[1], KEYS[2]
local phase, version, serving, waiting, rate, force = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local there = redis.call('HMGET', sale, 'phase', 'version', 'serving', 'waiting', 'rate')
if there[1] and (tonumber(there[2]) > tonumber(version) or tonumber(there[3]) > tonumber(serving)) then
  return { 'OK', 'old' }
end
local same = there[1] == phase and there[2] == version and there[3] == serving and there[4] == waiting and
  there[5] == rate
if same and force ~= '1' then return { 'OK', 'same' } end

local now = nowMs()
-- Born anew while the sale sells: what was spent of a rush's tokens is not known, so none are left.
local sells = phase == 'live' or phase == 'paused' or phase == 'sold_out'
if not there[1] and sells then redis.call('HSET', sale, 'tokens', '0', 'tokensAt', now) end
redis.call('HSET', sale, 'phase', phase, 'version', version, 'serving', serving, 'waiting', waiting,
  'rate', rate, 'at', now)
redis.call('SPUBLISH', saleNews, cjson.encode({ phase = phase, version = tonumber(version),
  serving = tonumber(serving), waiting = tonumber(waiting), rate = tonumber(rate), at = tonumber(now) }))
return { 'OK', 'told' }
