// Holds that shoppers have claimed, many: a sale that offers to everybody at once, and everybody claims.
import type { Joined } from "@dropgate/contracts/entry";
import pg from "pg";
import type { House } from "./house.ts";
import { joinMany } from "./joined.ts";
import { HttpLoad } from "./load/http-load.ts";

/** @returns hold ids, all `active` */
export async function holdMany(house: House, count: number): Promise<string[]> {
  const admission = { ratePerSecond: 100_000, burst: 100_000 };
  const sale = await house.sale({ quantity: count, admission });
  const tokens = new Map(
    (await joinMany(house, sale.id, count)).map(({ entryId, token }: Joined) => [entryId, token]),
  );
  await house.call("POST", `/admin/sales/${sale.id}/actions/draw`, {});
  await house.until("the sale is drawn", async () => {
    const { buckets } = await house.call<{ buckets: { count: number }[] }>("GET", `/sales/${sale.id}/draw`);
    return buckets[0]?.count === count ? true : null;
  });
  await house.call("POST", `/admin/sales/${sale.id}/actions/open`, {});
  const client = new pg.Client({ connectionString: house.stores.postgres.url });
  await client.connect();
  const offers = await house.until("everybody has an offer", async () => {
    const { rows } = await client.query<{ holdId: string; entryId: string }>(
      `SELECT hold_id AS "holdId", entry_id AS "entryId" FROM holds WHERE sale_id = $1 AND published_at IS NOT NULL`,
      [sale.id],
    );
    return rows.length === count ? rows : null;
  });
  await client.end();
  const left = [...offers];
  const load = await HttpLoad.open(house.port, 64);
  await load.run({
    secondsMax: 120,
    next: () => {
      const offer = left.pop();
      if (offer === undefined) return null;
      const token = tokens.get(offer.entryId) ?? "";
      return `POST /api/v1/holds/${offer.holdId}/claim HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\nauthorization: Bearer ${token}\r\n\r\n`;
    },
    onAnswer: (status, answer) => {
      if (status !== 200) throw new Error(`a claim was answered ${answer}`);
    },
  });
  load.close();
  return offers.map(({ holdId }) => holdId);
}
