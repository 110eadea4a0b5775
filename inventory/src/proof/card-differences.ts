// Shoppers whose card is not what PostgreSQL says of their latest entry. All of them in a small sale; in a
// large one a sample that is spread evenly over the arrivals, so that a report stays a matter of seconds.
import type { HoldId, ShopperKey } from "@dropgate/contracts/ids";
import { CARD_BATCH_MAX } from "@dropgate/contracts/limits";
import type { StoredEntryState } from "@dropgate/contracts/states/entry";
import type { Card } from "@dropgate/lua/card";
import { DIFFERENCES_MAX, type Difference, readBehind } from "./difference.ts";
import { ask, type LaneView } from "./lane-views.ts";
import type { Look } from "./look.ts";

/** Pages of cards looked at in one lane: 20 × CARD_BATCH_MAX = 10,000 shoppers. */
const LANE_PAGES_MAX = 20;

type LatestEntry = {
  entryId: string;
  lane: number;
  shopperKey: ShopperKey;
  attempt: number;
  state: StoredEntryState;
  rev: number;
  misses: number;
  ticket: number | null;
  holdId: HoldId | null;
  /** The ticket's bucket has not been told to the gateways yet; milliseconds since it was sealed. */
  untoldMs: number | null;
};

export async function differingCards(
  look: Look,
  lanes: ReadonlyMap<number, LaneView>,
  only: readonly string[] | null,
): Promise<{ looked: number; differences: Difference<string>[] }> {
  const differing: { entry: LatestEntry; fault: string }[] = [];
  let looked = 0;
  for (const view of lanes.values()) {
    if (view.store === null) continue;
    for (const fromSeq of only === null ? startsOf(view.lastSeq) : [0]) {
      const entries = await readLatestEntries(look, view.lane, fromSeq, only);
      if (entries.length === 0) continue;
      const cards = await ask(view, (store) => store.look(entries.map(({ shopperKey }) => shopperKey)));
      if (cards === null) break;
      looked += entries.length;
      entries.forEach((entry, i) => {
        const fault = faultOfCard(entry, cards[i] ?? null);
        if (fault !== null) differing.push({ entry, fault });
      });
    }
  }
  return { looked, differences: await explain(look, differing.slice(0, DIFFERENCES_MAX)) };
}

/** After which arrivals the pages begin: one after another while that covers the lane, else evenly spread. */
function startsOf(lastSeq: number): number[] {
  const step = Math.max(CARD_BATCH_MAX, Math.ceil(lastSeq / LANE_PAGES_MAX));
  return Array.from({ length: Math.ceil(lastSeq / step) }, (_, i) => i * step);
}

async function readLatestEntries(
  { tx, sale }: Look,
  lane: number,
  fromSeq: number,
  only: readonly string[] | null,
): Promise<LatestEntry[]> {
  const { rows } = await tx.query<LatestEntry>(
    `SELECT e.entry_id AS "entryId", e.lane, e.shopper_key AS "shopperKey", e.attempt, e.state, e.rev, e.misses,
       t.ticket, e.hold_id AS "holdId", CASE WHEN b.told_at IS NULL THEN
         (extract(epoch FROM clock_timestamp() - b.sealed_at) * 1000)::float8 END AS "untoldMs"
     FROM entries e
       LEFT JOIN LATERAL (SELECT ticket, bucket FROM tickets
         WHERE entry_id = e.entry_id ORDER BY ticket LIMIT 1) t ON true
       LEFT JOIN draw_buckets b ON b.sale_id = e.sale_id AND b.bucket = t.bucket
     WHERE e.sale_id = $1 AND e.lane = $2
       AND ($4::text[] IS NULL AND e.seq > $3 AND e.seq <= $3 + $5 OR e.entry_id = ANY($4))
       AND NOT EXISTS (SELECT 1 FROM entries l
         WHERE l.sale_id = e.sale_id AND l.shopper = e.shopper AND l.attempt = e.attempt + 1)
     ORDER BY e.seq`,
    [sale.id, lane, fromSeq, only, CARD_BATCH_MAX],
  );
  return rows;
}

function faultOfCard(entry: LatestEntry, card: Card | null): string | null {
  if (card === null) return "there is no card";
  // A join or a leave that is on its way to PostgreSQL: the card is ahead, as it should be.
  if (card.attempt > entry.attempt || card.leaveUnstored) return null;
  type Fact = string | number | null;
  const facts: [string, Fact, Fact][] = [
    ["attempt", entry.attempt, card.attempt],
    ["state", entry.state, card.state],
    ["rev", entry.rev, card.rev],
    ["misses", entry.misses, card.misses],
    ["ticket", entry.ticket, card.ticket],
    ["hold", entry.holdId, card.holdId],
  ];
  const wrong = facts.filter(([, truth, shown]) => truth !== shown);
  if (wrong.length === 0) return null;
  return wrong.map(([name, truth, shown]) => `${name} is ${truth}, its card says ${shown}`).join(", ");
}

async function explain(
  look: Look,
  differing: readonly { entry: LatestEntry; fault: string }[],
): Promise<Difference<string>[]> {
  if (differing.length === 0) return [];
  const behind = await readBehind(
    look,
    differing.flatMap(({ entry }) => (entry.holdId === null ? [] : [entry.holdId])),
  );
  return differing.map(({ entry, fault }) => ({
    key: entry.entryId,
    what: `entry ${entry.entryId}: ${fault}`,
    underWayMs: (entry.holdId === null ? null : behind.get(entry.holdId)) ?? entry.untoldMs,
  }));
}
