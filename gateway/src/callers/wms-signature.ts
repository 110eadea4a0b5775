// Whether a warehouse signed what it sent: `X-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "<t>.<body>">`, under
// WMS_SECRET. The moment is in it, so that a message that was overheard cannot be sent again later.
import { createHmac, timingSafeEqual } from "node:crypto";
import { WMS_SIGNATURE_MS_MAX } from "@dropgate/contracts/limits";
import { type Refusal, refuse } from "@dropgate/contracts/refusals";

const FORM = /^t=(?<seconds>\d{1,12}),\s*v1=(?<digest>[0-9a-f]{64})$/;

export class WmsSignatures {
  readonly #secret: string | null;
  readonly #nowMs: () => number;

  /** @param secret null: nobody may speak for a warehouse */
  constructor(secret: string | null, nowMs: () => number = Date.now) {
    this.#secret = secret;
    this.#nowMs = nowMs;
  }

  /** Why it does not count; null: it does. */
  judge(signature: string, body: Uint8Array): Refusal | null {
    if (this.#secret === null) {
      return refuse("SIGNATURE_INVALID", { detail: "This Dropgate has no WMS_SECRET, so nobody can sign." });
    }
    const { seconds, digest } = FORM.exec(signature)?.groups ?? {};
    if (seconds === undefined || digest === undefined) return refuse("SIGNATURE_INVALID");
    const expected = createHmac("sha256", this.#secret).update(`${seconds}.`).update(body).digest();
    if (!timingSafeEqual(expected, Buffer.from(digest, "hex"))) return refuse("SIGNATURE_INVALID");
    if (Math.abs(this.#nowMs() - Number(seconds) * 1_000) > WMS_SIGNATURE_MS_MAX) {
      return refuse("SIGNATURE_INVALID", { detail: "It was signed more than five minutes ago, or ahead." });
    }
    return null;
  }
}
