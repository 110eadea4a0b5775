// How the shop tells the waiting room who its customer is: a short-lived JWT under a key that the gateway knows. It
// travels behind `#` in the link, so that it reaches neither logs nor other servers.

import { signShopperToken } from "@dropgate/client/server";
import type { Gateway } from "./gateway.ts";

export interface Vouching {
  /** A JWT for this customer and sale; null when the gateway gives the shop no key. */
  jwtFor(customer: string, saleId: string): Promise<string | null>;
}

interface ShopperKey {
  kid: string;
  secret: string;
}

/** After a refusal the gateway is not asked again for this long, in ms. */
const REFUSED_FOR_MS = 30_000;

/** `given` comes from the settings; without it the shop asks once, at the first customer (its API key may do that). */
export function beginVouching(gateway: Gateway, given: ShopperKey | undefined, now: () => number): Vouching {
  let asked: Promise<ShopperKey | null> | null = given === undefined ? null : Promise.resolve(given);
  let refusedAt = Number.NEGATIVE_INFINITY;

  async function ask(): Promise<ShopperKey | null> {
    const answer = await gateway.createShopperKey();
    if (answer.ok) return answer.value;
    refusedAt = now();
    asked = null;
    return null;
  }

  return {
    async jwtFor(customer, saleId) {
      if (asked === null && now() - refusedAt < REFUSED_FOR_MS) return null;
      asked ??= ask();
      const key = await asked;
      if (key === null) return null;
      return signShopperToken(key, customer, { saleId });
    },
  };
}
