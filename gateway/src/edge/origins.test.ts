// Pages from elsewhere: those on the list may call shoppers' endpoints, the others may not act by the cookie.
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { openStage, type Stage } from "../stage.ts";

let stage: Stage;
let saleId: string;
beforeAll(async () => {
  stage = await openStage(
    { redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") },
    { ALLOWED_ORIGINS: "https://shop.example, https://other.example/" },
  );
  saleId = (await stage.sale()).id;
});
afterAll(() => stage.stop());

const join = async (origin: string): Promise<[number, unknown]> => {
  const { status, body } = await stage.call("POST", `/api/v1/sales/${saleId}/entries`, {
    cookie: await stage.cookie(saleId),
    headers: { origin },
  });
  return [status, body["code"]];
};

it("a cookie acts for our own page and for allowed ones only", async () => {
  expect(await join(stage.gateway.url)).toEqual([201, undefined]);
  expect(await join("https://shop.example")).toEqual([201, undefined]);
  for (const origin of [
    "https://evil.example",
    "null",
    "https://shop.example.evil.example",
    "https://xshop.example",
  ]) {
    expect(await join(origin)).toEqual([403, "ORIGIN_REFUSED"]);
  }
});

it("an allowed page may read the answer, and asks first", async () => {
  const preflight = await stage.call("OPTIONS", `/api/v1/sales/${saleId}/entries`, {
    headers: { origin: "https://other.example", "access-control-request-method": "POST" },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get("access-control-allow-origin")).toBe("https://other.example");
  expect(preflight.headers.get("access-control-allow-methods")).toBe("POST, OPTIONS");
  const told = await stage.call("GET", `/api/v1/sales/${saleId}`, {
    headers: { origin: "https://other.example" },
  });
  expect(told.headers.get("access-control-allow-credentials")).toBe("true");
});

it("a foreign page, and whoever wants the operators' calls, is told nothing of the kind", async () => {
  for (const [path, origin] of [
    [`/api/v1/sales/${saleId}`, "https://evil.example"],
    ["/api/v1/admin/sales", "https://shop.example"],
  ] as const) {
    const told = await stage.call("OPTIONS", path, {
      headers: { origin, "access-control-request-method": "GET" },
    });
    expect([told.status, told.headers.get("access-control-allow-origin")]).toEqual([204, null]);
  }
});
