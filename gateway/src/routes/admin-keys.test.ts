// Keys from outside: what an admin sees of them, that a revoked one is gone on every gateway, and that a new key for passes
// is known before it signs and the old one as long as its passes are out.
import { API_KEY_REMEMBERED_MS } from "@dropgate/contracts/limits";
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { OperatorStage, type Person } from "../operators/operator-stage.ts";
import { BOOTSTRAP_KEY, openStage, type Stage, type Told } from "../stage.ts";
import type { Gateway } from "../start-gateway.ts";

let stage: Stage;
let other: Gateway;
let admin: Person;
beforeAll(async () => {
  stage = await openStage({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
  other = await stage.another();
  admin = await new OperatorStage(stage).person("admin");
});
afterAll(() => stage.stop());

const items = ({ body }: Told): Record<string, unknown>[] => body["items"] as Record<string, unknown>[];
const acts = async (subject: string): Promise<unknown[]> =>
  items(await admin.call("GET", `/settings-acts?subject=${subject}`)).map(({ act, actor }) => [act, actor]);

describe.concurrent("an API key", () => {
  const make = async (name: string): Promise<{ id: string; key: string }> => {
    const { body } = await admin.call("POST", "/api-keys", { body: { name, scopes: ["operator"] } });
    return body as { id: string; key: string };
  };
  const use = async (key: string, at?: Gateway): Promise<number> =>
    (await stage.call("GET", "/api/v1/admin/sales", { bearer: key, ...(at && { at }) })).status;

  it("is listed with who made it and when it was used, and never shown again", async () => {
    const { id, key } = await make("shop");
    const listed = async (): Promise<unknown> => {
      const list = await admin.call("GET", "/api-keys");
      expect(list.text).not.toContain(key);
      return items(list).find((each) => each["id"] === id);
    };
    expect(await listed()).toMatchObject({
      name: "shop",
      scopes: ["operator"],
      createdBy: `operator:${admin.id}`,
      lastUsedAt: null,
      revokedAt: null,
    });
    expect(await use(key)).toBe(200);
    const usedAt = await stage.until(
      async () => ((await listed()) as { lastUsedAt: string | null }).lastUsedAt,
    );
    expect(Date.parse(usedAt)).not.toBeNaN();
    expect(await acts(id)).toEqual([["api-key.made", `operator:${admin.id}`]]);
  });

  it("that is revoked opens nothing: at once where it was revoked, within seconds everywhere", async () => {
    const { id, key } = await make("leaver");
    expect([await use(key), await use(key, other)]).toEqual([200, 200]);
    const revoked = await admin.call("DELETE", `/api-keys/${id}`);
    expect([revoked.status, revoked.body["revokedBy"]]).toEqual([200, `operator:${admin.id}`]);
    expect(await use(key)).toBe(401);
    await stage.until(
      async () => ((await use(key, other)) === 401 ? true : null),
      API_KEY_REMEMBERED_MS + 5_000,
    );
    // Revoking it again is the same answer and no other act.
    expect((await admin.call("DELETE", `/api-keys/${id}`)).body).toEqual(revoked.body);
    expect((await acts(id)).map((act) => (act as string[])[0])).toEqual(["api-key.revoked", "api-key.made"]);
    expect((await admin.call("DELETE", "/api-keys/nobody")).body["code"]).toBe("API_KEY_NOT_FOUND");
  });
});

describe.concurrent("a shop's key", () => {
  it("that is revoked signs for nobody any more", async () => {
    const made = await admin.call("POST", "/shopper-keys", { body: {} });
    const { kid, secret } = made.body as { kid: string; secret: string };
    const sale = await stage.sale({ identity: "merchant" });
    let nth = 0;
    const join = async (at: Gateway): Promise<number> => {
      const token = await new SignJWT({ sub: `c-${++nth}` })
        .setProtectedHeader({ alg: "HS256", kid })
        .setExpirationTime("5m")
        .sign(new TextEncoder().encode(secret));
      return (await stage.call("POST", `/api/v1/sales/${sale.id}/entries`, { bearer: token, at })).status;
    };
    expect([await join(stage.gateway), await join(other)]).toEqual([201, 201]);
    const listed = await admin.call("GET", "/shopper-keys");
    expect(items(listed)).toMatchObject([
      { kid, alg: "HS256", createdBy: `operator:${admin.id}`, revokedAt: null },
    ]);
    expect(listed.text).not.toContain(secret);
    expect((await admin.call("DELETE", `/shopper-keys/${kid}`)).status).toBe(200);
    expect(await join(stage.gateway)).toBe(401);
    await stage.until(async () => ((await join(other)) === 401 ? true : null), 15_000);
    expect((await admin.call("DELETE", "/shopper-keys/none")).body["code"]).toBe("SHOPPER_KEY_NOT_FOUND");
    expect(await acts(kid)).toEqual([
      ["shopper-key.revoked", `operator:${admin.id}`],
      ["shopper-key.made", `operator:${admin.id}`],
    ]);
  });
});

describe("the key that signs passes", () => {
  const listed = async (): Promise<string[]> =>
    items(await admin.call("GET", "/signing-keys")).map(
      ({ kid, state }) => `${String(state)} ${String(kid)}`,
    );
  const published = async (at?: Gateway): Promise<string[]> => {
    const { body } = await stage.call("GET", "/.well-known/jwks.json", at && { at });
    return (body as unknown as JSONWebKeySet).keys.map(({ kid }) => String(kid));
  };
  const pass = async (): Promise<string> => {
    // As a gateway that has read the keys anew.
    stage.gateway.services.passes.forget();
    const now = new Date();
    return stage.gateway.services.passes.sign({
      holdId: "h",
      saleId: "s",
      shopper: "c:x",
      sku: "sku",
      unit: 1,
      offeredAt: now,
      claimedAt: now,
      expiresAt: new Date(now.getTime() + 600_000),
      extended: true,
      paymentExtensionSeconds: 0,
    });
  };
  const verify = async (token: string): Promise<string | undefined> => {
    const { body } = await stage.call("GET", "/.well-known/jwks.json");
    const { protectedHeader } = await jwtVerify(token, createLocalJWKSet(body as unknown as JSONWebKeySet));
    return protectedHeader.kid;
  };

  it("is followed by one that is published first, signs later, and leaves the old passes good", async () => {
    const { truth } = stage.database;
    const [first = ""] = await published();
    const before = await pass();
    const rotated = await admin.call("POST", "/signing-keys", { body: {} });
    expect(rotated.status).toBe(201);
    const second = String(rotated.body["kid"]);
    expect(await listed()).toEqual([`announced ${second}`, `signing ${first}`]);
    expect((await published()).toSorted()).toEqual([first, second].toSorted());
    // Every checkout may keep the public keys for a minute: until it can know the new one, the old one signs.
    expect(await verify(await pass())).toBe(first);
    const retire = (kid: string): Promise<Told> =>
      admin.call("POST", `/signing-keys/${kid}/retire`, { body: {} });
    for (const kid of [first, second]) expect((await retire(kid)).body["code"]).toBe("WRONG_STATE");
    expect((await retire("pass-none")).body["code"]).toBe("SIGNING_KEY_NOT_FOUND");
    // Nor is another put before one that waits.
    expect((await admin.call("POST", "/signing-keys", { body: {} })).body["code"]).toBe("WRONG_STATE");

    await truth.query("UPDATE signing_keys SET signs_from = clock_timestamp() WHERE kid = $1", [second]);
    expect(await verify(await pass())).toBe(second);
    expect(await listed()).toEqual([`signing ${second}`, `verifying ${first}`]);
    expect(await verify(before)).toBe(first);
    const { rows } = await truth.query<{ seconds: number }>(
      "SELECT extract(epoch FROM retired_at - clock_timestamp())::int AS seconds FROM signing_keys WHERE kid = $1",
      [first],
    );
    expect(rows[0]?.seconds).toBeGreaterThan(2 * 86_400);

    expect((await retire(second)).body["code"]).toBe("WRONG_STATE");
    // Another gateway may not know yet that it is to sign with the new one.
    expect((await retire(first)).body["code"]).toBe("WRONG_STATE");
    await truth.query(
      `UPDATE signing_keys SET signs_from = clock_timestamp()
         - CASE kid WHEN $1 THEN interval '31 seconds' ELSE interval '1 hour' END`,
      [second],
    );
    const retired = await retire(first);
    expect([retired.status, retired.body["state"], retired.body["passesOut"]]).toEqual([200, "retired", 0]);
    expect((await retire(first)).body).toEqual(retired.body);
    expect(await acts(first)).toEqual([["signing-key.retired", `operator:${admin.id}`]]);
    expect(await verify(await pass())).toBe(second);
    expect(await published()).toEqual([second]);
    await expect(verify(before)).rejects.toThrow();
    expect(await acts(second)).toEqual([["signing-key.rotated", `operator:${admin.id}`]]);
  });
});

it("no secret that is shown once lies open in what is kept for an Idempotency-Key, and asking again shows it again", async () => {
  const people = new OperatorStage(stage);
  const someone = await people.add("viewer");
  const hook = await admin.call("POST", "/webhooks", {
    body: { url: "https://x.example", events: ["sale.phase"] },
  });
  const { id } = hook.body["webhook"] as { id: string };
  const ways: [path: string, body: object, secret: string][] = [
    ["/api-keys", { name: "shop", scopes: ["merchant"] }, "key"],
    ["/shopper-keys", {}, "secret"],
    ["/webhooks", { url: "https://x.example", events: ["sale.phase"] }, "secret"],
    [`/webhooks/${id}/rotate-secret`, {}, "secret"],
    ["/operators", { email: "kept@shop.example", role: "viewer" }, "initialPassword"],
    [`/operators/${someone.id}/reset-password`, {}, "initialPassword"],
  ];
  for (const [path, body, secret] of ways) {
    const ask = (): Promise<Told> =>
      admin.call("POST", path, { body, headers: { "idempotency-key": `kept ${path}` } });
    const told = await ask();
    expect([path, told.body[secret]]).toEqual([path, expect.any(String)]);
    expect([path, (await ask()).text]).toEqual([path, told.text]);
    const { rows } = await stage.database.truth.query<{ body: Buffer }>(
      "SELECT body FROM idempotency_keys WHERE key = $1",
      [`kept ${path}`],
    );
    expect([path, rows.length, rows[0]?.body.includes(String(told.body[secret]))]).toEqual([path, 1, false]);
  }
});

it("what keeps bots out is told as it is configured", async () => {
  const { body } = await stage.call("GET", "/api/v1/admin/bot-defence", { bearer: BOOTSTRAP_KEY });
  expect(body).toMatchObject({ joinsPerAddress: null, sales: [{ identity: "merchant", challenge: "off" }] });
});
