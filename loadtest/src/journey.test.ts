import type { Entry } from "@dropgate/contracts/entry";
import type { Hold } from "@dropgate/contracts/hold";
import { afterEach, expect, test, vi } from "vitest";
import { beginJourney, type Journey, type JourneyOptions } from "./journey.ts";
import { type NodeSurroundings, nodeSurroundings } from "./node-surroundings.ts";
import { EAGER, type Plan, planFrom } from "./plan.ts";
import {
  beginScriptedGateway,
  type Script,
  type ScriptedConnection,
  type ScriptedGateway,
} from "./scripted-gateway.ts";
import type { JourneyEvent } from "./sightings.ts";

const ENTRY: Entry = {
  entryId: "e1",
  saleId: "sale",
  state: "waiting",
  ticket: null,
  position: null,
  rev: 0,
};
const DRAWN: Entry = { ...ENTRY, ticket: 7, position: 7, rev: 1 };
const HOLD: Hold = {
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
const OFFER = { holdId: "h1", sku: "console", quantity: 1, claimBy: "2026-11-27T10:00:45Z" };
const PURCHASED = { result: "purchased", orderId: "order-1", unit: 37 };
const BUSY = { status: 503, code: "BUSY", retryAfterMs: 20 };

/** A gateway that gives everybody a place; what it says on the socket is the test's. */
const joining: Script["http"] = ({ method, cookie }) => {
  if (method === "GET") return { status: 200, body: { id: "sale" }, cookie: "shopper=one" };
  if (cookie === undefined) return { status: 401, body: { code: "UNAUTHENTICATED" }, cookie: "shopper=two" };
  return { status: 201, body: { ...ENTRY, token: "token-1" } };
};

const running: { gateways: ScriptedGateway[]; journeys: Journey[]; worlds: NodeSurroundings[] } = {
  gateways: [],
  journeys: [],
  worlds: [],
};
afterEach(async () => {
  for (const journey of running.journeys.splice(0)) journey.stop();
  for (const world of running.worlds.splice(0)) world.close();
  await Promise.all(running.gateways.splice(0).map((gateway) => gateway.close()));
});

/** A shopper at a scripted gateway; waits are a fiftieth of what they are outside. */
async function shop(script: Partial<Script>, plan: Partial<Plan> = {}, more: Partial<JourneyOptions> = {}) {
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

const claims: Script["asked"] = (_, name) => (name === "claim" ? { hold: HOLD, pass: "pass-1" } : undefined);

test("a shopper joins with the cookie that the sale sets, claims, pays and hears the outcome", async () => {
  let cookieAtJoin: string | undefined;
  let connection: ScriptedConnection | undefined;
  const { journey, kinds, checkouts, gateway, events } = await shop(
    {
      http: (request) => {
        if (request.method === "POST") cookieAtJoin = request.cookie;
        return joining(request);
      },
      connected: (opened) => {
        connection = opened;
        opened.tell("entry", DRAWN);
        opened.tell("serving", { serving: 6, waiting: 3, ratePerSecond: 5, at: "2026-11-27T10:00:00Z" });
        opened.tell("offer", OFFER);
      },
      asked: claims,
    },
    {},
    {
      checkout: async (hold, pass) => {
        checkouts.push(`${hold.holdId} ${pass}`);
        connection?.tell("outcome", PURCHASED);
        return { result: "paid", orderId: "order-1" };
      },
    },
  );
  expect(await journey.ended).toEqual({
    result: "purchased",
    state: "waiting",
    entryId: "e1",
    ticket: 7,
    orderId: "order-1",
    unit: 37,
  });
  expect(cookieAtJoin).toBe("shopper=one");
  expect(checkouts).toEqual(["h1 pass-1"]);
  expect(connection?.auth).toEqual({ token: "token-1" });
  expect(gateway.heard).toEqual(['420["claim",{"holdId":"h1"}]']);
  expect(kinds()).toEqual([
    "joined",
    "up",
    "entry",
    "serving",
    "offer",
    "claimed",
    "checkedOut",
    "outcome",
    "ended",
  ]);
  expect(events.every((event) => event.at > 0)).toBe(true);
});

test("a shopper that the shop vouches for joins without a cookie", async () => {
  const seen: (string | undefined)[] = [];
  const { journey } = await shop(
    {
      http: ({ method, cookie, authorization }) => {
        seen.push(method, cookie, authorization);
        return { status: 201, body: { ...ENTRY, token: "t" } };
      },
      connected: (opened) => opened.tell("outcome", { result: "closed" }),
    },
    {},
    { person: { kind: "jwt", jwt: "signed" } },
  );
  expect((await journey.ended).result).toBe("closed");
  expect(seen).toEqual(["POST", undefined, "Bearer signed"]);
});

test("a join that is told to come later comes later, with the cookie that a refusal set", async () => {
  const answers = [
    { status: 404, body: { code: "SALE_NOT_FOUND" } },
    { status: 401, body: { code: "UNAUTHENTICATED" }, cookie: "shopper=two" },
    { status: 503, body: { ...BUSY, retryAfterMs: 4_000 } },
    { status: 409, body: { code: "SALE_NOT_OPEN" } },
  ];
  const refused = await shop({ http: () => answers[0] ?? { status: 500, body: {} } });
  expect(await refused.journey.ended).toMatchObject({
    result: "refused",
    refusal: "SALE_NOT_FOUND",
    state: null,
  });

  const { journey, events, waits } = await shop({
    http: ({ method, number }) =>
      method === "GET"
        ? { status: 200, body: {} }
        : (answers[number - 1] ?? { status: 200, body: { ...ENTRY, token: "t" } }),
    connected: (opened) => opened.tell("outcome", { result: "sold_out" }),
  });
  expect((await journey.ended).result).toBe("sold_out");
  const codes = events.flatMap((event) => (event.kind === "refused" ? [event.code] : []));
  expect(codes).toEqual(["UNAUTHENTICATED", "BUSY", "SALE_NOT_OPEN"]);
  const asked = waits.find((ms) => ms >= 4_000 && ms <= 5_000);
  expect(asked, "what retryAfterMs asked for, a quarter more at most").toBeDefined();
});

test("an offer that comes again after a lost connection is claimed then, under the same token", async () => {
  const tokens: (string | undefined)[] = [];
  const { journey, checkouts, kinds } = await shop({
    connected: (opened, number) => {
      tokens.push(opened.auth.token);
      opened.tell("entry", { ...DRAWN, state: "offered", rev: 2 });
      opened.tell("offer", OFFER);
      if (number === 3) opened.tell("serving", { serving: 3, waiting: 1, ratePerSecond: 1, at: "" });
    },
    asked: (opened, name, payload) => {
      if (tokens.length < 3) return opened.cut();
      opened.tell("outcome", PURCHASED);
      return claims(opened, name, payload);
    },
  });
  expect((await journey.ended).result).toBe("purchased");
  expect(tokens).toEqual(["token-1", "token-1", "token-1"]);
  expect(kinds().filter((kind) => kind === "down")).toHaveLength(2);
  expect(checkouts.length).toBeLessThanOrEqual(1);
});

test("a claim whose answer was lost is not checked out twice", async () => {
  const { journey, checkouts, kinds } = await shop({
    connected: (opened, number) => {
      if (number === 1) return opened.tell("offer", OFFER);
      opened.tell("hold", { hold: HOLD, pass: "pass-2" });
      opened.tell("hold", { hold: { ...HOLD, state: "pending" }, pass: "pass-3" });
      opened.tell("outcome", PURCHASED);
    },
    asked: (opened) => opened.cut(),
  });
  expect((await journey.ended).result).toBe("purchased");
  expect(checkouts).toEqual(["h1 pass-2"]);
  expect(kinds()).not.toContain("claimed");
});

test("a claim that is told to come later is asked again; one that is refused is not", async () => {
  let claimed = 0;
  const { journey, events } = await shop({
    connected: (opened) => opened.tell("offer", OFFER),
    asked: (opened) => {
      claimed++;
      if (claimed < 3) return { problem: BUSY };
      opened.tell("outcome", { result: "closed" });
      return { problem: { status: 409, code: "HOLD_EXPIRED" } };
    },
  });
  expect((await journey.ended).result).toBe("closed");
  expect(claimed).toBe(3);
  const refusals = events.flatMap((event) =>
    event.kind === "refused" ? [[event.code, event.retryMs === undefined]] : [],
  );
  expect(refusals.slice(0, 2)).toEqual([
    ["BUSY", false],
    ["BUSY", false],
  ]);
});

test("who lets the offer lapse comes back once, and then claims", async () => {
  const asked: string[] = [];
  const { journey, kinds } = await shop(
    {
      connected: (opened) => {
        opened.tell("offer", OFFER);
        opened.tell("entry", { ...DRAWN, state: "missed", rejoinable: true, rev: 3 });
      },
      asked: (opened, name) => {
        asked.push(name);
        if (name === "claim") {
          opened.tell("outcome", PURCHASED);
          return { hold: { ...HOLD, holdId: "h2" }, pass: "p" };
        }
        opened.tell("entry", { ...DRAWN, rev: 4 });
        opened.tell("offer", { ...OFFER, holdId: "h2" });
        return { ...DRAWN, rev: 4 };
      },
    },
    { atOffer: "lapse" },
  );
  expect((await journey.ended).result).toBe("purchased");
  expect(asked).toEqual(["rejoin", "claim"]);
  expect(kinds()).toContain("rejoined");
});

test("who does not come back and does not stay has ended with the lapse", async () => {
  const { journey, gateway } = await shop(
    {
      connected: (opened) => {
        opened.tell("offer", OFFER);
        opened.tell("entry", { ...DRAWN, state: "missed", rejoinable: true, rev: 3 });
      },
    },
    { atOffer: "lapse", comesBack: false },
    { staysForOutcome: false },
  );
  expect(await journey.ended).toMatchObject({ result: "final", state: "missed", ticket: 7 });
  expect(gateway.heard).toEqual([]);
});

test("who gives the unit back after claiming it releases it, and who leaves says so", async () => {
  const asked: string[] = [];
  const script: Partial<Script> = {
    connected: (opened) => opened.tell("offer", OFFER),
    asked: (opened, name) => {
      asked.push(name);
      if (name === "claim") return { hold: HOLD, pass: "p" };
      opened.tell("entry", { ...DRAWN, state: name === "release" ? "released" : "left", rev: 5 });
      return name === "release" ? { hold: { ...HOLD, state: "released" } } : {};
    },
  };
  const giving = await shop(script, { atHold: "release" }, { staysForOutcome: false });
  expect(await giving.journey.ended).toMatchObject({ result: "final", state: "released" });
  expect(giving.checkouts).toEqual([]);

  const leaving = await shop(
    { ...script, connected: () => {} },
    { leaveAfterMs: 2_000 },
    { staysForOutcome: false },
  );
  expect(await leaving.journey.ended).toMatchObject({ result: "final", state: "left" });
  expect(asked).toEqual(["claim", "release", "leave"]);
});

test("who leaves while the line is cut says so as soon as it is there again, however long that takes", async () => {
  let mayConnect = false;
  const { journey, gateway, waits } = await shop(
    {
      refuses: () => (mayConnect ? undefined : { code: "BUSY" }),
      connected: () => {},
      asked: (opened) => {
        opened.tell("entry", { ...DRAWN, state: "left", rev: 5 });
        return {};
      },
    },
    { leaveAfterMs: 100 },
    { staysForOutcome: false },
  );
  await vi.waitUntil(() => waits.length > 60);
  expect(gateway.heard).toEqual([]);
  mayConnect = true;
  expect(await journey.ended).toMatchObject({ result: "final", state: "left" });
});

test("who is declined gives the unit back", async () => {
  const { journey, events } = await shop(
    {
      connected: (opened) => opened.tell("offer", OFFER),
      asked: (opened, name) => {
        if (name === "claim") return { hold: HOLD, pass: "p" };
        setImmediate(() => opened.tell("outcome", { result: "sold_out" }));
        return { hold: { ...HOLD, state: "released" } };
      },
    },
    {},
    { checkout: async () => ({ result: "declined" }) },
  );
  expect((await journey.ended).result).toBe("sold_out");
  expect(events.map((event) => event.kind).slice(-4)).toEqual(["checkedOut", "released", "outcome", "ended"]);
});

test("an outcome that overtakes the shop's answer waits for it", async () => {
  let pay: (() => void) | undefined;
  const { journey, kinds } = await shop(
    {
      connected: (opened) => opened.tell("offer", OFFER),
      asked: (opened, name, payload) => {
        setImmediate(() => opened.tell("outcome", PURCHASED));
        return claims(opened, name, payload);
      },
    },
    {},
    {
      checkout: () =>
        new Promise((resolve) => {
          pay = () => resolve({ result: "paid", orderId: "order-1" });
        }),
    },
  );
  await vi.waitUntil(() => kinds().includes("outcome"));
  pay?.();
  expect((await journey.ended).orderId).toBe("order-1");
  expect(kinds().slice(-2)).toEqual(["checkedOut", "ended"]);
});

test("what must never be seen is reported", async () => {
  const { journey, events } = await shop({
    connected: (opened) => {
      const at = "2026-11-27T10:00:00Z";
      opened.tell("entry", DRAWN);
      opened.tell("entry", { ...DRAWN, ticket: 3, rev: 2 });
      opened.tell("serving", { serving: 5, waiting: 1, ratePerSecond: 1, at });
      opened.tell("serving", { serving: 4, waiting: 1, ratePerSecond: 1, at });
      opened.tell("entry", { ...DRAWN, entryId: "other", rev: 3 });
      opened.tell("outcome", { result: "closed" });
    },
  });
  await journey.ended;
  expect(events.flatMap((event) => (event.kind === "anomaly" ? [event.what] : []))).toEqual([
    "ticket 7 of e1 became 3",
    "serving went back from 5 to 4",
    "entry e1 became other",
  ]);
});

test("an older entry that comes late changes nothing", async () => {
  const { journey } = await shop({
    connected: (opened) => {
      opened.tell("entry", { ...DRAWN, rev: 9 });
      opened.tell("entry", { ...ENTRY, state: "left", rev: 2 });
      opened.tell("outcome", { result: "closed" });
    },
  });
  expect(await journey.ended).toMatchObject({ state: "waiting", ticket: 7 });
});

test("pings are answered, and a server that goes says when to come back", async () => {
  const { journey, gateway, waits } = await shop({
    connected: (opened, number) => {
      if (number === 2) return opened.tell("outcome", { result: "closed" });
      opened.ping();
      opened.tell("reconnect", { afterMs: 7_000 });
      opened.cut();
    },
  });
  await journey.ended;
  expect(gateway.connections).toBe(2);
  const asked = waits.filter((ms) => ms >= 7_000 && ms <= 8_750);
  expect(asked).toHaveLength(1);

  const pinged = await shop({ connected: (opened) => opened.ping() });
  await vi.waitUntil(() => pinged.gateway.heard.includes("3"));
});

test("a refused handshake is reported and tried again", async () => {
  const { journey, events } = await shop({
    refuses: (_, number) => (number === 1 ? { code: "BUSY" } : undefined),
    connected: (opened) => opened.tell("outcome", { result: "closed" }),
  });
  await journey.ended;
  expect(events).toContainEqual(expect.objectContaining({ kind: "refused", during: "socket", code: "BUSY" }));
});

test("a mixture gives each plan its share", () => {
  const lapse: Plan = { ...EAGER, atOffer: "lapse" };
  const mixture = [
    { weight: 3, plan: EAGER },
    { weight: 1, plan: lapse },
  ];
  const drawn = Array.from({ length: 100 }, (_, index) => planFrom(mixture, index / 100));
  expect(drawn.filter((plan) => plan === lapse)).toHaveLength(25);
});
