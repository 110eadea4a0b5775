// A merchant's calls over HTTP, against a server that is busy, silent or wrong as each test wants.
import { describe, expect, test } from "vitest";
import { type Listening, listen, type Said } from "../connection/listening.ts";
import { type Merchant, openMerchant } from "../server.ts";
import { orderKey, retryDelay } from "./call.ts";

const problem = (status: number, code: string, more: object = {}): Said => ({
  status,
  body: { type: "about:blank", title: code, status, detail: "", code, instance: "/", ...more },
});
const hold = { status: 200, body: { hold: { holdId: "h1", state: "pending" }, allocation: null } };

function openAt(server: Listening): Merchant {
  return openMerchant({ url: server.url, apiKey: "the shop's key\n", patienceMsMax: 60_000 });
}

/** Answers in this order, the last one ever after. */
function inTurn(server: Listening, ...answers: (Said | "never")[]): void {
  let nth = 0;
  server.answer(() => answers[Math.min(nth++, answers.length - 1)] as Said);
}

describe("a call", () => {
  test("carries the shop's key, and what is asked, as JSON", async () => {
    const server = await listen();
    inTurn(server, hold);
    const answer = await openAt(server).holds.release("h/1", "card declined");
    expect(answer).toEqual({ ok: true, value: { holdId: "h1", state: "pending" } });
    expect(server.calls).toMatchObject([
      {
        method: "POST",
        path: "/api/v1/holds/h%2F1/release",
        body: '{"reason":"card declined"}',
        headers: { authorization: "Bearer the shop's key", "content-type": "application/json" },
      },
    ]);
  });

  test("is made again after 503, under the same key", async () => {
    const server = await listen();
    inTurn(
      server,
      problem(503, "BUSY", { retryAfterMs: 1 }),
      problem(429, "RATE_LIMITED", { retryAfterMs: 1 }),
      hold,
    );
    expect(await openAt(server).holds.confirm("h1", { orderId: "A-1" })).toMatchObject({ ok: true });
    expect(server.calls.map(({ headers }) => headers["idempotency-key"])).toEqual(
      Array(3).fill("confirm-A-1"),
    );
  });

  test.each([400, 401, 403, 404, 409])("that is refused with %i is not made again", async (status) => {
    const server = await listen();
    inTurn(server, problem(status, "WRONG_STATE"));
    expect(await openAt(server).holds.startPayment("h1")).toMatchObject({
      ok: false,
      code: "WRONG_STATE",
      isForLater: false,
      problem: { status },
    });
    expect(server.calls).toHaveLength(1);
  });

  test("that nobody answers in time is made again, and is no answer in the end", async () => {
    const server = await listen();
    inTurn(server, "never");
    const answer = await openAt(server).holds.startPayment("h1", { answerMsMax: 50, triesMax: 2 });
    expect(answer).toEqual({ ok: false, code: "NO_ANSWER", isForLater: true, problem: null });
    expect(server.calls).toHaveLength(2);
  });

  test("whose answer is somebody else's page has no answer", async () => {
    const server = await listen();
    inTurn(server, { status: 502, body: "<h1>Bad gateway</h1>" }, { body: "null" }, hold);
    const answer = await openAt(server).holds.startPayment("h1");
    expect(answer).toMatchObject({ ok: true });
    expect(server.calls).toHaveLength(3);
  });

  test.each([
    ["the problem", problem(503, "BUSY", { retryAfterMs: 3_600_000 })],
    ["Retry-After", { ...problem(503, "BUSY"), headers: { "retry-after": "3600" } }],
  ])("begins no wait that %s makes longer than the caller's patience", async (_what, busy) => {
    const server = await listen();
    inTurn(server, busy, hold);
    expect(await openAt(server).holds.startPayment("h1")).toMatchObject({
      ok: false,
      code: "BUSY",
      isForLater: true,
    });
    expect(server.calls).toHaveLength(1);
  });

  test("under a key that no header carries is the caller's fault", async () => {
    const server = await listen();
    await expect(
      openAt(server).holds.confirm("h1", { orderId: "1" }, { idempotencyKey: "注文" }),
    ).rejects.toThrow();
    expect(server.calls).toHaveLength(0);
  });

  test("that makes a secret is keyed, so that one lost answer makes no second secret", async () => {
    const server = await listen();
    inTurn(server, problem(503, "BUSY", { retryAfterMs: 1 }), { body: { kid: "k", secret: "s" } });
    const merchant = openAt(server);
    expect(await merchant.createShopperKey()).toEqual({ ok: true, value: { kid: "k", secret: "s" } });
    await merchant.createShopperKey();
    const keys = server.calls.map(({ headers }) => headers["idempotency-key"]);
    expect(keys[0]).toBe(keys[1]);
    expect(keys[2]).not.toBe(keys[1]);
  });
});

describe("an order's key", () => {
  test("is the order's id where a header can carry it, and its digest where not", async () => {
    expect(await orderKey("confirm", "A-1")).toBe("confirm-A-1");
    const keys = await Promise.all(
      ["注文 1", "注文 2", "x".repeat(300)].map((id) => orderKey("reserve", id)),
    );
    for (const key of keys) expect(key).toMatch(/^reserve-sha256-[0-9a-f]{64}$/);
    expect(new Set(keys).size).toBe(3);
  });

  test("is sent for an order in any writing", async () => {
    const server = await listen();
    inTurn(server, hold);
    expect(await openAt(server).holds.confirm("h1", { orderId: "注文-1" })).toMatchObject({ ok: true });
    expect(server.calls[0]?.headers["idempotency-key"]).toBe(await orderKey("confirm", "注文-1"));
  });
});

test("pauses grow, are spread, and are never shorter than the server said", () => {
  expect([1, 2, 3].map((tries) => retryDelay(tries, null, 0.5))).toEqual([400, 800, 1_600]);
  expect([0, 1].map((random) => retryDelay(1, null, random))).toEqual([300, 500]);
  expect([0, 1].map((random) => retryDelay(4, 2_000, random))).toEqual([2_000, 2_500]);
});
