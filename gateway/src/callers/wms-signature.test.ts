// Which secrets a message is held against, and how much that may cost.
import { WMS_SIGNATURE_HASHED_BYTES_MAX } from "@dropgate/contracts/warehouse-limits";
import { expect, test } from "vitest";
import { tried } from "./wms-signature.ts";
import { speaksFor, voicesOf } from "./wms-voices.ts";

const key = (text: string): Buffer => Buffer.from(text);
const names = (voices: readonly { key: Buffer }[]): string[] => voices.map((voice) => String(voice.key));

const own = Array.from({ length: 300 }, (_, i) => ({
  locationId: `l${i}`,
  now: key(`secret ${i}`),
  before: undefined,
}));

test("those that may speak for the message's locations are tried first, whatever else there is", () => {
  const voices = voicesOf("shared", own);
  expect(names(tried(voices, ["l200", "l100"], 100)).slice(0, 2)).toEqual(["secret 100", "secret 200"]);
  expect(names(tried(voices, ["l200", "without"], 100)).slice(0, 2)).toEqual(["shared", "secret 200"]);
  expect(tried(voices, ["l200"], 100)).toHaveLength(301);
});

test("of a large message no more is hashed than is allowed, however many locations there are", () => {
  const voices = voicesOf("shared", own);
  for (const bytes of [1, 1_000, 50_000, 1_048_576]) {
    const all = tried(voices, ["l299"], bytes);
    expect(all.length * bytes).toBeLessThanOrEqual(WMS_SIGNATURE_HASHED_BYTES_MAX);
    expect(names(all)[0]).toBe("secret 299");
  }
});

test("a secret speaks for whom it was given to, now or a moment ago; WMS_SECRET for who has none", () => {
  const voices = voicesOf("shared", [
    { locationId: "own", now: key("a"), before: undefined },
    { locationId: "changed", now: key("b"), before: key("a") },
    { locationId: "young", now: key("c"), before: null },
    { locationId: "given up", now: null, before: key("d") },
    { locationId: "unreadable", now: undefined, before: undefined },
    { locationId: "same", now: key("shared"), before: undefined },
  ]);
  const places = ["own", "changed", "young", "given up", "unreadable", "same", "without"];
  const told = voices.map((voice) => [String(voice.key), places.filter((place) => speaksFor(voice, place))]);
  expect(told).toEqual([
    ["shared", ["young", "given up", "same", "without"]],
    ["a", ["own", "changed"]],
    ["b", ["changed"]],
    ["c", ["young"]],
    ["d", ["given up"]],
  ]);
  expect(voicesOf(null, [])).toEqual([]);
});
