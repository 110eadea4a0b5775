import type { Hold } from "@dropgate/contracts/hold";
import { afterEach, expect, test } from "vitest";
import type { JourneyOptions } from "./journey.ts";
import { nodeSurroundings } from "./node-surroundings.ts";
import { EAGER } from "./plan.ts";
import { beginRush } from "./rush.ts";
import { beginScriptedGateway, type Script } from "./scripted-gateway.ts";
import { HOLD } from "./scripted-shopper.ts";
import type { JourneyEvent } from "./sightings.ts";

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

type Answers = ReturnType<Script["http"]>[];
const later = (code: string): Answers[number] => ({ status: 429, body: { code, retryAfterMs: 1 } });
const got: Answers[number] = { status: 200, body: { hold: HOLD, pass: "p", token: "t" } };

/** Each try is answered in turn; the last answer stays. */
async function rush(answers: Answers, more: Partial<JourneyOptions> & { triesMax?: number } = {}) {
  const paths: string[] = [];
  const gateway = await beginScriptedGateway({
    http: ({ method, path, number }) => {
      paths.push(`${method} ${path}`);
      return answers[Math.min(number, answers.length) - 1] ?? { status: 500, body: {} };
    },
    connected: () => {},
  });
  const world = nodeSurroundings();
  closing.push(
    () => world.close(),
    () => gateway.close(),
  );
  const events: JourneyEvent[] = [];
  const paid: string[] = [];
  const journey = beginRush({
    gatewayUrls: [gateway.url],
    saleId: "sale",
    person: { kind: "jwt", jwt: "signed" },
    plan: EAGER,
    surroundings: { ...world, after: (ms, act) => world.after(ms / 50, act) },
    checkout: async (hold: Hold) => {
      paid.push(hold.holdId);
      return { result: "paid", orderId: "order-1" };
    },
    onEvent: (event) => events.push(event),
    ...more,
  });
  return { journey, paths, paid, kinds: () => events.map(({ kind }) => kind) };
}

test("who gets a unit pays for it", async () => {
  const { journey, paths, paid, kinds } = await rush([got]);
  expect(await journey.ended).toMatchObject({ result: "purchased", orderId: "order-1", unit: 37 });
  expect(paths).toEqual(["POST /api/v1/sales/sale/attempts"]);
  expect(paid).toEqual(["h1"]);
  expect(kinds()).toEqual(["attempted", "checkedOut", "ended"]);
});

test("who is told to come later, or that a unit may come back, tries again", async () => {
  const baskets = { status: 409, body: { code: "SOLD_OUT", final: false, retryAfterMs: 1 } };
  const { journey, kinds } = await rush([later("RATE_LIMITED"), later("BUSY"), baskets, got]);
  expect((await journey.ended).result).toBe("purchased");
  expect(kinds().filter((kind) => kind === "refused")).toHaveLength(3);
});

test("sold out for good is an end, and so is a limit", async () => {
  const final = await rush([{ status: 409, body: { code: "SOLD_OUT", final: true } }]);
  expect((await final.journey.ended).result).toBe("sold_out");
  expect(final.paths).toHaveLength(1);
  const limit = await rush([{ status: 409, body: { code: "ALREADY_PURCHASED" } }]);
  expect(await limit.journey.ended).toMatchObject({ result: "refused", refusal: "ALREADY_PURCHASED" });
});

test("tries are bounded, and who does not pay has had the unit", async () => {
  const bounded = await rush([later("RATE_LIMITED")], { triesMax: 3 });
  expect(await bounded.journey.ended).toMatchObject({ result: "refused", refusal: "RATE_LIMITED" });
  expect(bounded.paths).toHaveLength(3);
  const declined = await rush([got], { checkout: async () => ({ result: "declined" }) });
  expect((await declined.journey.ended).result).toBe("final");
});
