import { comingBackMs as comingBackByContract } from "@dropgate/contracts/coming-back";
import { afterEach, expect, test, vi } from "vitest";
import { nodeSurroundings } from "./node-surroundings.ts";
import { claims, DRAWN, goHome, OFFER, PURCHASED, shop } from "./scripted-shopper.ts";
import { comingBackMs } from "./surroundings.ts";

afterEach(goHome);

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
  await vi.waitUntil(() => waits.length > 60, { timeout: 20_000 });
  expect(gateway.heard).toEqual([]);
  mayConnect = true;
  expect(await journey.ended).toMatchObject({ result: "final", state: "left" });
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
  await vi.waitUntil(() => pinged.gateway.heard.includes("3"), { timeout: 20_000 });
});

test("who loses the gateway without a word comes back spread over the crowd that was last told of", async () => {
  const world = nodeSurroundings();
  const waits: number[] = [];
  const { journey } = await shop(
    {
      connected: (opened, number) => {
        if (number > 1) return opened.tell("outcome", { result: "closed" });
        opened.tell("serving", { serving: 1, waiting: 10_000, ratePerSecond: 1, at: "" });
        opened.cut();
      },
    },
    {},
    {
      surroundings: {
        ...world,
        random: () => 0.8,
        after: (ms, act) => {
          waits.push(Math.round(ms));
          return world.after(ms / 50, act);
        },
      },
    },
  );
  await journey.ended;
  world.close();
  expect(waits).toContain(2_000 + 450);
  for (const crowd of [0, 1, 999, 10_000, 60_000, 5_000_000]) {
    expect(comingBackMs(crowd), "as the contract says").toBe(comingBackByContract(crowd));
  }
});

test("a refused handshake is reported and tried again", async () => {
  const { journey, events } = await shop({
    refuses: (_, number) => (number === 1 ? { code: "BUSY" } : undefined),
    connected: (opened) => opened.tell("outcome", { result: "closed" }),
  });
  await journey.ended;
  expect(events).toContainEqual(expect.objectContaining({ kind: "refused", during: "socket", code: "BUSY" }));
});
