-- Frees all that a lane has, and the lane itself: of a sale that is no more.
-- KEYS  lane hash · arrivals stream · cards hash · pool zset · taken hash · pending hash ·
--       attempts hash
-- ARGV  epoch int
-- REPLY { 'OK' } | { 'FENCED', epoch }
-- COST  O(1) here; Redis frees the memory behind
-- KEEPS a lane that has been filled anew since stays as it is

local lane, arrivals, cards, pool, taken, pending = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local attempts = KEYS[7]
local epoch = ARGV[1]
local there = redis.call('HGET', lane, 'epoch')
if there and tonumber(there) > tonumber(epoch) then return { 'FENCED', there } end

redis.call('UNLINK', lane, arrivals, cards, pool, taken, pending, attempts)
return { 'OK' }
