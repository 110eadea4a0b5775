import { expect, test } from "vitest";
import { readJwk } from "./jwk.ts";

test("a public key is taken as it is", () => {
  const ed = { kty: "OKP", crv: "Ed25519", x: "abc", kid: "shop-1" };
  expect(readJwk(JSON.stringify(ed))).toEqual({ ok: true, jwk: ed });
  const ec = { kty: "EC", crv: "P-256", x: "abc", y: "def" };
  expect(readJwk(` ${JSON.stringify(ec)}\n`)).toEqual({ ok: true, jwk: ec });
});

test.each([
  ["-----BEGIN PUBLIC KEY-----", "not JSON"],
  ["[]", "not one key"],
  ["null", "not one key"],
  ["7", "not one key"],
  ['{"kty":"OKP","crv":"Ed25519","x":"a","d":"b"}', "private half"],
  ['{"kty":"RSA","n":"a","e":"AQAB"}', "neither"],
  ['{"kty":"OKP","crv":"P-256","x":"a"}', "neither"],
  ['{"kty":"EC","crv":"P-256","x":7}', "neither"],
])("%s is told in a sentence, and nothing is sent", (text, why) => {
  expect(readJwk(text)).toEqual({ ok: false, fault: expect.stringContaining(why) });
});
