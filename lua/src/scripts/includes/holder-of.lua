-- Who a taken record (holder|ms) names, and since when; nil when there is none.
local function holderOf(record)
  if not record then return nil end
  return string.match(record, '^(.*)|(%d+)$')
end
