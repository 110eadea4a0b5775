// Sends one mail. Before its claim nothing has happened; if it dies after the claim, another worker sends the mail again
// when the claim is over. Between the server's yes and our mark that would be a second mail: we send it rather than none,
// for a shopper who is not told loses their turn, and both have one Message-ID, by which most mailboxes show it once.
import { createHash, randomBytes } from "node:crypto";
import { LINK_MS, LINKS_PER_ENTRY_MAX, MAIL_LEASE_MS } from "@dropgate/contracts/room-limits";
import { insertLink } from "@dropgate/sql/links/entry-links";
import { type ClaimedMail, claimMail, settleMail } from "@dropgate/sql/notifications/claim-mail";
import type { WorkerContext } from "../running/context.ts";
import { composeMail } from "./compose-mail.ts";
import { isDue, outcomeOf } from "./mail-outcome.ts";
import type { MailServer } from "./mail-server.ts";

const SECRET_BYTES = 32;

export interface MailParts extends Pick<WorkerContext, "truth" | "happened"> {
  server: MailServer;
  /** PUBLIC_URL, where the waiting room is. */
  publicUrl: string;
}

/** @throws when PostgreSQL is away: the claim runs out, and the mail is sent again */
export async function tellByMail(parts: MailParts, mailId: string): Promise<void> {
  const { truth, happened, server } = parts;
  const mail = await claimMail(truth, mailId, MAIL_LEASE_MS);
  if (mail === null) return;
  const { email } = mail;
  if (email === null || !isDue(mail)) {
    if (await settleMail(truth, mail, { to: "lapsed" })) happened("mail.lapsed", 1);
    return;
  }
  const { kind, language, title, leftMs } = mail;
  const url = await linkTo(parts, mail);
  const composed = composeMail({ kind, language: language ?? "en", title, url, leftMs: leftMs ?? 0 });
  const failure = await server.send({ ...composed, to: email, mailId });
  const settlement = outcomeOf(failure, mail.attempts, Math.random());
  if (!(await settleMail(truth, mail, settlement))) return;
  happened(
    settlement.to === "sent" ? "mail.sent" : settlement.to === "dead" ? "mail.dead" : "mail.failed",
    1,
  );
}

/** A link of its own for each try: of the one before only the hash is known. */
async function linkTo({ truth, publicUrl }: MailParts, mail: ClaimedMail): Promise<string> {
  const { saleId, entryId, shopper, attempt, bucket } = mail;
  const page = `${publicUrl.replace(/\/$/, "")}/s/${saleId}`;
  if (shopper === null || attempt === null || bucket === null) return page;
  const secret = randomBytes(SECRET_BYTES).toString("base64url");
  const hash = createHash("sha256").update(secret).digest();
  const linked = { saleId, entryId, shopper, attempt, bucket };
  await insertLink(truth, hash, linked, LINK_MS, LINKS_PER_ENTRY_MAX);
  return `${page}#link=${secret}`;
}
