// Whatever happens to sales of one product, in whatever order, side by side: after each step the level reserves what
// units and orders say, and allocates what booked orders wait for. And a death in the middle of a step is no step.
import type { Transaction, Truth } from "@dropgate/sql";
import { writePhase } from "@dropgate/sql/admission/phases";
import { beatService } from "@dropgate/sql/heartbeat/beat";
import { readSale, type SaleRow } from "@dropgate/sql/sales/sale-row";
import { testDatabase } from "@dropgate/sql/template-database";
import fc from "fast-check";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { actOnHoldsIn } from "../holds/act.ts";
import { levelsAreSums } from "../levels/proof/levels-are-sums.ts";
import { saleReport } from "../proof/report.ts";
import { bookOrders } from "./book-orders.ts";
import { createSaleIn } from "./create.ts";
import { patchSaleIn } from "./patch.ts";
import { adjustPoolIn } from "./pools.ts";
import { returnFreeIn } from "./stock.ts";
import { StockStage } from "./stock-stage.ts";

let database: Awaited<ReturnType<typeof testDatabase>>;
let truth: Truth;
beforeAll(async () => {
  database = await testDatabase(inject("databaseUrl"));
  truth = database.truth;
});
afterAll(() => database.drop());

const ACTS = [
  "create",
  "claim",
  "confirm",
  "late",
  "release",
  "expire",
  "cancel",
  "pick",
  "book",
  "size",
  "pool",
  "close",
] as const;
type Act = (typeof ACTS)[number];
/** `which` picks sale or hold among those that there are. */
interface Step {
  act: Act;
  which: number;
  size: number;
}
const step: fc.Arbitrary<Step> = fc.record({
  act: fc.constantFrom<Act>(...ACTS, "claim", "claim", "confirm", "confirm"),
  which: fc.nat(1_000),
  size: fc.integer({ min: 1, max: 8 }),
});

class World {
  readonly stage = new StockStage(truth);
  readonly sales: SaleRow[] = [];
  readonly holds: string[] = [];

  async open(): Promise<void> {
    await beatService(truth);
    await this.stage.stock("east", 12);
    await this.stage.stock("west", 9);
  }

  async step({ act, which, size }: Step): Promise<void> {
    const { stage, sales, holds } = this;
    if (act === "create") {
      const created = await stage.create({ quantity: size });
      if (created.ok) sales.push(created.value);
      return;
    }
    const sale = sales[which % sales.length];
    const holdId = holds[which % holds.length];
    if (sale === undefined) return;
    switch (act) {
      case "claim": {
        const claimed = (await this.#isClosed(sale)) ? null : await stage.claimed(sale);
        if (claimed !== null) holds.push(claimed);
        return;
      }
      case "book":
        await bookOrders(truth, sale.id);
        return;
      case "size":
        await truth.transaction((tx) => patchSaleIn(tx, sale.id, { quantity: size }));
        return;
      case "pool":
        await truth.transaction((tx) => adjustPoolIn(tx, sale.id, 0, { delta: size - 4 || 1 }));
        return;
      case "close":
        await this.#close(sale);
        return;
      default:
        if (holdId !== undefined) await this.#onHold(act, holdId);
    }
  }

  async #onHold(
    act: "confirm" | "late" | "release" | "expire" | "cancel" | "pick",
    holdId: string,
  ): Promise<void> {
    if (act === "pick") {
      await this.stage.pick(holdId);
      return;
    }
    if (act === "late" || act === "expire") {
      await truth.query(
        "UPDATE holds SET expires_at = clock_timestamp() - interval '1 s' WHERE hold_id = $1 AND state = 'active'",
        [holdId],
      );
    }
    const asked = act === "late" ? "confirm" : act;
    const outcome = await this.stage.act(holdId, asked, asked === "confirm" ? `order ${holdId}` : undefined);
    if (asked === "confirm" && outcome.ok && outcome.value.holdId !== holdId)
      this.holds.push(outcome.value.holdId);
  }

