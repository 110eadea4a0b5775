// The shop's word on who this is: it may link here with `#shopper=<JWT>`. The fragment never leaves the browser; it is
// taken out of the address at once and kept for this tab's life, so that a reload can still join.

/** @returns the shopper's JWT, or null when the shop said nothing */
export function takeShopperToken(saleId: string): string | null {
  const key = `dropgate:shopper:${saleId}`;
  const brought = new URLSearchParams(location.hash.slice(1)).get("shopper");
  if (brought !== null) history.replaceState(null, "", location.pathname + location.search);
  try {
    if (brought !== null) sessionStorage.setItem(key, brought);
    return brought ?? sessionStorage.getItem(key);
  } catch {
    return brought;
  }
}
