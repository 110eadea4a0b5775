-- Frees a sale's own copy: of a sale that is no more.
-- KEYS  sale hash
-- ARGV  none
-- REPLY { 'OK' }
-- COST  O(1)
-- KEEPS nothing: whoever asks has removed the sale

local sale = KEYS[1]
redis.call('UNLINK', sale)
return { 'OK' }
