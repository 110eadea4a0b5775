import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openStage, type Stage } from "../stage.ts";
import { RateLimit } from "./rate-limit.ts";

describe("a bucket", () => {
  it("gives its burst at once and then its rate, and says how long to wait", () => {
    const limit = new RateLimit({ perSecond: 10, burst: 3 });
    expect([0, 0, 0, 0].map((at) => limit.take("a", 1_000 + at))).toEqual([0, 0, 0, 100]);
    expect(limit.take("a", 1_099)).toBe(1);
    expect(limit.take("a", 1_100)).toBe(0);
    expect(limit.take("b", 1_100)).toBe(0);
    expect(limit.take("a", 5_000)).toBe(0);
  });

  it("remembers no more keys than it may, and the young ones longer", () => {
    const limit = new RateLimit({ perSecond: 1, burst: 1 }, 100);
    for (let i = 0; i < 1_000; i++) limit.take(`key ${i}`, 0);
    expect(limit.size).toBeLessThanOrEqual(100);
    expect(limit.take("key 999", 0)).toBeGreaterThan(0);
    expect(limit.take("key 0", 0)).toBe(0);
  });
});

describe("joins", () => {
  let stage: Stage;
  let saleId: string;
  beforeAll(async () => {
    stage = await openStage(
      { redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") },
      { JOINS_PER_ADDRESS: "1/5", TRUSTED_PROXIES: "127.0.0.1" },
    );
    saleId = (await stage.sale()).id;
  });
  afterAll(() => stage.stop());
  const joinsFrom = async (address: string, count: number): Promise<unknown[]> => {
    const told = [];
    for (let i = 0; i < count; i++) {
      const { status, body, headers } = await stage.call("POST", `/api/v1/sales/${saleId}/entries`, {
        cookie: await stage.cookie(saleId),
        headers: { "x-forwarded-for": address },
      });
      told.push(status);
      if (status === 429) {
        expect(body["code"]).toBe("RATE_LIMITED");
        expect(Number(headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
        expect(body["retryAfterMs"]).toBeGreaterThan(0);
      }
    }
    return told;
  };

  it("of one address are limited, an IPv6 /64 being one; another's are not", async () => {
    expect((await joinsFrom("1.1.1.1", 7)).slice(0, 5)).toEqual([201, 201, 201, 201, 201]);
    expect((await joinsFrom("1.1.1.1", 2)).filter((status) => status === 429)).not.toEqual([]);
    expect(await joinsFrom("1.1.1.2", 1)).toEqual([201]);
    await joinsFrom("2001:db8::1", 5);
    expect(await joinsFrom("2001:db8::2", 1)).toEqual([429]);
  });

  it("of one shopper are limited", async () => {
    const cookie = await stage.cookie(saleId);
    const told = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        stage.call("POST", `/api/v1/sales/${saleId}/entries`, {
          cookie,
          headers: { "x-forwarded-for": `3.3.3.${i}` },
        }),
      ),
    );
    expect(told.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
    expect(told.filter(({ status }) => status === 201)).toHaveLength(1);
  });
});
