import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Entry } from "@dropgate/contracts/entry";
import { expect, test } from "vitest";
import type { JourneyEvent, Sighting } from "../sightings.ts";
import { LOAD_TESTS } from "./all.ts";
import { figureMeter, figureOf, figureTable, together } from "./figures.ts";
import { PLACE_VARIABLES, readEnvironment, shareOf } from "./load-test.ts";
import { beginRecorder, METRIC_NAMES } from "./metrics.ts";
import { base64url, shopperJwt } from "./shopper-jwt.ts";
import { judge } from "./thresholds.ts";

const ENTRY: Entry = { entryId: "e", saleId: "s", state: "waiting", ticket: 9, position: 9, rev: 0 };
const at = (ms: number, sighting: Sighting): JourneyEvent => ({ ...sighting, at: ms });

test("what shoppers see becomes figures, and figures of several drivers become one", () => {
  const [one, other] = [figureMeter(), figureMeter()];
  const recorder = beginRecorder(2, one);
  recorder.take(0, at(0, { kind: "entry", entry: ENTRY }));
  for (const shopper of [0, 1]) {
    recorder.take(shopper, at(0, { kind: "down", retryMs: 5 }));
    recorder.take(shopper, at(1, { kind: "up", tookMs: 1, reconnects: 0 }));
  }
  recorder.take(0, at(1, { kind: "down", retryMs: 5 }));
  recorder.take(0, at(50, { kind: "down", retryMs: 5 }));
  recorder.take(0, at(101, { kind: "up", tookMs: 3, reconnects: 1 }));
  recorder.take(0, at(102, { kind: "entry", entry: { ...ENTRY, position: 12, rev: 1 } }));
  recorder.take(1, at(103, { kind: "down", retryMs: 5 }));
  recorder.close();
  other.add("back_again", 1);
  other.add("reconnect_duration", 300);
  const figures = together([one.figures, other.figures]);
  expect(figures.counters).toEqual({ position_updates: 2, reconnects: 1, positions_grown: 1 });
  expect(figures.rates).toEqual({ back_again: { yes: 2, all: 3 } });
  expect(figures.trends["reconnect_duration"], "the first loss counts, not the last try").toEqual([100, 300]);
  expect(figureOf(figures, "reconnect_duration", "p(50)")).toBe(100);
  expect(figureOf(figures, "reconnect_duration", "avg")).toBe(200);
  expect(figureTable(figures)).toMatch(/back_again +2 of 3/);
});

test("thresholds hold or do not, nothing seen is none, and one that can't be read is an error", () => {
  const meter = figureMeter();
  for (let ms = 1; ms <= 100; ms++) meter.add("join_duration", ms);
  meter.add("report_ok", 0);
  const judged = judge(
    { join_duration: ["p(99)<=99", "max<100"], report_ok: ["rate==1"], purchased: ["count>=1"] },
    meter.figures,
  );
  expect(judged.map(({ holds, value }) => [holds, value])).toEqual([
    [true, 99],
    [false, 100],
    [false, 0],
    [false, 0],
  ]);
  expect(() => judge({ joined: ["p(99)<1"] }, meter.figures)).toThrow(/joined/);
  expect(() => judge({ join_duration: ["p(99)=<1"] }, meter.figures)).toThrow(/join_duration/);
});

test("every shopper is carried by exactly one driver", () => {
  for (const shoppers of [1, 7, 20]) {
    for (const of of [1, 3, 8]) {
      const carried = Array.from({ length: of }, (_, driver) => shareOf(shoppers, { driver, of }));
      expect(carried.reduce((sum, count) => sum + count, 0)).toBe(shoppers);
    }
  }
});

test("a shopper's JWT is what the shop's own would be", () => {
  const claims = { sub: "load-test 7", sale: "s", exp: 1_800_000_000 };
  const sign = (secret: string, text: string): string =>
    createHmac("sha256", secret).update(text).digest("base64url");
  const [head, body, signature] = shopperJwt(claims, { kid: "k", secret: "x" }, sign).split(".");
  expect(JSON.parse(Buffer.from(body ?? "", "base64url").toString())).toEqual(claims);
  expect(signature).toBe(sign("x", `${head}.${body}`));
  for (const text of ["", "a", "ab", "abc", "{}~?"]) {
    expect(base64url(text)).toBe(Buffer.from(text).toString("base64url"));
  }
});

test("what a run may be told is read, and all that is wrong is said at once", () => {
  const test1 = LOAD_TESTS.find(({ name }) => name === "sale");
  if (test1 === undefined) throw new Error("there is a sale");
  const read = readEnvironment(test1, { API_KEY: "k", SHOPPERS: "5", GATEWAY_URL: "http://a/, http://b" });
  expect(read).toMatchObject({
    ok: true,
    place: { gatewayUrls: ["http://a", "http://b"], saleId: undefined },
  });
  expect(read.ok && read.numbers).toMatchObject({ SHOPPERS: 5, UNITS: 100 });
  const wrong = readEnvironment(test1, { SHOPPERS: "many", GATEWAY_URL: "a" });
  expect(!wrong.ok && wrong.sentences.map((sentence) => sentence.split(" ")[0])).toEqual([
    "SHOPPERS",
    "GATEWAY_URL",
    "API_KEY",
  ]);
});

test("each test's thresholds can be judged, and its script and the docs tell what it may be told", () => {
  const root = resolve(import.meta.dirname, "../../..");
  const page = readFileSync(resolve(root, "docs/loadtests.md"), "utf8");
  for (const { name, knobs, thresholds } of LOAD_TESTS) {
    const numbers = Object.fromEntries(Object.entries(knobs).map(([key, { otherwise }]) => [key, otherwise]));
    expect(judge(thresholds(numbers), figureMeter().figures).length).toBeGreaterThan(3);
    const head = readFileSync(resolve(root, "loadtest", `${name}.ts`), "utf8").split("\nimport ")[0] ?? "";
    const told = /Told by: (.*)\. See/.exec(head)?.[1]?.split(/[,;] /);
    expect(told?.toSorted()).toEqual(
      [...Object.keys(PLACE_VARIABLES), "VUS", ...Object.keys(knobs)].toSorted(),
    );
    const row = page.split("\n").find((line) => line.startsWith(`| \`${name}\``)) ?? "";
    for (const [knob, { otherwise }] of Object.entries(knobs))
      expect(row).toContain(`\`${knob}=${otherwise}\``);
  }
  for (const metric of METRIC_NAMES) expect(page).toContain(`| \`${metric}\``);
});
