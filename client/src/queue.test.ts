// The queue in Node against a server that can do what a healthy gateway never does.
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type Answers, type Listening, listen, type Said } from "./connection/listening.ts";
import { openMemoryKeeper, openQueue, type Queue, type QueueOptions } from "./queue.ts";
import { entryExample, saleExample } from "./room/room-examples.ts";

const refusal = (status: number, code: string, more: object = {}): Said => ({
  status,
  body: { code, status, ...more },
});
const inLobby = saleExample({ phase: "lobby" });
const waiting = entryExample({ ticket: null, position: null, rev: 0 });

/** Answers by method and path; the sale, where nothing else is said. */
function answering(answers: Record<string, () => ReturnType<Answers>>): Answers {
  return ({ method, path }) => {
    const name = `${method} ${path.replace("/api/v1", "")}`;
    return answers[name]?.() ?? (name === "GET /sales/drop" ? { body: inLobby } : refusal(404, "NOT_FOUND"));
  };
}

function open(server: Listening, more: Partial<QueueOptions> = {}): Queue {
  const queue = openQueue({ url: server.url, saleId: "drop", ...more });
  onTestFinished(() => queue.close());
  return queue;
}

const until = (look: () => void) => vi.waitFor(look, { timeout: 20_000, interval: 5 });

/** No spread: each pause is the shortest there may be. */
function withoutChance(): void {
  const chance = vi.spyOn(Math, "random").mockReturnValue(0);
  onTestFinished(() => chance.mockRestore());
}

describe("joining", () => {
  test("a shop that cannot say who comes is told so, and may try again", async () => {
    const server = await listen();
    server.answer(
      answering({ "POST /sales/drop/entries": () => ({ status: 201, body: { ...waiting, token: "t1" } }) }),
    );
    const tokens = [() => Promise.reject(new Error("the shop is away")), () => "a shopper's token"];
    const queue = open(server, { shopperToken: () => tokens.shift()?.() ?? null });
    await expect(queue.join()).rejects.toThrow("the shop is away");
    expect(await queue.join()).toEqual({ ok: true });
    const joins = server.calls.filter(({ method }) => method === "POST");
    expect(joins.map(({ headers }) => headers.authorization)).toEqual(["Bearer a shopper's token"]);
    expect(queue.read().room.kept).toEqual({ entryId: "e1", token: "t1" });
  });

  test("one act at a time: who leaves while the join is under way is told to wait for it", async () => {
    const server = await listen();
    let arrive: (said: Said) => void = () => undefined;
    server.answer(
      answering({
        "POST /sales/drop/entries": () =>
          new Promise((resolve) => {
            arrive = resolve;
          }),
        "DELETE /entries/e1": () => ({ body: {} }),
        "GET /entries/e1": () => ({ body: { ...waiting, state: "left" } }),
      }),
    );
    const queue = open(server);
    const joined = queue.join();
    await until(() => expect(server.calls.some(({ method }) => method === "POST")).toBe(true));
    expect(await queue.leave()).toEqual({ ok: false, code: "BUSY" });
    arrive({ status: 201, body: { ...waiting, token: "t1" } });
    expect(await joined).toEqual({ ok: true });
    expect(await queue.leave()).toEqual({ ok: true });
    expect(queue.read().moment.standing.kind).toBe("left");
  });

  test("closed while it waits to try again, it ends at once and tells nobody of anything", async () => {
    const server = await listen();
    server.answer(
      answering({ "POST /sales/drop/entries": () => refusal(503, "BUSY", { retryAfterMs: 3_600_000 }) }),
    );
    const queue = open(server);
    let told = 0;
    queue.subscribe(() => {
      told += 1;
    });
    const joined = queue.join();
    await until(() => expect(server.calls.some(({ method }) => method === "POST")).toBe(true));
    await until(() => expect(queue.read().room.sale).not.toBeNull());
    queue.close();
    told = 0;
    await expect(queue.until("open")).rejects.toThrow("The queue was closed.");
    expect(await joined).toEqual({ ok: false, code: "BUSY" });
    expect(told).toBe(0);
  });
});

