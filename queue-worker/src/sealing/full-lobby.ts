// A lobby that is full already: entries written by PostgreSQL itself and cards by the rebuild, for tests and
// benchmarks of what happens to a crowd, where the crowd's own joining would take longer than all the rest.
import { rebuildLane } from "@dropgate/inventory/rebuilding";
import type { HotStore } from "@dropgate/lua";
import type { Truth } from "@dropgate/sql";

export interface FullLobby {
  truth: Truth;
  hotStore: HotStore;
  saleId: string;
  tag: string;
  laneCount: number;
  count: number;
}

/** One lane's share of a statement: a few seconds of PostgreSQL, far from its statement time-out. */
const ROWS_AT_ONCE = 50_000;

/** Writes the crowd of a sale that nobody has joined yet: `count` entries spread evenly over the lanes. */
export async function fillEntries(lobby: Omit<FullLobby, "hotStore">): Promise<void> {
  const { truth, saleId, tag, laneCount, count } = lobby;
  for (let lane = 0; lane < laneCount; lane++) {
    const ofLane = Math.floor(count / laneCount) + (lane < count % laneCount ? 1 : 0);
    for (let from = 1; from <= ofLane; from += ROWS_AT_ONCE) {
      const to = Math.min(ofLane, from + ROWS_AT_ONCE - 1);
      await truth.query(
        `INSERT INTO entries (entry_id, sale_id, lane, shopper, shopper_key, attempt, bucket, seq)
         SELECT $3 || lpad(to_hex($2::int), 2, '0') || '-' || left(translate(encode(sha256(convert_to('entry' || n || $1, 'UTF8')), 'base64'), '+/', '-_'), 22),
           $1, $2, 'm:shopper ' || $2 || ' ' || n,
           left(translate(encode(sha256(convert_to('shopper' || n || ' ' || $2, 'UTF8')), 'base64'), '+/', '-_'), 22), 1, 0, n
         FROM generate_series($4::bigint, $5::bigint) AS n`,
        [saleId, lane, tag, from, to],
      );
    }
    await truth.query("UPDATE lanes SET last_seq = $3 WHERE sale_id = $1 AND lane = $2", [
      saleId,
      lane,
      ofLane,
    ]);
  }
  await truth.query("ANALYZE entries");
}

/** Fills the entries, then every lane's cards, units and state from them. */
export async function fillLobby(lobby: FullLobby): Promise<void> {
  await fillEntries(lobby);
  for (let lane = 0; lane < lobby.laneCount; lane++) {
    const { rows } = await lobby.truth.query<{ epoch: number }>(
      "SELECT epoch FROM lanes WHERE sale_id = $1 AND lane = $2",
      [lobby.saleId, lane],
    );
    await rebuildLane(lobby.truth, lobby.hotStore, lobby.saleId, lane, rows[0]?.epoch ?? 0);
  }
}
