// Hands a worker one mail to send, with all that it says. The claim is a time: until then nobody else takes it; after it
// the worker counts as dead, and another sends the mail again under the same id.
import type { Language } from "@dropgate/contracts/languages";
import type { MailKind } from "@dropgate/contracts/notification";
import type { Phase } from "@dropgate/contracts/states/phase";
import type { Statements } from "../truth.ts";

export interface ClaimedMail {
  mailId: string;
  kind: MailKind;
  /** With this one; the outcome of an older one is not written. */
  attempts: number;
  saleId: string;
  entryId: string;
  /** Null: it was taken back, or the sale or the entry is over. */
  email: string | null;
  language: Language | null;
  title: string;
  phase: Phase;
  /** The state of the offer; null where the mail is of none. */
  holdState: string | null;
  /** How long the offer lasts yet; null where the mail is of none. */
  leftMs: number | null;
  /** Null while the entry is no row. */
  shopper: string | null;
  attempt: number | null;
  bucket: number | null;
}

/** Null: somebody else has it, or its time has not come. */
export async function claimMail(
  truth: Statements,
  mailId: string,
  leaseMs: number,
): Promise<ClaimedMail | null> {
  const { rows } = await truth.query<ClaimedMail>(
    `WITH claimed AS (
       UPDATE notification_mails SET state = 'sending', attempts = attempts + 1,
         next_at = clock_timestamp() + $2::int * interval '1 millisecond'
       WHERE mail_id = $1 AND state IN ('waiting', 'sending') AND next_at <= clock_timestamp()
       RETURNING *
     )
     SELECT m.mail_id AS "mailId", m.kind, m.attempts, m.sale_id AS "saleId", m.entry_id AS "entryId", n.email,
       n.language, s.title, s.phase, h.state AS "holdState",
       (extract(epoch FROM h.claim_by - clock_timestamp()) * 1000)::int AS "leftMs", e.shopper, e.attempt, e.bucket
     FROM claimed m JOIN sales s ON s.id = m.sale_id LEFT JOIN notifications n ON n.entry_id = m.entry_id
       LEFT JOIN holds h ON h.hold_id = m.hold_id LEFT JOIN entries e ON e.entry_id = m.entry_id`,
    [mailId, leaseMs],
  );
  return rows[0] ?? null;
}

export type MailSettlement =
  | { to: "sent" }
  | { to: "lapsed" }
  /** Tried again after so long. */
  | { to: "waiting"; error: string; afterMs: number }
  | { to: "dead"; error: string };

/** @returns false when somebody else has claimed or settled it since: then nothing was written */
export async function settleMail(
  truth: Statements,
  { mailId, attempts }: Pick<ClaimedMail, "mailId" | "attempts">,
  settlement: MailSettlement,
): Promise<boolean> {
  const { rowCount } = await truth.query(
    `UPDATE notification_mails SET state = $3, last_error = $4,
       settled_at = CASE WHEN $3 <> 'waiting' THEN clock_timestamp() END,
       next_at = clock_timestamp() + $5::int * interval '1 millisecond'
     WHERE mail_id = $1 AND attempts = $2 AND state = 'sending'`,
    [
      mailId,
      attempts,
      settlement.to,
      "error" in settlement ? settlement.error : null,
      settlement.to === "waiting" ? Math.ceil(settlement.afterMs) : 0,
    ],
  );
  return rowCount === 1;
}
