// What follows from how a mail server took a mail: sent, tried again later, or given up. Pure. Of a server's words none
// is kept: most repeat the address that they are about.
import { MAIL_RETRY_MS_MAX, MAIL_RETRY_MS_MIN, MAIL_TRIES_MAX } from "@dropgate/contracts/room-limits";
import type { ClaimedMail, MailSettlement } from "@dropgate/sql/notifications/claim-mail";

/** What of a failure is looked at, as the mail library has it. */
export interface MailFailure {
  code?: unknown;
  responseCode?: unknown;
  command?: unknown;
}

/** Whether what the mail would say is still so. */
export function isDue(mail: Pick<ClaimedMail, "kind" | "email" | "holdState" | "leftMs" | "phase">): boolean {
  if (mail.email === null) return false;
  if (mail.kind === "returned") return mail.phase === "live";
  return mail.holdState === "offered" && (mail.leftMs ?? 0) > 0;
}

/**
 * @param attempts tries so far, with this one
 * @param chance 0 to 1
 */
export function outcomeOf(failure: MailFailure | null, attempts: number, chance: number): MailSettlement {
  if (failure === null) return { to: "sent" };
  const error = reasonOf(failure);
  if (isFinal(failure) || attempts >= MAIL_TRIES_MAX) return { to: "dead", error };
  // The first tries come soon, for a turn does not last; half is fixed, so that a server in need has a rest.
  const pauseMs = Math.min(MAIL_RETRY_MS_MAX, MAIL_RETRY_MS_MIN * 2 ** (attempts - 1));
  return { to: "waiting", error, afterMs: pauseMs * (0.5 + chance / 2) };
}

/** The server will not have this address or this mail. What is wrong with the sender, or the password, can be mended. */
function isFinal({ responseCode, command }: MailFailure): boolean {
  return (
    typeof responseCode === "number" &&
    responseCode >= 500 &&
    responseCode < 600 &&
    (command === "RCPT TO" || command === "DATA")
  );
}

function reasonOf({ code, responseCode, command }: MailFailure): string {
  const step = typeof command === "string" && /^[A-Z ]{2,20}$/.test(command) ? ` to ${command}` : "";
  if (typeof responseCode === "number") return `the mail server answered ${responseCode}${step}`;
  const word = typeof code === "string" && /^[A-Z_]{2,30}$/.test(code) ? ` (${code})` : "";
  return `the mail server did not take it${word}`;
}
