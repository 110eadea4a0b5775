// A shopper at a scripted gateway, with what it saw, waited for and paid: the stage of the journey's tests.

import type { Entry } from "@dropgate/contracts/entry";
import type { Hold } from "@dropgate/contracts/hold";
import { beginJourney, type Journey, type JourneyOptions } from "./journey.ts";
import { type NodeSurroundings, nodeSurroundings } from "./node-surroundings.ts";
import { EAGER, type Plan } from "./plan.ts";
import { beginScriptedGateway, type Script, type ScriptedGateway } from "./scripted-gateway.ts";
import type { JourneyEvent } from "./sightings.ts";

export const ENTRY: Entry = {
  entryId: "e1",
  saleId: "sale",
  state: "waiting",
  ticket: null,
  position: null,
  rev: 0,
};
export const DRAWN: Entry = { ...ENTRY, ticket: 7, position: 7, rev: 1 };
export const HOLD: Hold = {
  holdId: "h1",
  saleId: "sale",
  entryId: "e1",
  sku: "console",
  unit: 37,
  quantity: 1,
  state: "active",
  offeredAt: "2026-11-27T10:00:00Z",
  claimBy: "2026-11-27T10:00:45Z",
  expiresAt: "2026-11-27T10:10:00Z",
  extended: false,
};
export const OFFER = { holdId: "h1", sku: "console", quantity: 1, claimBy: "2026-11-27T10:00:45Z" };
export const PURCHASED = { result: "purchased", orderId: "order-1", unit: 37 };
export const BUSY = { status: 503, code: "BUSY", retryAfterMs: 20 };

/** A gateway that gives everybody a place; what it says on the socket is the test's. */
export const joining: Script["http"] = ({ method, cookie }) => {
  if (method === "GET") return { status: 200, body: { id: "sale" }, cookie: "shopper=one" };
  if (cookie === undefined) return { status: 401, body: { code: "UNAUTHENTICATED" }, cookie: "shopper=two" };
  return { status: 201, body: { ...ENTRY, token: "token-1" } };
};

const running: { gateways: ScriptedGateway[]; journeys: Journey[]; worlds: NodeSurroundings[] } = {
  gateways: [],
  journeys: [],
  worlds: [],
};
/** Ends whatever a test began. */
export async function goHome(): Promise<void> {
  for (const journey of running.journeys.splice(0)) journey.stop();
  for (const world of running.worlds.splice(0)) world.close();
  await Promise.all(running.gateways.splice(0).map((gateway) => gateway.close()));
}

/** A shopper at a scripted gateway; waits are a fiftieth of what they are outside. */
export async function shop(
  script: Partial<Script>,
  plan: Partial<Plan> = {},
  more: Partial<JourneyOptions> = {},
) {
  const gateway = await beginScriptedGateway({ http: joining, connected: () => {}, ...script });
  running.gateways.push(gateway);
  const world = nodeSurroundings();
  running.worlds.push(world);
  const events: JourneyEvent[] = [];
  const waits: number[] = [];
  const checkouts: string[] = [];
  const journey = beginJourney({
    gatewayUrls: [gateway.url],
    saleId: "sale",
    person: { kind: "cookie" },
    plan: { ...EAGER, ...plan },
    surroundings: {
      ...world,
      after: (ms, act) => {
        waits.push(ms);
        return world.after(ms / 50, act);
      },
    },
    checkout: async (hold, pass) => {
      checkouts.push(`${hold.holdId} ${pass}`);
      return { result: "paid", orderId: "order-1" };
    },
    onEvent: (event) => events.push(event),
    ...more,
  });
  running.journeys.push(journey);
  const kinds = (): string[] => events.map((event) => event.kind);
  return { gateway, events, kinds, waits, checkouts, journey };
}

/** Every claim succeeds; nothing else is answered. */
export const claims: NonNullable<Script["asked"]> = (_, name) =>
  name === "claim" ? { hold: HOLD, pass: "pass-1" } : undefined;
