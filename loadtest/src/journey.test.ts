import { afterEach, expect, test, vi } from "vitest";
import type { Script, ScriptedConnection } from "./scripted-gateway.ts";
import {
  BUSY,
  claims,
  DRAWN,
  ENTRY,
  goHome,
  HOLD,
  joining,
  OFFER,
  PURCHASED,
  shop,
} from "./scripted-shopper.ts";

afterEach(goHome);

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
  await vi.waitUntil(() => kinds().includes("outcome"), { timeout: 20_000 });
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
