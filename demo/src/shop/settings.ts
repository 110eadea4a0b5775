// What the demo shop is told by its environment; a wrong value stops the start with a sentence.

export interface ShopSettings {
  /** 0: any free port. */
  port: number;
  host: string;
  processName: string;
  /** Where the shop's server calls the gateway. */
  gatewayUrl: string;
  /** Where shoppers' browsers find it. */
  gatewayPublicUrl: string;
  /** `iss` of the passes that count. */
  passIssuer: string;
  apiKey: string;
  /** The one sale that is shown; without it the liveliest of the gateway's public ones. */
  saleId: string | undefined;
  /** Where passes and orders are kept. */
  dataDirectory: string;
  /** How long the pretended bank takes to charge a card, in ms. */
  chargeMs: number;
  /** The key under which this shop vouches for its customers; without one it asks the gateway for one. */
  shopperKey: { kid: string; secret: string } | undefined;
}

export type ReadSettings = { ok: true; settings: ShopSettings } | { ok: false; sentences: string[] };

export function readShopSettings(env: Record<string, string | undefined>): ReadSettings {
  const sentences: string[] = [];
  const whole = (name: string, fallback: number, most: number): number => {
    const text = env[name] ?? "";
    const value = text === "" ? fallback : Number(text);
    if (Number.isInteger(value) && value >= 0 && value <= most) return value;
    sentences.push(`${name} is ${JSON.stringify(text)}: a whole number from 0 to ${most} was expected.`);
    return fallback;
  };
  const address = (name: string, fallback: string): string => {
    const text = (env[name] ?? "") === "" ? fallback : (env[name] ?? "");
    if (/^https?:\/\/[^\s/]+/.test(text)) return text.replace(/\/+$/, "");
    sentences.push(`${name} is ${JSON.stringify(text)}: an http(s) address was expected.`);
    return fallback;
  };
  const apiKey = env.API_KEY ?? "";
  if (apiKey === "") sentences.push("API_KEY is not set: the shop needs a key with the scope merchant.");
  const gatewayUrl = address("GATEWAY_URL", "http://127.0.0.1:8080");
  const gatewayPublicUrl = address("GATEWAY_PUBLIC_URL", gatewayUrl);
  const settings: ShopSettings = {
    port: whole("PORT", 8090, 65_535),
    host: env.HOST ?? "127.0.0.1",
    processName: env.PROCESS_NAME ?? "shop",
    gatewayUrl,
    gatewayPublicUrl,
    // A gateway signs under the name by which browsers know it.
    passIssuer: env.PASS_ISSUER ?? gatewayPublicUrl,
    apiKey,
    saleId: env.SALE_ID === "" ? undefined : env.SALE_ID,
    dataDirectory: env.SHOP_DATA ?? ".dropgate/shop",
    chargeMs: whole("CHARGE_MS", 600, 60_000),
    shopperKey:
      env.SHOPPER_KEY_ID !== undefined && env.SHOPPER_KEY_SECRET !== undefined
        ? { kid: env.SHOPPER_KEY_ID, secret: env.SHOPPER_KEY_SECRET }
        : undefined,
  };
  return sentences.length > 0 ? { ok: false, sentences } : { ok: true, settings };
}
