// Whether a warehouse signed what it sent: `X-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "<t>.<body>">`, under
// WMS_SECRET or a location's own. The moment is in it, so that a message that was overheard cannot be sent again later.
import { createHmac, timingSafeEqual } from "node:crypto";
import { type Outcome, refuse } from "@dropgate/contracts/refusals";
import {
  WMS_SIGNATURE_HASHED_BYTES_MAX,
  WMS_SIGNATURE_HASHED_BYTES_MIN,
  WMS_SIGNATURE_MS_MAX,
} from "@dropgate/contracts/warehouse-limits";
import type { WmsSecrets } from "./wms-secrets.ts";
import { type Speaker, speaksFor, type WmsVoice } from "./wms-voices.ts";

const FORM = /^t=(?<seconds>\d{1,12}),\s*v1=(?<digest>[0-9a-f]{64})$/;

export class WmsSignatures {
  readonly #secrets: Pick<WmsSecrets, "voices">;
  readonly #nowMs: () => number;

  constructor(secrets: Pick<WmsSecrets, "voices">, nowMs: () => number = Date.now) {
    this.#secrets = secrets;
    this.#nowMs = nowMs;
  }

  /**
   * @param told the body as it was read: it names locations, whose secrets are tried first
   * @returns for which locations the secret speaks, or why the signature does not count
   * @throws when PostgreSQL is away
   */
  async judge(signature: string, body: Uint8Array, told: unknown): Promise<Outcome<Speaker>> {
    const { seconds, digest } = FORM.exec(signature)?.groups ?? {};
    if (seconds === undefined || digest === undefined) return refuse("SIGNATURE_INVALID");
    if (Math.abs(this.#nowMs() - Number(seconds) * 1_000) > WMS_SIGNATURE_MS_MAX) {
      return refuse("SIGNATURE_INVALID", { detail: "It was signed more than five minutes ago, or ahead." });
    }
    const voices = await this.#secrets.voices();
    if (voices.length === 0) {
      return refuse("SIGNATURE_INVALID", {
        detail: "This Dropgate has no WMS_SECRET, and no location one of its own, so nobody can sign.",
      });
    }
    const wanted = Buffer.from(digest, "hex");
    for (const voice of tried(voices, locationsIn(told), body.length)) {
      const expected = createHmac("sha256", voice.key).update(`${seconds}.`).update(body).digest();
      if (timingSafeEqual(expected, wanted)) return { ok: true, value: voice };
    }
    return refuse("SIGNATURE_INVALID");
  }
}

/**
 * The secrets that are tried, in order: those that may speak for a location of the message, then the others, by which a
 * warehouse that names a wrong location hears just that. So many as hashing this body under each is bounded: whoever has
 * no secret at all must not make us hash a megabyte once for every location.
 */
export function tried(voices: readonly WmsVoice[], locations: readonly string[], bytes: number): WmsVoice[] {
  const isLikely = (voice: WmsVoice): boolean => locations.some((location) => speaksFor(voice, location));
  const most = Math.floor(WMS_SIGNATURE_HASHED_BYTES_MAX / Math.max(bytes, WMS_SIGNATURE_HASHED_BYTES_MIN));
  return [...voices.filter(isLikely), ...voices.filter((voice) => !isLikely(voice))].slice(0, most);
}

function locationsIn(told: unknown): string[] {
  const events: unknown[] = Array.isArray(told) ? told : [told];
  const named = events.map((event) =>
    typeof event === "object" && event !== null ? (event as { locationId?: unknown }).locationId : null,
  );
  return [...new Set(named.filter((location) => typeof location === "string"))];
}
