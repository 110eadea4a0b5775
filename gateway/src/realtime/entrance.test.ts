// Who may come in, and what is said to the others: by the stock client, at a real gateway.
import { randomBytes } from "node:crypto";
import { problemSchema } from "@dropgate/contracts/values";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { openEngine } from "../socket/raw-websocket.ts";
import { BOOTSTRAP_KEY, openStage, type Stage } from "../stage.ts";
import { Ear, Refused } from "./ear.ts";

let stage: Stage;
let saleId: string;
let token: string;
const ears: Ear[] = [];
beforeAll(async () => {
  stage = await openStage({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
  saleId = (await stage.sale()).id;
  token = await join(saleId);
});
afterAll(() => stage.stop());
afterEach(() => {
  for (const ear of ears.splice(0)) ear.close();
});

async function join(sale: string): Promise<string> {
  // The lanes of a sale are a worker's to fill.
  await stage.worker();
  const cookie = await stage.cookie(sale);
  const joined = await stage.until(async () => {
    const told = await stage.call("POST", `/api/v1/sales/${sale}/entries`, { cookie, body: {} });
    return told.status === 201 ? told : null;
  });
  return String(joined.body["token"]);
}

async function enter(
  auth: Record<string, string>,
  options: Parameters<typeof Ear.open>[2] = {},
  at: { url: string } = stage.gateway,
): Promise<Ear> {
  const ear = await Ear.open(at, auth, options);
  ears.push(ear);
  return ear;
}

/** What the server says to one it does not let in: the code, held against the contract's problem. */
async function refusal(auth: Record<string, string>): Promise<[code: string, message: string]> {
  const error = await enter(auth).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Refused)) throw new Error(`not refused: ${String(error)}`);
  const problem = problemSchema.parse(error.data);
  return [problem.code, error.message];
}

/** The status line of the answer to an upgrade. */
async function upgrade(headers: Record<string, string | string[]>): Promise<string> {
  const lines = Object.entries({
    Upgrade: "websocket",
    Connection: "Upgrade",
    "Sec-WebSocket-Key": randomBytes(16).toString("base64"),
    "Sec-WebSocket-Version": "13",
    ...headers,
  }).flatMap(([name, values]) => [values].flat().map((value) => `${name}: ${value}\r\n`));
  const request = `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: shop.example\r\n${lines.join("")}\r\n`;
  const { text } = await stage.raw([request], 300);
  return text.split("\r\n")[0] ?? "";
}

describe("the origin of a page", () => {
  it("may be absent, or name the host that it calls", async () => {
    expect(await upgrade({})).toContain("101");
    expect(await upgrade({ Origin: "https://shop.example" })).toContain("101");
    expect(await upgrade({ Origin: "http://shop.example" })).toContain("101");
  });

  it("is refused before the upgrade when it is foreign, null, a look-alike or stands twice", async () => {
    for (const origin of [
      "https://evil.example",
      "null",
      "https://shop.example.evil.example",
      "https://evilshop.example",
      "https://shop.example:8443",
      "https://shop.example@evil.example",
      "file://",
    ]) {
      expect(await upgrade({ Origin: origin }), origin).toBe("HTTP/1.1 403 Forbidden");
    }
    expect(await upgrade({ Origin: ["https://shop.example", "https://evil.example"] })).toContain("403");
  });

  it("may be one that the operator allows, or PUBLIC_URL's", async () => {
    const gateway = await stage.another({
      ALLOWED_ORIGINS: "https://shop.example, https://other.example",
      PUBLIC_URL: "https://drop.example",
    });
    for (const origin of ["https://shop.example", "https://other.example", "https://drop.example"]) {
      await enter({ saleId }, { extraHeaders: { Origin: origin } }, gateway);
    }
    const foreign = enter({ saleId }, { extraHeaders: { Origin: "https://else.example" } }, gateway);
    await expect(foreign).rejects.toThrow(/websocket error/);
  });
});

describe("one address", () => {
  it("may open so many sockets at once and no more, and another address is not its neighbour's victim", async () => {
    const gateway = await stage.another({
      JOINS_PER_ADDRESS: "1/1",
      TRUSTED_PROXIES: "127.0.0.1",
    });
    const from = (address: string) =>
      enter({ saleId }, { extraHeaders: { "X-Forwarded-For": address } }, gateway);
    const tried = await Promise.allSettled(Array.from({ length: 40 }, () => from("203.0.113.7")));
    const refused = tried.filter(({ status }) => status === "rejected");
    expect(refused.length).toBeGreaterThan(0);
    expect(tried.length - refused.length).toBeGreaterThanOrEqual(3);
    await from("203.0.113.8");
  });
});

