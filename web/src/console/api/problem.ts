// Problems in sentences for the person at the console: what happened, what it means for them, what they can do.
import type { Trouble } from "./call.ts";

/** Where the catalogue speaks to somebody who writes a program, not to somebody who presses a button. */
const SENTENCES: Readonly<Record<string, string>> = {
  UNAUTHENTICATED: "Your session is over. Sign in again to go on.",
  FORBIDDEN: "Your role does not allow this. Nothing was changed; an admin can give you another role.",
  CSRF_TOKEN_INVALID:
    "This page was opened by an earlier session. Reload it and try again; nothing was changed.",
  ORIGIN_REFUSED:
    "The server does not take this page for its own, so nothing was changed. Open the console by the address in PUBLIC_URL.",
  SIGN_IN_FAILED: "The e-mail address or the password is wrong. Check both; an admin can reset the password.",
  PASSWORD_LAPSED:
    "This first password was not used in time and opens nothing any more. Ask an admin to reset it: then you get a new one.",
  OWN_CORRECTION:
    "You asked for this correction yourself, so a colleague has to approve it. Nothing was changed; you may reject it.",
  WRONG_STATE:
    "It has changed in the meantime, so this cannot be done any more. The page now shows how it is.",
  AWAY: "The server did not answer. Check the network and try again.",
  IDEMPOTENCY_IN_PROGRESS: "The same request is still being worked on. Look again in a moment.",
};

/** One or two sentences for the person. */
export function sentenceOf(problem: Trouble): string {
  const { code, retryAfterMs } = problem;
  if (code === "RATE_LIMITED") return `Too many tries in a short time. ${waitSentence(retryAfterMs)}`;
  if (code === "BUSY") return `The server is busy and nothing was changed. ${waitSentence(retryAfterMs)}`;
  if (code === "INVALID_REQUEST") return faultsInWords(problem);
  const own = SENTENCES[code];
  if (own !== undefined) return own;
  return [problem.title, problem.detail]
    .filter((text) => text !== "")
    .map(withStop)
    .join(" ");
}

/** So many are read; more of them stand beside their fields. */
const FAULTS_SAID = 3;

/** Field by field: not everything that can be refused has a field on the page that could say so itself. */
function faultsInWords({ errors }: Trouble): string {
  if (errors.length === 0)
    return "Some of it cannot be accepted, and nothing was changed. Look it over again.";
  const said = errors.slice(0, FAULTS_SAID).map((error) => {
    const field = pointerInWords(error.pointer);
    return withStop(field === "" ? capital(error.detail) : `${capital(field)}: ${error.detail}`);
  });
  const more = errors.length - said.length;
  return ["Some of it cannot be accepted.", ...said, ...(more > 0 ? [`And ${more} more.`] : [])].join(" ");
}

/** `/shipTo/country` → "ship to, country"; `/items/0/sku` → "items, no. 1, sku". */
function pointerInWords(pointer: string): string {
  return pointer
    .split("/")
    .slice(1)
    .map((part) =>
      /^\d+$/.test(part)
        ? `no. ${Number(part) + 1}`
        : part.replaceAll(/([a-z])([A-Z])/g, "$1 $2").toLowerCase(),
    )
    .join(", ");
}

export function waitSentence(retryAfterMs: number | null): string {
  if (retryAfterMs === null) return "Try again in a moment.";
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1_000));
  return `Try again in ${seconds} ${seconds === 1 ? "second" : "seconds"}.`;
}

function withStop(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/**
 * What is wrong with which field.
 * @returns by JSON pointer, as `/schedule/opensAt`
 */
export function faultsOf(problem: Trouble | null): ReadonlyMap<string, string> {
  return new Map((problem?.errors ?? []).map(({ pointer, detail }) => [pointer, withStop(capital(detail))]));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
