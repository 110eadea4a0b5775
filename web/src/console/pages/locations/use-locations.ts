// The locations, for choices and for their names.
import type { Location } from "@dropgate/contracts/location";
import { useRead } from "../../api/use-api.ts";

/** More than that many are not chosen from a list. */
const LOCATIONS_MAX = 200;

export function useLocations(): readonly Location[] {
  const { value } = useRead("listLocations", { query: { limit: LOCATIONS_MAX } });
  return value?.items ?? [];
}

/** @param none what stands for no location, where that is a choice */
export function locationOptions(
  locations: readonly Location[],
  none?: string,
): { value: string; name: string }[] {
  const options = locations.map(({ id, name }) => ({
    value: id,
    name: name === id ? id : `${name} (${id})`,
  }));
  return none === undefined ? options : [{ value: "", name: none }, ...options];
}
