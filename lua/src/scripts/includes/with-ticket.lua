-- A packed card of that attempt with its ticket set; nil when it is another attempt's or has one. Unpacking and
-- packing all of its fields (in the order of card.ts) costs twice as much.
local function withTicket(packed, attempt, ticket)
  local before, of, after = string.match(packed, '^((%d+)|%d+|%a|%d+|%d+|%d+|%d+|)(|.*)$')
  if of ~= attempt then return nil end
  return before .. ticket .. after
end
