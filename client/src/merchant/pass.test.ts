// Passes against real keys, served over HTTP as the gateway serves them.
import { createHmac } from "node:crypto";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { type Listening, listen } from "../connection/listening.ts";
import { beginPassVerifier, type PassVerifier } from "./pass.ts";

const ISSUER = "https://queue.example";
const CLAIMS = { sub: "ada", aud: "drop", jti: "h1", sku: "LAMP-1", unit: 7 };

interface Key {
  kid: string;
  jwk: Record<string, unknown>;
  privateKey: CryptoKey;
}
async function newKey(kid: string): Promise<Key> {
  const { publicKey, privateKey } = await generateKeyPair("EdDSA", { extractable: true });
  return { kid, jwk: { ...(await exportJWK(publicKey)), kid, alg: "EdDSA", use: "sig" }, privateKey };
}

let key: Key;
let next: Key;
beforeAll(async () => {
  [key, next] = await Promise.all([newKey("k1"), newKey("k2")]);
});

const nowSeconds = () => Math.floor(Date.now() / 1_000);

/** A pass as the gateway signs it, but for what is said. */
function pass(over: Record<string, unknown> = {}, by: Key = key): Promise<string> {
  const now = nowSeconds();
  const claims = { iss: ISSUER, ...CLAIMS, iat: now - 5, exp: now + 600, ...over };
  const said = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
  return new SignJWT(said).setProtectedHeader({ alg: "EdDSA", kid: by.kid }).sign(by.privateKey);
}

async function verifier(...keys: Key[]): Promise<{ verify: PassVerifier; server: Listening }> {
  const server = await listen();
  server.answer(() => ({ body: { keys: keys.map(({ jwk }) => jwk) } }));
  return { verify: beginPassVerifier(server.url, ISSUER), server };
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("a pass", () => {
  test("of the gateway says what is held for whom; its keys are asked for once", async () => {
    const { verify, server } = await verifier(key);
    expect(await verify(await pass())).toMatchObject({
      ok: true,
      claims: { holdId: "h1", saleId: "drop", subject: "ada", sku: "LAMP-1", unit: 7 },
    });
    expect((await verify(await pass({ jti: "h2" }))).ok).toBe(true);
    expect(server.calls.map(({ path }) => path)).toEqual(["/.well-known/jwks.json"]);
  });

  test("is good under each key that is published, while they are exchanged", async () => {
    const { verify } = await verifier(key, next);
    expect((await verify(await pass({}, key))).ok).toBe(true);
    expect((await verify(await pass({}, next))).ok).toBe(true);
  });

  test("under a key that is not published is none", async () => {
    const { verify } = await verifier(next);
    expect(await verify(await pass())).toEqual({ ok: false, code: "PASS_INVALID" });
    // Under the name of one that is.
    expect(await verify(await pass({}, { ...key, kid: "k2" }))).toEqual({ ok: false, code: "PASS_INVALID" });
  });

  test("is over when it is over, by more than two clocks may be apart", async () => {
    const { verify } = await verifier(key);
    expect(await verify(await pass({ exp: nowSeconds() - 90 }))).toEqual({ ok: false, code: "PASS_EXPIRED" });
    expect((await verify(await pass({ exp: nowSeconds() - 5 }))).ok).toBe(true);
    expect((await verify(await pass({ iat: nowSeconds() + 20 }))).ok).toBe(true);
  });

  test("is for the customer who brings it and for the sale it is of", async () => {
    const { verify } = await verifier(key);
    const text = await pass();
    expect((await verify(text, { subject: "ada", saleId: "drop" })).ok).toBe(true);
    expect(await verify(text, { subject: "bob" })).toEqual({ ok: false, code: "PASS_OF_ANOTHER_CUSTOMER" });
    expect(await verify(text, { saleId: "other" })).toEqual({ ok: false, code: "PASS_OF_ANOTHER_SALE" });
  });

  test.each([undefined, null, ""])("is for nobody where nobody (%j) is signed in", async (subject) => {
    const { verify } = await verifier(key);
    expect(await verify(await pass(), { subject })).toEqual({ ok: false, code: "PASS_OF_ANOTHER_CUSTOMER" });
  });

  test.each([
    ["of another gateway", { iss: "https://elsewhere.example" }],
    ["of no gateway", { iss: undefined }],
    ["that never ends", { exp: undefined }],
    ["of nobody", { sub: undefined }],
    ["of no sale", { aud: undefined }],
    ["of several sales", { aud: ["drop", "other"] }],
    ["of no hold", { jti: undefined }],
    ["of a hold that is a path", { jti: "../../admin" }],
    ["of no unit", { unit: undefined }],
    ["of a unit that is no number", { unit: "7" }],
  ])("%s is none", async (_what, over) => {
    const { verify } = await verifier(key);
    expect(await verify(await pass(over))).toEqual({ ok: false, code: "PASS_INVALID" });
  });

  test.each(["", "pass", "a.b", "a.b.c", "e30.e30.", "....", "💥.💥.💥"])("%j is none", async (text) => {
    const { verify } = await verifier(key);
    expect(await verify(text)).toEqual({ ok: false, code: "PASS_INVALID" });
  });

  test("that nobody signed, or that the public key signed, is none", async () => {
    const { verify } = await verifier(key);
    const [, claims = "", signature = ""] = (await pass()).split(".");
    const unsigned = `${part({ alg: "none", kid: "k1" })}.${claims}.`;
    expect(await verify(unsigned)).toEqual({ ok: false, code: "PASS_INVALID" });
    const confused = `${part({ alg: "HS256", kid: "k1" })}.${claims}`;
    const hmac = createHmac("sha256", String(key.jwk["x"])).update(confused).digest("base64url");
    expect(await verify(`${confused}.${hmac}`)).toEqual({ ok: false, code: "PASS_INVALID" });
    const changed = part({ iss: ISSUER, ...CLAIMS, sub: "bob", iat: 1, exp: nowSeconds() + 600 });
    const text = `${part({ alg: "EdDSA", kid: "k1" })}.${changed}.${signature}`;
    expect(await verify(text)).toEqual({ ok: false, code: "PASS_INVALID" });
  });

  test("says nothing while the keys cannot be had, and is judged once they can", async () => {
    const { verify, server } = await verifier(key);
    server.answer(() => ({ status: 503, body: { code: "BUSY" } }));
    const text = await pass();
    expect(await verify(text)).toEqual({ ok: false, code: "NO_ANSWER" });
    server.answer(() => ({ body: "<html>a proxy's page</html>" }));
    expect(await verify(text)).toEqual({ ok: false, code: "NO_ANSWER" });
    server.answer(() => ({ body: { keys: [key.jwk] } }));
    expect((await verify(text)).ok).toBe(true);
  });
});
