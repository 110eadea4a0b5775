-- Brings the lane's copy of the phase up to date, reads its small state, and repeats its message number so
-- that a gateway which missed the last message sees the gap.
-- KEYS  lane hash · pool zset of units · taken hash unit→holder|ms · pending hash unit→holdId · news channel
-- ARGV  epoch int · layout int · phase text · version int · limit int · publish flag · pendingMax int
-- REPLY { 'OK', phase, version, limit, bucket, opened, seq, stored, msg, waiting, now, free,
--       { unit, holdId, ms* } } | { 'FENCED', epoch }
-- COST  O(pendingMax)
-- KEEPS the phase copy's version never falls
-- INCLUDE fence
-- INCLUDE now-ms
-- INCLUDE holder-of

local lane, pool, taken, pending, news = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local epoch, layout, phase, version, limit = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local publish, pendingMax = ARGV[6], ARGV[7]
local fenced = fence(lane, epoch, layout)
if fenced then return fenced end

if tonumber(version) > tonumber(redis.call('HGET', lane, 'version')) then
  redis.call('HSET', lane, 'phase', phase, 'version', version, 'limit', limit)
end

-- Any of them, not the first: a few that cannot be settled must not hide the others.
local takes = {}
local undecided = redis.call('HRANDFIELD', pending, pendingMax, 'WITHVALUES')
for at = 1, #undecided, 2 do
  local unit, holdId = undecided[at], undecided[at + 1]
  local _, ms = holderOf(redis.call('HGET', taken, unit))
  takes[#takes + 1] = unit
  takes[#takes + 1] = holdId
  takes[#takes + 1] = ms
end

local s = redis.call('HMGET', lane, 'phase', 'version', 'limit', 'bucket', 'opened', 'seq', 'stored', 'msg',
  'waiting')
if publish == '1' then
  redis.call('SPUBLISH', news, string.format('%s|%s|%s', epoch, s[8], cjson.encode({ t = 'pulse' })))
end
return { 'OK', s[1], s[2], s[3], s[4], s[5] or '', s[6], s[7], s[8], s[9], nowMs(),
  redis.call('ZCARD', pool), takes }
