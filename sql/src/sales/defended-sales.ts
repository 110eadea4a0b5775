// What sales ask of those who join, for whoever looks how bots are kept out.
import type { Statements } from "../truth.ts";

export interface DefendedSale {
  saleId: string;
  title: string;
  identity: "anonymous" | "merchant";
  challenge: "off" | "auto" | "on";
  limitPerShopper: number;
}

const SALES_MAX = 200;

/** Those that are not closed, the next to open first; nobody comes to a dry run whom it would have to be kept from. */
export async function readDefendedSales(truth: Statements): Promise<DefendedSale[]> {
  const { rows } = await truth.query<DefendedSale>(
    `SELECT id AS "saleId", title, identity, challenge, limit_per_shopper AS "limitPerShopper" FROM sales
     WHERE phase <> 'closed' AND NOT rehearsal ORDER BY opens_at, id LIMIT $1`,
    [SALES_MAX],
  );
  return rows;
}
