// Writes the rows of a finished sale as they stand at its end, and closes its ledger's pages.
import type { SaleId } from "@dropgate/contracts/ids";
import type { Statements, Truth } from "@dropgate/sql";
import type { IdSource } from "../ids.ts";
import type { StoryEntry, StoryHold, StoryUnit } from "./story.ts";

/** `at`: seconds after the sale's creation. Rows of one `tx` are written by one transaction. */
export interface LedgerEntry {
  tx: number;
  at: number;
  act: string;
  unit: number | null;
  holdId: string | null;
  entryId: string | null;
  actor: string;
  data: Record<string, unknown>;
}

export interface StoryRows {
  saleId: SaleId;
  ids: IdSource;
  secret: Buffer;
  quantity: number;
  poolCount: number;
  rate: { ratePerSecond: number; burst: number };
  serving: number;
  entries: readonly StoryEntry[];
  holds: readonly StoryHold[];
  units: readonly StoryUnit[];
  ledger: readonly LedgerEntry[];
  buckets: {
    bucket: number;
    count: number;
    digest: Buffer;
    seed: Buffer;
    firstTicket: number;
    recovered: boolean;
  }[];
  ranges: { bucket: number; lane: number; fromSeq: number; toSeq: number }[];
  lastSeq: readonly number[];
}

const BEGIN_MS = Date.UTC(2026, 0, 5, 10);
function moment(at: number | null): Date | null {
  return at === null ? null : new Date(BEGIN_MS + at * 1_000);
}

export async function writeStory(truth: Truth, story: StoryRows): Promise<void> {
  await truth.transaction(async (tx) => {
    await writeSale(tx, story);
    await writeDraw(tx, story);
    await writeStock(tx, story);
  });
  const last = story.ledger.at(-1)?.tx ?? 0;
  for (let number = 1; number <= last; number++) {
    await writeLedger(
      truth,
      story.saleId,
      story.ledger.filter((row) => row.tx === number),
    );
  }
  await closePages(truth, story.saleId);
}

/** The rows of many columns as one statement: each column an array. */
async function insertAll(
  tx: Statements,
  table: string,
  columns: Record<string, { type: string; values: readonly unknown[] }>,
): Promise<void> {
  const names = Object.keys(columns);
  const lists = Object.values(columns);
  const arrays = lists.map(({ type }, i) => `$${i + 1}::${type}[]`);
  await tx.query(
    `INSERT INTO ${table} (${names.join(", ")}) SELECT * FROM unnest(${arrays.join(", ")})`,
    lists.map(({ values }) => values),
  );
}

function column<Row>(type: string, rows: readonly Row[], of: (row: Row) => unknown) {
  return { type, values: rows.map(of) };
}

async function writeSale(tx: Statements, story: StoryRows): Promise<void> {
  await tx.query(
    `INSERT INTO sales (id, tag, id_key, title, sku, source, kind, phase, quantity, pool_count, lane_count,
       limit_per_shopper, identity, challenge, lobby_at, draw_at, opens_at, closes_at, claim_window_seconds,
       purchase_window_seconds, payment_extension_seconds, rate_per_second, burst, secret, commitment, next_bucket,
       next_ticket, drawn_to, serving, closed_at)
     VALUES ($1, $2, $3, 'A finished sale', 'SKU', 'own', 'lottery', 'closed', $4, $5, $6, 1, 'merchant', 'off',
       $7, $7, $7, $8, 6, 9, 3, $9, $10, $11, sha256($11), $12, $13 + 1, $13, $14, $8)`,
    [
      story.saleId,
      story.ids.tag,
      story.ids.idKey,
      story.quantity,
      story.poolCount,
      story.ids.laneCount,
      moment(0),
      moment(60),
      story.rate.ratePerSecond,
      story.rate.burst,
      story.secret,
      story.buckets.length,
      story.entries.length,
      story.serving,
    ],
  );
  await insertAll(tx, "lanes", {
    sale_id: column("text", story.lastSeq, () => story.saleId),
    lane: { type: "smallint", values: story.lastSeq.map((_, lane) => lane) },
    last_seq: column("bigint", story.lastSeq, (seq) => seq),
    closed_to: column("int", story.lastSeq, () => story.buckets.length - 1),
  });
}

