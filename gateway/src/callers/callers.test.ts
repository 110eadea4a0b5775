// Who may do what: shoppers' JWTs of all three kinds and their forgeries, entry tokens, API keys and scopes.
import { createHmac, generateKeyPairSync } from "node:crypto";
import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { BOOTSTRAP_KEY, openStage, type Stage, type Told } from "../stage.ts";

let stage: Stage;
let saleId: string;
beforeAll(async () => {
  stage = await openStage({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
  saleId = (await stage.sale({ identity: "merchant" })).id;
});
afterAll(() => stage.stop());

const gist = ({ status, body }: Told): [number, unknown] => [status, body["code"]];
const join = (bearer?: string, sale = saleId): Promise<Told> =>
  stage.call("POST", `/api/v1/sales/${sale}/entries`, bearer === undefined ? {} : { bearer });
const makeKey = (body: unknown): Promise<Told> =>
  stage.call("POST", "/api/v1/admin/shopper-keys", { bearer: BOOTSTRAP_KEY, body });
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1_000) + seconds;

describe("a shopper JWT", () => {
  let kid: string;
  let secret: string;
  beforeAll(async () => {
    const made = await makeKey({});
    expect(made.status).toBe(201);
    kid = String(made.body["kid"]);
    secret = String(made.body["secret"]);
  });
  const sign = (claims: Record<string, unknown>, header: Record<string, unknown> = {}): string => {
    const text = `${part({ alg: "HS256", kid, ...header })}.${part({ exp: inSeconds(60), ...claims })}`;
    return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
  };

  it("is who joins, the same on every device, and nobody joins without one where the sale demands it", async () => {
    const first = await join(sign({ sub: "u-1" }));
    expect(first.status).toBe(201);
    const second = await join(sign({ sub: "u-1", sale: saleId }));
    expect([second.status, second.body["entryId"]]).toEqual([200, first.body["entryId"]]);
    const cookie = await stage.cookie(saleId);
    const anonymous = await stage.call("POST", `/api/v1/sales/${saleId}/entries`, { cookie });
    expect(gist(anonymous)).toEqual([401, "IDENTITY_REQUIRED"]);
  });

  it("beats the cookie, and a bad one is not passed over for it", async () => {
    const { id } = await stage.sale();
    const cookie = await stage.cookie(id);
    const path = `/api/v1/sales/${id}/entries`;
    const byCookie = await stage.call("POST", path, { cookie });
    const byJwt = await stage.call("POST", path, { cookie, bearer: sign({ sub: "u-2" }) });
    expect(byJwt.status).toBe(201);
    expect(byJwt.body["entryId"]).not.toBe(byCookie.body["entryId"]);
    const forged = await stage.call("POST", path, { cookie, bearer: `${sign({ sub: "u-2" })}x` });
    expect(gist(forged)).toEqual([401, "TOKEN_INVALID"]);
  });

  it("may name its subject in any script, and twins in NFC and NFD are two people", async () => {
    const entries = await Promise.all(
      ["Zoë {a:b}", "Zoe\u0308 {a:b}", "\u202Eevil", "x".repeat(128)].map((sub) => join(sign({ sub }))),
    );
    expect(entries.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(new Set(entries.map(({ body }) => body["entryId"])).size).toBe(4);
  });

  it("is refused when it is expired, early, for another sale, or says nothing good of who", async () => {
    const other = await stage.sale();
    const cases: [Record<string, unknown>, [number, string]][] = [
      [{ sub: "u", exp: inSeconds(-60) }, [401, "TOKEN_EXPIRED"]],
      [{ sub: "u", exp: "soon" }, [401, "TOKEN_INVALID"]],
      [{ sub: "u", exp: null }, [401, "TOKEN_INVALID"]],
      [{ sub: "u", nbf: inSeconds(60) }, [401, "TOKEN_INVALID"]],
      [{ sub: "u", sale: other.id }, [403, "FORBIDDEN"]],
      [{}, [401, "TOKEN_INVALID"]],
      [{ sub: "" }, [401, "TOKEN_INVALID"]],
      [{ sub: 7 }, [401, "TOKEN_INVALID"]],
      [{ sub: "a\nb" }, [401, "TOKEN_INVALID"]],
      [{ sub: "x".repeat(129) }, [401, "TOKEN_INVALID"]],
    ];
    for (const [claims, expected] of cases) expect(gist(await join(sign(claims)))).toEqual(expected);
  });

  it("is refused whoever forged it, by whatever algorithm", async () => {
    const claims = part({ sub: "u", exp: inSeconds(60) });
    const good = sign({ sub: "u" });
    const { publicKey } = generateKeyPairSync("ed25519");
    const jwk = publicKey.export({ format: "jwk" });
    const registered = await makeKey({ jwk: { ...jwk, kid: "confused" } });
    expect(registered.status).toBe(201);
    const confused = `${part({ alg: "HS256", kid: "confused" })}.${claims}`;
    const forgeries = [
      `${part({ alg: "none", kid })}.${claims}.`,
      `${part({ alg: "none", kid })}.${claims}.x`,
      `${part({ alg: "hs256", kid })}.${claims}.${good.split(".")[2]}`,
      sign({ sub: "u" }, { alg: "HS512" }),
      sign({ sub: "u" }, { kid: "unknown" }),
      sign({ sub: "u" }, { kid: undefined }),
      sign({ sub: "u" }, { crit: ["b64"] }),
      // The public half of a registered key, used as if it were a secret.
      `${confused}.${createHmac("sha256", String(jwk.x)).update(confused).digest("base64url")}`,
      good.slice(0, -1),
      `${good}=`,
      good.replace(/^[^.]+/, part({ alg: "HS256", kid, typ: "x" })),
      `eyJ${"a".repeat(5_000)}`,
      "eyJ.eyJ",
      "eyJhIjoxfQ.e30.AA",
    ];
    for (const forgery of forgeries) expect(gist(await join(forgery))).toEqual([401, "TOKEN_INVALID"]);
  });

  it("may be signed by the shop's own EdDSA or ES256 key", async () => {
    for (const [alg, pair] of [
      ["EdDSA", generateKeyPairSync("ed25519")],
      ["ES256", generateKeyPairSync("ec", { namedCurve: "P-256" })],
    ] as const) {
      const made = await makeKey({ jwk: pair.publicKey.export({ format: "jwk" }) });
      expect(made.body).toEqual({ kid: made.body["kid"], alg });
      const jwt = await new SignJWT({ sub: `by ${alg}` })
        .setProtectedHeader({ alg, kid: String(made.body["kid"]) })
        .setExpirationTime("1m")
        .sign(pair.privateKey);
      expect((await join(jwt)).status).toBe(201);
      const [header, , signature] = jwt.split(".");
      expect(gist(await join(`${header}.${part({ sub: "x", exp: inSeconds(60) })}.${signature}`))).toEqual([
        401,
        "TOKEN_INVALID",
      ]);
    }
  });

  it("needs a key that is public, of a kind that we take, under a kid of its own", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const jwk = { ...publicKey.export({ format: "jwk" }), kid: "mine" };
    expect((await makeKey({ jwk })).status).toBe(201);
    const bad = [
      { jwk },
      { jwk: privateKey.export({ format: "jwk" }) },
      { jwk: { kty: "OKP", crv: "P-256", x: "AA" } },
      { jwk: { kty: "EC", crv: "P-256", x: "AA", y: "AA" } },
      { jwk: { kty: "RSA", n: "AA", e: "AQAB" } },
    ];
    for (const body of bad) expect(gist(await makeKey(body))).toEqual([400, "INVALID_REQUEST"]);
  });
});

describe("an entry token", () => {
  const look = (entryId: unknown, bearer: string): Promise<Told> =>
    stage.call("GET", `/api/v1/entries/${String(entryId)}`, { bearer });

  it("opens its own entry only, and not when it is cut, changed or of another secret", async () => {
    const { id } = await stage.sale();
    const joined = await Promise.all(
      Array.from({ length: 2 }, async () =>
        stage.call("POST", `/api/v1/sales/${id}/entries`, { cookie: await stage.cookie(id) }),
      ),
    );
    const [mine, others] = joined.map(({ body }) => body) as [
      Record<string, unknown>,
      Record<string, unknown>,
    ];
    const token = String(mine["token"]);
    expect((await look(mine["entryId"], token)).status).toBe(200);
    expect(gist(await look(others["entryId"], token))).toEqual([403, "FORBIDDEN"]);
    const [prefix, , signature] = token.split(".");
    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as unknown[];
    const forOther = claims.map((claim) => (claim === mine["entryId"] ? others["entryId"] : claim));
    const bad = [
      token.slice(0, -1),
      `${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`,
      `${prefix}.${part(forOther)}.${signature}`,
      `${prefix}.${part(claims)}.`,
      "dge1.",
      "dge1..",
    ];
    for (const each of bad) expect(gist(await look(mine["entryId"], each))).toEqual([401, "TOKEN_INVALID"]);
    // It proves an entry, not a shopper: it joins nothing.
    expect(gist(await join(token, id))).toEqual([401, "TOKEN_INVALID"]);
  });

  it("that has expired is TOKEN_EXPIRED", async () => {
    const { id } = await stage.sale();
    const { entryTokens } = stage.gateway.services.callers;
    const expired = entryTokens.make({
      sale: id,
      entry: "aaaaaa00-0123456789012345678901",
      shopper: "c:x",
      attempt: 1,
      bucket: 0,
      exp: 1,
    });
    expect(gist(await look("aaaaaa00-0123456789012345678901", expired))).toEqual([401, "TOKEN_EXPIRED"]);
  });

  it("the cookie does as well, for its own shopper", async () => {
    const { id } = await stage.sale();
    const cookie = await stage.cookie(id);
    const { body } = await stage.call("POST", `/api/v1/sales/${id}/entries`, { cookie });
    const path = `/api/v1/entries/${String(body["entryId"])}`;
    expect((await stage.call("GET", path, { cookie })).status).toBe(200);
    // Sixteen, so that some are of its lane and others are not.
    for (let n = 0; n < 16; n++) {
      const other = await stage.cookie(id);
      expect(gist(await stage.call("GET", path, { cookie: other }))).toEqual([403, "FORBIDDEN"]);
    }
    expect(gist(await stage.call("GET", path))).toEqual([401, "UNAUTHENTICATED"]);
    expect(gist(await stage.call("GET", path, { cookie: `${cookie}x` }))).toEqual([401, "UNAUTHENTICATED"]);
  });
});

describe("an API key", () => {
  const make = async (scopes: string[]): Promise<string> => {
    const made = await stage.call("POST", "/api/v1/admin/api-keys", {
      bearer: BOOTSTRAP_KEY,
      body: { name: "a key", scopes },
    });
    expect(made.status).toBe(201);
    return String(made.body["key"]);
  };

  it("may do what its scopes say, and admin all of it", async () => {
    const keys = {
      merchant: await make(["merchant"]),
      operator: await make(["operator"]),
      admin: await make(["admin"]),
    };
    const may = async (bearer: string): Promise<number[]> => [
      (await stage.call("GET", "/api/v1/admin/sales", { bearer })).status,
      (await stage.call("POST", "/api/v1/holds/none/confirm", { bearer, body: { orderId: "o" } })).status,
      (await stage.call("POST", "/api/v1/admin/api-keys", { bearer, body: {} })).status,
    ];
    expect(await may(keys.merchant)).toEqual([403, 404, 403]);
    expect(await may(keys.operator)).toEqual([200, 403, 403]);
    expect(await may(keys.admin)).toEqual([200, 404, 400]);
    expect(await may(BOOTSTRAP_KEY)).toEqual([200, 404, 400]);
  });

  it("that nobody has, or none, is UNAUTHENTICATED", async () => {
    for (const authorization of [
      "",
      "Bearer nobody",
      "Bearer",
      "Basic abc",
      "Bearer a b",
      `Bearer ${"x".repeat(300)}`,
    ]) {
      const told = await stage.call("GET", "/api/v1/admin/sales", {
        headers: authorization === "" ? {} : { authorization },
      });
      expect(gist(told)).toEqual([401, "UNAUTHENTICATED"]);
    }
  });
});
