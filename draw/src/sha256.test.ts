import { createHash, createHmac } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { beginSha256, hmacSha256, plainHashes, sha256 } from "./sha256.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

test("the published vectors come out", () => {
  const text = (value: string) => hex(sha256(new TextEncoder().encode(value)));
  expect(text("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  expect(text("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  expect(text("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")).toBe(
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
  );
});

test("every length around the block's edge agrees with node:crypto, however it is cut in pieces", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 70 }), (bytes, piece) => {
      const running = beginSha256();
      for (let at = 0; at < bytes.length; at += piece) running.update(bytes.subarray(at, at + piece));
      expect(hex(running.digest())).toBe(createHash("sha256").update(bytes).digest("hex"));
    }),
  );
});

test("the keyed hash agrees with node:crypto", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.uint8Array({ maxLength: 200 }), (key, message) => {
      const expected = createHmac("sha256", key).update(message).digest("hex");
      expect(hex(hmacSha256(plainHashes, key, message))).toBe(expected);
    }),
  );
});
