// `offer`: from waiting to offered and told, by 20, 500 and 1,000 a tick.
import { randomBytes } from "node:crypto";
import pg from "pg";
import { Lab } from "../lab.ts";
import { measure } from "../process-cost.ts";
import type { Row, Sample } from "../row.ts";
import { ratio } from "../targets.ts";
import { keepHeartBeating, tickStatements, wholeTick } from "../whole-tick.ts";

const sizeOf = (variant: string): number => Number(variant.split("-")[1]);

export const row: Row = {
  name: "offer",
  measures:
    "Offers of an admission tick that makes 20, 500 or 1,000: tokens, units of four pools, the rows in PostgreSQL with fsync, cards, the message to the gateways. The ceiling is the tick's statements without Redis; the plain way one transaction and one published message for each offer.",
  unit: "offer",
  variants: [
    { key: "ours-20", role: "ours", label: "20 a tick" },
    { key: "ours-500", role: "ours", label: "500 a tick" },
    { key: "ours-1000", role: "ours", label: "1,000 a tick" },
    { key: "statements-20", role: "ceiling", label: "statements, 20" },
    { key: "statements-500", role: "ceiling", label: "statements, 500" },
    { key: "plain", role: "plain", label: "one by one" },
  ],
  rounds: { full: 4, quick: 2 },
  shown: ["rate", "cpu.load", "cpu.redis", "cpu.postgres"],
  targets: [
    ratio("rate", "ours-500", "statements-500", { atLeast: 0.5 }),
    ratio("rate", "ours-20", "statements-20", { atLeast: 0.5 }),
    ratio("rate", "ours-500", "plain", { atLeast: 10 }),
  ],

  async open(bench) {
    const lab = await Lab.open(bench);
    const heart = keepHeartBeating(lab);
    bench.atEnd(async () => heart.stop());
    const client = new pg.Client({ connectionString: lab.stores.postgres.url });
    await client.connect();
    bench.atEnd(() => client.end());

    const inTicks = async (saleId: string, size: number, ticks: number): Promise<Sample> => {
      const lanes = await lab.lanes(saleId);
      return measure(lab.processes, async () => {
        let units = 0;
        for (let tick = 0; tick < ticks; tick++) units += await wholeTick(lab, saleId, lanes, size);
        if (units !== size * ticks) throw new Error(`${units} offers in ${ticks} ticks of ${size}`);
        return { units };
      });
    };

    const inStatements = (saleId: string, size: number, ticks: number): Promise<Sample> =>
      measure(lab.processes, async () => {
        let units = 0;
        for (let tick = 0; tick < ticks; tick++) units += await tickStatements(lab, saleId, size, units + 1);
        return { units };
      });

    const oneByOne = async (saleId: string, count: number): Promise<Sample> => {
      const store = lab.hotStore;
      const [address] = (await lab.lanes(saleId)).values();
      if (!address) throw new Error("the sale has no lane");
      return measure(lab.processes, async () => {
        for (let n = 0; n < count; n++) {
          const shopper = await oneOffer(client, saleId);
          const card = {
            attempt: 1,
            rev: 1,
            state: "offered" as const,
            leaveUnstored: false,
            misses: 0,
            bought: 0,
            bucket: 0,
            seq: 1,
            ticket: n + 1,
            holdId: null,
            claimBy: null,
            expiresAt: null,
          };
          await store.lane(address).cards([{ key: shopper as never, card }], true);
        }
        return { units: count };
      });
    };

    return {
      async round(variant, { warmUp }) {
        const size = variant === "plain" ? 1 : sizeOf(variant);
        const wanted = warmUp ? size : bench.pick(3_000, 1_000);
        const ticks =
          variant === "plain"
            ? bench.pick(300, 100)
            : Math.max(1, Math.round((size === 20 ? wanted / 3 : wanted) / size));
        const quantity = Math.max(4, size * ticks);
        const { id } = await lab.drawn(quantity + 100, { quantity, poolCount: 4 });
        if (variant === "plain") return oneByOne(id, ticks);
        return variant.startsWith("ours") ? inTicks(id, size, ticks) : inStatements(id, size, ticks);
      },
      async close() {},
    };
  },
};

/** As one writes it who thinks of one shopper: the next in line, a free unit, a hold, all in one transaction. */
async function oneOffer(client: pg.Client, saleId: string): Promise<string> {
  await client.query("BEGIN");
  const { rows: next } = await client.query<{
    entryId: string;
    shopper: string;
    shopperKey: string;
    ticket: string;
  }>(
    `SELECT e.entry_id AS "entryId", e.shopper, e.shopper_key AS "shopperKey", t.ticket FROM tickets t
     JOIN entries e ON e.entry_id = t.entry_id JOIN sales s ON s.id = t.sale_id
     WHERE t.sale_id = $1 AND t.ticket > s.serving AND e.state = 'waiting' ORDER BY t.ticket LIMIT 1 FOR UPDATE OF e SKIP LOCKED`,
    [saleId],
  );
  const winner = next[0];
  if (!winner) throw new Error("nobody waits");
  const { rows: free } = await client.query<{ unit: number }>(
    "SELECT unit FROM units WHERE sale_id = $1 AND state = 'free' ORDER BY unit LIMIT 1 FOR UPDATE SKIP LOCKED",
    [saleId],
  );
  const unit = free[0]?.unit;
  const holdId = `plain_${randomBytes(16).toString("base64url")}`;
  await client.query(
    `INSERT INTO holds (hold_id, sale_id, entry_id, shopper, unit, slot, state, claim_by)
     VALUES ($1, $2, $3, $4, $5, 1, 'offered', now() + interval '1 minute')`,
    [holdId, saleId, winner.entryId, winner.shopper, unit],
  );
  await client.query("UPDATE units SET state = 'held', hold_id = $3 WHERE sale_id = $1 AND unit = $2", [
    saleId,
    unit,
    holdId,
  ]);
  await client.query(
    "UPDATE entries SET state = 'offered', rev = rev + 1, hold_id = $2 WHERE entry_id = $1",
    [winner.entryId, holdId],
  );
  await client.query("UPDATE sales SET serving = $2 WHERE id = $1", [saleId, winner.ticket]);
  await client.query(
    "INSERT INTO ledger (sale_id, act, unit, hold_id, entry_id, actor) VALUES ($1, 'offered', $2, $3, $4, 'worker')",
    [saleId, unit, holdId, winner.entryId],
  );
  await client.query("COMMIT");
  return winner.shopperKey;
}
