// What an operator does with locations: add, change. Both are noted in the ledger of stock, with who did it.
import type { LocationCreate, LocationPatch } from "@dropgate/contracts/location";
import { type Outcome, refuse } from "@dropgate/contracts/refusals";
import type { Statements } from "@dropgate/sql";
import { insertNote } from "@dropgate/sql/levels/transactions";
import {
  insertLocation,
  type LocationFacts,
  type LocationRow,
  lockLocation,
  updateLocation,
} from "@dropgate/sql/locations/location-row";
import { differences, patched } from "../patching.ts";

/** Within the caller's transaction. */
export async function createLocationIn(
  tx: Statements,
  { id, ...request }: LocationCreate,
  actor: string,
): Promise<Outcome<LocationRow>> {
  const facts = factsOf({ ...request, wmsUrl: request.wmsUrl ?? null });
  const location = await insertLocation(tx, id, facts);
  if (location === null) return refuse("LOCATION_EXISTS");
  await insertNote(tx, {
    type: "location.created",
    sku: null,
    locationId: id,
    reference: null,
    actor,
    data: { ...facts },
  });
  return { ok: true, value: location };
}

/** Within the caller's transaction. */
export async function patchLocationIn(
  tx: Statements,
  id: string,
  patch: LocationPatch,
  actor: string,
): Promise<Outcome<LocationRow>> {
  const location = await lockLocation(tx, id);
  if (location === null) return refuse("LOCATION_NOT_FOUND");
  const to = factsOf(patched(requestOf(location), patch));
  const data = differences(location, to);
  if (data === null) return { ok: true, value: location };
  await insertNote(tx, {
    type: "location.changed",
    sku: null,
    locationId: id,
    reference: null,
    actor,
    data,
  });
  return { ok: true, value: await updateLocation(tx, id, to) };
}

type LocationRequest = Omit<LocationCreate, "id" | "wmsUrl"> & { wmsUrl: string | null };

function factsOf({ address, coordinates, handles, ...request }: LocationRequest): LocationFacts {
  return {
    ...request,
    line1: address.line1 ?? null,
    city: address.city ?? null,
    region: address.region ?? null,
    postalCode: address.postalCode,
    country: address.country,
    lat: coordinates.lat,
    lon: coordinates.lon,
    handlesHazmat: handles.hazmat,
    handlesOversized: handles.oversized,
    handlesRefrigerated: handles.refrigerated,
  };
}

/** A location in the words in which it is asked for. */
export function requestOf(facts: LocationFacts): LocationRequest {
  return {
    name: facts.name,
    type: facts.type,
    address: {
      ...(facts.line1 !== null && { line1: facts.line1 }),
      ...(facts.city !== null && { city: facts.city }),
      ...(facts.region !== null && { region: facts.region }),
      postalCode: facts.postalCode,
      country: facts.country,
    },
    coordinates: { lat: facts.lat, lon: facts.lon },
    timeZone: facts.timeZone,
    shippingMethods: facts.shippingMethods,
    handles: {
      hazmat: facts.handlesHazmat,
      oversized: facts.handlesOversized,
      refrigerated: facts.handlesRefrigerated,
    },
    serviceRegions: facts.serviceRegions,
    operatingDays: facts.operatingDays,
    capacityPerDay: facts.capacityPerDay,
    currentUtilization: facts.currentUtilization,
    wmsUrl: facts.wmsUrl,
  };
}