describe("auth", () => {
  it("is an entry token, a sale to watch, or an API key with scope operator and a sale", async () => {
    const shopper = await enter({ token });
    expect(shopper.names().slice(0, 3)).toEqual(["sale", "serving", "entry"]);
    for (const auth of [{ saleId }, { saleId, apiKey: BOOTSTRAP_KEY }]) {
      const watching = await enter(auth);
      await watching.until("serving");
      expect(watching.names().slice(0, 2)).toEqual(["sale", "serving"]);
      expect(watching.of("entry")).toEqual([]);
    }
  });

  it("that proves nothing is answered by a connect error with the problem", async () => {
    const { exp, ...claims } = { sale: saleId, entry: "e", shopper: "c:x", attempt: 1, bucket: 0, exp: 1 };
    const { entryTokens } = stage.gateway.services.callers;
    const expired = entryTokens.make({ ...claims, exp });
    const forged = `${token.slice(0, -2)}${token.endsWith("AA") ? "BB" : "AA"}`;
    const merchantOnly = await stage.call("POST", "/api/v1/admin/api-keys", {
      bearer: BOOTSTRAP_KEY,
      body: { name: "shop", scopes: ["merchant"] },
    });
    expect(merchantOnly.status).toBe(201);
    expect(await refusal({ token: expired })).toEqual(["TOKEN_EXPIRED", "The token has expired"]);
    expect(await refusal({ token: forged })).toEqual(["TOKEN_INVALID", "The token is not valid"]);
    expect(await refusal({ token: "dge1.e30.x" })).toEqual(["TOKEN_INVALID", "The token is not valid"]);
    expect(await refusal({ saleId: "none" })).toEqual(["SALE_NOT_FOUND", "There is no such sale"]);
    expect((await refusal({ saleId, apiKey: "not a key" }))[0]).toBe("UNAUTHENTICATED");
    expect((await refusal({ saleId, apiKey: String(merchantOnly.body["key"]) }))[0]).toBe("FORBIDDEN");
    for (const auth of [{}, { saleId: "a b" }, { token, saleId }, { token: "x".repeat(3_000) }]) {
      expect((await refusal(auth as Record<string, string>))[0]).toBe("INVALID_REQUEST");
    }
  });

  it("of another gateway's secret is nobody's", async () => {
    const other = await stage.another({ DROPGATE_SECRET: "another secret, of 32 or more characters" });
    await expect(enter({ token }, {}, other)).rejects.toThrow("The token is not valid");
  });
});

describe("what a connection says", () => {
  it("is refused with a problem when it is no event, not valid, or a spectator's", async () => {
    const shopper = await enter({ token });
    const code = async (ear: Ear, name: string, ...payload: unknown[]) =>
      problemSchema.parse((await ear.ask(name, ...payload))["problem"]).code;
    expect(await code(shopper, "buy", {})).toBe("INVALID_REQUEST");
    expect(await code(shopper, "constructor", {})).toBe("INVALID_REQUEST");
    expect(await code(shopper, "claim")).toBe("INVALID_REQUEST");
    expect(await code(shopper, "claim", { holdId: "a b" })).toBe("INVALID_REQUEST");
    expect(await code(shopper, "claim", { holdId: "x", more: 1 })).toBe("INVALID_REQUEST");
    expect(await code(shopper, "leave", {}, {})).toBe("INVALID_REQUEST");
    expect(await code(shopper, "claim", { holdId: "nothing" })).toBe("HOLD_NOT_FOUND");
    expect(await code(shopper, "rejoin")).toBe("WRONG_STATE");
    const spectator = await enter({ saleId });
    expect(await code(spectator, "leave")).toBe("FORBIDDEN");
    const operator = await enter({ saleId, apiKey: BOOTSTRAP_KEY });
    expect(await code(operator, "claim", { holdId: "x" })).toBe("FORBIDDEN");
    expect(shopper.of("entry")).toHaveLength(1);
  });
});

describe("a connection that goes", () => {
  const gauge = async (name: string): Promise<number> => {
    const { registry } = stage.gateway.services.metrics;
    return Number((await registry.getSingleMetric(name)?.get())?.values[0]?.value);
  };

  it("while it connects, or connects anew, leaves nothing behind", async () => {
    await enter({ token });
    await stage.until(async () => ((await gauge("dropgate_visitors")) === 1 ? true : null));
    const connects = [`40${JSON.stringify({ token })}`, `40${JSON.stringify({ saleId })}`];
    for (let i = 0; i < 60; i++) {
      const raw = await openEngine(stage.gateway.url);
      raw.send(connects[i % 2] ?? "");
      // Taken back and asked again as somebody else, after the first answer or before it, which then may never come.
      if (i % 4 === 0) await raw.next();
      if (i % 3 > 0) raw.send("41");
      if (i % 3 > 1) raw.send(connects[(i + 1) % 2] ?? "");
      raw.destroy();
    }
    await stage.until(async () => ((await gauge("dropgate_sockets")) === 1 ? true : null));
    expect(await gauge("dropgate_visitors")).toBe(1);
  });

  it("while its sale is still being looked for leaves nothing behind", async () => {
    const other = await stage.another();
    const unknown = [await stage.sale(), await stage.sale(), await stage.sale()];
    for (const { id } of unknown) {
      const raw = await openEngine(other.url);
      raw.send(`40${JSON.stringify({ saleId: id })}`);
      raw.destroy();
    }
    const { sales, metrics } = other.services;
    await stage.until(() => (unknown.every(({ id }) => sales.peek(id) !== null) ? true : null));
    const visitors = async () =>
      (await metrics.registry.getSingleMetric("dropgate_visitors")?.get())?.values[0]?.value;
    // The last to be let in would be there after the answer to somebody who came later.
    await enter({ saleId: String(unknown[2]?.id) }, {}, other);
    expect(await visitors()).toBe(1);
  });

  it("gives its place up when it only leaves the namespace, and may come in again", async () => {
    await stage.until(async () => ((await gauge("dropgate_visitors")) === 0 ? true : null));
    const raw = await openEngine(stage.gateway.url);
    raw.send(`40${JSON.stringify({ token })}`);
    await stage.until(async () => ((await gauge("dropgate_visitors")) === 1 ? true : null));
    raw.send("41");
    await stage.until(async () => ((await gauge("dropgate_visitors")) === 0 ? true : null));
    raw.send(`40${JSON.stringify({ saleId })}`);
    await stage.until(async () => ((await gauge("dropgate_visitors")) === 1 ? true : null));
    raw.destroy();
  });
});