async function writeDraw(tx: Statements, { saleId, entries, buckets, ranges }: StoryRows): Promise<void> {
  await insertAll(tx, "entries", {
    entry_id: column("text", entries, (e) => e.entryId),
    sale_id: column("text", entries, () => saleId),
    lane: column("smallint", entries, (e) => e.lane),
    shopper: column("text", entries, (e) => e.shopper),
    shopper_key: column("text", entries, (e) => e.shopperKey),
    attempt: column("int", entries, (e) => e.attempt),
    state: column("text", entries, (e) => e.state),
    rev: column("int", entries, (e) => e.rev),
    misses: column("smallint", entries, (e) => e.misses),
    bucket: column("int", entries, (e) => e.bucket),
    seq: column("bigint", entries, (e) => e.seq),
    hold_id: column("text", entries, (e) => e.holdId),
  });
  await insertAll(tx, "draw_buckets", {
    sale_id: column("text", buckets, () => saleId),
    bucket: column("int", buckets, (b) => b.bucket),
    state: column("text", buckets, () => "drawn"),
    count: column("bigint", buckets, (b) => b.count),
    digest: column("bytea", buckets, (b) => b.digest),
    seed: column("bytea", buckets, (b) => b.seed),
    first_ticket: column("bigint", buckets, (b) => b.firstTicket),
    recovered: column("bool", buckets, (b) => b.recovered),
    sealed_at: column("timestamptz", buckets, () => moment(1)),
    told_at: column("timestamptz", buckets, () => moment(1)),
  });
  await insertAll(tx, "draw_bucket_ranges", {
    sale_id: column("text", ranges, () => saleId),
    bucket: column("int", ranges, (r) => r.bucket),
    lane: column("smallint", ranges, (r) => r.lane),
    from_seq: column("bigint", ranges, (r) => r.fromSeq),
    to_seq: column("bigint", ranges, (r) => r.toSeq),
  });
  await insertAll(tx, "lane_closings", {
    sale_id: column("text", ranges, () => saleId),
    lane: column("smallint", ranges, (r) => r.lane),
    bucket: column("int", ranges, (r) => r.bucket),
    to_seq: column("bigint", ranges, (r) => r.toSeq),
  });
  await insertAll(tx, "tickets", {
    sale_id: column("text", entries, () => saleId),
    ticket: column("bigint", entries, (e) => e.ticket),
    entry_id: column("text", entries, (e) => e.entryId),
    bucket: column("int", entries, (e) => e.bucket),
  });
}

/** Units and holds name each other: the units first, their holds deferred. */
async function writeStock(tx: Statements, { saleId, holds, units }: StoryRows): Promise<void> {
  await insertAll(tx, "units", {
    sale_id: column("text", units, () => saleId),
    unit: column("int", units, (u) => u.unit),
    lane: column("smallint", units, (u) => u.lane),
    state: column("text", units, (u) => u.state),
    hold_id: column("text", units, (u) => u.holdId),
  });
  await insertAll(tx, "holds", {
    hold_id: column("text", holds, (h) => h.holdId),
    sale_id: column("text", holds, () => saleId),
    entry_id: column("text", holds, (h) => h.entry.entryId),
    shopper: column("text", holds, (h) => h.entry.shopper),
    unit: column("int", holds, (h) => h.unit),
    slot: column("int", holds, () => 1),
    state: column("text", holds, (h) => h.state),
    rev: column("int", holds, (h) => h.rev),
    applied_rev: column("int", holds, (h) => h.rev),
    claimed_at: column("timestamptz", holds, (h) => moment(h.claimedAt)),
    ended_at: column("timestamptz", holds, (h) => moment(h.endedAt)),
    order_id: column("text", holds, (h) => h.orderId),
    replaces: column("text", holds, (h) => h.replaces),
  });
  const ordered = holds.filter((hold) => hold.orderId !== null);
  await insertAll(tx, "orders", {
    order_id: column("text", ordered, (h) => h.orderId),
    sale_id: column("text", ordered, () => saleId),
    hold_id: column("text", ordered, (h) => h.holdId),
    cancelled_at: column("timestamptz", ordered, (h) => (h.state === "cancelled" ? moment(h.endedAt) : null)),
  });
}

async function writeLedger(tx: Statements, saleId: string, rows: readonly LedgerEntry[]): Promise<void> {
  await insertAll(tx, "ledger", {
    at: column("timestamptz", rows, (l) => moment(l.at)),
    sale_id: column("text", rows, () => saleId),
    act: column("text", rows, (l) => l.act),
    unit: column("int", rows, (l) => l.unit),
    hold_id: column("text", rows, (l) => l.holdId),
    entry_id: column("text", rows, (l) => l.entryId),
    actor: column("text", rows, (l) => l.actor),
    data: column("jsonb", rows, (l) => JSON.stringify(l.data)),
  });
}

/** Three pages over all but the last transactions, hashed by PostgreSQL: the checks do it in Node. */
export async function closePages(truth: Truth, saleId: string): Promise<void> {
  await truth.transaction(async (tx) => {
    await tx.query("SET LOCAL session_replication_role = replica");
    await tx.query("DELETE FROM ledger_pages WHERE sale_id = $1", [saleId]);
    const { rows } = await tx.query<{ tx: string }>(
      "SELECT DISTINCT tx FROM ledger WHERE sale_id = $1 ORDER BY tx",
      [saleId],
    );
    const bounds = [0, 0.3, 0.6, 0.9].map((share) => rows[Math.floor(rows.length * share)]?.tx ?? "0");
    for (const [i, fromTx] of bounds.slice(0, -1).entries()) {
      await tx.query(
        `INSERT INTO ledger_pages (sale_id, page, from_tx, to_tx, rows, hash)
         SELECT $1, $2, $3::xid8, $4::xid8, count(*),
           sha256(coalesce((SELECT hash FROM ledger_pages WHERE sale_id = $1 AND page = $2 - 1), '') ||
             convert_to(string_agg(ledger_text(l), '' ORDER BY l.tx, l.id), 'UTF8'))
         FROM ledger l WHERE l.sale_id = $1 AND l.tx >= $3::xid8 AND l.tx < $4::xid8`,
        [saleId, i + 1, fromTx, bounds[i + 1]],
      );
    }
  });
}
