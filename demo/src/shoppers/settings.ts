// What the simulated shoppers are told by their environment; a wrong value stops them with a sentence.

export interface ShopperSettings {
  gatewayUrls: string[];
  saleId: string;
  count: number;
  /** How many come in a second. */
  perSecond: number;
  /** Where they pay, and whose customers they are; undefined: there is no shop. */
  shopUrl: string | undefined;
  /** A merchant's key to confirm with directly, instead of by the shop. */
  apiKey: string | undefined;
  /** The key under which the crowd vouches for its own shoppers. */
  shopperKey: { kid: string; secret: string } | undefined;
}

export type ReadSettings = { ok: true; settings: ShopperSettings } | { ok: false; sentences: string[] };

export const HELP = `Sends simulated shoppers to a sale. Most pay; some dawdle, give their unit back, are declined, or leave.

  GATEWAY_URL          where the gateway is (several by comma)                   http://127.0.0.1:8080
  SALE_ID              the sale they come for
  COUNT                how many                                                  200
  PER_SECOND           how many come in a second                                 COUNT / 20, at least 5, at most 250
  SHOP_URL             the demo shop: where they sign in and pay
  API_KEY              a merchant's key: confirm directly, without the shop
  SHOPPER_KEY_ID, SHOPPER_KEY_SECRET
                       the HS256 key that vouches for them; without it the shop does, and without
                       a shop they come anonymously, each with a cookie of its own (the gateway
                       limits those by address: start it with JOINS_PER_ADDRESS=off)
`;

export function readShopperSettings(env: Record<string, string | undefined>): ReadSettings {
  const sentences: string[] = [];
  const address = (name: string, text: string): string => {
    if (/^https?:\/\/[^\s/]+/.test(text)) return text.replace(/\/+$/, "");
    sentences.push(`${name} is ${JSON.stringify(text)}: an http(s) address was expected.`);
    return text;
  };
  const whole = (name: string, fallback: number): number => {
    const text = env[name] ?? "";
    const value = text === "" ? fallback : Number(text);
    if (Number.isInteger(value) && value >= 1 && value <= 1_000_000) return value;
    sentences.push(`${name} is ${JSON.stringify(text)}: a whole number from 1 to 1,000,000 was expected.`);
    return fallback;
  };
  const present = (name: string): string | undefined => (env[name] === "" ? undefined : env[name]);
  const saleId = present("SALE_ID");
  if (saleId === undefined) sentences.push("SALE_ID is not set: which sale do they come for?");
  const count = whole("COUNT", 200);
  const kid = present("SHOPPER_KEY_ID");
  const secret = present("SHOPPER_KEY_SECRET");
  const shop = present("SHOP_URL");
  const settings: ShopperSettings = {
    gatewayUrls: (present("GATEWAY_URL") ?? "http://127.0.0.1:8080")
      .split(",")
      .map((url) => address("GATEWAY_URL", url.trim())),
    saleId: saleId ?? "",
    count,
    perSecond: whole("PER_SECOND", Math.min(250, Math.max(5, Math.ceil(count / 20)))),
    shopUrl: shop === undefined ? undefined : address("SHOP_URL", shop),
    apiKey: present("API_KEY"),
    shopperKey: kid !== undefined && secret !== undefined ? { kid, secret } : undefined,
  };
  return sentences.length > 0 ? { ok: false, sentences } : { ok: true, settings };
}
