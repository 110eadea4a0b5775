-- Redis' clock in ms, as text: a number this size must not become 1.7e+12 on its way.
-- Looked at once: for a script no time passes.
local nowOnce
local function nowMs()
  if nowOnce then return nowOnce end
  local time = redis.call('TIME')
  nowOnce = string.format('%.0f', tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000))
  return nowOnce
end
