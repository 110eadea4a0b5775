// What an operator does with a sale: changes, actions, the rate, the pools, the audit.
import { createHash } from "node:crypto";
import { adminSaleSchema } from "@dropgate/contracts/sale";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { BOOTSTRAP_KEY, inMinutes, openStage, type Stage, type Told } from "../stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
});
afterAll(() => stage.stop());

const admin = (method: string, path: string, body?: unknown): Promise<Told> =>
  stage.call(method, `/api/v1/admin/sales/${path}`, {
    bearer: BOOTSTRAP_KEY,
    ...(body !== undefined && { body }),
  });
const gist = ({ status, body }: Told): [number, unknown] => [status, body["code"] ?? body["phase"]];

describe("creating", () => {
  it("decides what was left open, and at once what is past", async () => {
    const open = adminSaleSchema.parse(await stage.sale({ quantity: 2, limitPerShopper: 2 }));
    expect(open).toMatchObject({ phase: "lobby", poolCount: 2, laneCount: 4, units: { free: 2, sold: 0 } });
    const later = await stage.sale({ quantity: 9, poolCount: 6, schedule: { lobbyAt: inMinutes(1) } });
    expect(later).toMatchObject({ phase: "scheduled", poolCount: 6, laneCount: 6 });
    const past = await stage.sale({ schedule: { drawAt: inMinutes(-2), opensAt: inMinutes(-1) } });
    expect(past.phase).toBe("lobby");
  });

  it("deals the units to the pools in turn", async () => {
    const { id } = await stage.sale({ quantity: 10, poolCount: 4 });
    const { body } = await admin("GET", `${id}/pools`);
    expect(body["items"]).toEqual(
      [3, 3, 2, 2].map((capacity, index) => ({ index, capacity, available: capacity, held: 0, sold: 0 })),
    );
  });

  it("commits to its secret at once and shows it only when the sale is closed", async () => {
    const { id, draw } = await stage.sale();
    expect(draw.secret).toBeNull();
    await admin("POST", `${id}/actions/close`);
    const { body } = await stage.call("GET", `/api/v1/sales/${id}/draw`);
    const digest = createHash("sha256")
      .update(Buffer.from(String(body["secret"]), "hex"))
      .digest("hex");
    expect([digest, body["commitment"]]).toEqual([draw.commitment, draw.commitment]);
  });
});

describe("changing", () => {
  it("changes texts and windows, raises the version once, and the public sees it", async () => {
    const { id, version } = await stage.sale({ description: "old", price: { amount: 100, currency: "EUR" } });
    const changed = await admin("PATCH", id, {
      title: "New",
      description: null,
      message: "Soon",
      claimWindowSeconds: 60,
    });
    expect(changed.body).toMatchObject({
      title: "New",
      message: "Soon",
      claimWindowSeconds: 60,
      version: version + 1,
    });
    const { body } = await stage.call("GET", `/api/v1/sales/${id}`);
    expect(body).toMatchObject({
      title: "New",
      message: "Soon",
      version: version + 1,
      price: { amount: 100 },
    });
    expect(body).not.toHaveProperty("description");
    expect((await admin("PATCH", id, { title: "New" })).body["version"]).toBe(version + 1);
  });

  it("moves a moment that lies ahead, never one that has passed, never so that it runs backwards", async () => {
    const { id } = await stage.sale();
    const drawAt = inMinutes(10.5);
    expect((await admin("PATCH", id, { schedule: { drawAt } })).body["schedule"]).toMatchObject({ drawAt });
    expect(gist(await admin("PATCH", id, { schedule: { lobbyAt: inMinutes(1) } }))).toEqual([
      409,
      "WRONG_STATE",
    ]);
    expect(gist(await admin("PATCH", id, { schedule: { drawAt: inMinutes(12) } }))).toEqual([
      400,
      "INVALID_SCHEDULE",
    ]);
    await admin("POST", `${id}/actions/close`);
    expect(gist(await admin("PATCH", id, { schedule: { closesAt: inMinutes(90) } }))).toEqual([
      409,
      "WRONG_STATE",
    ]);
  });

  it("sets the rate, live, but not of a closed sale", async () => {
    const { id } = await stage.sale();
    const rate = { ratePerSecond: 0.5, burst: 3 };
    expect((await admin("PUT", `${id}/admission`, rate)).body["admission"]).toEqual(rate);
    expect(gist(await admin("PUT", `${id}/admission`, { ratePerSecond: 1 }))).toEqual([
      400,
      "INVALID_REQUEST",
    ]);
    await admin("POST", `${id}/actions/close`);
    expect(gist(await admin("PUT", `${id}/admission`, { ...rate, burst: 4 }))).toEqual([409, "WRONG_STATE"]);
  });
});