  async #isClosed(sale: SaleRow): Promise<boolean> {
    return (await readSale(truth, sale.id))?.phase === "closed";
  }

  async #close(sale: SaleRow): Promise<void> {
    await truth.transaction(async (tx) => {
      const row = await readSale(tx, sale.id);
      if (row !== null && row.phase !== "closed")
        await writePhase(tx, sale.id, row.phase, "closed", "worker");
      await returnFreeIn(tx, sale);
    });
  }

  async settled(): Promise<void> {
    for (const place of ["east", "west"]) {
      expect([place, await this.stage.level(place)]).toEqual([place, await this.stage.owed(place)]);
    }
  }

  async proven(): Promise<void> {
    expect(await levelsAreSums(truth)).toMatchObject({ ok: true });
    for (const { id } of this.sales) {
      expect((await saleReport(truth, null, id))?.checks.filter(({ ok }) => !ok)).toEqual([]);
    }
  }
}

test("one step after another", () =>
  fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
      const world = new World();
      await world.open();
      await world.step({ act: "create", which: 0, size: 8 });
      for (const one of steps) {
        await world.step(one);
        await world.settled();
      }
      await world.proven();
    }),
    { numRuns: 15 },
  ));

test("several at once", () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 2, maxLength: 5 }), { minLength: 5, maxLength: 12 }),
      async (rounds) => {
        const world = new World();
        await world.open();
        for (const size of [6, 6]) await world.step({ act: "create", which: 0, size });
        for (const round of rounds) {
          // Offers are made by the tick, which holds its sale's lock; here one after the other stands for it.
          for (const one of round.filter(({ act }) => act === "claim")) await world.step(one);
          await Promise.all(round.filter(({ act }) => act !== "claim").map((one) => world.step(one)));
          await world.settled();
        }
        await world.proven();
      },
    ),
    { numRuns: 10 },
  ));

/** A transaction whose process dies before its nth statement; the last is the commit. */
function dyingAt(nth: number): Truth {
  const dying = Object.create(truth) as Truth;
  dying.transaction = (work) =>
    truth.transaction(async (tx) => {
      let said = 0;
      const mortal: Transaction = {
        query: (text, values) => {
          if (said++ === nth) throw new Error("died");
          return tx.query(text, values);
        },
        later: async (text, values) => {
          await mortal.query(text, values);
        },
      };
      const value = await work(mortal);
      if (said <= nth) throw new Error("nothing was left to die at");
      return value;
    });
  return dying;
}

test("a death at any statement of a creation, a confirm, a booking or a cancel changes nothing", async () => {
  const world = new World();
  await world.open();
  const { stage } = world;
  const sale = await stage.aSale({ quantity: 6 });
  world.sales.push(sale);
  const confirmed = await stage.confirmed(sale);
  await bookOrders(truth, sale.id);
  await stage.confirmed(sale);
  const active = (await stage.claimed(sale)) ?? "";
  const ask = { actor: "merchant", entryId: null } as const;
  const works: Record<string, (dying: Truth) => Promise<unknown>> = {
    create: (dying) => dying.transaction((tx) => createSaleIn(tx, stage.request({ quantity: 3 }))),
    confirm: (dying) =>
      dying.transaction((tx) =>
        actOnHoldsIn(tx, [{ ...ask, holdId: active, act: "confirm", orderId: `o ${active}` }]),
      ),
    book: (dying) => bookOrders(dying, sale.id),
    cancel: (dying) =>
      dying.transaction((tx) => actOnHoldsIn(tx, [{ ...ask, holdId: confirmed.holdId, act: "cancel" }])),
  };
  const before = { east: await stage.level("east"), west: await stage.level("west") };
  for (const [name, work] of Object.entries(works)) {
    let deaths = 0;
    for (;;) {
      const died = await work(dyingAt(deaths)).then(
        () => "lived",
        (error: Error) => error.message,
      );
      if (died !== "died") {
        expect([name, died]).toEqual([name, "nothing was left to die at"]);
        break;
      }
      deaths++;
      await world.settled();
    }
    expect(deaths).toBeGreaterThan(5);
  }
  expect({ east: await stage.level("east"), west: await stage.level("west") }).toEqual(before);
  // And once nobody dies, all of it happens.
  for (const work of Object.values(works)) await work(truth);
  await bookOrders(truth, sale.id);
  await world.settled();
  await world.proven();
});
