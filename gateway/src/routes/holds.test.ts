// From the lobby to the order and back, with a real worker: what each call says, and says again.
import { createPublicKey, verify } from "node:crypto";
import { holdSchema, passClaimsSchema } from "@dropgate/contracts/hold";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { BOOTSTRAP_KEY, openStage, type Stage, type Told } from "../stage.ts";

let stage: Stage;
let saleId: string;
beforeAll(async () => {
  stage = await openStage({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
  await stage.worker();
  saleId = (await stage.sale({ quantity: 100, admission: { ratePerSecond: 1_000, burst: 100 } })).id;
});
afterAll(() => stage.stop());

interface Shopper {
  cookie: string;
  entryId: string;
  token: string;
}
async function join(): Promise<Shopper> {
  const cookie = await stage.cookie(saleId);
  const { body } = await stage.call("POST", `/api/v1/sales/${saleId}/entries`, { cookie });
  return { cookie, entryId: String(body["entryId"]), token: String(body["token"]) };
}

async function act(action: string): Promise<void> {
  await stage.call("POST", `/api/v1/admin/sales/${saleId}/actions/${action}`, { bearer: BOOTSTRAP_KEY });
}

const entryOf = (shopper: Shopper): Promise<Told> =>
  stage.call("GET", `/api/v1/entries/${shopper.entryId}`, { bearer: shopper.token });

/** The hold of this shopper's offer, as soon as there is one. */
function offerOf(shopper: Shopper): Promise<string> {
  return stage.until(async () => {
    const { body } = await entryOf(shopper);
    return body["state"] === "offered" ? String(body["holdId"]) : null;
  });
}

const onHold = (holdId: string, act: string, request: Parameters<Stage["call"]>[2]): Promise<Told> =>
  stage.call("POST", `/api/v1/holds/${holdId}/${act}`, request);
const merchant = { bearer: BOOTSTRAP_KEY };

/** Status and code, or state of the hold: what a test asks of an answer. */
function gist({ status, body }: Told): [number, unknown] {
  const hold = body["hold"] as { state?: string } | undefined;
  return [status, body["code"] ?? hold?.state];
}

describe("a sale's whole way", () => {
  let shoppers: Shopper[];
  let holds: string[];
  beforeAll(async () => {
    shoppers = await Promise.all(Array.from({ length: 8 }, join));
    await act("draw");
    await act("open");
    holds = await Promise.all(shoppers.map(offerOf));
  });

  it("gives each a ticket, a position of 0 and an offer", async () => {
    // How far the line has come is told after the offers that moved it.
    const body = await stage.until(async () => {
      const told = (await entryOf(shoppers[0] as Shopper)).body;
      return told["position"] === 0 ? told : null;
    });
    expect(body).toMatchObject({ state: "offered", holdId: holds[0] });
    expect(body["ticket"]).toBeGreaterThanOrEqual(1);
    expect(Date.parse(String(body["claimBy"]))).toBeGreaterThan(Date.now());
  });

  it("a claim answers hold and pass, again the same, byte for byte; another's is FORBIDDEN", async () => {
    const [shopper, other] = shoppers as [Shopper, Shopper];
    expect(gist(await onHold(String(holds[0]), "claim", { bearer: other.token }))).toEqual([
      403,
      "FORBIDDEN",
    ]);
    expect(gist(await onHold(String(holds[0]), "claim", { cookie: other.cookie }))).toEqual([
      403,
      "FORBIDDEN",
    ]);
    expect(gist(await onHold(String(holds[0]), "claim", {}))).toEqual([401, "UNAUTHENTICATED"]);
    const first = await onHold(String(holds[0]), "claim", { bearer: shopper.token });
    expect(gist(first)).toEqual([200, "active"]);
    holdSchema.parse(first.body["hold"]);
    expect((await onHold(String(holds[0]), "claim", { cookie: shopper.cookie })).text).toBe(first.text);
    expect((await entryOf(shopper)).body).toMatchObject({ state: "held", holdId: holds[0] });

    const pass = String(first.body["pass"]);
    const jwks = await stage.call("GET", "/.well-known/jwks.json");
    const keys = jwks.body["keys"] as Record<string, unknown>[];
    const [header = "", claims = "", signature = ""] = pass.split(".");
    const kid: unknown = JSON.parse(Buffer.from(header, "base64url").toString()).kid;
    const key = keys.find((each) => each["kid"] === kid) ?? {};
    const verified = verify(
      null,
      Buffer.from(`${header}.${claims}`),
      createPublicKey({ key, format: "jwk" }),
      Buffer.from(signature, "base64url"),
    );
    expect(verified).toBe(true);
    const said = passClaimsSchema.parse(JSON.parse(Buffer.from(claims, "base64url").toString()));
    expect(said).toMatchObject({ aud: saleId, jti: holds[0], sku: "sku-1" });
  });

  it("a payment extends once, and again is the same answer", async () => {
    const first = await onHold(String(holds[0]), "payment", merchant);
    expect(gist(first)).toEqual([200, "pending"]);
    expect(first.body["hold"]).toMatchObject({ extended: true });
    expect((await onHold(String(holds[0]), "payment", merchant)).text).toBe(first.text);
  });

  it("a confirm is told the same again; another order is WRONG_STATE, another hold's ORDER_EXISTS", async () => {
    const first = await onHold(String(holds[0]), "confirm", { ...merchant, body: { orderId: "o-1" } });
    expect(gist(first)).toEqual([200, "confirmed"]);
    expect(first.body["allocation"]).toBeNull();
    const again = await onHold(String(holds[0]), "confirm", { ...merchant, body: { orderId: "o-1" } });
    expect(again.text).toBe(first.text);
    const other = await onHold(String(holds[0]), "confirm", { ...merchant, body: { orderId: "o-2" } });
    expect(gist(other)).toEqual([409, "WRONG_STATE"]);
    await onHold(String(holds[1]), "claim", { bearer: (shoppers[1] as Shopper).token });
    const taken = await onHold(String(holds[1]), "confirm", { ...merchant, body: { orderId: "o-1" } });
    expect(gist(taken)).toEqual([409, "ORDER_EXISTS"]);
    expect((await entryOf(shoppers[0] as Shopper)).body).toMatchObject({
      state: "purchased",
      outcome: { result: "purchased", orderId: "o-1" },
    });
    const limit = await stage.call("POST", `/api/v1/sales/${saleId}/entries`, {
      cookie: (shoppers[0] as Shopper).cookie,
    });
    expect(gist(limit)).toEqual([409, "ALREADY_PURCHASED"]);
  });

  it("a confirm of an offer that nobody claimed, or of a released hold, is WRONG_STATE", async () => {
    const unclaimed = await onHold(String(holds[2]), "confirm", { ...merchant, body: { orderId: "o-3" } });
    expect(gist(unclaimed)).toEqual([409, "WRONG_STATE"]);
    const released = await onHold(String(holds[2]), "release", { bearer: (shoppers[2] as Shopper).token });
    expect(gist(released)).toEqual([200, "released"]);
    expect((await onHold(String(holds[2]), "release", merchant)).text).toBe(released.text);
    const after = await onHold(String(holds[2]), "confirm", { ...merchant, body: { orderId: "o-3" } });
    expect(gist(after)).toEqual([409, "WRONG_STATE"]);
  });

  it("a cancelled order is told the same again, and its shopper may join anew", async () => {
    const first = await onHold(String(holds[0]), "cancel", { ...merchant, body: { reason: "changed mind" } });
    expect(gist(first)).toEqual([200, "cancelled"]);
    expect((await onHold(String(holds[0]), "cancel", merchant)).text).toBe(first.text);
    const anew = await stage.call("POST", `/api/v1/sales/${saleId}/entries`, {
      cookie: (shoppers[0] as Shopper).cookie,
    });
    expect(anew.status).toBe(201);
    expect(anew.body["entryId"]).not.toBe((shoppers[0] as Shopper).entryId);
    // The old entry is still there for its token.
    expect((await entryOf(shoppers[0] as Shopper)).body["state"]).toBe("released");
  });

  it("leaving gives an offered or held unit back; twice is the same", async () => {
    const [held, offered] = [shoppers[3], shoppers[4]] as [Shopper, Shopper];
    await onHold(String(holds[3]), "claim", { bearer: held.token });
    for (const shopper of [held, held, offered, offered]) {
      const left = await stage.call("DELETE", `/api/v1/entries/${shopper.entryId}`, {
        bearer: shopper.token,
      });
      expect([left.status, left.text]).toEqual([200, "{}"]);
    }
    expect((await entryOf(held)).body["state"]).toBe("left");
    const states = await stage.database.truth.query<{ state: string }>(
      "SELECT state FROM holds WHERE hold_id = ANY($1)",
      [[holds[3], holds[4]]],
    );
    expect(states.rows).toEqual([{ state: "released" }, { state: "released" }]);
    const rejoined = await stage.call("POST", `/api/v1/entries/${held.entryId}/rejoin`, {
      bearer: held.token,
    });
    expect(gist(rejoined)).toEqual([409, "WRONG_STATE"]);
  });

  it("an offer claimed too late is HOLD_EXPIRED; its shopper rejoins once with the old ticket", async () => {
    const [late, hold] = [shoppers[5], String(holds[5])] as [Shopper, string];
    const before = (await entryOf(late)).body;
    await stage.database.truth.query(
      "UPDATE holds SET claim_by = clock_timestamp() - interval '1 second' WHERE hold_id = $1",
      [hold],
    );
    expect(gist(await onHold(hold, "claim", { bearer: late.token }))).toEqual([409, "HOLD_EXPIRED"]);
    const missed = await stage.until(async () => {
      const { body } = await entryOf(late);
      return body["state"] === "missed" ? body : null;
    });
    expect(missed["rejoinable"]).toBe(true);
    // The list of the draw names every entry; of one lane, another's cookie gets no further than any other.
    const laneOf = (entryId: string): string => entryId.slice(0, "aaaaaa00".length);
    const stranger = await stage.until(async () => {
      const cookie = await stage.cookie(saleId);
      const { body } = await stage.call("POST", `/api/v1/sales/${saleId}/entries`, { cookie });
      return laneOf(String(body["entryId"])) === laneOf(late.entryId) ? cookie : null;
    });
    const path = `/api/v1/entries/${late.entryId}`;
    for (const [method, sub, status] of [
      ["POST", "/rejoin", 403],
      ["DELETE", "", 404],
      ["GET", "", 403],
      ["POST", "/links", 404],
      ["GET", "/notification", 403],
    ] as const) {
      const told = await stage.call(method, path + sub, { cookie: stranger });
      expect([method, sub, told.status]).toEqual([method, sub, status]);
    }
    expect((await entryOf(late)).body["state"]).toBe("missed");
    const back = await stage.call("POST", `/api/v1/entries/${late.entryId}/rejoin`, { bearer: late.token });
    expect(back.status).toBe(200);
    expect(back.body["ticket"]).toBe(before["ticket"]);
    expect(await offerOf(late)).not.toBe(hold);
  });

  it("unknown holds and entries are 404, foreign entries 403", async () => {
    const shopper = shoppers[6] as Shopper;
    const flipped = String(holds[6]).replace(/.$/, (last) => (last === "A" ? "B" : "A"));
    for (const unknown of ["none", "aaaaaa00_0123456789012345678901", flipped]) {
      expect(gist(await onHold(unknown, "claim", { bearer: shopper.token }))).toEqual([
        404,
        "HOLD_NOT_FOUND",
      ]);
      expect(gist(await onHold(unknown, "confirm", { ...merchant, body: { orderId: "x" } }))).toEqual([
        404,
        "HOLD_NOT_FOUND",
      ]);
    }
    const look = (entryId: string) =>
      stage.call("GET", `/api/v1/entries/${entryId}`, { bearer: shopper.token });
    expect(gist(await look("none"))).toEqual([404, "ENTRY_NOT_FOUND"]);
    expect(gist(await look("aaaaaa00-0123456789012345678901"))).toEqual([404, "ENTRY_NOT_FOUND"]);
    expect(gist(await look((shoppers[7] as Shopper).entryId))).toEqual([403, "FORBIDDEN"]);
  });

  it("the report finds nothing wrong, and the draw and its entries are published", async () => {
    const report = await stage.call("GET", `/api/v1/admin/sales/${saleId}/report`, merchant);
    const checks = report.body["checks"] as { ok: boolean }[];
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    const draw = await stage.call("GET", `/api/v1/sales/${saleId}/draw`);
    expect(draw.body).toMatchObject({ algorithm: "dropgate-draw-1", secret: null });
    const [bucket] = draw.body["buckets"] as { bucket: number; count: number; firstTicket: number }[];
    expect(bucket).toMatchObject({ bucket: 0, count: 8, firstTicket: 1 });
    const lines = await stage.call("GET", `/api/v1/sales/${saleId}/draw/entries?bucket=0`);
    expect(lines.headers.get("cache-control")).toContain("immutable");
    const entries = lines.text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { ticket: number });
    expect(entries.map(({ ticket }) => ticket).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    // Compressed for who can read it, and never sent again to who has it.
    expect(lines.headers.get("content-encoding")).toBe("gzip");
    const etag = lines.headers.get("etag") ?? "";
    const again = await stage.call("GET", `/api/v1/sales/${saleId}/draw/entries?bucket=0`, {
      headers: { "if-none-match": etag },
    });
    expect(again.status).toBe(304);
    const plain = await stage.call("GET", `/api/v1/sales/${saleId}/draw/entries?bucket=0`, {
      headers: { "accept-encoding": "identity", "if-none-match": etag },
    });
    expect(plain.status).toBe(200);
    expect(plain.headers.get("content-encoding")).toBeNull();
    expect(plain.text).toBe(lines.text);
  });
});
