// Whether a webhook's event is from the gateway: its signature over the bytes as they came, and its age. WebCrypto
// compares in constant time.
import type { WebhookEvent } from "@dropgate/contracts/webhooks";

/**
 * `SIGNATURE_INVALID`: somebody else's, or the body is not as it was sent. `SIGNATURE_TOO_OLD`: sent again by somebody who
 * copied it, or one of the two clocks is wrong. `BODY_INVALID`: signed, and no event.
 */
export type VerifiedWebhook =
  | { ok: true; event: WebhookEvent }
  | { ok: false; code: "SIGNATURE_INVALID" | "SIGNATURE_TOO_OLD" | "BODY_INVALID" };

export interface WebhookRequest {
  /** The header `X-Signature`. */
  signature: string | null | undefined;
  /** As it came, before anything has read it: the same JSON in other bytes has another signature. */
  body: string | Uint8Array;
}

/** Whoever copies a message may send it again only so long. */
const AGE_SECONDS_MAX = 300;
/** While its secret is exchanged a message has two. */
const SIGNATURES_MAX = 8;

/**
 * @param secret the webhook's, as it was shown; several while yours are being exchanged
 * @param nowMs our own clock
 */
export async function judgeWebhook(
  secret: string | readonly string[],
  { signature, body }: WebhookRequest,
  nowMs: number,
): Promise<VerifiedWebhook> {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const parts = (signature ?? "").split(",").map((part) => part.trim());
  const t = parts.map((part) => /^t=(\d{1,12})$/.exec(part)?.[1]).find((text) => text !== undefined);
  if (t === undefined) return { ok: false, code: "SIGNATURE_INVALID" };
  const given = parts.flatMap((part) => /^v1=([0-9a-f]{64})$/.exec(part)?.[1] ?? []).slice(0, SIGNATURES_MAX);
  const said = new Uint8Array([...new TextEncoder().encode(`${t}.`), ...bytes]);
  const secrets = typeof secret === "string" ? [secret] : secret;
  if (!(await isSignedByOne(secrets, given, said))) return { ok: false, code: "SIGNATURE_INVALID" };
  if (Math.abs(nowMs / 1_000 - Number(t)) > AGE_SECONDS_MAX) return { ok: false, code: "SIGNATURE_TOO_OLD" };
  const event = eventOf(bytes);
  return event === null ? { ok: false, code: "BODY_INVALID" } : { ok: true, event };
}

async function isSignedByOne(
  secrets: readonly string[],
  given: readonly string[],
  said: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  for (const secret of secrets) {
    // An empty key is no secret, though an HMAC can be made with it.
    if (secret === "") continue;
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    const raw = new TextEncoder().encode(secret);
    const key = await crypto.subtle.importKey("raw", raw, algorithm, false, ["verify"]);
    for (const hex of given) {
      const digest = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
      if (await crypto.subtle.verify("HMAC", key, digest, said)) return true;
    }
  }
  return false;
}

function eventOf(bytes: Uint8Array): WebhookEvent | null {
  try {
    const read = JSON.parse(
      new TextDecoder("utf-8", { fatal: true }).decode(bytes),
    ) as Partial<WebhookEvent> | null;
    // What is signed was made by the contract; types may be added, so nothing more is asked of it.
    return typeof read?.id === "string" && typeof read.type === "string" ? (read as WebhookEvent) : null;
  } catch {
    return null;
  }
}
