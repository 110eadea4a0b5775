-- The text that unpackCard reads, in the order of card.ts.
local function packCard(card)
  return table.concat({ card.attempt, card.rev, card.state, card.misses, card.bought, card.bucket, card.seq,
    card.ticket, card.holdId, card.claimBy, card.expiresAt }, '|')
end
