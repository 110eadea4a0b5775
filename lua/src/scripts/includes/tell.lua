-- Sends the lane's next numbered message: epoch|n|json. Who misses a number reads the cards again.
local function tell(lane, news, epoch, message)
  local number = redis.call('HINCRBY', lane, 'msg', 1)
  redis.call('SPUBLISH', news, string.format('%s|%.0f|%s', epoch, number, cjson.encode(message)))
end
