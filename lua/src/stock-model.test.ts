// The real stock and display scripts and a model of them do the same random acts on the same SKUs and must agree. A run
// prints its seed; `SEED=… npx vitest run lua/src/stock-model` does the same again, `RUNS=…` more of it.
import { randomInt } from "node:crypto";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type GeneralClient, openGeneralClient } from "./general-client.ts";
import type { HotStore } from "./hot-store.ts";
import { newSaleId, openStore } from "./lane-fixture.ts";
import type { ScriptName } from "./scripts.generated.ts";
import { readScripts } from "./scripts.ts";
import { Difference, type Step, StockPair } from "./stock-acts.ts";
import { steps, threeSkus } from "./stock-draws.ts";

const SEED = Number(process.env["SEED"] ?? randomInt(2 ** 31));
const RUNS = Number(process.env["RUNS"] ?? 150);

let store: HotStore;
let redis: GeneralClient;
beforeAll(async () => {
  store = await openStore({ url: inject("redisUrl"), callMsMax: 20_000 });
  redis = await openGeneralClient(inject("redisUrl"));
});
afterAll(async () => {
  redis.disconnect();
  await store.close();
});

/** @throws the first difference */
async function play(hotStore: HotStore, skus: readonly string[], all: readonly Step[], seen: Set<string>) {
  // Each run has a database of its own, so that SKUs need not be new.
  const truth = newSaleId();
  const pairs = await Promise.all(
    skus.map((sku) => StockPair.open(hotStore.stock({ sku, truth }), redis, { sku, truth }, seen)),
  );
  for (const { nth, ...step } of all) await pairs[nth]?.do(step);
  for (const pair of pairs) await pair.untouched();
}

function compare(hotStore: HotStore, seen: Set<string>, endOnFailure: boolean) {
  const property = fc.asyncProperty(threeSkus, steps, (skus, all) => play(hotStore, skus, all, seen));
  // Who looks for one failure and not for the shortest may look longer: it ends with the first.
  return fc.check(property, { seed: SEED, numRuns: endOnFailure ? 4 * RUNS : RUNS, endOnFailure });
}

test(`the scripts and the model agree in ${RUNS} runs of random acts (SEED=${SEED})`, {
  timeout: 120_000,
}, async () => {
  const seen = new Set<string>();
  const { failed, counterexample, errorInstance } = await compare(store, seen, false);
  const shortest = JSON.stringify(counterexample);
  expect(failed, `SEED=${SEED} ${String(errorInstance)}\n${shortest}`).toBe(false);
  // What never happened was not tested.
  const must = [
    ...["load", "ok"].map((outcome) => `look ${outcome}`),
    ...["load", "held", "short"].map((outcome) => `hold ${outcome}`),
    ...["load", "settle", "fillDisplay", "age"].flatMap((name) => [`${name} true`, `${name} false`]),
    ...["text", "fill", "wait"].map((outcome) => `readDisplay ${outcome}`),
    "drop null",
    "lose undefined",
  ];
  expect(
    must.filter((outcome) => !seen.has(outcome)),
    `SEED=${SEED}`,
  ).toEqual([]);
});

const planted: [string, ScriptName, string, string][] = [
  ["a load that was dropped still brings its rows", "stock-load", "~= token", "== false"],
  [
    "an older row over a newer one",
    "stock-settle",
    ">= tonumber(string.match(there",
    ">= 0 * #(string.match(there",
  ],
  [
    "an older row brought by a load",
    "stock-load",
    ">= tonumber(string.match(there",
    ">= 0 * #(string.match(there",
  ],
  ["a change that is not seen as one", "stock-settle", "written[place], changed = row, true", ""],
  ["a change that leaves what is shown", "stock-settle", "redis.call('DEL', display, filling)", ""],
  ["rows of a SKU that nobody asked for", "stock-settle", "if asked and stockWrite", "if stockWrite"],
  ["what was judged stays pending", "stock-settle", "redis.call('HDEL', stockPending, unpack(ids))", ""],
  ["a hold of more than there is", "stock-hold", "left[place] < quantity", "left[place] < 1"],
  ["a hold of one too many", "stock-hold", "left[place] < quantity", "left[place] + 1 < quantity"],
  ["a part of a hold", "stock-hold", "if #short == 1 then\n    for", "if true then\n    for"],
  ["two lines of one place looked at apart", "stock-hold", "(quantities[place] or 0) + tonumber", "tonumber"],
  ["a second holder who does not see the first", "stock-hold", "left[place] = left[place] - quantity", ""],
  [
    "a second proposal held beside the first",
    "stock-hold",
    "redis.call('HDEL', stockPending, reservationId)",
    "",
  ],
  ["a proposal that is in its own way", "stock-hold", "left[place] = left[place] + tonumber(quantity)", ""],
  ["what may not be sold is held", "stock-hold", "sellable == '1' then", "sellable then"],
  ["a safety stock that is sold", "stock-hold", "- safety", ""],
  ["pending that is not taken off", "stock-hold", "- (held[place] or 0)", ""],
  ["the dead hold for ever", "stock-look", ">= tonumber(staleMs)", "< 0"],
  [
    "the dead are forgotten and still counted",
    "stock-hold",
    "redis.call('HDEL', pending, all[nth])",
    "known[all[nth]] = lines",
  ],
  ["half a mirror is shown", "stock-look", "if token then", "if false then"],
  ["two loads at once", "stock-look", "if state then return state end", ""],
  ["a mirror that stays for ever", "stock-look", "redis.call('PEXPIRE', levels, keepMs)", ""],
  ["pending that stays for ever", "stock-hold", "redis.call('PEXPIRE', stockPending, keepMs)", ""],
  ["an emptied hash that comes back to stay", "stock-hold", "isNew or next(known) == nil", "isNew"],
  ["a drop that leaves the mirror", "stock-drop", "if shownOnly ~= '1' then", "if false then"],
  [
    "a drop that forgets what is pending",
    "stock-drop",
    "'DEL', display, filling",
    "'DEL', display, filling, (string.gsub(display, 'display$', 'pending'))",
  ],
  ["a drop that leaves the filling", "stock-drop", "display, filling)", "display)"],
  ["two fillers at once", "display-read", "'NX', ", ""],
  ["a filling that was dropped is shown", "display-fill", "redis.call('GET', filling) ~= token", "false"],
  ["a filling that may be brought twice", "display-fill", "redis.call('DEL', filling)", ""],
  ["what is shown stays for ever", "display-fill", ", 'PX', showMs", ""],
];

test.each(planted)("planted bug is found: %s", async (_name, script, from, to) => {
  const transform = (name: ScriptName, text: string): string =>
    name === script ? text.replaceAll(from, () => to) : text;
  expect(readScripts(transform).get(script)?.text).not.toBe(readScripts().get(script)?.text);
  const broken = await openStore({ url: inject("redisUrl"), callMsMax: 20_000, transform });
  try {
    expect((await compare(broken, new Set(), true)).errorInstance).toBeInstanceOf(Difference);
  } finally {
    await broken.close();
  }
});
