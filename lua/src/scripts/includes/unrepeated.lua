-- What is mirrored and shown of stock is this server's for as long as it runs: its keys bear the name of the run, so
-- neither a replica that takes over nor the server itself after a start ever asks for them. They are not written to
-- its log nor sent to its replicas, which was as much work as the scripts themselves.
local function unrepeated()
  redis.set_repl(redis.REPL_NONE)
end
