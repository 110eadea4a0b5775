-- Redis' clock in ms, as text: a number this size must not become 1.7e+12 on its way.
local function nowMs()
  local time = redis.call('TIME')
  return string.format('%.0f', tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000))
end
