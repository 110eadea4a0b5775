// Sales and joins as anybody outside sees them.

import { joinedSchema } from "@dropgate/contracts/entry";
import { saleSchema } from "@dropgate/contracts/sale";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { BOOTSTRAP_KEY, inMinutes, openStage, type Stage } from "../stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
});
afterAll(() => stage.stop());

describe("GET /sales/{saleId}", () => {
  it("shows the sale by its schema and sets the shopper's cookie once", async () => {
    const { id } = await stage.sale();
    const first = await stage.call("GET", `/api/v1/sales/${id}`);
    expect(first.status).toBe(200);
    expect(saleSchema.parse(first.body)).toMatchObject({ id, phase: "lobby", stock: { status: "in_stock" } });
    const cookie = first.headers.get("set-cookie") ?? "";
    expect(cookie).toMatch(
      /^dropgate_shopper=[\w-]{22}\.[\w-]{43}; Path=\/; Max-Age=31536000; HttpOnly; SameSite=Lax$/,
    );
    const second = await stage.call("GET", `/api/v1/sales/${id}`, { cookie: cookie.split(";")[0] ?? "" });
    expect(second.headers.get("set-cookie")).toBeNull();
  });

  it("says SALE_NOT_FOUND of one that is not there, whatever its name", async () => {
    for (const name of ["none", "a:b", "%7Bx%7D", "%00", "x".repeat(65), "%E0%A4%A"]) {
      const told = await stage.call("GET", `/api/v1/sales/${name}`);
      expect([told.status, told.body["code"]]).toEqual([404, "SALE_NOT_FOUND"]);
      expect(told.headers.get("content-type")).toBe("application/problem+json");
    }
  });
});

describe("joining", () => {
  it("works right after the 201 that created the sale, and again is the same entry", async () => {
    const { id } = await stage.sale();
    const cookie = await stage.cookie(id);
    const first = await stage.call("POST", `/api/v1/sales/${id}/entries`, { cookie });
    expect(first.status).toBe(201);
    const entry = joinedSchema.parse(first.body);
    expect(entry).toMatchObject({ saleId: id, state: "waiting", ticket: null, position: null });
    const again = await stage.call("POST", `/api/v1/sales/${id}/entries`, { cookie, body: {} });
    expect(again.status).toBe(200);
    expect(again.body["entryId"]).toBe(entry.entryId);
  });

  it("without a cookie is 401 with the cookie set", async () => {
    const { id } = await stage.sale();
    const told = await stage.call("POST", `/api/v1/sales/${id}/entries`);
    expect([told.status, told.body["code"]]).toEqual([401, "UNAUTHENTICATED"]);
    const cookie = told.headers.get("set-cookie")?.split(";")[0] ?? "";
    expect((await stage.call("POST", `/api/v1/sales/${id}/entries`, { cookie })).status).toBe(201);
  });

  it("before the lobby is SALE_NOT_OPEN, after the close SALE_CLOSED", async () => {
    const early = await stage.sale({ schedule: { lobbyAt: inMinutes(5) } });
    const cookie = await stage.cookie(early.id);
    const tooEarly = await stage.call("POST", `/api/v1/sales/${early.id}/entries`, { cookie });
    expect([tooEarly.status, tooEarly.body["code"]]).toEqual([409, "SALE_NOT_OPEN"]);
    const act = (action: string) =>
      stage.call("POST", `/api/v1/admin/sales/${early.id}/actions/${action}`, { bearer: BOOTSTRAP_KEY });
    expect((await act("open")).body["phase"]).toBe("lobby");
    expect((await stage.call("POST", `/api/v1/sales/${early.id}/entries`, { cookie })).status).toBe(201);
    expect((await act("close")).body["phase"]).toBe("closed");
    const tooLate = await stage.call("POST", `/api/v1/sales/${early.id}/entries`, { cookie });
    expect([tooLate.status, tooLate.body["code"]]).toEqual([409, "SALE_CLOSED"]);
  });

  it("of many at once gives everybody one entry of their own", async () => {
    const { id } = await stage.sale();
    const cookies = await Promise.all(Array.from({ length: 60 }, () => stage.cookie(id)));
    const told = await Promise.all(
      [...cookies, ...cookies].map((cookie) => stage.call("POST", `/api/v1/sales/${id}/entries`, { cookie })),
    );
    expect(told.map(({ status }) => status).filter((status) => status === 201)).toHaveLength(60);
    expect(new Set(told.map(({ body }) => body["entryId"])).size).toBe(60);
  });
});
