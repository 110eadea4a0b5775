// Turns a lane's arrivals into rows, whole batches at a time, under the lane's lock. Doing it twice changes
// nothing: entries are named by their shopper and attempt, leaves by the state they leave.
import type { LaneRow } from "../lanes/lane-row.ts";
import type { Statements } from "../truth.ts";

export interface JoinArrival {
  kind: "join";
  seq: number;
  entryId: string;
  shopperKey: string;
  shopper: string;
  attempt: number;
  bucket: number;
}
export interface LeaveArrival {
  kind: "leave";
  seq: number;
  entryId: string;
  shopperKey: string;
}
export interface CloseArrival {
  kind: "close";
  seq: number;
  bucket: number;
}
export type Arrival = JoinArrival | LeaveArrival | CloseArrival;

/**
 * Sorts joins and leaves into rounds that may each be one statement: within one shopper a leave must not be
 * written before its join, nor the next join before that leave. Even rounds are joins, odd ones leaves.
 */
export function roundsOf(arrivals: readonly Arrival[]): (JoinArrival | LeaveArrival)[][] {
  const rounds: (JoinArrival | LeaveArrival)[][] = [];
  const roundOf = new Map<string, number>();
  for (const arrival of arrivals) {
    if (arrival.kind === "close") continue;
    const before = roundOf.get(arrival.shopperKey) ?? -1;
    const parity = arrival.kind === "join" ? 0 : 1;
    const round =
      before >= 0 && before % 2 === parity ? before : before + 1 + ((before + 1) % 2 === parity ? 0 : 1);
    roundOf.set(arrival.shopperKey, round);
    while (rounds.length <= round) rounds.push([]);
    rounds[round]?.push(arrival);
  }
  return rounds;
}

/**
 * Whether joins may be rows already. `new`: surely not, and the statement breaks (23505) when one is: looking in
 * every unique index before writing to it costs a quarter of the insert. `known`: those that are there stay.
 */
export type JoinsAre = "new" | "known";

async function insertJoins(
  tx: Statements,
  lane: LaneRow,
  joins: readonly JoinArrival[],
  are: JoinsAre,
): Promise<number> {
  // 10,000 rows by 500: 52–68 ms with unnest, 48–58 with COPY, which hangs under a lock when its client stops.
  const { rowCount } = await tx.query(
    `INSERT INTO entries (entry_id, sale_id, lane, shopper, shopper_key, attempt, bucket, seq)
     SELECT entry_id, $1, $2, shopper, shopper_key, attempt, bucket, seq
     FROM unnest(string_to_array($3, ' '), $4::text[], string_to_array($5, ' '),
         string_to_array($6, ' ')::int[], string_to_array($7, ' ')::int[], string_to_array($8, ' ')::bigint[])
       AS j(entry_id, shopper, shopper_key, attempt, bucket, seq)
     ORDER BY seq${are === "known" ? " ON CONFLICT DO NOTHING" : ""}`,
    [
      lane.saleId,
      lane.lane,
      // What has no space in it goes as one text: the driver's own array costs it a third more, value by value.
      joins.map((j) => j.entryId).join(" "),
      joins.map((j) => j.shopper),
      joins.map((j) => j.shopperKey).join(" "),
      joins.map((j) => j.attempt).join(" "),
      joins.map((j) => j.bucket).join(" "),
      joins.map((j) => j.seq).join(" "),
    ],
  );
  return rowCount ?? 0;
}

async function applyLeaves(tx: Statements, lane: LaneRow, leaves: readonly LeaveArrival[]): Promise<void> {
  // One that is offered by now stays: its card says that the shopper left, and the offer is released there.
  await tx.query(
    `WITH gone AS (
       UPDATE entries SET state = 'left', rev = rev + 1, rejoined_at = NULL
       WHERE entry_id = ANY($2) AND state IN ('waiting', 'missed') RETURNING entry_id
     )
     INSERT INTO ledger (sale_id, act, entry_id, actor) SELECT $1, 'entry.left', entry_id, 'shopper' FROM gone`,
    [lane.saleId, leaves.map((l) => l.entryId)],
  );
}

/**
 * A shopper whose place was given back joined anew in the very moment: the newest word counts, as one place is one
 * person's. Only then is there an open entry before a join; without this the join would be taken for one that is known.
 */
async function giveWay(tx: Statements, lane: LaneRow, joins: readonly JoinArrival[]): Promise<void> {
  await tx.query(
    `WITH gone AS (
       UPDATE entries e SET state = 'left', rev = e.rev + 1, rejoined_at = NULL
       FROM unnest($2::text[], $3::int[]) AS j(shopper, attempt)
       WHERE e.sale_id = $1 AND e.shopper = j.shopper AND e.attempt < j.attempt AND e.state = 'waiting'
         AND e.restored_at IS NOT NULL
       RETURNING e.entry_id
     )
     INSERT INTO ledger (sale_id, act, entry_id, actor, data)
     SELECT $1, 'entry.left', entry_id, 'shopper', '{"joinedAgain": true}' FROM gone`,
    [lane.saleId, joins.map((j) => j.shopper), joins.map((j) => j.attempt)],
  );
}

export interface StoredArrivals {
  joins: number;
  lastSeq: number;
  closedTo: number;
}

/**
 * Stores arrivals that follow the locked lane's `lastSeq` without a gap, and raises it.
 * @throws on a gap: a record was lost, and storing on would hide it; 23505 when a join is known after all
 */
export async function storeArrivals(
  tx: Statements,
  lane: LaneRow,
  arrivals: readonly Arrival[],
  joinsAre: JoinsAre = "known",
): Promise<StoredArrivals> {
  arrivals.forEach((arrival, i) => {
    if (arrival.seq !== lane.lastSeq + 1 + i) {
      throw new Error(`lane ${lane.saleId}:${lane.lane} has a gap: ${arrival.seq} after ${lane.lastSeq + i}`);
    }
  });
  let joins = 0;
  for (const [i, round] of roundsOf(arrivals).entries()) {
    if (round.length === 0) continue;
    if (i % 2 === 0) {
      if (joinsAre === "known") await giveWay(tx, lane, round as JoinArrival[]);
      joins += await insertJoins(tx, lane, round as JoinArrival[], joinsAre);
    } else await applyLeaves(tx, lane, round as LeaveArrival[]);
  }
  const closes = arrivals.filter((arrival) => arrival.kind === "close");
  if (closes.length > 0) {
    await tx.query(
      `INSERT INTO lane_closings (sale_id, lane, bucket, to_seq)
       SELECT $1, $2, bucket, to_seq FROM unnest($3::int[], $4::bigint[]) AS c(bucket, to_seq)
       ON CONFLICT DO NOTHING`,
      [lane.saleId, lane.lane, closes.map((c) => c.bucket), closes.map((c) => c.seq)],
    );
  }
  const lastSeq = lane.lastSeq + arrivals.length;
  const closedTo = Math.max(lane.closedTo, ...closes.map((c) => c.bucket));
  const { rowCount } = await tx.query(
    `UPDATE lanes SET last_seq = $4, closed_to = $5, joined = joined + $7
     WHERE sale_id = $1 AND lane = $2 AND epoch = $3 AND last_seq = $6`,
    [lane.saleId, lane.lane, lane.epoch, lastSeq, closedTo, lane.lastSeq, joins],
  );
  if (rowCount !== 1) throw new Error(`lane ${lane.saleId}:${lane.lane} changed under its lock`);
  return { joins, lastSeq, closedTo };
}
