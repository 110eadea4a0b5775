-- Reads the ordered log after a number.
-- KEYS  lane hash · arrivals stream
-- ARGV  epoch int · layout int · after int · count int
-- REPLY { 'OK', { record* } } | { 'FENCED', epoch }
-- COST  O(records read)
-- KEEPS changes nothing
-- INCLUDE fence
-- INCLUDE pack-records

local lane, arrivals = KEYS[1], KEYS[2]
local epoch, layout, after, count = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local fenced = fence(lane, epoch, layout)
if fenced then return fenced end

return { 'OK', packRecords(redis.call('XRANGE', arrivals, string.format('(%s-0', after), '+', 'COUNT', count)) }
