-- Mirrors a level's row unless a newer revision is `there`. Of two rows with one revision the later told stays: after
-- PostgreSQL has lost its last moments to a failover, a revision may come twice.
local function stockWrite(levels, place, there, row)
  local newer = not there or tonumber(string.match(row, '^%d+')) >= tonumber(string.match(there, '^%d+'))
  if newer and there ~= row then redis.call('HSET', levels, place, row) end
  return newer and there ~= row
end
