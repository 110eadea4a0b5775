-- Frees the data of an epoch that has ended.
-- KEYS  lane hash · arrivals stream · cards hash · pool zset · taken hash · pending hash ·
--       attempts hash
-- ARGV  epoch int
-- REPLY { 'OK' } | { 'FENCED', epoch }
-- COST  O(1) here; Redis frees the memory behind
-- KEEPS only what a higher epoch has replaced is dropped

local lane, arrivals, cards, pool, taken, pending = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local attempts = KEYS[7]
local epoch = ARGV[1]
local there = redis.call('HGET', lane, 'epoch')
if not there or tonumber(there) <= tonumber(epoch) then return { 'FENCED', there or '' } end

redis.call('UNLINK', arrivals, cards, pool, taken, pending, attempts)
return { 'OK' }
