// `npx pnpm events-in-any-order`: a long history of a warehouse told as it happened, and once more in random order with a
// tenth told twice; both must end in the same levels. On a PostgreSQL of its own.
import { createHash } from "node:crypto";
import { parseArgs } from "node:util";
import { WMS_EVENTS_MAX } from "@dropgate/contracts/warehouse-limits";
import type { WmsEvent } from "@dropgate/contracts/wms";
import { diceOf } from "@dropgate/inventory/dice";
import { applyEvents } from "@dropgate/inventory/events/apply";
import { history } from "@dropgate/inventory/events/history";
import { reviewCounts } from "@dropgate/inventory/events/review-counts";
import { insertPlaces } from "@dropgate/inventory/levels/places";
import { replayLedger } from "@dropgate/inventory/levels/replay";
import { startTestStores } from "@dropgate/ops/stores/test-stores";
import type { Truth } from "@dropgate/sql";
import { testDatabase } from "@dropgate/sql/template-database";
import { takeEvents } from "@dropgate/sql/wms/inbox";

const HELP = `Tells a history of warehouse events in order, and in random order with a tenth twice, and compares the levels.

  npx pnpm events-in-any-order [--events 100000] [--skus 200] [--locations 10] [--seed N]
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      events: { type: "string", default: "100000" },
      skus: { type: "string", default: "200" },
      locations: { type: "string", default: "10" },
      seed: { type: "string", default: String(Date.now() % 1_000_000) },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const seed = Number(values.seed);
  const skus = Array.from({ length: Number(values.skus) }, (_, i) => `sku:{${i}} ü`);
  const places = Array.from({ length: Number(values.locations) }, (_, i) => `place-${i}`);
  const events = history({ seed, count: Number(values.events), skus, places });
  process.stdout.write(`seed ${seed}: ${events.length} events\n`);
  const stores = await startTestStores("one");
  try {
    const ends: string[] = [];
    for (const [how, told] of [
      ["in order", events],
      ["in any order, a tenth twice", shuffled(events, seed)],
    ] as const) {
      const database = await testDatabase(stores.databaseUrl);
      try {
        await insertPlaces(database.truth, skus, places);
        const began = performance.now();
        const { waited } = await tellAll(database.truth, told);
        const seconds = (performance.now() - began) / 1_000;
        const { differences, negative, transactions } = await replayLedger(database.truth);
        if (differences.length + negative.length > 0)
          throw new Error(`${how}: levels are not their ledger's`);
        process.stdout.write(
          `${how}: ${told.length} told in ${seconds.toFixed(1)} s (${Math.round(told.length / seconds)} a second), ${waited} had to wait, ${transactions} transactions\n`,
        );
        ends.push(await levelsOf(database.truth));
      } finally {
        await database.drop();
      }
    }
    const same = ends[0] === ends[1];
    process.stdout.write(same ? "The levels are the same.\n" : "The levels DIFFER.\n");
    return same ? 0 : 1;
  } finally {
    await stores.stop();
  }
}

function shuffled(events: readonly WmsEvent[], seed: number): WmsEvent[] {
  const dice = diceOf(seed ^ 0x5eed);
  const all = events.flatMap((event) => (dice.next() < 0.1 ? [event, event] : [event]));
  for (let i = all.length - 1; i > 0; i--) {
    const j = dice.upTo(i + 1);
    const [a, b] = [all[i], all[j]];
    if (a === undefined || b === undefined) throw new RangeError("out of the list");
    all[i] = b;
    all[j] = a;
  }
  return all;
}

/** Tells all, applies until nothing is left. @returns how many could not be applied at first */
async function tellAll(truth: Truth, events: readonly WmsEvent[]): Promise<{ waited: number }> {
  for (let from = 0; from < events.length; from += WMS_EVENTS_MAX) {
    const some = new Map(events.slice(from, from + WMS_EVENTS_MAX).map((event) => [event.eventId, event]));
    await takeEvents(
      truth,
      [...some.values()].map((event) => ({
        eventId: event.eventId,
        eventType: event.eventType,
        locationId: event.locationId,
        sequence: null,
        happenedAt: new Date(event.timestamp),
        body: event,
        hash: createHash("sha256").update(JSON.stringify(event)).digest(),
      })),
    );
    while ((await applyEvents(truth)).more);
  }
  const left = async (): Promise<number> =>
    (await truth.query<{ left: number }>("SELECT count(*) AS left FROM wms_inbox WHERE state = 'waiting'"))
      .rows[0]?.left ?? 0;
  for (let before = -1, now = await left(), settled = 1; now > 0 || settled > 0; now = await left()) {
    if (now === before && settled === 0) throw new Error(`${now} events can never be applied`);
    before = now;
    await truth.query("UPDATE wms_inbox SET next_at = clock_timestamp() WHERE state = 'waiting'");
    while ((await applyEvents(truth)).applied > 0);
    settled = await reviewCounts(truth);
  }
  const { rows } = await truth.query<{ waited: number }>(
    "SELECT count(*) AS waited FROM wms_inbox WHERE tries > 1",
  );
  return { waited: rows[0]?.waited ?? 0 };
}

async function levelsOf(truth: Truth): Promise<string> {
  const { rows } = await truth.query<{ text: string }>(
    `SELECT string_agg(concat_ws('|', sku, location_id, on_hand, allocated, reserved, damaged, in_transit_in,
       in_transit_out, last_counted_at), E'\\n' ORDER BY sku, location_id) AS text FROM inventory_levels`,
  );
  return rows[0]?.text ?? "";
}

process.exitCode = await main();