describe("driving by hand", () => {
  const act = (id: string, action: string, body?: unknown): Promise<Told> =>
    admin("POST", `${id}/actions/${action}`, body);

  it("goes where the table of phases allows, and asking twice is the same answer", async () => {
    const { id } = await stage.sale({ schedule: { lobbyAt: inMinutes(1) } });
    expect(gist(await act(id, "draw"))).toEqual([409, "WRONG_STATE"]);
    expect(gist(await act(id, "open"))).toEqual([200, "lobby"]);
    expect(gist(await act(id, "open"))).toEqual([200, "lobby"]);
    expect(gist(await act(id, "pause"))).toEqual([409, "WRONG_STATE"]);
    expect(gist(await act(id, "draw"))).toEqual([200, "drawing"]);
    // From the draw on, open means: sell as soon as the draw is done.
    const opened = await act(id, "open");
    expect(gist(opened)).toEqual([200, "drawing"]);
    const { opensAt } = opened.body["schedule"] as { opensAt: string };
    expect(Date.parse(opensAt)).toBeLessThanOrEqual(Date.now() + 1_000);
    expect(gist(await act(id, "close"))).toEqual([200, "closed"]);
    expect(gist(await act(id, "close"))).toEqual([200, "closed"]);
    expect(gist(await act(id, "open"))).toEqual([409, "WRONG_STATE"]);
    expect(gist(await act(id, "fly"))).toEqual([404, "NOT_FOUND"]);
  });

  it("pauses with a message, which goes when the sale goes on", async () => {
    await stage.worker();
    const { id } = await stage.sale();
    await act(id, "draw");
    await act(id, "open");
    await stage.until(async () => ((await admin("GET", id)).body["phase"] === "live" ? true : null));
    const paused = await act(id, "pause", { message: "A moment" });
    expect([gist(paused), paused.body["message"]]).toEqual([[200, "paused"], "A moment"]);
    // A colleague was quicker: what comes with the second pause is said all the same, and in the ledger.
    const again = await act(id, "pause", { message: "Ten minutes" });
    expect([gist(again), again.body["message"]]).toEqual([[200, "paused"], "Ten minutes"]);
    expect(again.body["version"]).toBe(Number(paused.body["version"]) + 1);
    const silent = await act(id, "pause");
    const same = await act(id, "pause", { message: "Ten minutes" });
    for (const { body } of [silent, same]) {
      expect([body["message"], body["version"]]).toEqual(["Ten minutes", again.body["version"]]);
    }
    // The worker may write rows of its own behind it.
    const told = await stage.until(async () => {
      const { items } = (await admin("GET", `${id}/audit?order=newest&limit=10`)).body as {
        items: { act: string; data: object }[];
      };
      return items.find(({ act: done }) => done === "sale.changed") ?? null;
    });
    expect(told.data).toEqual({ message: "Ten minutes" });
    const resumed = await act(id, "resume");
    expect([gist(resumed), resumed.body["message"]]).toEqual([[200, "live"], undefined]);
    expect(gist(await act(id, "resume", { message: "x" }))).toEqual([400, "INVALID_REQUEST"]);
  }, 90_000);

  it("reaches every gateway", async () => {
    const other = await stage.another();
    const { id } = await stage.sale({ schedule: { lobbyAt: inMinutes(1) } });
    const seen = async (): Promise<unknown> =>
      (await stage.call("GET", `/api/v1/sales/${id}`, { at: other })).body["phase"];
    expect(await seen()).toBe("scheduled");
    await act(id, "open");
    await stage.until(async () => ((await seen()) === "lobby" ? true : null));
    const cookie = await stage.cookie(id);
    expect((await stage.call("POST", `/api/v1/sales/${id}/entries`, { cookie, at: other })).status).toBe(201);
  });
});

