// Where the checkout is, with the pass in the fragment: the part of an address that no server and no log ever sees.

/** @returns null without an address, without a pass, or for an address that is none of the web's */
export function checkoutAddress(checkoutUrl: string | undefined, pass: string | null): string | null {
  const address = webAddress(checkoutUrl);
  if (address === null || pass === null) return null;
  return `${address.split("#", 1)[0]}#pass=${encodeURIComponent(pass)}`;
}

/** Only http(s) addresses and paths of our own host, whatever was stored; else null. */
export function webAddress(text: string | undefined): string | null {
  if (text === undefined) return null;
  return /^https?:\/\/[^\s]+$/i.test(text) || /^\/(?![/\\])/.test(text) ? text : null;
}
