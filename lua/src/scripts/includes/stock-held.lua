-- How much is pending at each location, and the lines of each reservation. What is older than staleMs no longer counts and is
-- removed: PostgreSQL judges by itself should it still come.
local function stockHeld(pending, staleMs, now)
  local held, known = {}, {}
  local all = redis.call('HGETALL', pending)
  for nth = 1, #all, 2 do
    local ms, lines = string.match(all[nth + 1], '^(%d+)|(.*)$')
    if tonumber(now) - tonumber(ms) >= tonumber(staleMs) then
      redis.call('HDEL', pending, all[nth])
    else
      known[all[nth]] = lines
      for place, quantity in string.gmatch(lines, '([%w_-]+)=(%d+)') do
        held[place] = (held[place] or 0) + tonumber(quantity)
      end
    end
  end
  return held, known
end
