// The JWT by which the shop vouches for a shopper, made with whatever HMAC the engine has: k6 knows neither node:crypto
// nor Buffer. Vouched-for shoppers are limited each by themselves, not by the one address that all of the load has.

export type SignHs256 = (secret: string, text: string) => string;

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** base64url of ASCII text: the header and claims below are nothing else. */
export function base64url(ascii: string): string {
  let coded = "";
  for (let i = 0; i < ascii.length; i += 3) {
    const [a, b, c] = [ascii.charCodeAt(i), ascii.charCodeAt(i + 1), ascii.charCodeAt(i + 2)];
    const bits = (a << 16) | ((b || 0) << 8) | (c || 0);
    const letters = [18, 12, 6, 0].map((shift) => ALPHABET[(bits >> shift) & 63] ?? "");
    coded += letters.slice(0, Math.min(3, ascii.length - i) + 1).join("");
  }
  return coded;
}

export interface ShopperClaims {
  sub: string;
  sale: string;
  /** Unix seconds. */
  exp: number;
}

/** `sign` answers base64url. */
export function shopperJwt(
  claims: ShopperClaims,
  key: { kid: string; secret: string },
  sign: SignHs256,
): string {
  const head = { alg: "HS256", kid: key.kid };
  const text = `${base64url(JSON.stringify(head))}.${base64url(JSON.stringify(claims))}`;
  return `${text}.${sign(key.secret, text)}`;
}
