-- Closes the open bucket with a marker among the arrivals and opens the next.
-- KEYS  lane hash · arrivals stream
-- ARGV  epoch int · layout int · bucket int
-- REPLY { 'OK', 'closed', seq } | { 'OK', 'same' } | { 'OK', 'early', bucket } | { 'OK', 'settling', ms } |
--       { 'FENCED', epoch }
-- COST  O(1)
-- KEEPS buckets close one by one, each with exactly one marker; none while journals may still arrive
-- INCLUDE fence
-- INCLUDE now-ms

local lane, arrivals = KEYS[1], KEYS[2]
local epoch, layout, bucket = ARGV[1], ARGV[2], tonumber(ARGV[3])
local fenced = fence(lane, epoch, layout)
if fenced then return fenced end

local state = redis.call('HMGET', lane, 'bucket', 'settle')
local open, settle = tonumber(state[1]), tonumber(state[2])
if open > bucket then return { 'OK', 'same' } end
if open < bucket then return { 'OK', 'early', open } end
local now = nowMs()
if tonumber(now) < settle then return { 'OK', 'settling', settle - tonumber(now) } end

local seq = redis.call('HINCRBY', lane, 'seq', 1)
redis.call('XADD', arrivals, string.format('%.0f-0', seq), 'kind', 'close',
  'bucket', string.format('%.0f', bucket), 'ms', now)
redis.call('HSET', lane, 'bucket', string.format('%.0f', bucket + 1))
redis.call('HDEL', lane, 'opened')
return { 'OK', 'closed', seq }
