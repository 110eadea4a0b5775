// Gives a location a secret of its own, changes it, or takes it away. The ledger notes that it was done, never the secret.

import { type Outcome, refuse } from "@dropgate/contracts/refusals";
import type { WmsSecretPut, WmsSecretState } from "@dropgate/contracts/wms-secrets";
import type { Statements } from "@dropgate/sql";
import { insertNote } from "@dropgate/sql/levels/transactions";
import { lockLocation, readLocation } from "@dropgate/sql/locations/location-row";
import { readWmsSecret, type WmsSecretRow, writeWmsSecret } from "@dropgate/sql/locations/wms-secrets";
import type { Sealer } from "../sealing.ts";

/** What a location's secret is sealed about: moved to another location's row it cannot be opened. */
export function sealedAbout(locationId: string): string {
  return `the WMS secret of location ${locationId}`;
}

/**
 * Within the caller's transaction. What signed until now is believed for the overlap, WMS_SECRET too where that was it.
 * The secret that the location has already changes nothing: a call that is sent again must not end the overlap.
 */
export async function putWmsSecretIn(
  tx: Statements,
  sealer: Sealer,
  locationId: string,
  { secret, overlapSeconds }: WmsSecretPut,
  actor: string,
): Promise<Outcome<WmsSecretState>> {
  if ((await lockLocation(tx, locationId)) === null) return refuse("LOCATION_NOT_FOUND");
  const before = await readWmsSecret(tx, locationId);
  const sealedBefore = before?.sealed ?? null;
  if (isThere(sealer, locationId, sealedBefore, secret))
    return { ok: true, value: stateOf(locationId, before) };
  const sealed = secret === null ? null : sealer.seal(Buffer.from(secret), sealedAbout(locationId));
  const after = await writeWmsSecret(
    tx,
    { locationId, sealed, previousSealed: sealedBefore },
    overlapSeconds,
  );
  const value = stateOf(locationId, after);
  await insertNote(tx, {
    type: "location.secret",
    sku: null,
    locationId,
    reference: null,
    actor,
    data: { signedBy: value.signedBy, previousUntil: value.previousUntil },
  });
  return { ok: true, value };
}

export async function readWmsSecretState(
  truth: Statements,
  locationId: string,
): Promise<Outcome<WmsSecretState>> {
  if ((await readLocation(truth, locationId)) === null) return refuse("LOCATION_NOT_FOUND");
  return { ok: true, value: stateOf(locationId, await readWmsSecret(truth, locationId)) };
}

function isThere(sealer: Sealer, locationId: string, sealed: Buffer | null, secret: string | null): boolean {
  if (sealed === null || secret === null) return sealed === null && secret === null;
  try {
    return sealer.open(sealed, sealedAbout(locationId)).equals(Buffer.from(secret));
  } catch {
    // Sealed under another DROPGATE_SECRET: setting it anew is how that is mended.
    return false;
  }
}

function stateOf(locationId: string, row: WmsSecretRow | null): WmsSecretState {
  return {
    locationId,
    signedBy: row?.sealed == null ? "shared" : "own",
    setAt: row?.setAt.toISOString() ?? null,
    previousUntil: row?.isPreviousGood ? row.previousUntil.toISOString() : null,
  };
}
