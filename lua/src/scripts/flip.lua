-- Makes an epoch that was filled the lane's own, in one step, and tells the gateways.
-- KEYS  lane hash · news channel
-- ARGV  epoch int · layout int · phase text · version int · limit int · bucket int · begun flag · seq int ·
--       waiting int · settleMs ms
-- REPLY { 'OK' } | { 'FENCED', epoch }
-- COST  O(1)
-- KEEPS a lane's epoch only rises
-- INCLUDE unborn
-- INCLUDE now-ms
-- INCLUDE tell

local lane, news = KEYS[1], KEYS[2]
local epoch, layout, phase, version, limit = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local bucket, begun, seq, waiting, settleMs = ARGV[6], ARGV[7], ARGV[8], ARGV[9], ARGV[10]
local fenced = unborn(lane, epoch)
if fenced then return fenced end

local now = nowMs()
redis.call('DEL', lane)
redis.call('HSET', lane, 'epoch', epoch, 'layout', layout, 'phase', phase, 'version', version,
  'limit', limit, 'bucket', bucket, 'seq', seq, 'stored', seq, 'waiting', waiting, 'msg', '0',
  'settle', string.format('%.0f', tonumber(now) + tonumber(settleMs)))
-- A bucket that has arrivals already must be closed though nobody else comes.
if begun == '1' then redis.call('HSET', lane, 'opened', now) end
tell(lane, news, epoch, { t = 'flip' })
return { 'OK' }
