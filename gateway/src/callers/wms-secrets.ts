// Who may speak for which locations: the secrets in force, read together and kept for a second. While PostgreSQL is away
// nothing that a warehouse tells can be taken anyway.
import { WMS_SECRETS_MS } from "@dropgate/contracts/warehouse-limits";
import { sealedAbout } from "@dropgate/inventory/locations/wms-secret";
import type { Sealer } from "@dropgate/inventory/sealing";
import type { Truth } from "@dropgate/sql";
import { readWmsSecrets } from "@dropgate/sql/locations/wms-secrets";
import { type OwnSecrets, voicesOf, type WmsVoice } from "./wms-voices.ts";

export interface WmsSecretsParts {
  truth: Truth;
  sealer: Sealer;
  /** WMS_SECRET */
  shared: string | null;
  onError: (error: unknown) => void;
}

export class WmsSecrets {
  readonly #parts: WmsSecretsParts;
  #voices: Promise<WmsVoice[]> | null = null;
  #readAtMs = Number.NEGATIVE_INFINITY;

  constructor(parts: WmsSecretsParts) {
    this.#parts = parts;
  }

  /** @throws when PostgreSQL is away */
  voices(): Promise<WmsVoice[]> {
    const nowMs = performance.now();
    if (this.#voices !== null && nowMs - this.#readAtMs < WMS_SECRETS_MS) return this.#voices;
    this.#readAtMs = nowMs;
    const reading = this.#read();
    this.#voices = reading;
    reading.catch(() => {
      if (this.#voices === reading) this.#voices = null;
    });
    return reading;
  }

  /** A secret was changed here: it counts from now on. */
  forget(): void {
    this.#voices = null;
  }

  async #read(): Promise<WmsVoice[]> {
    const rows = await readWmsSecrets(this.#parts.truth);
    const own = rows.map(
      ({ locationId, sealed, previousSealed, isPreviousGood }): OwnSecrets => ({
        locationId,
        now: this.#opened(locationId, sealed),
        before: isPreviousGood ? this.#opened(locationId, previousSealed) : undefined,
      }),
    );
    return voicesOf(this.#parts.shared, own);
  }

  /** Null: WMS_SECRET. Undefined: nothing opens it, so nobody has it. */
  #opened(locationId: string, sealed: Buffer | null): Buffer | null | undefined {
    if (sealed === null) return null;
    try {
      return this.#parts.sealer.open(sealed, sealedAbout(locationId));
    } catch (error) {
      // One that was sealed under an older secret must not lock out the others.
      this.#parts.onError(error);
      return undefined;
    }
  }
}
