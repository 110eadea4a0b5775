-- Nil when the SKU's levels are mirrored whole, as their field '.' says, which is the `state`. Else the token of the
-- load that is to be made, begun by this call if none is: what is written from now on is kept, so a load that reads
-- older rows cannot bring them back. One script runs at a time and takes longer than a microsecond, so no two loads of a
-- SKU have one token.
local function stockLoaded(levels, state, keepMs)
  if state == 'loaded' then return nil end
  if state then return state end
  local time = redis.call('TIME')
  local token = time[1] .. '.' .. time[2]
  redis.call('HSET', levels, '.', token)
  redis.call('PEXPIRE', levels, keepMs)
  return token
end
