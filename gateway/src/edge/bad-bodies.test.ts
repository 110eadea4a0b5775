// Every kind of bad body has its word, names the field, and changes nothing.
import type { SaleCreate } from "@dropgate/contracts/sale";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { BOOTSTRAP_KEY, inMinutes, openStage, type Stage, type Told } from "../stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
});
afterAll(() => stage.stop());

const good = (): SaleCreate =>
  ({
    title: "A sale",
    sku: "sku-1",
    quantity: 10,
    schedule: { drawAt: inMinutes(10), opensAt: inMinutes(11), closesAt: inMinutes(60) },
  }) as SaleCreate;

const create = (body: unknown, headers: Record<string, string> = {}): Promise<Told> =>
  stage.call("POST", "/api/v1/admin/sales", { bearer: BOOTSTRAP_KEY, body, headers });

async function sales(): Promise<number> {
  const { rows } = await stage.database.truth.query<{ n: number }>("SELECT count(*) AS n FROM sales");
  return rows[0]?.n ?? -1;
}

function pointers({ body }: Told): unknown[] {
  return ((body["errors"] ?? []) as { pointer: string }[]).map(({ pointer }) => pointer);
}

describe("a sale that cannot be", () => {
  const nested = `${"[".repeat(33)}${"]".repeat(33)}`;
  const texts: [string, string, string][] = [
    ["no JSON", "{", "INVALID_JSON"],
    ["text after the end", "{} {}", "INVALID_JSON"],
    ["a key twice", '{"title":"a","title":"b"}', "INVALID_JSON"],
    ["a key twice, once by escapes", '{"title":"a","t\\u0069tle":"b"}', "INVALID_JSON"],
    ["__proto__", '{"__proto__":{"title":"a"}}', "INVALID_JSON"],
    ["__proto__ by escapes", '{"\\u005f_proto__":{}}', "INVALID_JSON"],
    ["too deep", `{"title":${nested}}`, "INVALID_JSON"],
    ["an array", "[]", "INVALID_REQUEST"],
    ["null", "null", "INVALID_REQUEST"],
    ["nothing that it needs", "{}", "INVALID_REQUEST"],
  ];
  for (const [name, text, code] of texts) {
    it(`${name} is ${code}`, async () => {
      const before = await sales();
      const told = await create(text);
      expect([told.status, told.body["code"]]).toEqual([400, code]);
      expect(await sales()).toBe(before);
    });
  }

  it("a body that is not JSON by its type is UNSUPPORTED_MEDIA_TYPE", async () => {
    for (const type of ["text/plain", "application/jsonx", "application/x-www-form-urlencoded", ""]) {
      const told = await create("{}", { "content-type": type });
      expect([told.status, told.body["code"]]).toEqual([415, "UNSUPPORTED_MEDIA_TYPE"]);
    }
    expect((await create(good(), { "content-type": 'Application/JSON; charset="UTF-8"' })).status).toBe(201);
  });

  it("bytes that are no UTF-8 are INVALID_JSON", async () => {
    const { text } = await stage.raw([
      `POST /api/v1/admin/sales HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${BOOTSTRAP_KEY}\r\n` +
        'Content-Type: application/json\r\nContent-Length: 13\r\n\r\n{"title":"\xff"}',
    ]);
    expect(text).toContain("INVALID_JSON");
  });

  const fields: [string, object, string[]][] = [
    ["an unknown field", { colour: "red" }, ["/colour"]],
    ["no units", { quantity: 0 }, ["/quantity"]],
    ["negative units", { quantity: -1 }, ["/quantity"]],
    ["half a unit", { quantity: 1.5 }, ["/quantity"]],
    ["units as text", { quantity: "1" }, ["/quantity"]],
    ["more units than there are numbers", { quantity: 2 ** 53 + 1 }, ["/quantity"]],
    ["a negative rate", { admission: { ratePerSecond: -1, burst: 1 } }, ["/admission/ratePerSecond"]],
    ["no rate", { admission: { ratePerSecond: 0, burst: 1 } }, ["/admission/ratePerSecond"]],
    ["no burst", { admission: { ratePerSecond: 1, burst: 0 } }, ["/admission/burst"]],
    ["more pools than units", { poolCount: 11 }, ["/poolCount"]],
    ["a window of no time", { claimWindowSeconds: 0 }, ["/claimWindowSeconds"]],
    ["a window of two days", { purchaseWindowSeconds: 172_800 }, ["/purchaseWindowSeconds"]],
    ["control characters in what merchants bring", { sku: "a\u0000b" }, ["/sku"]],
    ["a name with braces", { id: "{a}" }, ["/id"]],
    ["an address that is a script", { checkoutUrl: "javascript:alert(1)" }, ["/checkoutUrl"]],
    ["a price below nothing", { price: { amount: -1, currency: "EUR" } }, ["/price/amount"]],
    [
      "the year 275760",
      { schedule: { ...good().schedule, closesAt: "+275760-09-13T00:00:00Z" } },
      ["/schedule/closesAt"],
    ],
    ["no day", { schedule: { ...good().schedule, drawAt: "soon" } }, ["/schedule/drawAt"]],
  ];
  for (const [name, over, expected] of fields) {
    it(`${name} is INVALID_REQUEST and says where`, async () => {
      const before = await sales();
      const told = await create({ ...good(), ...over });
      expect([told.status, told.body["code"], pointers(told)]).toEqual([400, "INVALID_REQUEST", expected]);
      expect(await sales()).toBe(before);
    });
  }

  const schedules: [string, Partial<SaleCreate["schedule"]>, string[]][] = [
    ["draws before its lobby", { lobbyAt: inMinutes(10.5) }, ["/schedule/drawAt"]],
    ["opens before its draw", { opensAt: inMinutes(9) }, ["/schedule/opensAt"]],
    ["closes as it opens", { opensAt: inMinutes(12), closesAt: inMinutes(12) }, ["/schedule/closesAt"]],
    [
      "is over",
      { lobbyAt: inMinutes(-40), drawAt: inMinutes(-30), opensAt: inMinutes(-20), closesAt: inMinutes(-1) },
      ["/schedule/closesAt"],
    ],
  ];
  for (const [name, over, expected] of schedules) {
    it(`a schedule that ${name} is INVALID_SCHEDULE`, async () => {
      const told = await create({ ...good(), schedule: { ...good().schedule, ...over } });
      expect([told.status, told.body["code"], pointers(told)]).toEqual([400, "INVALID_SCHEDULE", expected]);
    });
  }

  it("an id that is taken is SALE_EXISTS; units of a product that nobody added are PRODUCT_NOT_FOUND", async () => {
    const { id } = await stage.sale();
    const again = await create({ ...good(), id });
    expect([again.status, again.body["code"]]).toEqual([409, "SALE_EXISTS"]);
    const stock = await create({ ...good(), source: "inventory" });
    expect([stock.status, stock.body["code"]]).toEqual([404, "PRODUCT_NOT_FOUND"]);
  });

  it("lists refuse cursors that we did not give, and limits out of range", async () => {
    const cursors = ["x", "W10", Buffer.from('["99999999999999999999","a"]').toString("base64url")];
    for (const query of [
      ...cursors.map((cursor) => `cursor=${cursor}`),
      "limit=0",
      "limit=201",
      "limit=x",
      "a=b",
    ]) {
      const told = await stage.call("GET", `/api/v1/admin/sales?${query}`, { bearer: BOOTSTRAP_KEY });
      expect([query, told.status, told.body["code"]]).toEqual([query, 400, "INVALID_REQUEST"]);
    }
  });

  it("pages list every sale once, the newest first", async () => {
    const made: string[] = [];
    for (let i = 0; i < 3; i++) made.unshift((await stage.sale()).id);
    const seen: string[] = [];
    let cursor = "";
    do {
      const { body } = await stage.call("GET", `/api/v1/admin/sales?limit=2${cursor}`, {
        bearer: BOOTSTRAP_KEY,
      });
      seen.push(...(body["items"] as { id: string }[]).map(({ id }) => id));
      const next = body["nextCursor"];
      cursor = typeof next === "string" ? `&cursor=${next}` : "";
    } while (cursor !== "");
    expect(seen.slice(0, 3)).toEqual(made);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength(await sales());
  });
});
