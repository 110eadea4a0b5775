// Mails as operators look at them, in pages; to whom they went is not in them.
import type { MailKind, MailState } from "@dropgate/contracts/notification";
import type { Statements } from "../truth.ts";

export interface MailRow {
  nth: number;
  id: string;
  saleId: string;
  entryId: string;
  kind: MailKind;
  state: MailState;
  attempts: number;
  lastError: string | null;
  createdAt: Date;
  settledAt: Date | null;
}

/** The newest first. */
export async function listMails(
  truth: Statements,
  { saleId, state }: { saleId?: string | undefined; state?: MailState | undefined },
  before: number | null,
  limit: number,
): Promise<MailRow[]> {
  const values: unknown[] = [before, limit];
  // Written out, so that each has its index.
  const where = ["($1::bigint IS NULL OR id < $1)"];
  if (state !== undefined) where.push(`state = '${state}'`);
  if (saleId !== undefined) where.push(`sale_id = $${values.push(saleId)}`);
  const { rows } = await truth.query<MailRow>(
    `SELECT id AS nth, mail_id AS id, sale_id AS "saleId", entry_id AS "entryId", kind, state, attempts,
       last_error AS "lastError", created_at AS "createdAt", settled_at AS "settledAt"
     FROM notification_mails WHERE ${where.join(" AND ")} ORDER BY notification_mails.id DESC LIMIT $2`,
    values,
  );
  return rows;
}
