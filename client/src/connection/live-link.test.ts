import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type Caller, type Listening, listen } from "./listening.ts";
import { type LiveLink, type LiveLinkListener, openLiveLink, retryDelay } from "./live-link.ts";
import { openWebSocket } from "./web-socket-node.ts";

describe("coming back", () => {
  test("is soon at first, then further and further apart, and never further than its bound", () => {
    const delays = [0, 1, 2, 3, 10, 1_000].map((tries) => retryDelay(tries, 0, 0.5));
    expect(delays).toEqual([500, 1_000, 2_000, 4_000, 10_000, 10_000]);
  });

  test("is spread over half of the pace to one and a half of it", () => {
    expect([0, 1].map((random) => retryDelay(0, 0, random))).toEqual([250, 750]);
  });

  test("is spread wider in a larger crowd, from the first try on", () => {
    expect(retryDelay(0, 8_000, 0.5)).toBe(4_500);
    expect(retryDelay(1_000, 8_000, 0.5)).toBe(18_000);
  });
});

/** Who greets with an opening that allows so little silence (ms). */
const opening = (silentMs: number) => (caller: Caller) =>
  caller.say(`0${JSON.stringify({ pingInterval: silentMs / 2, pingTimeout: silentMs / 2 })}`);

interface Linked {
  link: LiveLink;
  /** What the listener was told, in order. */
  told: string[];
  auth: { token: string };
}

function linkTo(server: Listening, openSocket = openWebSocket): Linked {
  const told: string[] = [];
  const auth = { token: "first" };
  const listener: LiveLinkListener = {
    auth: () => ({ ...auth }),
    heard: (event) => told.push(event),
    up: () => told.push("up"),
    down: (failures) => told.push(`down ${failures}`),
    refused: () => told.push("refused"),
  };
  const link = openLiveLink(server.url, openSocket, listener);
  onTestFinished(() => link.close());
  return { link, told, auth };
}

/** Looks until it is so. */
const until = (look: () => void) => vi.waitFor(look, { timeout: 20_000, interval: 5 });

/** The caller of that number, once it has said who it is. */
async function greeted(server: Listening, nth: number): Promise<Caller> {
  await until(() => expect(server.callers[nth]?.heard.length ?? 0).toBeGreaterThan(0));
  return server.callers[nth] as Caller;
}

describe("the link", () => {
  test("says who it is, is up, answers pings and passes on what the contract knows", async () => {
    const server = await listen();
    const { link, told } = linkTo(server);
    const caller = await greeted(server, 0);
    expect(caller.heard).toEqual(['40{"token":"first"}']);
    expect(link.isUp()).toBe(false);
    caller.say("40");
    caller.say("2");
    caller.say('42["serving",{"waiting":1}]');
    caller.say('42["of a newer gateway",{}]');
    caller.say('42["entry",{}]');
    await until(() => expect(told).toEqual(["up", "serving", "entry"]));
    await until(() => expect(caller.heard.at(-1)).toBe("3"));
  });

  test("comes back when the server has been silent for longer than it promised", async () => {
    const server = await listen(opening(40));
    const { told } = linkTo(server);
    (await greeted(server, 0)).say("40");
    await greeted(server, 1);
    expect(told.slice(0, 2)).toEqual(["up", "down 0"]);
  });

  test("gives no answer to who waits for one when the line is cut, and none to who asks then", async () => {
    const server = await listen();
    const { link, told } = linkTo(server);
    const caller = await greeted(server, 0);
    caller.say("40");
    await until(() => expect(link.isUp()).toBe(true));
    const answered = link.ask("claim", { holdId: "h1" });
    const cut = link.ask("claim", { holdId: "h2" });
    await until(() => expect(caller.heard.at(-1)).toBe('422["claim",{"holdId":"h2"}]'));
    caller.say('431[{"done":true}]');
    expect(await answered).toEqual({ done: true });
    caller.end();
    expect(await cut).toBeNull();
    await until(() => expect(told.at(-1)).toBe("down 0"));
    expect(await link.ask("claim", { holdId: "h3" })).toBeNull();
  });

  test("whom the server refuses is told so once, and left to decide", async () => {
    const server = await listen();
    const { link, told, auth } = linkTo(server);
    (await greeted(server, 0)).say('44{"message":"no"}');
    await until(() => expect(told).toEqual(["refused"]));
    auth.token = "second";
    link.reopen();
    expect((await greeted(server, 1)).heard).toEqual(['40{"token":"second"}']);
    expect(server.callers).toHaveLength(2);
  });

  test("comes back when it is told to, without counting that as a failure", async () => {
    const server = await listen();
    const { told } = linkTo(server);
    const caller = await greeted(server, 0);
    caller.say("40");
    caller.say('42["reconnect",{"afterMs":1}]');
    (await greeted(server, 1)).say("40");
    await until(() => expect(told).toEqual(["up", "down 0", "up"]));
  });

  test("opened anew, asks nothing more as who it was before", async () => {
    const server = await listen();
    const { link, auth } = linkTo(server);
    const caller = await greeted(server, 0);
    caller.say("40");
    await until(() => expect(link.isUp()).toBe(true));
    auth.token = "second";
    link.reopen();
    expect(link.isUp()).toBe(false);
    expect(await link.ask("leave", {})).toBeNull();
    expect((await greeted(server, 1)).heard).toEqual(['40{"token":"second"}']);
    expect(caller.heard).toHaveLength(1);
  });

  test("where the page's own rules forbid a socket outright, that is a failure like any other", async () => {
    const server = await listen();
    let tries = 0;
    const { told } = linkTo(server, (address) => {
      tries += 1;
      if (tries < 3) throw new Error("An insecure socket may not be opened from a page on https.");
      return openWebSocket(address);
    });
    (await greeted(server, 0)).say("40");
    await until(() => expect(told).toEqual(["down 1", "down 2", "up"]));
  });

  test("closed, it is closed for good, whatever is asked of it", async () => {
    const server = await listen();
    let opened = 0;
    const { link, told } = linkTo(server, (address) => {
      opened += 1;
      return openWebSocket(address);
    });
    (await greeted(server, 0)).say("40");
    await until(() => expect(link.isUp()).toBe(true));
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    link.close();
    link.reopen();
    link.reopen(5);
    vi.advanceTimersByTime(3_600_000);
    expect(opened).toBe(1);
    expect(told).toEqual(["up"]);
  });
});
