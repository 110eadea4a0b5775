-- The fields of a packed card by name, as texts; absent ones are ''.
local function unpackCard(packed)
  local card = {}
  card.attempt, card.rev, card.state, card.misses, card.bought, card.bucket, card.seq, card.ticket,
    card.holdId, card.claimBy, card.expiresAt = string.match(packed,
    '^(%d+)|(%d+)|(%a)|(%d+)|(%d+)|(%d+)|(%d+)|(%d*)|([%w_-]*)|(%d*)|(%d*)$')
  return card
end
