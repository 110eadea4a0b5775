// Buckets on their way from "people arrive" to "everybody has a ticket". Each step reads in PostgreSQL how
// far things are and does the next one; anyone may do it, twice, after any death.
import type { ShopperKey } from "@dropgate/contracts/ids";
import { BUCKET_OPEN_MS_MIN, CARD_BATCH_MAX } from "@dropgate/contracts/limits";
import { ListDigest, orderOf, seedOf } from "@dropgate/inventory/draw-order";
import type { LaneAddress, Pulse } from "@dropgate/lua/lane-answers";
import type { OpenSale } from "@dropgate/sql/admission/open-sales";
import {
  appendTickets,
  type BucketRow,
  finishBucket,
  freezeBucket,
  listBucket,
  markTold,
  readClosedRanges,
  readRanges,
  readUnfinishedBuckets,
  reserveTickets,
} from "@dropgate/sql/sealing/buckets";
import type { WorkerContext } from "../running/context.ts";

type Lanes = ReadonlyMap<number, LaneAddress>;

/**
 * Whether the open bucket `bucket` may be closed now. The lobby closes when the draw begins; a later one when
 * it has been open for a second anywhere, so that a millisecond wins nothing.
 */
export function isCloseDue(sale: Pick<OpenSale, "phase" | "nextBucket">, pulses: readonly Pulse[]): boolean {
  if (sale.phase === "scheduled" || sale.phase === "lobby" || sale.phase === "closed") return false;
  if (sale.nextBucket === 0) return true;
  return pulses.some(
    (pulse) =>
      pulse.bucket > sale.nextBucket ||
      (pulse.bucket === sale.nextBucket &&
        pulse.openedMs !== null &&
        pulse.nowMs - pulse.openedMs >= BUCKET_OPEN_MS_MIN),
  );
}

/**
 * Closes the next bucket in every lane if that is due. While a lane is down the others' stay open.
 * @returns whether every lane has closed it
 */
export async function closeNextBucket(
  context: WorkerContext,
  sale: OpenSale,
  lanes: Lanes,
  pulses: readonly Pulse[],
): Promise<boolean> {
  if (lanes.size < sale.laneCount || pulses.length < sale.laneCount) return false;
  if (!isCloseDue(sale, pulses)) return false;
  const outcomes = await Promise.all(
    [...lanes.values()].map((address) => context.hotStore.lane(address).close(sale.nextBucket)),
  );
  return outcomes.every((answer) => answer.ok && ["closed", "same"].includes(answer.value.outcome));
}

/**
 * Takes the sale's buckets as far as they can go now.
 * @returns whether something was done, so the next step may be possible
 */
export async function sealBuckets(context: WorkerContext, sale: OpenSale, lanes: Lanes): Promise<boolean> {
  let done = false;
  for (const bucket of await readUnfinishedBuckets(context.truth, sale.saleId)) {
    await finish(context, sale, lanes, bucket);
    done = true;
  }
  const ranges = await readClosedRanges(context.truth, sale.saleId, sale.nextBucket);
  if (ranges === null) return done;
  const digest = new ListDigest();
  for await (const page of listBucket(context.truth, sale.saleId, ranges)) {
    for (const { entryId } of page) digest.add(entryId);
  }
  const bucket = await freezeBucket(context.truth, {
    saleId: sale.saleId,
    bucket: sale.nextBucket,
    ranges,
    count: digest.count,
    digest: digest.finish(),
  });
  context.happened("bucket.frozen");
  await finish(context, sale, lanes, bucket);
  return true;
}

/** From a frozen list to told tickets. */
async function finish(
  context: WorkerContext,
  sale: OpenSale,
  lanes: Lanes,
  bucket: BucketRow,
): Promise<void> {
  // Public randomness is mixed into the lobby's draw alone.
  const beacon = bucket.bucket === 0 ? sale.beacon : null;
  const seed = seedOf(sale.secret, sale.saleId, bucket.bucket, bucket.digest, beacon);
  const reserved = bucket.state === "frozen" ? await reserveTickets(context.truth, bucket, seed) : bucket;
  const { firstTicket } = reserved;
  if (firstTicket === null)
    throw new Error(`bucket ${bucket.bucket} of ${sale.saleId} is reserved without tickets`);
  const order = await readOrder(context, bucket, reserved.seed ?? seed);
  if (reserved.state !== "drawn") {
    await appendTickets(
      context.truth,
      { ...reserved, firstTicket },
      order.map((entry) => entry.entryId),
    );
    await finishBucket(context.truth, { ...reserved, firstTicket });
    context.happened("bucket.drawn");
    context.log.info(
      { sale: sale.saleId, bucket: bucket.bucket, entries: bucket.count, firstTicket },
      "a bucket is drawn",
    );
  }
  await tellTickets(context, sale, lanes, { ...reserved, firstTicket }, order);
}

interface DrawnEntry {
  entryId: string;
  shopperKey: string;
  attempt: number;
  lane: number;
}

async function readOrder(context: WorkerContext, bucket: BucketRow, seed: Buffer): Promise<DrawnEntry[]> {
  const listed = new Map<string, DrawnEntry>();
  const ranges = await readRanges(context.truth, bucket.saleId, bucket.bucket);
  for await (const page of listBucket(context.truth, bucket.saleId, ranges)) {
    for (const entry of page) listed.set(entry.entryId, entry);
  }
  return orderOf(seed, [...listed.keys()]).map((entryId) => listed.get(entryId) as DrawnEntry);
}

/** Loads the tickets into the lanes' cards; each lane's last batch says that the bucket is drawn. */
async function tellTickets(
  context: WorkerContext,
  sale: OpenSale,
  lanes: Lanes,
  bucket: BucketRow & { firstTicket: number },
  order: readonly DrawnEntry[],
): Promise<void> {
  const byLane = new Map<number, { key: ShopperKey; attempt: number; ticket: number }[]>();
  for (const [i, entry] of order.entries()) {
    const writes = byLane.get(entry.lane) ?? [];
    writes.push({
      key: entry.shopperKey as ShopperKey,
      attempt: entry.attempt,
      ticket: bucket.firstTicket + i,
    });
    byLane.set(entry.lane, writes);
  }
  const told = await Promise.all(
    Array.from({ length: sale.laneCount }, async (_, lane): Promise<boolean> => {
      const address = lanes.get(lane);
      if (!address) return false;
      const writes = byLane.get(lane) ?? [];
      const store = context.hotStore.lane(address);
      for (let from = 0; from === 0 || from < writes.length; from += CARD_BATCH_MAX) {
        const last = from + CARD_BATCH_MAX >= writes.length;
        const batch = writes.slice(from, from + CARD_BATCH_MAX);
        const answer = await store.tickets(batch, last ? bucket.bucket : null);
        if (!answer.ok) return false;
      }
      return true;
    }),
  );
  // A lane that is being rebuilt reads its tickets from PostgreSQL, but its gateways are told here.
  if (told.some((lane) => !lane)) return;
  await markTold(context.truth, bucket.saleId, bucket.bucket);
  context.happened("bucket.told");
}
