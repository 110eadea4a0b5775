-- Nil when the lane is in the caller's epoch and layout; else the refusal, having touched nothing.
local function fence(lane, epoch, layout)
  local there = redis.call('HMGET', lane, 'epoch', 'layout')
  if there[1] == epoch and there[2] == layout then return nil end
  return { 'FENCED', there[1] or '' }
end
