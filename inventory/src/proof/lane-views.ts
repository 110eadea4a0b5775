// A sale's lanes as far as they may be looked at: one that is being rebuilt, or lies on another server than
// the one we are connected to, shows nothing until its pointer has flipped.
import type { HotStore } from "@dropgate/lua";
import type { LaneAnswer } from "@dropgate/lua/lane-answers";
import type { LaneStore } from "@dropgate/lua/lane-store";
import type { Look } from "./look.ts";

export interface LaneView {
  lane: number;
  lastSeq: number;
  /** Null: not to be looked at now. */
  store: LaneStore | null;
}

export async function readLaneViews({ tx, sale }: Look, hotStore: HotStore): Promise<Map<number, LaneView>> {
  type Row = { lane: number; epoch: number; runId: string | null; state: string; lastSeq: number };
  const { rows } = await tx.query<Row>(
    `SELECT lane, epoch, run_id AS "runId", state, last_seq AS "lastSeq" FROM lanes
     WHERE sale_id = $1 ORDER BY lane`,
    [sale.id],
  );
  return new Map(
    rows.map(({ lane, epoch, runId, state, lastSeq }) => [
      lane,
      {
        lane,
        lastSeq,
        store: state === "ready" ? hotStore.lane({ saleId: sale.id, lane, epoch, runId }) : null,
      },
    ]),
  );
}

/** What a lane answers, or null when it is or turns out to be fenced: then it is left out from here on. */
export async function ask<Value>(
  view: LaneView | undefined,
  question: (store: LaneStore) => Promise<LaneAnswer<Value>>,
): Promise<Value | null> {
  if (view === undefined || view.store === null) return null;
  const answer = await question(view.store);
  if (answer.ok) return answer.value;
  view.store = null;
  return null;
}
