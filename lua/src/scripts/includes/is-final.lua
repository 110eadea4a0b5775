-- Whether a card's entry has ended for good (contracts' isFinalEntry; a leave not yet stored is one too).
local function isFinal(card)
  if card.state == 'm' then return tonumber(card.misses) >= 2 end
  return card.state ~= 'w' and card.state ~= 'o' and card.state ~= 'h'
end
