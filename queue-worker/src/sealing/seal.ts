// Buckets on their way from "people arrive" to "everybody has a ticket". Each step reads in PostgreSQL how
// far things are and does the next one; anyone may do it, twice, after any death.
import { BUCKET_OPEN_MS_MIN, SEALING_TURN_MS } from "@dropgate/contracts/limits";
import { seedOf } from "@dropgate/inventory/draw-seed";
import type { LaneAddress, Pulse } from "@dropgate/lua/lane-answers";
import type { OpenSale } from "@dropgate/sql/admission/open-sales";
import {
  type BucketRow,
  finishBucket,
  freezeBucket,
  type LaneRange,
  markTold,
  readClosedRanges,
  readRanges,
  readUnfinishedBuckets,
  reserveTickets,
} from "@dropgate/sql/sealing/buckets";
import { endSealingTurn, takeSealingTurn } from "@dropgate/sql/sealing/turns";
import type { WorkerContext } from "../running/context.ts";
import { BucketDraw, type SealedBucket, TurnLost, USUAL_PIECES } from "./bucket-draw.ts";

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
export async function sealBuckets(
  context: WorkerContext,
  sale: OpenSale,
  lanes: Lanes,
  pieces = USUAL_PIECES,
): Promise<boolean> {
  const { truth } = context;
  const unfinished = await readUnfinishedBuckets(truth, sale.saleId);
  const ranges = await readClosedRanges(truth, sale.saleId, sale.nextBucket);
  // Drawn, but a lane cannot be told now: nothing else is to be done, and a million entries not to be read for it.
  const waiting = unfinished.every((bucket) => bucket.state === "drawn") && lanes.size < sale.laneCount;
  if (ranges === null && (unfinished.length === 0 || waiting)) return false;

  const keepTurn = turnKeeper(context, sale.saleId);
  try {
    await keepTurn();
    let done = false;
    for (const bucket of unfinished) {
      const listed = await readRanges(truth, sale.saleId, bucket.bucket);
      const draw = new BucketDraw(context, sale.saleId, listed, keepTurn, pieces);
      done = (await finish(context, sale, lanes, bucket, draw)) || done;
    }
    // One that was frozen already is among the unfinished.
    if (ranges !== null && unfinished.every((bucket) => bucket.bucket !== sale.nextBucket)) {
      await sealNext(
        context,
        sale,
        lanes,
        ranges,
        new BucketDraw(context, sale.saleId, ranges, keepTurn, pieces),
      );
      done = true;
    }
    await endSealingTurn(truth, sale.saleId, context.name);
    return done;
  } catch (error) {
    if (error instanceof TurnLost) return false;
    throw error;
  }
}

async function sealNext(
  context: WorkerContext,
  sale: OpenSale,
  lanes: Lanes,
  ranges: readonly LaneRange[],
  draw: BucketDraw,
): Promise<void> {
  const list = await draw.list();
  const bucket = await freezeBucket(context.truth, {
    saleId: sale.saleId,
    bucket: sale.nextBucket,
    ranges,
    count: list.count,
    digest: list.digest(),
  });
  context.happened("bucket.frozen");
  await finish(context, sale, lanes, bucket, draw);
}

/** Says now and then that this worker is at it. @throws TurnLost when another one is */
function turnKeeper({ truth, name }: WorkerContext, saleId: string): () => Promise<void> {
  let said = Number.NEGATIVE_INFINITY;
  return async () => {
    const now = performance.now();
    if (now - said < SEALING_TURN_MS) return;
    said = now;
    if (!(await takeSealingTurn(truth, saleId, name, 3 * SEALING_TURN_MS))) throw new TurnLost();
  };
}

/** From a frozen list to told tickets. @returns whether all of it is done */
async function finish(
  context: WorkerContext,
  sale: OpenSale,
  lanes: Lanes,
  bucket: BucketRow,
  draw: BucketDraw,
): Promise<boolean> {
  const { truth } = context;
  // Public randomness is mixed into the lobby's draw alone.
  const beacon = bucket.bucket === 0 ? sale.beacon : null;
  const seed = seedOf(sale.secret, sale.saleId, bucket.bucket, bucket.digest, beacon);
  const reserved = bucket.state === "frozen" ? await reserveTickets(truth, bucket, seed) : bucket;
  if (reserved.firstTicket === null || reserved.seed === null) {
    throw new Error(`bucket ${bucket.bucket} of ${sale.saleId} is reserved without tickets`);
  }
  const sealed: SealedBucket = { ...reserved, firstTicket: reserved.firstTicket, seed: reserved.seed };
  if (reserved.state !== "drawn") {
    await draw.append(sealed);
    if (!(await finishBucket(truth, sealed))) {
      throw new Error(`bucket ${bucket.bucket} of ${sale.saleId} lacks tickets though all were appended`);
    }
    context.happened("bucket.drawn");
    context.log.info(
      { sale: sale.saleId, bucket: bucket.bucket, entries: bucket.count, firstTicket: sealed.firstTicket },
      "a bucket is drawn",
    );
  }
  // A lane that is being rebuilt reads its tickets from PostgreSQL, but its gateways are told here.
  if (!(await draw.tell(sealed, lanes))) return false;
  await markTold(truth, bucket.saleId, bucket.bucket);
  context.happened("bucket.told");
  return true;
}
