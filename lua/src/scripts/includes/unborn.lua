-- Nil when the lane has no epoch yet, or a lower one than the caller fills; else the refusal.
local function unborn(lane, epoch)
  local there = redis.call('HGET', lane, 'epoch')
  if not there or tonumber(there) < tonumber(epoch) then return nil end
  return { 'FENCED', there }
end
