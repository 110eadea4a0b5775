// Which sales a worker has work in: all that are not closed, and closed ones that have not settled.
import type { Phase } from "@dropgate/contracts/states/phase";
import type { Statements } from "../truth.ts";

export interface OpenSale {
  saleId: string;
  tag: string;
  kind: "lottery" | "rush";
  phase: Phase;
  version: number;
  laneCount: number;
  poolCount: number;
  limitPerShopper: number;
  secret: Buffer;
  beacon: string | null;
  nextBucket: number;
  serving: number;
  ratePerSecond: number;
}

const OPEN_SALE_COLUMNS = `s.id AS "saleId", s.tag, s.kind, s.phase, s.version, s.lane_count AS "laneCount",
  s.pool_count AS "poolCount", s.limit_per_shopper AS "limitPerShopper", s.secret, s.beacon,
  s.next_bucket AS "nextBucket", s.serving, s.rate_per_second AS "ratePerSecond"`;

export async function readOpenSale(truth: Statements, saleId: string): Promise<OpenSale | null> {
  const { rows } = await truth.query<OpenSale>(`SELECT ${OPEN_SALE_COLUMNS} FROM sales s WHERE s.id = $1`, [
    saleId,
  ]);
  return rows[0] ?? null;
}

export async function readOpenSales(truth: Statements): Promise<OpenSale[]> {
  const { rows } = await truth.query<OpenSale>(
    `SELECT ${OPEN_SALE_COLUMNS}
     FROM sales s
     WHERE s.phase <> 'closed'
       OR s.closed_at > clock_timestamp() - interval '1 minute'
       OR EXISTS (SELECT 1 FROM units u WHERE u.sale_id = s.id AND u.state IN ('free', 'held'))
       OR EXISTS (SELECT 1 FROM holds h WHERE h.sale_id = s.id AND h.applied_rev < h.rev)
     ORDER BY s.created_at, s.id`,
  );
  return rows;
}
