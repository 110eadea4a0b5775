// Warehouses from outside: whose events count, which are rejected, and what becomes of those that cannot be applied yet.
import { signatureOf } from "@dropgate/inventory/warehouse/signature";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BOOTSTRAP_KEY, type Stage } from "../stage.ts";
import {
  alerts,
  applied,
  call,
  event,
  inbox,
  level,
  openWarehouse,
  product,
  receipt,
  SECRET,
  send,
  tell,
} from "./wms-stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openWarehouse();
});
afterAll(() => stage.stop());

describe("a message", () => {
  it("counts only with the signature of just these bytes, not older than five minutes, nor from the future", async () => {
    const told = event("DAMAGE_REPORT", { items: [{ sku: "x", quantity: 1 }], reason: "fell" });
    const now = Math.floor(Date.now() / 1_000);
    const codes = [
      await send(told, { secret: "another secret of warehouses" }),
      await send(told, { signature: "" }),
      await send(told, { signature: "t=1,v1=00" }),
      await send(told, { seconds: now - 301 }),
      await send(told, { seconds: now + 310 }),
      await send(
        { ...told, reason: "changed" },
        { signature: signatureOf(SECRET, now, JSON.stringify(told)) },
      ),
    ].map(({ status, body }) => [status, body["code"]]);
    expect(new Set(codes.map(String))).toEqual(new Set(["401,SIGNATURE_INVALID"]));
    expect(await inbox(told["eventId"])).toEqual({});
    expect(
      (await stage.call("POST", "/api/v1/wms/events", { body: told, bearer: BOOTSTRAP_KEY })).status,
    ).toBe(401);
  });

  it("of five hundred with one bad one has the others applied, and says which and why", async () => {
    await product("batch");
    const events = Array.from({ length: 500 }, (_, i) =>
      i === 250 ? receipt("batch", -1) : receipt("batch", 1, { locationId: "west" }),
    );
    const told = await send(events);
    expect(told.status).toBe(202);
    expect(told.body).toMatchObject({
      accepted: 499,
      duplicates: 0,
      rejected: [{ index: 250, code: "INVALID_EVENT", detail: expect.stringContaining("/items/0/quantity") }],
    });
    await stage.until(async () => ((await level("batch", "west"))["onHand"] === 499 ? true : null));
    const again = await send(events);
    expect(again.body).toMatchObject({ accepted: 0, duplicates: 499 });
    const many = await send([...events, receipt("batch", 1)]);
    expect([many.status, many.body["code"]]).toEqual([400, "INVALID_REQUEST"]);
  });

  it.each([
    ["of an unknown type", event("SOMETHING", {}), "UNKNOWN_EVENT_TYPE"],
    ["of a type that an object has by itself", event("constructor", {}), "UNKNOWN_EVENT_TYPE"],
    ["that is no event", 7, "INVALID_EVENT"],
    ["without an id", { ...receipt("a", 1), eventId: undefined }, "INVALID_EVENT"],
    ["of tomorrow", { ...receipt("a", 1), timestamp: "2100-01-01T00:00:00Z" }, "EVENT_FROM_THE_FUTURE"],
    ["with a field that nobody knows", { ...receipt("a", 1), gratis: true }, "INVALID_EVENT"],
    ["of half a piece", receipt("a", 0.5), "INVALID_EVENT"],
    ["of less than none", receipt("a", -1), "INVALID_EVENT"],
    ["without a location", { ...receipt("a", 1), locationId: undefined }, "INVALID_EVENT"],
    ["of a location without a name", { ...receipt("a", 1), locationId: "" }, "INVALID_EVENT"],
    ["of more than there can be", receipt("a", 1e9 + 1), "INVALID_EVENT"],
  ])("%s is rejected", async (_name, bad, code) => {
    const told = await send([bad]);
    expect([told.status, told.body["accepted"]]).toEqual([202, 0]);
    expect(told.body["rejected"]).toMatchObject([{ index: 0, code }]);
  });

  it("under the id of another is a conflict, and the first one counts", async () => {
    await product("conflict");
    const first = receipt("conflict", 5);
    await tell(first);
    const told = await send({ ...first, items: [{ sku: "conflict", quantity: 6 }] });
    expect(told.body).toMatchObject({ accepted: 0, rejected: [{ code: "EVENT_CONFLICT" }] });
    expect(await level("conflict")).toMatchObject({ onHand: 5 });
    expect((await alerts("event_conflict")).map(({ subject }) => subject)).toContain(first["eventId"]);
  });
});

describe("an event that cannot be applied yet", () => {
  it("of an unknown product is kept and shown, and applied once the product is there", async () => {
    const told = receipt("later: {1}", 4);
    await send(told);
    await stage.until(async () => ((await inbox(told["eventId"]))["reason"] ? true : null));
    expect(await inbox(told["eventId"])).toMatchObject({
      state: "waiting",
      reason: "No product later: {1} is known.",
    });
    await product("later: {1}");
    const path = `admin/wms/inbox/${encodeURIComponent(String(told["eventId"]))}`;
    expect((await call("POST", `${path}/retry`, {})).status).toBe(200);
    await applied(told);
    expect(await level("later: {1}")).toMatchObject({ onHand: 4 });
    expect((await call("POST", `${path}/discard`, { reason: "no" })).body["code"]).toBe("WRONG_STATE");
  });

  it("may be given up by an operator, and is still shown", async () => {
    const told = receipt("never", 4);
    await send(told);
    await stage.until(async () => ((await inbox(told["eventId"]))["state"] === "waiting" ? true : null));
    const path = `admin/wms/inbox/${encodeURIComponent(String(told["eventId"]))}/discard`;
    expect((await call("POST", path, { reason: "of another shop" })).body).toMatchObject({
      state: "discarded",
    });
    expect(await inbox(told["eventId"])).toMatchObject({ state: "discarded", reason: "of another shop" });
  });

  it("where events are numbered waits for those before it, however they come", async () => {
    await product("numbered");
    const numbered = (sequence: number, told: Record<string, unknown>): Record<string, unknown> => ({
      ...told,
      locationId: "west",
      sequence,
    });
    const damaged = event("DAMAGE_REPORT", { items: [{ sku: "numbered", quantity: 2 }], reason: "wet" });
    const [first, second, third] = [
      numbered(1, receipt("numbered", 5)),
      numbered(2, damaged),
      numbered(3, receipt("numbered", 1)),
    ];
    await send([third, second]);
    await stage.until(async () => ((await inbox(third["eventId"]))["reason"] ? true : null));
    expect(await inbox(third["eventId"])).toMatchObject({ reason: "Number 3 waits for those before it." });
    await tell(first);
    await applied(second);
    await applied(third);
    expect(await level("numbered", "west")).toMatchObject({ onHand: 4, damaged: 2 });
    // What never comes stops the location until an operator says that it goes on; if it comes after all, it counts.
    const [lost, next] = [numbered(4, receipt("numbered", 10)), numbered(5, receipt("numbered", 20))];
    await send(next);
    await stage.until(async () => ((await inbox(next["eventId"]))["reason"] ? true : null));
    const path = `admin/wms/inbox/${encodeURIComponent(String(next["eventId"]))}`;
    expect((await call("POST", `${path}/retry`, {})).status).toBe(200);
    await applied(next);
    expect(await level("numbered", "west")).toMatchObject({ onHand: 24 });
    await tell(lost);
    expect(await level("numbered", "west")).toMatchObject({ onHand: 34 });
  });
});
