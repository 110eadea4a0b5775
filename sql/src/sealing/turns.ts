// Whose turn it is to seal a sale's buckets: it only saves work, for sealing twice gives the same result.
import type { Statements } from "../truth.ts";

/**
 * Takes the turn, or keeps it. PostgreSQL's clock judges.
 * @param forMs after so long without another word anybody may take it
 * @returns false while another worker has it
 */
export async function takeSealingTurn(
  truth: Statements,
  saleId: string,
  worker: string,
  forMs: number,
): Promise<boolean> {
  const { rowCount } = await truth.query(
    `INSERT INTO sealing_turns AS t (sale_id, worker, until)
     VALUES ($1, $2, clock_timestamp() + $3 * interval '1 millisecond')
     ON CONFLICT (sale_id) DO UPDATE SET worker = excluded.worker, until = excluded.until
     WHERE t.worker = excluded.worker OR t.until < clock_timestamp()`,
    [saleId, worker, forMs],
  );
  return rowCount === 1;
}

/** Gives the turn up: the next bucket is anybody's. */
export async function endSealingTurn(truth: Statements, saleId: string, worker: string): Promise<void> {
  await truth.query("UPDATE sealing_turns SET until = clock_timestamp() WHERE sale_id = $1 AND worker = $2", [
    saleId,
    worker,
  ]);
}
