// Who the simulated shoppers are, and how each of them pays: by the shop, as a browser would, or at the gateway
// directly with a merchant's key.

import { createHmac } from "node:crypto";
import type { Hold } from "@dropgate/contracts/hold";
import type { Problem } from "@dropgate/contracts/values";
import type { Person } from "@dropgate/loadtest/shopper-call";
import type { CheckoutResult } from "@dropgate/loadtest/sightings";
import { type Answer, pause, type Surroundings } from "@dropgate/loadtest/surroundings";
import type { Purse } from "./manners.ts";
import type { ShopperSettings } from "./settings.ts";

/** One shopper to the shop: its cookie there, as the browser keeps it. */
interface Customer {
  person: Person;
  shopCookie: string | undefined;
}

const GOOD_CARD = "4242424242424242";
const DECLINED_CARD = "4000000000000002";
const TRIES_MAX = 6;

export interface People {
  /** The shopper number `index`. */
  customer(index: number): Promise<Customer>;
  checkout(customer: Customer, purse: Purse): (hold: Hold, pass: string) => Promise<CheckoutResult>;
}

/** `run` sets this crowd's shoppers apart from those of an earlier one: a person has one place in a sale. */
export function beginPeople(settings: ShopperSettings, surroundings: Surroundings, run: string): People {
  const { shopUrl, apiKey, shopperKey, saleId } = settings;
  const gatewayUrl = settings.gatewayUrls[0] ?? "";

  async function customer(index: number): Promise<Customer> {
    const id = `visitor-${run}-${index}`;
    if (shopperKey !== undefined) {
      const person: Person = {
        kind: "jwt",
        jwt: signJwt({ sub: id, sale: saleId }, shopperKey, surroundings.now()),
      };
      // In a sale for customers the till asks for the same one.
      return { person, shopCookie: shopUrl === undefined ? undefined : await signIn(id) };
    }
    if (shopUrl === undefined) return { person: { kind: "cookie" }, shopCookie: undefined };
    const shopCookie = await signIn(id);
    const line = await surroundings.fetch(`${shopUrl}/line/${encodeURIComponent(saleId)}`, {
      method: "GET",
      headers: { cookie: shopCookie ?? "" },
    });
    const jwt = /#shopper=(.+)$/.exec(line.headers.get("location") ?? "")?.[1];
    return { person: jwt === undefined ? { kind: "cookie" } : { kind: "jwt", jwt }, shopCookie };
  }

  async function signIn(id: string): Promise<string | undefined> {
    const answer = await post(`${shopUrl}/sign-in`, { customer: id }, undefined);
    return answer.headers.get("set-cookie")?.split(";")[0];
  }

  function post(url: string, fields: Record<string, string>, cookie: string | undefined): Promise<Answer> {
    return surroundings.fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        accept: "application/json",
        ...(cookie === undefined ? {} : { cookie }),
      },
      body: new URLSearchParams(fields).toString(),
    });
  }

  /** As the browser does it: hand in the pass, follow to the till, send the card, read the order. */
  async function payAtShop(buyer: Customer, purse: Purse, pass: string): Promise<CheckoutResult> {
    const opened = await post(`${shopUrl}/checkout`, { pass }, buyer.shopCookie);
    if (opened.status !== 303) return { result: "failed", code: await codeOf(opened) };
    const cookie = buyer.shopCookie ?? opened.headers.get("set-cookie")?.split(";")[0];
    const till = `${shopUrl}${opened.headers.get("location") ?? ""}`;
    const cards = { good: [GOOD_CARD], secondCard: [DECLINED_CARD, GOOD_CARD], declined: [DECLINED_CARD] }[
      purse
    ];
    for (const card of cards) {
      const paid = await post(`${till}/pay`, { card }, cookie);
      const to = paid.headers.get("location") ?? "";
      if (to.startsWith("/orders/")) return readOrder(`${shopUrl}${to}`, cookie);
      const problem = /problem=(\w+)$/.exec(to)?.[1];
      if (problem !== "CARD_DECLINED") return { result: "failed", code: problem ?? (await codeOf(paid)) };
    }
    return { result: "declined" };
  }

  /** An order that the gateway did not answer yet is asked for until the shop knows. */
  async function readOrder(url: string, cookie: string | undefined): Promise<CheckoutResult> {
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const answer = await surroundings.fetch(url, {
        method: "GET",
        headers: { accept: "application/json", ...(cookie === undefined ? {} : { cookie }) },
      });
      const order: { state?: string; orderId?: string; reason?: string } = JSON.parse(await answer.text());
      if (order.state === "confirmed") return { result: "paid", orderId: order.orderId ?? "" };
      if (order.state !== "charged") return { result: "failed", code: order.reason ?? "REFUNDED" };
      await pause(surroundings, 2_000);
    }
    return { result: "failed", code: "UNSETTLED" };
  }

  async function payDirectly(purse: Purse, holdId: string): Promise<CheckoutResult> {
    const started = await callGateway(`holds/${holdId}/payment`, {});
    if (started !== null) return { result: "failed", code: started };
    if (purse === "declined") return { result: "declined" };
    const orderId = `order-${holdId}`;
    const refused = await callGateway(`holds/${holdId}/confirm`, { orderId });
    return refused === null ? { result: "paid", orderId } : { result: "failed", code: refused };
  }

  /** null when it was done, else the last refusal's code. */
  async function callGateway(path: string, body: Record<string, string>): Promise<string | null> {
    let code = "NO_ANSWER";
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      try {
        const answer = await surroundings.fetch(`${gatewayUrl}/api/v1/${path}`, {
          method: "POST",
          headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
          body: JSON.stringify(body),
        });
        if (answer.status === 200) return null;
        code = await codeOf(answer);
        if (answer.status !== 429 && answer.status !== 503) return code;
      } catch {
        code = "NO_ANSWER";
      }
      await pause(surroundings, 500 * 2 ** tries * (0.5 + surroundings.random()));
    }
    return code;
  }

  return {
    customer,
    checkout: (buyer, purse) => async (hold, pass) => {
      try {
        if (apiKey !== undefined) return await payDirectly(purse, hold.holdId);
        if (shopUrl === undefined) return { result: "failed", code: "NO_SHOP" };
        return await payAtShop(buyer, purse, pass);
      } catch {
        return { result: "failed", code: "NO_ANSWER" };
      }
    },
  };
}

/** HS256, under a key whose bytes are the secret's UTF-8 as given. `nowMs` since 1970. */
export function signJwt(
  claims: { sub: string; sale: string },
  key: { kid: string; secret: string },
  nowMs: number,
): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const exp = Math.floor(nowMs / 1_000) + 24 * 3_600;
  const text = `${part({ alg: "HS256", kid: key.kid })}.${part({ ...claims, exp })}`;
  return `${text}.${createHmac("sha256", key.secret).update(text).digest("base64url")}`;
}

async function codeOf(answer: Answer): Promise<string> {
  try {
    const problem: Partial<Problem> = JSON.parse(await answer.text());
    return problem.code ?? `HTTP_${answer.status}`;
  } catch {
    return `HTTP_${answer.status}`;
  }
}