describe("the list", () => {
  it("is of one phase, or of those that are on, however many newer sales there are", async () => {
    const on = await stage.sale();
    const later = await stage.sale({ schedule: { lobbyAt: inMinutes(1) } });
    const idsOf = async (phase: string): Promise<string[]> => {
      const ids: string[] = [];
      for (let cursor = ""; ; ) {
        const path = `/api/v1/admin/sales?limit=2&phase=${phase}${cursor}`;
        const { body } = await stage.call("GET", path, { bearer: BOOTSTRAP_KEY });
        ids.push(...(body["items"] as { id: string }[]).map(({ id }) => id));
        const next = body["nextCursor"];
        if (typeof next !== "string") return ids;
        cursor = `&cursor=${next}`;
      }
    };
    for (const phase of ["on", "lobby"]) {
      const ids = await idsOf(phase);
      expect([ids.includes(on.id), ids.includes(later.id)]).toEqual([true, false]);
    }
    expect(await idsOf("scheduled")).toContain(later.id);
    expect(await idsOf("scheduled")).not.toContain(on.id);
    const wrong = await stage.call("GET", "/api/v1/admin/sales?phase=off", { bearer: BOOTSTRAP_KEY });
    expect(gist(wrong)).toEqual([400, "INVALID_REQUEST"]);
  });
});

describe("the audit", () => {
  it("has every act in pages that join without a gap, and as CSV", async () => {
    const { id } = await stage.sale();
    for (const message of ["one", "two", '=cmd|"x"']) await admin("PATCH", id, { message });
    const all = async (order = "oldest"): Promise<{ id: number; act: string; data: object }[]> => {
      const rows: { id: number; act: string; data: object }[] = [];
      let cursor = "";
      do {
        const { body } = await admin("GET", `${id}/audit?limit=2&order=${order}${cursor}`);
        rows.push(...(body["items"] as typeof rows));
        const next = body["nextCursor"];
        cursor = typeof next === "string" ? `&cursor=${next}` : "";
      } while (cursor !== "");
      return rows;
    };
    // A transaction that runs anywhere in the server holds the newest rows back for a moment.
    const rows = await stage.until(async () => {
      const seen = await all();
      return seen.length >= 4 ? seen : null;
    });
    expect(rows.map((row) => row.act)).toEqual([
      "sale.created",
      "sale.changed",
      "sale.changed",
      "sale.changed",
    ]);
    expect(new Set(rows.map((row) => row.id)).size).toBe(4);
    expect((await all("newest")).map((row) => row.id)).toEqual(rows.map((row) => row.id).toReversed());
    expect(gist(await admin("GET", `${id}/audit?order=sideways`))).toEqual([400, "INVALID_REQUEST"]);
    const csv = await stage.call("GET", `/api/v1/admin/sales/${id}/audit`, {
      bearer: BOOTSTRAP_KEY,
      headers: { accept: "text/csv" },
    });
    expect(csv.headers.get("content-type")).toContain("text/csv");
    expect(csv.text.trimEnd().split("\r\n")).toHaveLength(5);
  });

  it("and everything else of a sale that is not there is SALE_NOT_FOUND", async () => {
    for (const [method, path, body] of [
      ["GET", "none"],
      ["PATCH", "none", { title: "x" }],
      ["POST", "none/actions/open"],
      ["PUT", "none/admission", { ratePerSecond: 1, burst: 1 }],
      ["GET", "none/pools"],
      ["GET", "none/report"],
      ["GET", "none/audit"],
    ] as const) {
      expect([path, ...gist(await admin(method, path, body))]).toEqual([path, 404, "SALE_NOT_FOUND"]);
    }
    for (const path of ["none/draw", "none/draw/entries"]) {
      expect(gist(await stage.call("GET", `/api/v1/sales/${path}`))).toEqual([404, "SALE_NOT_FOUND"]);
    }
  });
});