describe("a token that no longer counts", () => {
  /** The socket refuses whoever comes; so it is asked what still proves the shopper. */
  const refusing = () => listen((caller) => caller.say('44{"message":"no"}'));

  test("is kept while nobody can say what became of the place", async () => {
    const server = await refusing();
    let asked = 0;
    const keeper = openMemoryKeeper({ entryId: "e1", token: "old" });
    server.answer(
      answering({
        "GET /entries/e1": () => ({ body: waiting }),
        "POST /sales/drop/entries": () => {
          asked += 1;
          return refusal(503, "BUSY", { retryAfterMs: 1_000 });
        },
      }),
    );
    withoutChance();
    open(server, { keeper });
    await until(() => expect(asked).toBe(2));
    expect(keeper.read()).toEqual({ entryId: "e1", token: "old" });
  });

  test("is put away when nothing proves the shopper any more", async () => {
    const server = await refusing();
    const keeper = openMemoryKeeper({ entryId: "e1", token: "old" });
    server.answer(answering({ "GET /entries/e1": () => refusal(401, "UNAUTHENTICATED") }));
    const queue = open(server, { keeper });
    await until(() => expect(keeper.read()).toBeNull());
    await queue.until("lobby");
    expect(queue.read().room.kept).toBeNull();
  });

  test("does not take away the place of who has joined meanwhile", async () => {
    const server = await refusing();
    let arrive: (said: Said) => void = () => undefined;
    const keeper = openMemoryKeeper({ entryId: "e0", token: "old" });
    server.answer(
      answering({
        "GET /entries/e0": () =>
          new Promise((resolve) => {
            arrive = resolve;
          }),
        "GET /entries/e1": () => ({ body: waiting }),
        "DELETE /entries/e1": () => ({ body: {} }),
        "POST /sales/drop/entries": () => ({ status: 201, body: { ...waiting, token: "new" } }),
      }),
    );
    const queue = open(server, { keeper });
    await until(() => expect(server.calls.some(({ path }) => path.endsWith("/entries/e0"))).toBe(true));
    expect(await queue.join()).toEqual({ ok: true });
    arrive(refusal(401, "UNAUTHENTICATED"));
    // What is asked now is answered after that.
    expect(await queue.leave()).toEqual({ ok: true });
    expect(keeper.read()).toEqual({ entryId: "e1", token: "new" });
  });
});

test("where sockets are blocked it asks, and goes back to the socket when that works", async () => {
  const server = await listen((caller) => {
    caller.say('0{"pingInterval":25000,"pingTimeout":20000}');
    caller.say("40");
  });
  server.answer(answering({}));
  server.letIn(false);
  withoutChance();
  const queue = open(server);
  const links: string[] = [];
  queue.on("link", (link) => {
    links.push(link);
    if (link === "polling") server.letIn(true);
  });
  await until(() => expect(links.slice(-2)).toEqual(["polling", "live"]));
  expect(server.calls.length).toBeGreaterThan(1);
});

test("a listener that fails is its owner's fault: it is told there, and the others hear on", async () => {
  const faults: unknown[] = [];
  const kept = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", (fault) => faults.push(fault));
  onTestFinished(() => {
    process.removeAllListeners("uncaughtException");
    for (const listener of kept) process.on("uncaughtException", listener);
  });
  const server = await listen();
  server.answer(answering({}));
  const queue = open(server);
  const fault = new Error("the owner's");
  queue.subscribe(() => {
    throw fault;
  });
  const heard: string[] = [];
  queue.on("state", ({ state }) => heard.push(state));
  await queue.until("lobby");
  const before = queue.read();
  // Time passes on, too.
  await until(() => expect(queue.read()).not.toBe(before));
  expect(heard).toEqual(["lobby"]);
  await until(() => expect(faults).toContain(fault));
});

test.each([
  [{ saleId: "drop" }, "Say where the gateway is"],
  [{ url: "queue.shop.example", saleId: "drop" }, "Say where the gateway is"],
  [{ url: "http://127.0.0.1:1", saleId: "" }, "Say which sale it is"],
])("without %j it is said what is missing", (options, sentence) => {
  expect(() => openQueue(options)).toThrow(sentence);
});

test("a sale's name stays a name, whatever is in it", async () => {
  const server = await listen();
  server.answer(() => refusal(404, "SALE_NOT_FOUND"));
  const queue = open(server, { saleId: "../admin/sales?x=#y" });
  await queue.until("unknown");
  expect(server.calls[0]?.path).toBe("/api/v1/sales/..%2Fadmin%2Fsales%3Fx%3D%23y");
});
